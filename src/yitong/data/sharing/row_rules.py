"""The rule by which a grant gives rows: read on the way in, kept as text with its digest, read again where it is asked.

A rule is a condition over the items of the entry, granted or not (`本县户籍且年满80岁` without giving the birthday). A row
for which it is false or not known is not given. It stands in the ledger for ever, so it may name nobody.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from yitong.base.regions.api import region
from yitong.data.catalogue.api import Resource
from yitong.data.sharing import errors
from yitong.data.sharing.models import Grant
from yitong.data.sharing.queries import grants
from yitong.data.sources.api import row_statement
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.kernel.predicates import Field, Predicate, Schema, Words, in_words, parse

# Of these a written value says who is meant; by kind of personal information, and by the mask where that is wider.
NAMING_KINDS: Final = frozenset({"identity", "contact", "biometric", "finance"})
NAMING_MASKS: Final = frozenset({"name", "id", "phone", "address", "account"})


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule that was accepted: as it was written, its canonical form and digest, and for which version of the entry."""

    text: str = ""
    canonical: str = ""
    digest: str = ""
    version: int | None = None
    words: str = ""


EVERY_ROW: Final = RowRule()


class Item(NamedTuple):
    """An item of an entry as far as a rule must know it."""

    name: str
    header: str
    type_letter: str
    element: str
    personal: str
    subject: str
    mask: str

    @property
    def names_people(self) -> bool:
        return bool(self.subject or self.personal in NAMING_KINDS or self.mask in NAMING_MASKS)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Item":
        return cls(*(stored[name] for name in cls._fields))


def accepted(text: str, resource: Resource) -> RowRule:
    """The rule as the entry in force understands it. A PredicateRefusal with its place, or RuleNamesSomebody."""
    if not text.strip():
        return EVERY_ROW
    predicate = read_rule(text, resource)
    return RowRule(
        text=text,
        canonical=predicate.canonical,
        digest=predicate.digest,
        version=resource.version_in_force,
        words=in_words(predicate, told()),
    )


def both(asked: RowRule, agreed: str, resource: Resource) -> RowRule:
    """What is asked and what the provider's answer adds: a grant gives no row that one of them would not."""
    given = accepted(agreed, resource)
    if not given.text or given.digest == asked.digest:
        return asked
    if not asked.text:
        return given
    return accepted(f"({asked.text}) and ({given.text})", resource)


def read_rule(text: str, resource: Resource) -> Predicate:
    """A rule of a grant against the entry in force: it names nobody, and only what the entry has."""
    items = items_of(resource)
    predicate = parse(text, schema_of(items, clear_items(resource.table_key, items)))
    named = {item.name: item for item in items if item.names_people}
    if naming := [held.words for held in predicate.named_fields if held.name in named]:
        raise errors.RuleNamesSomebody(items="、".join(naming))
    return predicate


def items_of(resource: Resource) -> tuple[Item, ...]:
    return tuple(Item(*row) for row in resource.fields.order_by("order").values_list(*Item._fields))


def clear_items(table_key: str, items: Iterable[Item]) -> Collection[str]:
    """What stands in clear in the table; without rows here, whatever is not personal."""
    try:
        return row_statement(table_key).plan.visible
    except Refusal:
        return [item.name for item in items if not item.personal]


def schema_of(items: Iterable[Item], clear: Collection[str]) -> Schema:
    return Resource.rule_schema(items, clear)


def recompiled(text: str, digest: str, items: Sequence[Item]) -> Predicate | None:
    """The rule of a grant that stands; None where the entry in force no longer reads it as it was granted.

    An item that is gone or is of another kind now would make it another rule: then it lets nothing through.
    """
    try:
        found = _compiled(text, tuple(schema_of(items, ())))
    except Refusal:
        return None
    return found if found.digest == digest else None


@lru_cache(maxsize=1_024)
def _compiled(text: str, fields: tuple[Field, ...]) -> Predicate:
    # Grants are loaded anew every half minute, and their rules hardly ever change.
    return parse(text, Schema(fields))


def told(translate: Callable[[str], str] = str) -> Words:
    """How a rule that stands is told, on whatever day: with the names of divisions."""
    return Words(translate=translate, region_name=_region_name)


def _region_name(code: str) -> str:
    try:
        return "".join(region(code).path[-2:])
    except Refusal:
        return ""


def ruled_grant(number: int, *, viewer: Actor) -> Grant:
    """A grant that gives rows by rule, for those who may see it. GrantUnknown, GrantUnruled."""
    found = grants(viewer=viewer).filter(pk=number).first()
    if found is None:
        raise errors.GrantUnknown(grant=number)
    if not found.row_rule:
        raise errors.GrantUnruled(grant=number)
    return found


def items_read(text: str, resource: Resource) -> frozenset[str]:
    """The items of the entry in force that a grant's rule reads; none where it is no longer read."""
    if not text:
        return frozenset()
    try:
        found = parse(text, schema_of(items_of(resource), ()))
    except Refusal:
        return frozenset()
    return frozenset(held.name for held in found.fields)


def in_words_of(text: str, resource: Resource, translate: Callable[[str], str] = str) -> str:
    """A grant's rule as a sentence; its own text where the entry no longer reads it."""
    try:
        items = items_of(resource)
        return in_words(parse(text, schema_of(items, ())), told(translate))
    except Refusal:
        return text
