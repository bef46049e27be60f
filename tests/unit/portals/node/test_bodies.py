"""What the OpenAPI document says of the bodies that we take."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from yitong.portals.node.described import document
from yitong.portals.node.programs.bodies import Body

SCHEMAS = {
    name: schema
    for name, schema in document()["components"]["schemas"].items()
    if name in {each.__name__ for each in Body.__subclasses__()}
}
SAID_OTHERWISE = {"enum", "const", "format"}


def texts(schema: dict[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if schema.get("type") == "string":
        yield place, schema
    if isinstance(schema.get("additionalProperties"), dict):
        yield f"{place} names", {"pattern": None} | schema["propertyNames"]
        yield from texts(schema["additionalProperties"], f"{place} values")
    if isinstance(schema.get("items"), dict):
        yield from texts(schema["items"], f"{place}[]")
    for part in schema.get("anyOf", ()):
        yield from texts(part, place)
    for name, part in schema.get("properties", {}).items():
        yield from texts(part, f"{place}.{name}")


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_text_of_a_body_says_that_it_takes_no_nul(name):
    found = [each for each in texts(SCHEMAS[name], name) if not SAID_OTHERWISE & each[1].keys()]
    assert [place for place, schema in found if takes_nul(schema.get("pattern"))] == []


def takes_nul(pattern: str | None) -> bool:
    return pattern is None or any(re.search(pattern, text) for text in ("\0", "a\0", "\0a"))


def test_there_are_bodies_with_texts():
    assert sum(len(list(texts(schema, name))) for name, schema in SCHEMAS.items()) > 20
