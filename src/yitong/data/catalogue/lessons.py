"""What an agency has corrected in tables of one shape, kept for the next file of that shape."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from yitong.base.identity.api import Agency, agency_named
from yitong.data.catalogue.corrections import (
    Correction,
    corrections,
    said_by,
    shape_of,
    taken_over,
)
from yitong.data.catalogue.drafting import NO_WISHES, Wishes
from yitong.data.catalogue.models import Lesson
from yitong.data.catalogue.proposal import Proposal
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal

_NOTHING: Final = frozenset({"source"})


@dataclass(frozen=True, slots=True)
class Taught:
    """A proposal with what was learnt: how many items, and the words that say who corrected them and when.

    `machine` is what was proposed without any of that.
    """

    entry: Proposal
    machine: Proposal
    count: int = 0
    said: str = ""


def said_now(owner: Agency, by: Actor) -> str:
    """“按{post}{date}的更正”, as reasons say it: the post's title, never who holds it."""
    return said_by(_title(owner, by.post), f"{clock.today():%Y年%-m月%-d日}")


def with_lessons(
    entry: Proposal, *, wishes: Wishes = NO_WISHES, unique: Iterable[str] = ()
) -> Taught:
    """The proposal with what the agency corrected in the last file of this shape. An unknown agency has no lessons."""
    try:
        owner = agency_named(entry.owner)
    except Refusal:
        return Taught(entry, entry)
    shape = shape_of(field.header for field in entry.fields)
    rows = list(Lesson.objects.filter(owner=owner, shape=shape).order_by("pk"))
    if not rows:
        return Taught(entry, entry)
    last = max(rows, key=lambda row: row.at)
    said = said_by(_title(owner, last.post), f"{clock.local(last.at):%Y年%-m月%-d日}")
    stated = frozenset(
        item
        for item in Wishes.__dataclass_fields__
        if item not in _NOTHING and getattr(wishes, item) != getattr(NO_WISHES, item)
    )
    learnt = [Correction(row.header, row.item, row.value) for row in rows]
    found = taken_over(entry, learnt, said=said, stated=stated, unique=frozenset(unique))
    return Taught(found, entry, len(rows), said)


def learn(*, owner: Agency, machine: Proposal, entry: Proposal, by: Actor) -> int:
    """Keep every item in which a person's word differs from the machine's; what no longer differs is forgotten."""
    Lesson.objects.filter(owner=owner, shape=_shape(entry)).delete()
    return _keep(owner, entry, corrections(machine, entry), by)


def learn_more(*, owner: Agency, before: Proposal, entry: Proposal, by: Actor) -> int:
    """Keep what this change corrected, where the machine's own proposal is not known any more."""
    return _keep(owner, entry, corrections(before, entry), by)


def _keep(owner: Agency, entry: Proposal, found: Sequence[Correction], by: Actor) -> int:
    shape, at = _shape(entry), clock.now()
    rows = [
        Lesson(
            owner=owner,
            shape=shape,
            header=each.header,
            item=each.item,
            value=each.value,
            post=by.post,
            at=at,
        )
        for each in {(each.header, each.item): each for each in found}.values()
    ]
    Lesson.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["owner", "shape", "header", "item"],
        update_fields=["value", "post", "at"],
    )
    return len(rows)


def _shape(entry: Proposal) -> str:
    return shape_of(field.header for field in entry.fields)


def _title(owner: Agency, post: str) -> str:
    found = owner.posts.filter(key=post).values_list("title", flat=True).first()
    return str(found or owner.name)
