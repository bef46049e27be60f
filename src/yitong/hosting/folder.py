"""The node's own directory: which files stand where, who may enter what.

    node.lock, guests.lock   who owns the directory, who uses its server
    connection.json          how to reach the server (0600)
    secrets.json             passwords of the two database roles (0600)
    etc/                     the server's settings, written by us, read by the server's user
    postgres/                the server's data, owned by the server's user (0700)
    log/                     the server's log, owned by the server's user (0700)
    run/                     the server's socket, owned by the server's user (0700)
    programs/                a copy of the server's programs, only where its user cannot run the originals

As root nothing of ours is ever written inside a folder that the server's user owns: a link planted
there would send root's pen elsewhere.
"""

import json
import os
import secrets
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from yitong.hosting import rules
from yitong.hosting.errors import DirectoryNotOurs, DirectoryUnreachable
from yitong.hosting.programs import ServerUser

ROOT_HOME = Path("/var/lib/yitong")


def data_dir_default(name: str = "node") -> Path:
    """Where the node `name` keeps everything, unless told otherwise."""
    if os.geteuid() == 0:
        return ROOT_HOME / name
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "yitong" / name


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a running server, and which process announced it.

    The URL is the application's, never the superuser's.
    """

    url: str
    version: str
    socket_dir: str
    owner: int


@dataclass(frozen=True, slots=True)
class NodeFolder:
    """Names the files of one data directory."""

    path: Path

    @property
    def lock(self) -> Path:
        return self.path / "node.lock"

    @property
    def guests(self) -> Path:
        return self.path / "guests.lock"

    @property
    def data(self) -> Path:
        return self.path / "postgres"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def etc(self) -> Path:
        return self.path / "etc"

    @property
    def programs(self) -> Path:
        return self.path / "programs"

    def prepare(self) -> None:
        """Make the directory itself, closed to others."""
        try:
            if not self.path.exists():
                for parent in reversed(self.path.parents):
                    if not parent.exists():
                        make_open(parent)
                self.path.mkdir(mode=0o700)
            if not os.access(self.path, os.W_OK | os.X_OK):
                raise DirectoryNotOurs(path=self.path, why="没有写权限")
        except OSError as error:
            raise DirectoryNotOurs(path=self.path, why=error.strerror) from error

    def admit(self, user: ServerUser) -> None:
        """Let the server's user pass through the directory, to its own folders and to `etc`."""
        if blocked := user.blocking_folder(self.path.parent):
            raise DirectoryUnreachable(path=self.path, user=user.name, folder=blocked)
        if user.switch:
            os.chown(self.path, -1, user.gid)
            self.path.chmod(0o710)
        make_open(self.etc)
        for folder in (self.log, self.path / "run"):
            lend(folder, user)

    def socket_dir(self, user: ServerUser) -> Path:
        """A folder whose socket has a short enough path, kept over restarts.

        A deep data directory would pass the kernel's 107 bytes; its socket then lives in a private
        folder of the temporary directory, remembered in a link.
        """
        own = self.path / "run"
        if rules.socket_fits(PurePosixPath(own)):
            return own
        link = self.path / "run.link"
        if link.is_symlink() and _is_still_lent(link.readlink(), user):
            return link.readlink()
        short = Path(tempfile.mkdtemp(prefix="yitong-", dir="/tmp"))
        lend(short, user)
        link.unlink(missing_ok=True)
        link.symlink_to(short)
        return short

    def drop_short_socket_dir(self) -> None:
        """Remove the private folder in the temporary directory, when the server has stopped."""
        link = self.path / "run.link"
        if link.is_symlink():
            shutil.rmtree(link.readlink(), ignore_errors=True)
            link.unlink()

    def passwords(self) -> dict[str, str]:
        """The passwords of both roles, made at first use."""
        path = self.path / "secrets.json"
        try:
            kept: dict[str, str] = json.loads(path.read_text())
        except FileNotFoundError:
            kept = {role: secrets.token_urlsafe(24) for role in ("postgres", "yitong")}
            write_private(path, json.dumps(kept))
        return kept

    def connection(self) -> Connection | None:
        try:
            return Connection(**json.loads((self.path / "connection.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def announce(self, connection: Connection | None) -> None:
        """Say how to reach the server, or that there is none."""
        path = self.path / "connection.json"
        if connection is None:
            path.unlink(missing_ok=True)
            return
        write_private(path, json.dumps(asdict(connection)))


def make_open(folder: Path) -> None:
    """Make a folder of our own that others may enter, whatever the umask; what it holds is not secret."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def lend(folder: Path, user: ServerUser) -> None:
    """Make `folder` the server user's own, closed to everyone else."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user.switch:
        os.chown(folder, user.uid, user.gid, follow_symlinks=False)


def _is_still_lent(folder: Path, user: ServerUser) -> bool:
    """Whether a remembered folder of the temporary directory is still the one we made."""
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return facts.st_uid == user.uid and facts.st_mode & 0o7777 == 0o700 and folder.is_dir()


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600, whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
