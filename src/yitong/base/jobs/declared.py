"""The schedules and reactions that the apps declare, as `config` handed them over."""

from collections.abc import Iterable

from yitong.base.jobs.errors import UnknownReaction
from yitong.base.jobs.rules import is_cron
from yitong.kernel.declare import Reaction, Schedule

_schedules: dict[str, Schedule] = {}
_reactions: dict[str, Reaction] = {}


def install(*, schedules: Iterable[Schedule], reactions: Iterable[Reaction]) -> None:
    """Take the lists; a name given twice or a cron line that cannot be read stops the start."""
    _schedules.clear()
    _reactions.clear()
    for schedule in schedules:
        if schedule.name in _schedules or not is_cron(schedule.cron):
            raise ValueError(f"schedule {schedule.name} ({schedule.cron}) is twice or unreadable")
        _schedules[schedule.name] = schedule
    for reaction in reactions:
        if reaction.name in _reactions:
            raise ValueError(f"reaction {reaction.name} is declared twice")
        _reactions[reaction.name] = reaction


def schedules() -> list[Schedule]:
    return list(_schedules.values())


def schedule(name: str) -> Schedule | None:
    return _schedules.get(name)


def reactions() -> list[Reaction]:
    return list(_reactions.values())


def reaction(name: str) -> Reaction:
    found = _reactions.get(name)
    if found is None:
        raise UnknownReaction(name=name)
    return found
