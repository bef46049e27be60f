"""The database in and out by PostgreSQL's own programs: pg_dump within a snapshot, pg_restore in one transaction.

The programs are clients: no secret is an argument, the address goes by environment. They read and write through our
pipes, so that whoever kills us ends them too, and a restore that lost its reader is rolled back.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from threading import Thread
from typing import IO, Final

from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from yitong.hosting import rules
from yitong.hosting.errors import ClientProgramsMissing, DumpFailed, ProgramsMissing
from yitong.hosting.programs import wheel_programs

_CHUNK: Final = 1 << 20
_HEAD: Final = 32 << 20
_SYSTEM: Final = Path("/usr/lib/postgresql")
_SETS_TRANSACTION_TIMEOUT: Final = 17
_FOREIGN: Final = (" EXTENSION ",)  # made by hosting, owned by the superuser
# The role's own bounds are for business transactions; pg_restore sets the rest.
_NO_TIMEOUTS: Final = {
    True: "-c transaction_timeout=0 -c statement_timeout=0",
    False: "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0",
}


def find_client(program: str, server_major: int) -> tuple[Path, str]:
    """The program of the server's own version, else the next newer one; with the version it says it is."""
    found: dict[int, tuple[Path, str]] = {}
    for folder in _folders():
        path = folder / program
        if path.is_file() and (version := _version(path)):
            found.setdefault(rules.major(version), (path, version))
    fit = [major for major in sorted(found) if major >= server_major]
    if not fit:
        raise ClientProgramsMissing(program=program, major=server_major)
    return found[fit[0]]


def _folders() -> Iterator[Path]:
    if named := os.environ.get("YITONG_PG_BIN"):
        yield Path(named)
    with suppress(ProgramsMissing):
        yield wheel_programs()
    yield from sorted(_SYSTEM.glob("*/bin"))


def _version(path: Path) -> str:
    asked = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else ""


def dump(url: str, *, server_major: int, snapshot: str = "") -> Iterator[bytes]:
    """The whole database in pg_dump's custom form, piece by piece. DumpFailed if it did not end well."""
    path, _version_said = find_client("pg_dump", server_major)
    argv = [str(path), "--format=custom", "--compress=1", "--no-owner", "--no-acl", "--no-password"]
    if snapshot:
        argv.append(f"--snapshot={snapshot}")
    with tempfile.TemporaryFile() as errors, _started(argv, url, errors, server_major) as process:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        process.stdin.close()  # type: ignore[union-attr]
        while chunk := process.stdout.read(_CHUNK):
            yield chunk
        _ended(process, errors, "pg_dump")


def restore(url: str, content: Iterable[bytes], *, server_major: int, dumped_by: str = "") -> None:
    """Fill an empty database, all or nothing: the transaction is committed after the last piece.

    An older pg_restore does not read what a newer pg_dump (`dumped_by`) wrote.
    """
    needed = max(server_major, rules.major(dumped_by)) if dumped_by else server_major
    path, version = find_client("pg_restore", needed)
    pieces = iter(content)
    head = _head(pieces)
    with tempfile.NamedTemporaryFile("w", suffix=".list") as chosen:
        chosen.write(_contents_list(path, head))
        chosen.flush()
        argv = [str(path), "--no-owner", "--no-acl", f"--use-list={chosen.name}"]
        whole = chain([head], pieces)
        if rules.major(version) >= _SETS_TRANSACTION_TIMEOUT > server_major:
            _restore_by_script(argv, url, whole, server_major)
        else:
            _restore_directly(argv, url, whole, server_major)


def _restore_directly(
    argv: list[str], url: str, content: Iterator[bytes], server_major: int
) -> None:
    argv += ["--single-transaction", "--exit-on-error", "--no-password"]
    argv.append(f"--dbname={conninfo_to_dict(url)['dbname']}")
    with tempfile.TemporaryFile() as errors, _started(argv, url, errors, server_major) as process:
        _feed(process, content)
        _ended(process, errors, "pg_restore")


