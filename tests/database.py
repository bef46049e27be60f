"""The databases of the test suite: a migrated template, a working copy of it, and clones.

Each xdist worker has a server of its own, so that one test's open transaction never holds the ledger's
horizon for another worker. The migrations run once: the first worker that needs a database makes a
seed (a stopped, migrated data directory), the others copy it. The seed is kept between runs under a key of
everything that could change it, so a run without a change to `src` starts in well under a second.

`YITONG_TEST_DATABASE_URL` uses given servers instead (separated by spaces, one for each worker),
`YITONG_PG_BIN` other programs (Debian's).
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from secrets import token_hex
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

import yitong
from yitong.hosting.api import ServerSettings, open_cluster
from yitong.hosting.cluster import url_of
from yitong.hosting.database import check, set_timeouts
from yitong.hosting.folder import NodeFolder
from yitong.hosting.lock import live_owner
from yitong.hosting.server import Server, postmaster_of, stop_process

SOURCE = Path(yitong.__file__).parent
_SHAPING = {".py", ".sql", ".json", ".csv", ".xz", ".cedar", ".toml", ".txt"}
# What else a seed is made by.
_FURNISHING = (Path(__file__), Path(__file__).parent / "factories" / "statutes.py")
_KEPT_SEEDS = 3
_ENOUGH_MEMORY = 4 << 30

type_connection = psycopg.Connection[tuple[object, ...]]


class Databases(Protocol):
    """A server with a migrated template database."""

    template: str

    def admin(self) -> type_connection: ...

    def url(self, name: str) -> str: ...

    @property
    def owner(self) -> str: ...


def clone(databases: Databases, name: str, *, of: str | None = None) -> str:
    """A fresh copy of the template, or of another database that nobody visits; its URL."""
    with databases.admin() as connection:
        connection.execute(
            sql.SQL("create database {} template {} owner {} strategy file_copy").format(
                sql.Identifier(name),
                sql.Identifier(of or databases.template),
                sql.Identifier(databases.owner),
            )
        )
    return databases.url(name)


def drop(databases: Databases, name: str) -> None:
    """Drop a copy, whoever is still connected to it."""
    with databases.admin() as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


class OwnServer:
    """A server under our own supervisor, furnished like a node's, without fsync."""

    template = "yitong"
    owner = "yitong"

    def __init__(self, server: Server) -> None:
        self.server = server

    def admin(self) -> type_connection:
        return self.server.superuser()

    def url(self, name: str) -> str:
        return url_of(self.server, name=name)


class GivenServer:
    """The server of `YITONG_TEST_DATABASE_URL`; its role may create databases."""

    def __init__(self, url: str) -> None:
        self._admin_url = url
        self.template = f"yitong_test_{os.getpid()}_{token_hex(3)}"
        self.owner, self._password = self._application_role()

    def admin(self) -> type_connection:
        return psycopg.connect(self._admin_url, autocommit=True)

    def url(self, name: str) -> str:
        parts = urlsplit(self._admin_url)
        address = parts.netloc
        if self._password:
            address = f"{self.owner}:{quote(self._password)}@{address.rpartition('@')[2]}"
        return urlunsplit(parts._replace(netloc=address, path=f"/{name}"))

    def _at(self, name: str) -> str:
        return urlunsplit(urlsplit(self._admin_url)._replace(path=f"/{name}"))

    def _application_role(self) -> tuple[str, str]:
        """A role like a node's, which is no superuser; the given role itself where it may not make one."""
        with self.admin() as connection:
            me, superuser = connection.execute(
                "select current_user::text, rolsuper from pg_roles where rolname = current_user"
            ).fetchone()
            if not superuser:
                return me, ""
            name, password = f"{self.template}_role", token_hex(16)
            connection.execute(
                sql.SQL("create role {} login password {}").format(
                    sql.Identifier(name), sql.Literal(password)
                )
            )
        return name, password

    def make_template(self, migrate: Callable[[str], None]) -> None:
        with self.admin() as connection:
            connection.execute(
                sql.SQL(
                    "create database {} template template0 owner {}"
                    " encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"
                ).format(sql.Identifier(self.template), sql.Identifier(self.owner))
            )
        with psycopg.connect(self._at(self.template), autocommit=True) as connection:
            check(connection)
            set_timeouts(connection, sql.Identifier(self.owner))
        migrate(self.url(self.template))

    def leave(self) -> None:
        drop(self, self.template)
        if self._password:
            with self.admin() as connection:
                connection.execute(sql.SQL("drop role {}").format(sql.Identifier(self.owner)))


