"""Checks of what keeps a node from being lost: backups, copies of the keys, work that was cut short."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from yitong.cli.checks.check import Check, fail, ok, warn
from yitong.cli.place import Place
from yitong.cli.words import _
from yitong.kernel import clock

_LATE: Final = dt.timedelta(days=2)
_TOO_LATE: Final = dt.timedelta(days=14)


def restore(place: Place) -> Iterator[Check]:
    """Half a node is said to be one before anything else is looked at."""
    if backup := place.backup_under_way:
        detail = _("备份 {backup} 的恢复没有做完").format(backup=backup)
        fix = _("再执行一次同样的 yitong restore；只缺密钥的，运行 yitong keys import。")
        yield fail("restore", detail, fix)


def rotation() -> Iterator[Check]:
    from yitong.base.keys.api import rotation as rotations
    from yitong.base.keys.api import status

    found = status()
    if rotations.is_unfinished():
        detail = _("主密钥轮换没有做完：还有 {count} 个密钥在旧主密钥下").format(
            count=found.under_older_master
        )
        yield fail("rotation", detail, _("再运行一次 yitong keys rotate-master，会接着做完。"))
    else:
        yield ok("rotation", _("全部密钥都在最新的主密钥下"))


def key_copy(place: Place) -> Iterator[Check]:
    """A database without its keys is lost; a copy without the newest of them is half a copy."""
    from yitong.base.keys.api import custody

    if place.profile == "demo":
        yield ok("key_copy", _("演示节点，不需要密钥副本"))
        return
    found = custody.copy_status()
    fix = _("运行 yitong keys export --to FILE，放到别处，旧副本销毁。")
    if not found.copies:
        yield warn("key_copy", _("密钥没有导出过：这台机器坏了，封存的内容谁也打不开"), fix)
    elif not found.is_current:
        detail = _("{date} 导出以后密钥有增减，副本不全或者多出已销毁的").format(
            date=found.exported_at
        )
        yield warn("key_copy", detail, fix)
    else:
        yield ok("key_copy", _("{date} 导出的副本与现在一致").format(date=found.exported_at))


def backup(place: Place) -> Iterator[Check]:
    from yitong.base.backups.api import status

    found = status()
    if place.profile == "demo":
        yield ok("backup", _("演示节点，不需要备份"))
        return
    fix = _("运行 yitong backup，并定时做（见 docs/how-to/back-up-and-restore.md）。")
    if found.made_at is None:
        yield warn("backup", _("没有备份过"), fix)
        return
    age = clock.now() - found.made_at
    detail = _("最近一次备份在 {hours} 小时前，账本到第 {size:,} 条").format(
        hours=int(age.total_seconds() // 3600), size=found.ledger_size
    )
    if age > _TOO_LATE:
        yield fail("backup", detail, fix)
    elif age > _LATE:
        yield warn("backup", detail, fix)
    elif found.unfinished_at and found.unfinished_at > found.made_at:
        detail = _("{detail}；后来还有一次没有做完").format(detail=detail)
        yield warn("backup", detail, _("正在备份的等它做完；否则腾出空间后再运行 yitong backup。"))
    else:
        yield ok("backup", detail)
