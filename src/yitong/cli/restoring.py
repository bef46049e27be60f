"""A restore's steps in order, and its place kept in the data directory, so that one cut short is gone on with.

Files come before the database and the database in one transaction, so that a node never has rows whose files are
missing. Until the last step the node does not start.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from yitong.cli.errors import OtherRestoreUnfinished, ProfileDiffers
from yitong.cli.node import operator, prepare
from yitong.cli.place import Place
from yitong.cli.speech import Speech
from yitong.cli.words import _

if TYPE_CHECKING:
    from yitong.base.backups.api import Restored
    from yitong.hosting.api import archive as archives

# A restore creates every table in one transaction: thousands of them need room in the lock table.
_LOCKS = {"max_locks_per_transaction": "1024"}


@dataclass(frozen=True, slots=True)
class Journal:
    """What is being restored here."""

    backup: str
    digest: str
    made_at: str
    node: str
    ledger_size: int
    lost: int
    checkpoint: str
    kept: tuple[str, ...]
    scopes: dict[str, int]

    @classmethod
    def of(cls, archive: "archives.Archive", *, kept: Sequence[str], lost: int) -> "Journal":
        manifest = archive.manifest
        return cls(
            manifest.backup,
            archive.digest,
            manifest.made_at,
            manifest.node,
            manifest.ledger_size,
            lost,
            archive.checkpoint,
            tuple(kept),
            dict(manifest.scopes),
        )

    @property
    def restored(self) -> "Restored":
        from yitong.base.backups.api import Restored

        return Restored(
            self.backup,
            self.digest,
            self.made_at,
            self.ledger_size,
            self.lost,
            self.checkpoint,
            self.kept,
        )


def journal_of(place: Place) -> Journal | None:
    """The restore under way here, if there is one."""
    try:
        said = json.loads(place.restoring.read_text())
    except FileNotFoundError:
        return None
    return Journal(**said | {"kept": tuple(said["kept"])})


def check_place(place: Place, archive: "archives.Archive") -> None:
    """Refuse another restore's place and another profile's; nothing is touched yet."""
    under_way = journal_of(place)
    if under_way is not None and under_way.digest != archive.digest:
        raise OtherRestoreUnfinished(path=place.directory, backup=under_way.backup)
    asked = os.environ.setdefault("YITONG_PROFILE", archive.manifest.profile)
    if (found := place.profile) != archive.manifest.profile:
        raise ProfileDiffers(
            path=place.directory, kept=archive.manifest.profile, asked=asked or found
        )


@contextmanager
def database_for(place: Place) -> Iterator[str]:
    """The database to fill: the operator's own, or that of a server of the node's, started here."""
    from yitong.hosting.api import ServerSettings, check_url, open_cluster

    if place.database_url:
        check_url(place.database_url)
        yield place.database_url
        return
    usual = ServerSettings.from_environment()
    settings = replace(usual, options={**usual.options, **_LOCKS})
    with open_cluster(place.directory, settings=settings) as cluster:
        yield cluster.url


def fill(place: Place, archive: "archives.Archive", journal: Journal, speech: Speech) -> None:
    """Files, then the database, unless an earlier run of this restore came so far."""
    from yitong.base.backups.api import Found, check_empty
    from yitong.hosting.api import write_private

    is_ours = journal_of(place) is not None
    found = check_empty(backup=journal.backup, files=place.directory / "files", is_ours=is_ours)
    write_private(place.restoring, json.dumps(asdict(journal)))
    if found is Found.EMPTY:
        _put_files(place, archive, speech)
        _fill_database(archive, speech)


def _fill_database(archive: "archives.Archive", speech: Speech) -> None:
    from yitong.base.backups.api import address, server_version
    from yitong.hosting.api import dumping

    total = archive.manifest.parts["database.dump"].size
    with speech.progress(_("恢复数据库")) as tell:

        def told() -> Iterator[bytes]:
            done = 0
            for piece in archive.database():
                done += len(piece)
                tell(done, total)
                yield piece

        major = int(server_version().split(".")[0])
        dumping.restore(
            address(),
            told(),
            server_major=major,
            dumped_by=archive.manifest.versions.get("pg_dump", ""),
        )


def _put_files(place: Place, archive: "archives.Archive", speech: Speech) -> None:
    from yitong.hosting.api import archive as archives

    done, total = 0, archive.manifest.parts["files"].size
    with speech.progress(_("恢复文件")) as tell:
        for member, content in archive.stored():
            archives.put_file(place.directory / member.name, content)
            done += member.size
            tell(done, total)


def finish(place: Place, journal: Journal, speech: Speech) -> int:
    """With the keys there: tables brought up to date, ledger settled, verified, recorded. The entries verified."""
    from yitong.base.backups.api import conclude

    prepare(speech)
    with speech.progress(_("核对账本")) as tell:
        size = conclude(restored=journal.restored, by=operator(), progress=tell)
    place.restoring.unlink()
    return size


def unreadable(journal: Journal) -> Iterator[str]:
    """What nobody can read without the keys, in words."""
    known = {
        "app:identity": _("自然人的姓名、证件号码、电话和住址"),
        "app:identity.factors": _("动态口令和恢复码"),
        "app:identity.signing": _("登录签名密钥"),
        "app:identity.sub": _("其他系统登录用的化名"),
        "app:files": _("文件的名称"),
        "app:sources": _("数据源的连接口令"),
    }
    for scope in sorted(journal.scopes):
        kind, _colon, key = scope.partition(":")
        if kind == "resource":
            yield _("资源表 {key} 的个人信息各列").format(key=key)
        else:
            yield known.get(scope, scope)
    yield _("足迹和授权对应的人：号码的假名不能再算出来")
