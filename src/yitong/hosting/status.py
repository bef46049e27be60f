"""What `doctor` asks about the server: is it there, which, fit for Chinese, how much disk, whose."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import psycopg

from yitong.hosting.database import knows_chinese, locale_of
from yitong.hosting.folder import NodeFolder
from yitong.hosting.lock import Owner, live_owner, owner_of
from yitong.hosting.server import postmaster_of


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """Facts for `doctor`; `reason` says why an unreachable server is unreachable."""

    data_dir: Path
    is_running: bool
    version: str
    address: str
    locale: str
    knows_chinese: bool
    disk_free: int
    owner: Owner | None
    stale_owner: Owner | None
    is_orphan: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    version: str = ""
    address: str = ""
    locale: str = ""
    knows_chinese: bool = False
    reason: str = ""


def server_status(data_dir: Path, *, database_url: str = "") -> ServerStatus:
    """Look without touching: nothing is started, claimed or changed."""
    folder = NodeFolder(data_dir.absolute())
    owner = live_owner(folder.lock)
    announced = folder.connection()
    url = database_url or (announced.url if announced else "")
    answer = _ask(url) if url else _Answer(reason="服务器没有运行")
    runs_alone = not database_url and owner is None
    return ServerStatus(
        data_dir=folder.path,
        is_running=not answer.reason,
        version=answer.version or _version_of_data(folder),
        address=answer.address,
        locale=answer.locale,
        knows_chinese=answer.knows_chinese,
        disk_free=_disk_free(folder.path),
        owner=owner,
        stale_owner=None if owner else owner_of(folder.lock),
        is_orphan=runs_alone and postmaster_of(folder.data) is not None,
        reason=answer.reason,
    )


def _ask(url: str) -> _Answer:
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            facts = connection.info
            version = facts.parameter_status("server_version") or ""
            address = f"{facts.host}:{facts.port}/{facts.dbname}"
            locale = locale_of(connection)
            try:
                chinese = knows_chinese(connection)
            except psycopg.errors.UndefinedFunction:
                return _Answer(version, address, locale, knows_chinese=False, reason="")
            return _Answer(version, address, locale, knows_chinese=chinese)
    except psycopg.Error as error:
        return _Answer(reason=str(error).strip())


def _version_of_data(folder: NodeFolder) -> str:
    try:
        return (folder.data / "PG_VERSION").read_text().strip()
    except OSError:
        return ""


def _disk_free(path: Path) -> int:
    """Free bytes where the directory is, or will be."""
    existing = next(place for place in (path, *path.parents) if place.exists())
    return shutil.disk_usage(existing).free
