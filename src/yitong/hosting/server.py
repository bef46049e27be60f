"""One PostgreSQL server over one data directory: made, started, adopted, stopped, cleared after a crash."""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from yitong.hosting import rules
from yitong.hosting.errors import ServerFailed, VersionsDiffer
from yitong.hosting.folder import NodeFolder, lend
from yitong.hosting.programs import Programs, ServerUser

log = logging.getLogger(__name__)

_STOP_PATIENCE = 60.0
_KEPT_LOGS = 64 * 2**20
# A postmaster writes its start time a moment after it was born, in whole seconds.
_SAME_START = 30.0


@dataclass
class Server:
    """The server of a node's folder. `process` is the postmaster, our child or one that we adopted."""

    folder: NodeFolder
    programs: Programs
    user: ServerUser
    socket_dir: Path
    durable: bool = True
    options: dict[str, str] = field(default_factory=dict)
    process: psutil.Process | None = None
    _child: "subprocess.Popen[bytes] | None" = None
    _older_logs: frozenset[Path] = frozenset()

    def start(self) -> None:
        """Bring the server up: make its data at the first start, adopt a running one, recover a killed one."""
        self._make_data()
        self._check_version()
        if (running := postmaster_of(self.folder.data)) is not None:
            if self._may_adopt(running):
                log.info("adopting the running server, pid %s", running.pid)
                self.process = running
                self._wait_until_ready()
                return
            stop_process(running)
        self._clear_remains()
        self._write_settings()
        self._spawn()
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        self.drop_old_logs()

    def is_running(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return self.process is not None and _is_alive(self.process)

    def stop(self, *, patience: float = _STOP_PATIENCE) -> None:
        """Stop in order: a fast shutdown rolls open transactions back and writes a last checkpoint."""
        if self.process is not None and self.is_running():
            stop_process(self.process, patience=patience)
        if self._child is not None:
            self._child.wait()
        self.process = self._child = None

    def leave_to_others(self) -> None:
        """Let it run on for others. It stays this process's child, so somebody here must wait for its end.

        A thread does that: who lived on with an unwaited child would keep a zombie, whose number the next
        owner may take for a live server.
        """
        if self._child is not None:
            threading.Thread(target=self._child.wait, name="postgres-reaper", daemon=True).start()
        self.process = self._child = None

    def superuser(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A connection as the superuser; only start-up and tests use it."""
        return psycopg.connect(
            host=str(self.socket_dir), port=rules.SOCKET_PORT, user="postgres", dbname=database,
            password=self.folder.passwords()["postgres"], autocommit=True, connect_timeout=10,
        )  # fmt: skip

    def _make_data(self) -> None:
        """Run initdb into a folder beside, renamed when whole, so that a killed first start leaves no half data."""
        data = self.folder.data
        if data.exists():
            return
        half = self.folder.path / "postgres.half"
        if half.exists():
            shutil.rmtree(half)
        lend(half, self.user)
        password_file = self.folder.path / "run" / "password"
        self._write_for_user(password_file, self.folder.passwords()["postgres"])
        try:
            made = self.user.run(
                [
                    self.programs.path("initdb"),
                    f"--pgdata={half}",
                    *self._initdb_options(password_file),
                ]
            )
        finally:
            password_file.unlink(missing_ok=True)
        if made.returncode:
            raise ServerFailed(why=_last_line(made.stderr), log=self.folder.log)
        half.rename(data)

    def _initdb_options(self, password_file: Path) -> list[str]:
        options = [
            "--username=postgres", f"--pwfile={password_file}",
            "--auth-local=scram-sha-256", "--auth-host=scram-sha-256",
            # Chinese needs a character class (C.UTF-8); order by bytes is stable over systems. No wheel has ICU.
            "--encoding=UTF8", "--locale-provider=libc", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C",
            "--data-checksums",
        ]  # fmt: skip
        if not self.durable:
            options += ["--no-sync", "--wal-segsize=4"]
        return options

    def _write_for_user(self, path: Path, text: str) -> None:
        """A private file in the folder that the server's user owns: made anew, never through a link."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            if self.user.switch:
                os.fchown(file.fileno(), self.user.uid, self.user.gid)

    def _check_version(self) -> None:
        written = (self.folder.data / "PG_VERSION").read_text().strip()
        if rules.major(written) != self.programs.major:
            raise VersionsDiffer(
                path=self.folder.data, data=written, programs=self.programs.version
            )

    def _may_adopt(self, running: psutil.Process) -> bool:
        """An orphan is taken over only if it is the very server that we would start."""
        try:
            same = Path(running.exe()).resolve() == (self.programs.bin / "postgres").resolve()
            return same and postmaster_socket(self.folder.data) == str(self.socket_dir)
        except psutil.Error:
            return False

    def _clear_remains(self) -> None:
        """After a SIGKILL: end backends that outlived their postmaster, drop its pid file and socket.

        Such a backend still holds the shared memory, and a pid file whose number has gone to another
        process keeps PostgreSQL from starting; it cannot tell, we can.
        """
        for process in _backends_of(self.folder.data):
            log.warning("ending backend %s which outlived its server", process.pid)
            # Without its postmaster it has nothing left to save.
            process.kill()
            _is_gone(process, 5.0)
        (self.folder.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{rules.SOCKET_PORT}", f".s.PGSQL.{rules.SOCKET_PORT}.lock"):
            (self.socket_dir / name).unlink(missing_ok=True)

    def _write_settings(self) -> None:
        """The settings, written at every start, so that an upgrade of ours reaches old data as well.

        Both roles log in with random passwords (scram), the superuser's too: the socket's folder is
        closed to others, yet on a machine that lends us `nobody` other programs may be `nobody`, and the
        application's role must not become superuser by a mere connection string. `peer` cannot serve:
        as root the node's processes and the server are different users.
        """
        etc = self.folder.etc
        options = rules.server_options(self.programs.major, durable=self.durable) | {
            "data_directory": str(self.folder.data),
            "hba_file": str(etc / "pg_hba.conf"),
            "ident_file": str(etc / "pg_ident.conf"),
            "unix_socket_directories": str(self.socket_dir),
            "log_directory": str(self.folder.log),
        }
        local = etc / "local.conf"
        files = {
            "pg_hba.conf": "local all all scram-sha-256\n",
            "pg_ident.conf": "",
            "postgresql.conf": rules.configuration(options | self.options)
            + f"# The operator's own settings stand in local.conf and win.\ninclude_if_exists = '{local}'\n",
        }
        for name, text in files.items():
            (etc / name).write_text(text)
            (etc / name).chmod(0o644)

    def _spawn(self) -> None:
        if self._child is not None:  # dead by now: seen so above, or waited for
            self._child.wait()
        config = f"config_file={self.folder.etc / 'postgresql.conf'}"
        argv = [self.programs.path("postgres"), "-D", str(self.folder.data), "-c", config]
        self._older_logs = frozenset(self.folder.log.glob("postgresql-*.log"))
        with (self.folder.path / "start.log").open("wb") as output:
            self._child = self.user.spawn(argv, output=output)
        self.process = psutil.Process(self._child.pid)

    def _wait_until_ready(self) -> None:
        """Wait as long as the server lives: recovery after a crash takes the time it takes."""
        while True:
            if not self.is_running():
                raise ServerFailed(why=self.death(), log=self.folder.log)
            try:
                self.superuser().close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return

    def death(self) -> str:
        """Why the server is dead, or "" while it lives."""
        if self.is_running():
            return ""
        if self._child is not None and self._child.returncode < 0:
            return f"信号 {signal.Signals(-self._child.returncode).name}"
        return self.last_words() or "服务器进程已退出"

    def last_words(self) -> str:
        """What the server itself said of its end since we started it."""
        logs = sorted(set(self.folder.log.glob("postgresql-*.log")) - self._older_logs)
        for path in [self.folder.path / "start.log", *logs]:
            with contextlib.suppress(OSError):
                lines = path.read_text(errors="replace").splitlines()
                if said := next(filter(_tells_an_end, reversed(lines)), ""):
                    return said.partition("] ")[2] or said
        return ""

    def drop_old_logs(self) -> None:
        """Keep the newest logs within a bounded size."""
        size = 0
        for path in sorted(self.folder.log.glob("postgresql-*.log"), reverse=True):
            size += path.stat().st_size
            if size > _KEPT_LOGS:
                path.unlink(missing_ok=True)


def _tells_an_end(line: str) -> bool:
    """Whether a log line names a cause of death; the end of one visitor's connection is none."""
    visitors = ("the database system is", "terminating connection", "authentication")
    return ("FATAL" in line or "PANIC" in line) and not any(words in line for words in visitors)


def postmaster_of(data: Path) -> psutil.Process | None:
    """The live postmaster that wrote `data`'s pid file, told from a later process with its number."""
    lines = _pid_file(data)
    if len(lines) < 3:
        return None
    try:
        process = psutil.Process(int(lines[0]))
        born = abs(process.create_time() - int(lines[2])) < _SAME_START
        if born and process.name().startswith("postgres") and _is_alive(process):
            return process
    except (psutil.Error, ValueError):
        pass
    return None


def postmaster_socket(data: Path) -> str:
    """The socket folder in `data`'s pid file (its fifth line)."""
    lines = _pid_file(data)
    return lines[4].strip() if len(lines) > 4 else ""


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def stop_process(process: psutil.Process, *, patience: float = _STOP_PATIENCE) -> None:
    """SIGINT (to a postmaster: fast shutdown), then SIGQUIT, then SIGKILL; wait until it is gone."""
    for sign, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(sign)
        if _is_gone(process, seconds):
            return


def _is_gone(process: psutil.Process, seconds: float) -> bool:
    """Wait for the end of a process that may be nobody's child of ours; a zombie counts as ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not _is_alive(process):
            return True
        time.sleep(0.01)
    return False


def _backends_of(data: Path) -> list[psutil.Process]:
    """Server processes whose working directory is `data`: every backend's is."""
    found = []
    for process in psutil.process_iter(["name"]):
        if not (process.info["name"] or "").startswith("postgres"):
            continue
        with contextlib.suppress(psutil.Error, OSError):
            if Path(process.cwd()) == data.resolve():
                found.append(process)
    return found


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "")
