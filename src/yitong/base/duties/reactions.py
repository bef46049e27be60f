"""What duties do when the calendar, a limit, office hours, or the holder of a post change."""

import datetime as dt

from yitong.base.duties.owners import reseat
from yitong.base.duties.recounts import CALENDAR, HOURS, LIMIT, Change, note_change
from yitong.kernel.actor import Actor
from yitong.kernel.declare import Reaction, RecordedEntry, Value

REACTIONS_ACTOR = Actor.system("reactions")


def _on(value: Value) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def _calendar_loaded(entry: RecordedEntry) -> None:
    facts = entry.facts
    first, last = _on(facts["first_changed"]), _on(facts["last_changed"])
    if first is not None:
        source = f"duties.calendar/{entry.index}"
        note_change(Change(CALENDAR, source, first_on=first, last_on=last))


def _limit_changed(entry: RecordedEntry) -> None:
    """Begun or ended: every clock under its key there is asked for the limit of its start again."""
    facts = entry.facts
    note_change(
        Change(
            LIMIT,
            f"duties.limit/{entry.index}",
            limit_key=str(facts["key"]),
            region=str(facts["place"]),
        )
    )


def _hours_set(entry: RecordedEntry) -> None:
    facts = entry.facts
    note_change(
        Change(
            HOURS,
            f"duties.hours/{entry.index}",
            first_on=_on(facts["since"]),
            agency=str(facts["agency"]),
        )
    )


def _post_changed(entry: RecordedEntry) -> None:
    reseat(post=entry.about.key, by=REACTIONS_ACTOR)


REACTIONS = (
    Reaction("duties.calendar", ("statutes.calendar_loaded",), _calendar_loaded),
    Reaction("duties.limit", ("statutes.limit_added", "statutes.limit_ended"), _limit_changed),
    Reaction("duties.hours", ("statutes.hours_set",), _hours_set),
    Reaction(
        "duties.seats",
        (
            "identity.post_taken",
            "identity.post_left",
            "identity.leave_recorded",
            "identity.leave_ended",
        ),
        _post_changed,
    ),
)