@contextmanager
def databases(migrate: Callable[[str], None]) -> Iterator[Databases]:
    """This worker's server with a migrated template, until the block ends."""
    if given := os.environ.get("YITONG_TEST_DATABASE_URL", "").split():
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        server = GivenServer(given[worker % len(given)])
        try:
            server.make_template(migrate)
            yield server
        finally:
            server.leave()
        return
    home, fast = _home(), _home(fast_place())
    _sweep(home)
    _sweep(fast)
    here = fast / f"w{os.getpid()}"
    _copy_seed(home, here, migrate)
    try:
        with open_cluster(here, settings=_settings(home)) as cluster:
            yield OwnServer(cluster.server)
    finally:
        shutil.rmtree(here, ignore_errors=True)


def _settings(home: Path) -> ServerSettings:
    known = ServerSettings.from_environment()
    return ServerSettings(
        bin_dir=known.bin_dir, user=known.user, durable=False, programs_dir=home / "programs",
        options={"autovacuum": "off", "max_connections": "100", "max_prepared_transactions": "4"},
    )  # fmt: skip


def fast_place() -> Path:
    """Memory, where there is enough: a clone is a copy of 400 small files, six times as quick there."""
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > _ENOUGH_MEMORY:
        return memory
    return Path("/var/tmp")


def _home(place: Path = Path("/var/tmp")) -> Path:
    """Our folder in `place`, which the server's user can enter (root's own temporary folders are closed)."""
    home = place / f"yitong-test-{os.getuid()}"
    home.mkdir(mode=0o711, exist_ok=True)
    if home.is_symlink() or home.stat().st_uid != os.getuid():
        home = Path(tempfile.mkdtemp(prefix="yitong-test-", dir=place))
        home.chmod(0o711)
    return home


def _copy_seed(home: Path, here: Path, migrate: Callable[[str], None]) -> None:
    """Copy the seed of today's source to `here`, making it first if nobody has."""
    with (home / "seed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        seed = home / f"seed-{_key()}"
        if not (seed / "whole").exists():
            shutil.rmtree(seed, ignore_errors=True)
            with open_cluster(seed, settings=_settings(home)) as cluster:
                migrate(cluster.url)
            (seed / "whole").touch()
        os.utime(seed)
        for old in sorted(home.glob("seed-*"), key=lambda path: path.stat().st_mtime)[
            :-_KEPT_SEEDS
        ]:
            shutil.rmtree(old, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(seed), str(here)], check=True)


def _key() -> str:
    """Changes with everything that shapes a migrated database: our source, the packages, the programs."""
    digest = hashlib.sha256(os.environ.get("YITONG_PG_BIN", "").encode())
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in _SHAPING and path.is_file():
            digest.update(str(path).encode() + b"\0" + path.read_bytes())
    for path in _FURNISHING:
        digest.update(path.read_bytes())
    for package in sorted(f"{found.name}=={found.version}" for found in metadata.distributions()):
        digest.update(package.encode())
    return digest.hexdigest()[:16]


def _sweep(home: Path) -> None:
    """Remove what killed runs left behind, their servers included."""
    for left in home.glob("w*"):
        folder = NodeFolder(left)
        if live_owner(folder.lock) or _is_alive(left.name[1:]):
            continue
        if (orphan := postmaster_of(folder.data)) is not None:
            stop_process(orphan, patience=1.0)
        shutil.rmtree(left, ignore_errors=True)


def _is_alive(pid: str) -> bool:
    return pid.isdigit() and Path(f"/proc/{pid}").exists()
