"""The footprint of a ward or of whoever else is acted for: each look is a use of that person's data, and on record.

The record is written in the transaction that finds what is shown, and stands before anything is shown. It names the
delegation, so the person sees who looked, and everybody else who may look sees it too.
"""

from enum import StrEnum

from django.db import connection, transaction

from yitong.base.access.api import Thing, require
from yitong.base.identity.api import delegations
from yitong.base.ledger import api as ledger
from yitong.data.exchange import queries
from yitong.data.exchange.events import FOOTPRINT_SEEN
from yitong.data.exchange.queries import Footprint, FootprintFilter
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

SEEN = FOOTPRINT_SEEN.name
Acting = delegations.Acting
FOOTPRINT = delegations.Power.FOOTPRINT


class Look(StrEnum):
    """What was looked at, as the record names it."""

    PAGE = "page"
    EXPORT = "export"
    USE = "use"
    PROOF = "proof"


@transaction.atomic
def footprint(
    *, by: Actor, acting: Acting, chosen: FootprintFilter, look: Look = Look.PAGE
) -> Footprint:
    """A page of the footprint, or all of it to take along. PowerMissing, StepUpNeeded."""
    subjects = _allowed(by, acting)
    found = queries.footprint_of(subjects, chosen)
    _record(by, acting, subjects, look, len(found.uses))
    return found


@transaction.atomic
def use(*, by: Actor, acting: Acting, entry_id: int) -> ledger.LedgerEntry:
    """One use of that person's data. UseUnknown."""
    subjects = _allowed(by, acting)
    found = queries.use_of(subjects, entry_id)
    _record(by, acting, subjects, Look.USE, 1)
    return found


@transaction.atomic
def proof(*, by: Actor, acting: Acting, entry_id: int) -> dict[str, object]:
    """The proof of one use of that person's data. UseUnknown, NotYetSequenced."""
    subjects = _allowed(by, acting)
    queries.use_of(subjects, entry_id)
    found: dict[str, object] = dict(ledger.entry_proof(entry_id).document)
    _record(by, acting, subjects, Look.PROOF, 1)
    return found


def may_look(acting: Acting) -> bool:
    """Whether this delegation names the footprint at all; an organisation's never does."""
    return FOOTPRINT in acting.powers


def _allowed(by: Actor, acting: Acting) -> list[bytes]:
    """The pseudonyms under which the principal's uses stand, for who may look at them now."""
    delegations.require_power(acting, FOOTPRINT)
    whose = {"owner": acting.on_behalf_of, "state": "delegated" if acting.is_in_force else ""}
    require(by, "exchange.read_footprint_for", of=Thing("delegation", acting.key, attributes=whose))
    return delegations.principal_subjects(acting)


def _record(by: Actor, acting: Acting, subjects: list[bytes], look: Look, shown: int) -> None:
    entry_id = ledger.record(
        FOOTPRINT_SEEN,
        by=by,
        about=About("delegation", acting.key),
        facts={
            "delegation": acting.key,
            "kind": acting.kind.value,
            "look": look.value,
            "shown": shown,
        },
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into exchange_usage (subject, at, entry_id) "
            "select %s, at, id from ledger_entry where id = %s",
            (subjects[0], entry_id),
        )
