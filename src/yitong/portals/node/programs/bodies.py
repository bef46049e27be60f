"""What comes in: JSON read strictly, so that a mistake is a problem with a pointer and never a guess."""

import datetime as dt
import re
from typing import Annotated, Any, Final

import orjson
from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

NUL: Final = "\x00"
PLAIN: Final = r"^[^\x00]*$"  # no database keeps a NUL
WRITTEN: Final = r"^[^\x00]*[^\x00\s][^\x00]*$"  # and not only spaces
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _without_nul(schema: dict[str, Any]) -> None:
    """Every text of a body says that it has no NUL, names of a mapping too: `StrictParser` takes none."""
    if schema.get("type") == "string" and not schema.keys() & _ALREADY:
        schema["pattern"] = PLAIN
    if isinstance(schema.get("additionalProperties"), dict):
        schema.setdefault("propertyNames", {}).setdefault("pattern", PLAIN)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            _without_nul(schema[key])
    for part in (*schema.get("anyOf", ()), *schema.get("properties", {}).values()):
        _without_nul(part)


_ALREADY: Final = frozenset({"pattern", "enum", "const", "format"})


class Body(BaseModel):
    """A body with the types it says and nothing beside them."""

    model_config = ConfigDict(strict=True, extra="forbid", json_schema_extra=_without_nul)


def _day(value: object) -> object:
    """A day alone: pydantic would also take seconds, and an instant at midnight."""
    if value is None or isinstance(value, dt.date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("YYYY-MM-DD")
    return dt.date.fromisoformat(value)


Day = Annotated[dt.date, BeforeValidator(_day)]
Text = Annotated[str, StringConstraints(max_length=1000)]


class StrictParser(Parser):
    """JSON by the book: no lone surrogate, no NaN, and no NUL, which no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 - whatever was sent
        if b"\\u0000" in request.body:
            raise ValueError("NUL")
        return _whole(orjson.loads(request.body))


def _whole(found: Any) -> Any:  # noqa: ANN401 - any JSON
    """A number without a fraction is an integer in JSON, however it is written: 316.0 is 316."""
    if isinstance(found, float) and found.is_integer():
        return int(found)
    if isinstance(found, dict):
        return {key: _whole(value) for key, value in found.items()}
    return [_whole(value) for value in found] if isinstance(found, list) else found
