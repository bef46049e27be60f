"""我的数据足迹: every use of a person's data, complete because the record comes before the answer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection

from yitong.base.identity.api import person_subjects
from yitong.base.ledger import api as ledger
from yitong.data.exchange.errors import UseUnknown
from yitong.data.exchange.events import DATA_REFUSED, USE_UNANSWERED
from yitong.data.exchange.rules import about_uses
from yitong.kernel.declare import About

MOST = 20_000  # entries of one person in one look; beyond it the period must be narrowed


@dataclass(frozen=True, slots=True)
class FootprintFilter:
    """What of it: a period (instants), one agency's code, and the page."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    agency: str = ""
    offset: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Footprint:
    """A page of uses, newest first, with the figures over all that the filter lets through.

    `agencies` are the codes of every agency in the period, for the filter.
    """

    uses: Sequence[ledger.LedgerEntry]
    total: int
    refused: int
    agencies: Mapping[str, int]


def footprint(account: AbstractBaseUser, chosen: FootprintFilter) -> Footprint:
    """The uses of the person whose account this is, under every version of the pseudonym.

    Uses under PIPL 18(1) or 35 are neither shown nor counted. PersonUnknown if the account is nobody's.
    """
    return footprint_of(person_subjects(account), chosen)


def footprint_of(subjects: Sequence[bytes], chosen: FootprintFilter) -> Footprint:
    """The uses of whoever has these pseudonyms. Whether somebody may look, the caller has asked."""
    shown = [use for use in _uses(subjects, chosen) if use.facts.get("hidden") is not True]
    agencies: dict[str, int] = {}
    for use in shown:
        if use.agency:  # a look by delegation is nobody's office
            agencies[use.agency] = agencies.get(use.agency, 0) + 1
    if chosen.agency:
        shown = [use for use in shown if use.agency == chosen.agency]
    page = shown[chosen.offset : chosen.offset + chosen.limit]
    refused = sum(use.event == DATA_REFUSED.name for use in shown)
    return Footprint(page, len(shown), refused, agencies)


def _uses(subjects: Sequence[bytes], chosen: FootprintFilter) -> list[ledger.LedgerEntry]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select entry_id from exchange_usage where subject = any(%s) and at >= %s and at < %s "
            "order by at desc, entry_id desc limit %s",
            (
                list(subjects),
                chosen.since or dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
                chosen.until or dt.datetime(9999, 1, 1, tzinfo=dt.UTC),
                MOST,
            ),
        )
        ids = [row[0] for row in cursor.fetchall()]
    return ledger.entries(ids)


def own_use(account: AbstractBaseUser, entry_id: int) -> ledger.LedgerEntry:
    """One use of this person's data, for that person and nobody else. UseUnknown."""
    return use_of(person_subjects(account), entry_id)


def use_of(subjects: Sequence[bytes], entry_id: int) -> ledger.LedgerEntry:
    """One use of the data of whoever has these pseudonyms. UseUnknown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from exchange_usage where subject = any(%s) and entry_id = %s)",
            (list(subjects), entry_id),
        )
        is_own = cursor.fetchone()[0]
    found = ledger.entries([entry_id]) if is_own else []
    if not found or found[0].facts.get("hidden") is True:
        raise UseUnknown
    return found[0]


def use_proof(account: AbstractBaseUser, entry_id: int) -> dict[str, object]:
    """The proof of one use, for the person it is about and nobody else. UseUnknown, NotYetSequenced."""
    own_use(account, entry_id)
    return dict(ledger.entry_proof(entry_id).document)


def unanswered_uses(entry_ids: Sequence[int]) -> set[int]:
    """Which of these uses were recorded although their answer never left."""
    uses = [About("ledger_entry", str(entry_id)) for entry_id in entry_ids]
    if not uses:
        return set()
    found = ledger.entries_about(*uses, limit=5 * len(uses))
    return {int(e.about.key) for e in found if e.event == USE_UNANSWERED.name}


def uses_of_resource(resource: str, *, limit: int = 50) -> list[ledger.LedgerEntry]:
    """The last uses of a resource, for its owner and the data authority; nobody's number is in it."""
    return ledger.entries_about(about_uses(resource), limit=limit)
