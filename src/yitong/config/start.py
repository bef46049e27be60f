"""Makes a database and a data directory ready for this release: tables, keys, months, seed data, style sheets.

`prepare` does what is wanting and is quick where nothing is: a mark on the migrations' table says for which
release, in which cluster and for which month it last ran. Run as a program before a node's processes start.
"""

import hashlib
import os
import pwd
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
from psycopg import sql

import yitong
from yitong.cli.errors import NotPrepared
from yitong.cli.words import _
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal

if TYPE_CHECKING:
    from yitong.cli.speech import Speech

Say = Callable[[str], None]

_LOCK = 0x59540010  # advisory lock: one process at a time prepares a database
_PATIENCE_S = 300
_SHAPING = (
    "*/*/migrations/*.py",
    "base/statutes/seed/*",
    "data/standards/seed/*",
    "data/sharing/purposes.json",
)
_PACKAGES = ("Django", "django-allauth", "procrastinate", "chinesecalendar")
_MARK = """
select coalesce(obj_description(to_regclass('django_migrations'), 'pg_class'), ''),
       (select system_identifier::text from pg_control_system()),
       to_char(now() at time zone 'UTC', 'YYYY-MM')
"""
_LEFT_OVER = "select exists (select from pg_tables where schemaname = 'shared_rows' and tablename like 'stage\\_%')"
_NATION = "select exists (select from regions_loadededition where \"table\" = 'national')"


class Answer(Protocol):
    """A psycopg cursor after its statement."""

    def fetchone(self) -> Any: ...  # noqa: ANN401 - a row of the statement's columns


class Executes(Protocol):
    """A psycopg connection, or Django's cursor over one."""

    def execute(self, query: str, /) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """For what a database was last made ready: this release, this cluster, this month."""

    release: str = ""
    system: str = ""
    month: str = ""

    def __str__(self) -> str:
        return f"{self.release} {self.system} {self.month}"

    def wants(self, kept: "Mark") -> frozenset[str]:
        """Which parts differ from what was kept."""
        parts = {"release", "system", "month"}
        return frozenset(part for part in parts if getattr(self, part) != getattr(kept, part))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done when `part` of the mark has changed."""

    part: str
    title: str
    run: Callable[[Actor], object]


@cache
def release() -> str:
    """A digest of everything in this release that shapes a database."""
    digest = hashlib.sha256()
    root = Path(yitong.__file__).parent
    for file in sorted(path for pattern in _SHAPING for path in root.glob(pattern)):
        if file.is_file():
            digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes())
    for package in _PACKAGES:
        digest.update(f"{package} {metadata.version(package)}\0".encode())
    return digest.hexdigest()[:32]


def marks(connection: Executes) -> tuple[Mark, Mark]:
    """What the database was made ready for, and what it should be ready for now."""
    kept, system, month = connection.execute(_MARK).fetchone()
    words = kept.split(" ")
    found = Mark(*words) if len(words) == 3 else Mark()
    return found, Mark(release(), system, month)


def wanting(connection: Executes, keys: Path) -> frozenset[str]:
    """Which parts are wanting. Without its key store a database is not ready, whatever its mark says."""
    kept, now = marks(connection)
    missing = frozenset() if keys.is_dir() else frozenset({"release"})
    return now.wants(kept) | missing


def prepare(say: Say) -> bool:
    """Make the database ready; `say` hears each step's title. True if there was anything to do."""
    from django.conf import settings
    from django.db import connection

    def still_wanting() -> frozenset[str]:
        with connection.cursor() as cursor:
            return wanting(cursor, Path(settings.YITONG_KEYS))

    if not still_wanting():
        return False
    with _alone():
        parts = still_wanting()
        for step in STEPS:
            if step.part in parts:
                say(step.title)
                step.run(operator())
        _keep_mark()
    return bool(parts)


@contextmanager
def _alone() -> Iterator[None]:
    """Of several processes that start at once, one prepares and the others find it done."""
    from django.db import connection

    until = time.monotonic() + _PATIENCE_S
    with connection.cursor() as cursor:
        while not cursor.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()[0]:
            if time.monotonic() > until:
                raise NotPrepared(seconds=_PATIENCE_S)
            threading.Event().wait(0.1)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", (_LOCK,))


def _keep_mark() -> None:
    """On a table of the database itself, so that it goes wherever a dump goes."""
    from django.db import connection

    with connection.cursor() as cursor:
        _found, now = marks(cursor)
        statement = sql.SQL("comment on table django_migrations is {}").format(str(now))
        cursor.execute(statement)


