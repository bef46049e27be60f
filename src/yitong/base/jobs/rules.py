"""When a schedule is due. Pure: the clock and the zone come in as arguments."""

import datetime as dt

from croniter import croniter  # type: ignore[import-untyped]  # it ships no types


def latest_due(cron: str, now: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The last instant, not after `now`, at which a cron line in `zone` fell due; in UTC.

    After a time down only this one counts: a schedule's run takes no instant, so to run it for each missed
    one would do the same thing again.
    """
    minute = now.astimezone(zone).replace(second=0, microsecond=0)
    due: dt.datetime = croniter(cron, minute + dt.timedelta(minutes=1)).get_prev(dt.datetime)
    return due.astimezone(dt.UTC)


def is_cron(line: str) -> bool:
    """Five fields: minute, hour, day, month, weekday."""
    return len(line.split()) == 5 and bool(croniter.is_valid(line))