def _restore_by_script(
    argv: list[str], url: str, content: Iterator[bytes], server_major: int
) -> None:
    """A newer pg_restore begins with a setting that an older server does not know: then its script goes to psql.

    `commit` is our last word: a script that ends without it, because somebody was killed, is rolled back.
    """
    psql = [argv[0].removesuffix("pg_restore") + "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    with (
        tempfile.TemporaryFile() as errors,
        _started(psql, url, errors, server_major, output=subprocess.DEVNULL) as server,
        _started([*argv, "--file=-"], url, errors, server_major) as script,
    ):
        assert script.stdout is not None and server.stdin is not None  # noqa: S101, PT018 - for the type checker
        faults: list[BaseException] = []

        def feed() -> None:
            try:
                _feed(script, content)
            except BaseException as fault:  # noqa: BLE001 - raised again in the thread that waits
                faults.append(fault)
                script.kill()

        feeder = Thread(target=feed)
        feeder.start()
        with suppress(BrokenPipeError):
            server.stdin.write(b"begin;\n")
            first = script.stdout.read(_CHUNK)
            server.stdin.write(first.replace(b"SET transaction_timeout = 0;\n", b"", 1))
            while piece := script.stdout.read(_CHUNK):
                server.stdin.write(piece)
        feeder.join()
        if faults:
            raise faults[0]
        _ended(script, errors, "pg_restore")
        with suppress(BrokenPipeError):
            server.stdin.write(b"\ncommit;\n")
            server.stdin.close()
        _ended(server, errors, "psql")


def _feed(process: "_Program", content: Iterator[bytes]) -> None:
    assert process.stdin is not None  # noqa: S101 - for the type checker
    with suppress(BrokenPipeError):  # it says itself why it went away
        for piece in content:
            process.stdin.write(piece)
        process.stdin.close()


def _head(pieces: Iterator[bytes]) -> bytes:
    """Enough of the dump to hold its table of contents, whatever the number of tables."""
    head = bytearray()
    while len(head) < _HEAD and (piece := next(pieces, b"")):
        head += piece
    return bytes(head)


def _contents_list(path: Path, head: bytes) -> str:
    """What the dump holds, without what hosting makes before: extensions and the notes on them."""
    asked = subprocess.run(
        [path, "--list"], input=head, capture_output=True, env=_BARE, check=False
    )
    if asked.returncode:
        raise DumpFailed(program="pg_restore", why=_last_line(asked.stderr))
    lines = asked.stdout.decode().splitlines(keepends=True)
    return "".join(line for line in lines if not any(word in line for word in _FOREIGN))


_BARE: Final = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


class _Program(subprocess.Popen[bytes]):
    """A program that does not outlive its block."""

    def __exit__(self, *ended: object) -> None:
        if self.poll() is None:
            self.kill()
        with suppress(BrokenPipeError):
            super().__exit__(*ended)  # type: ignore[arg-type]


def _started(
    argv: list[str],
    url: str,
    errors: IO[bytes],
    server_major: int,
    output: int = subprocess.PIPE,
) -> _Program:
    bounds = {"PGOPTIONS": _NO_TIMEOUTS[server_major >= 17]}
    environment = _BARE | {"PGCONNECT_TIMEOUT": "10"} | bounds | address_environment(url)
    return _Program(argv, stdin=subprocess.PIPE, stdout=output, stderr=errors, env=environment)


def address_environment(url: str) -> dict[str, str]:
    """A database's address as libpq reads it from the environment."""
    given = conninfo_to_dict(url)
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    return {names[word]: str(value) for word, value in given.items() if value and word in names}


def _ended(process: _Program, errors: IO[bytes], program: str) -> None:
    if process.wait():
        errors.seek(0)
        raise DumpFailed(program=program, why=_last_line(errors.read()))


def _last_line(said: bytes) -> str:
    """The cause, without the rows that a statement's context may quote."""
    lines = [line for line in said.decode(errors="replace").splitlines() if "error:" in line]
    return lines[-1] if lines else "–"
