"""The register of source claims as anybody in office may read it (共享条例 16, 19): a list, one claim, its course."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from yitong.base.ledger.api import LedgerEntry, entries_about
from yitong.data.standards import claiming, errors, events
from yitong.data.standards.claiming import LIVE, STATE_NAMES, SUBJECT_NAMES, ClaimState
from yitong.data.standards.models import SourceClaim
from yitong.kernel.declare import About

PAGE_LIMIT = 100
STATES = {state.value: words for state, words in STATE_NAMES.items()}
SUBJECTS = {subject.value: words for subject, words in SUBJECT_NAMES.items()}


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """What a list is narrowed to; empty means all. `text` finds elements, resources and agencies."""

    text: str = ""
    state: str = ""
    subject: str = ""
    element: str = ""
    resource: str = ""
    agency: str = ""  # its code


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Some claims, newest first; `after` continues, and is 0 at the end."""

    rows: tuple[SourceClaim, ...]
    total: int
    after: int


def listed(asked: ClaimFilter, *, after: int = 0, limit: int = 50) -> ClaimPage:
    """A page of the register. The cursor is a claim's number, so nothing is skipped while others are made."""
    found = _filtered(asked)
    size = max(1, min(limit, PAGE_LIMIT))
    rows = list((found.filter(pk__lt=after) if after else found)[: size + 1])
    return ClaimPage(tuple(rows[:size]), found.count(), rows[size - 1].pk if rows[size:] else 0)


def every(asked: ClaimFilter) -> Iterator[SourceClaim]:
    """All of them, row by row however many there are."""
    return _filtered(asked).iterator(chunk_size=200)


def _filtered(asked: ClaimFilter) -> QuerySet[SourceClaim]:
    found = SourceClaim.objects.select_related("element", "agency").order_by("-pk")
    for word in asked.text.split():
        found = found.filter(
            Q(element__name__icontains=word)
            | Q(element__code__iexact=word)
            | Q(element__synonyms__contains=[word])
            | Q(resource=word)
            | Q(agency__name__icontains=word)
        )
    exact = {
        "state": asked.state,
        "subject": asked.subject,
        "element__code": asked.element,
        "resource": asked.resource,
        "agency__code": asked.agency,
    }
    return found.filter(**{name: value for name, value in exact.items() if value})


def claim(number: int) -> SourceClaim:
    row = SourceClaim.objects.select_related("element", "agency").filter(pk=number).first()
    if row is None:
        raise errors.ClaimUnknown(claim=number)
    return row


def against(row: SourceClaim) -> list[SourceClaim]:
    """Live claims on the same element and kind of subject whose place this one shares."""
    if row.state not in LIVE:
        return []
    others = SourceClaim.objects.select_related("element", "agency").filter(
        element=row.element, subject=row.subject, state__in=[state.value for state in LIVE]
    )
    return [
        other for other in others.exclude(pk=row.pk) if claiming.overlap(row.region, other.region)
    ]


def is_contested(row: SourceClaim) -> bool:
    """Whether the authority has something to decide: this claim, or one that stands against it, is contested."""
    return ClaimState.CONTESTED in {row.state, *(other.state for other in against(row))}


_SENTENCES = {event.name: event.sentence for event in events.EVENTS}


def course(row: SourceClaim) -> list[tuple[str, LedgerEntry]]:
    """(what happened, the entry of the ledger), oldest first."""
    found = entries_about(About("source_claim", str(row.pk)))
    return [(gettext(_SENTENCES.get(e.event, e.event)).format(**e.facts), e) for e in found]
