"""The data dictionary that a department has: every table it lists becomes a draft entry with fields and no rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yitong.cli.filing import Examined, marks_recorded
from yitong.cli.many import Run, Told, is_unchanged, settled
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal

if TYPE_CHECKING:
    from yitong.data.sources.api import TableProfile


@dataclass(frozen=True, slots=True)
class Described:
    """One table of a dictionary."""

    location: str
    name: str
    profile: "TableProfile"
    refusal: Refusal | None = None
    skipped: bool = False


def described_tables(place: str, *, by: Actor) -> tuple[Described, ...]:
    from yitong.data.sources.api import read_dictionary

    with marks_recorded(by):
        found = read_dictionary(place)
    return tuple(Described(f"{place}#{each.name}", each.name, each) for each in found)


def look_at_described(run: Run, table: Described) -> Told:
    from yitong.data.catalogue.api import filing

    wishes = run.wishes_for(table.location)
    taught = filing.proposed(table.profile, owner=run.owner, name=table.name, wishes=wishes)
    proposal = taught.entry
    if run.wish != "look" and is_unchanged(run, table, proposal.digest):
        return Told(table.name, "unchanged")
    return settled(run, table.name, Examined(table.location, None, table.profile, proposal))