def operator() -> Actor:
    """The system user who starts the node."""
    return Actor.operator(pwd.getpwuid(os.getuid()).pw_name)


def _check(by: Actor) -> None:
    from yitong.hosting.api import check_url

    check_url(os.environ["DATABASE_URL"])


def _migrate(by: Actor) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def _keys(by: Actor) -> None:
    from yitong.base.keys.api import initialise

    initialise(by=by)


def _settle(by: Actor) -> None:
    from yitong.base.ledger.api import settle

    settle(by=by)


def _months(by: Actor) -> None:
    """What the schedules do every night, done now: a node that was off for long may lack this very month."""
    from django.db import transaction

    from yitong.config import wiring

    for schedule in wiring.schedules():
        if schedule.name.endswith(".make_months"):
            with transaction.atomic():
                schedule.run()


def _register(by: Actor) -> None:
    from yitong.base.statutes.api import load_register

    load_register(by=by)


def _signing(by: Actor) -> None:
    from yitong.base.identity.api import clients

    clients.ensure_signing_key(by=by)


def _standards(by: Actor) -> None:
    from yitong.data.standards.api import load_standards

    load_standards(by=by)


def _purposes(by: Actor) -> None:
    from yitong.data.sharing.api import load_purposes

    load_purposes(by=by)


# In this order: nothing is recorded before there are keys and the ledger is where it was.
STEPS = (
    Step("release", N_("检查数据库"), _check),
    Step("release", N_("更新数据库结构"), _migrate),
    Step("release", N_("准备密钥"), _keys),
    Step("system", N_("接续账本"), _settle),
    Step("month", N_("准备本月分区"), _months),
    Step("release", N_("载入时限登记簿"), _register),
    Step("release", N_("准备登录签名密钥"), _signing),
    Step("release", N_("载入数据元"), _standards),
    Step("release", N_("载入使用目的"), _purposes),
)


def main(arguments: list[str]) -> int:
    """Make everything ready before the node's processes start; Django is loaded only where it is needed."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        todo = _to_do(connection, arguments)
    if not any(todo.values()):
        return 0
    from yitong.cli.speech import Speech

    speech = Speech()
    try:
        _do(todo, speech)
    except Refusal as refusal:
        return speech.refuse(refusal)
    return 0


def _to_do(connection: Executes, arguments: list[str]) -> Mapping[str, bool]:
    """What a node's start has to do, by four cheap questions."""
    data = Path(os.environ["YITONG_DATA"])
    keys = Path(os.environ.get("YITONG_KEYS") or data / "keys")
    unready = bool(wanting(connection, keys))

    def holds(question: str) -> bool:
        return bool(connection.execute(question).fetchone()[0])

    return {
        "prepare": unready,
        "clean": not unready and holds(_LEFT_OVER),
        "static": _static_mark(data).name not in os.listdir(data),  # noqa: PTH208
        "regions": "--with-regions" in arguments and (unready or not holds(_NATION)),
    }


def _do(todo: Mapping[str, bool], speech: "Speech") -> None:
    import django

    django.setup()

    def say(step: str) -> None:
        speech.note(f"{_(step)} …")

    if todo["prepare"]:
        prepare(say)
    if todo["clean"]:
        from yitong.data.sources.api import clean_leftovers

        clean_leftovers(by=operator())
    if todo["static"]:
        say(N_("准备页面文件"))
        _collect_static()
    if todo["regions"]:
        _load_regions(speech)


def _static_mark(data: Path) -> Path:
    """A file whose name says of which release the style sheets in the data directory are."""
    digest = hashlib.sha256()
    root = Path(yitong.__file__).parent
    for file in sorted(path for path in root.glob("*/**/static/**/*") if path.is_file()):
        digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes())
    return data / f".static-{digest.hexdigest()[:16]}"


def _collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    data = Path(settings.DATA_DIR)
    for old in data.glob(".static-*"):
        old.unlink()
    _static_mark(data).touch(mode=0o600)


def _load_regions(speech: "Speech") -> None:
    from yitong.base.regions.api import load_county_history, load_national, loaded_editions

    if any(edition.table == "national" for edition in loaded_editions()):
        return
    with speech.progress(_("载入全国行政区划")) as tell:
        load_national(by=operator(), progress=tell)
        load_county_history(by=operator())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
