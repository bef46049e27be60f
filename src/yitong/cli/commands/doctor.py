"""`yitong doctor`: what is well, what is not, and what to do about it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import click

from yitong.cli.checks import database, keeping, machine, parts
from yitong.cli.checks.check import Check, guarded
from yitong.cli.node import close_connections, data_option, set_up_django, speaking
from yitong.cli.node import database as open_database
from yitong.cli.place import Place, place_of
from yitong.cli.speech import FAILED, Speech, coloured, padded
from yitong.cli.words import _

# A server that hangs must not make us hang.
_BOUNDS = {
    "connect_timeout": "5",
    "options": "-c statement_timeout=8000 -c lock_timeout=3000",
}


def _checks_of_tables(place: Place) -> Mapping[str, Callable[[], Iterator[Check]]]:
    return {
        "migrations": database.migrations,
        "server_clock": database.server_clock,
        "partitions": database.partitions,
        "keys": parts.keys,
        "rotation": keeping.rotation,
        "key_copy": lambda: keeping.key_copy(place),
        "policies": parts.policies,
        "ledger": parts.ledger,
        "backup": lambda: keeping.backup(place),
        "worker": parts.worker,
        "queue": parts.queue,
        "messages": parts.messages,
        "regions": parts.regions,
        "calendar": parts.calendar,
    }


@click.command(
    help=_("检查节点：数据库、时钟、磁盘、密钥、端口、队列、账本等，每项给出结论和办法。")
)
@data_option
@speaking
def doctor(speech: Speech, *, data: Path | None) -> int:
    """Looks and changes nothing: a node that does not run is not started for it."""
    found = []
    for check in _checks(place_of(data)):
        found.append(check)
        speech.say(*_lines(check))
    is_well = all(check.state != "fail" for check in found)
    if speech.as_json:
        speech.answer({"ok": is_well, "checks": [check.as_json() for check in found]})
    return 0 if is_well else FAILED


def _lines(check: Check) -> Iterator[str]:
    yield f"{coloured(padded(check.state, 4), check.state)}  {padded(check.name, 12)}  {check.detail}"
    if check.fix:
        yield f"{'':18}→ {check.fix}"


def _checks(place: Place) -> Iterator[Check]:
    from yitong.hosting.api import server_status

    url = _bounded(place.database_url) if place.database_url else ""
    status = server_status(place.directory, database_url=url)
    yield from guarded("data", lambda: machine.directory(place, status))
    yield from guarded("restore", lambda: keeping.restore(place))
    yield from guarded("disk", lambda: machine.disk(status))
    yield from guarded("clock", lambda: machine.time_of_day(place))
    yield from guarded("port", lambda: machine.port(place))
    yield from guarded("translations", machine.translations)
    yield from guarded("database", lambda: database.server(place, status))
    if not status.is_running:
        return
    yield from guarded("locale", lambda: database.locale(status))
    yield from _database_checks(place)


def _database_checks(place: Place) -> Iterator[Check]:
    with open_database(place) as url:
        set_up_django(place, _bounded(url))
        try:
            for name, look in _checks_of_tables(place).items():
                yield from guarded(name, look)
        finally:
            close_connections()


def _bounded(url: str) -> str:
    """The same address with time-outs (libpq reads %20, and not +, as a space)."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(_BOUNDS, quote_via=quote)}"
