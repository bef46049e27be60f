"""Checks that need no database: the directory, the disk, the clock, the address."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from yitong.cli.checks.check import Check, fail, ok, warn
from yitong.cli.commands.run import Web, answers, check_port
from yitong.cli.place import Place
from yitong.cli.words import LOCALE, _
from yitong.kernel import clock
from yitong.kernel.errors import Refusal

if TYPE_CHECKING:
    from yitong.hosting.api import ServerStatus

GIBIBYTE = 1 << 30
_LITTLE, _TOO_LITTLE = 5 * GIBIBYTE, 1 * GIBIBYTE
_AHEAD_S = 120
_COMPILED, _SOURCE = "django.mo", "django.po"


def directory(place: Place, status: "ServerStatus") -> Iterator[Check]:
    """Where everything is kept, and whether somebody looks after it."""
    kept = _("{path}（{profile}）").format(path=place.directory, profile=place.profile)
    if not place.is_there:
        yield warn(
            "data", _("还没有节点：{path}").format(path=kept), _("运行 yitong run 建立节点。")
        )
    elif status.is_orphan or status.stale_owner:
        yield warn(
            "data",
            _("{path}，上次没有正常停止").format(path=kept),
            _("运行 yitong run，会自动接管并恢复。"),
        )
    else:
        yield ok("data", kept)


def disk(status: "ServerStatus") -> Iterator[Check]:
    free = status.disk_free
    detail = _("剩余 {free:.1f} GiB").format(free=free / GIBIBYTE)
    if free < _TOO_LITTLE:
        yield fail("disk", detail, _("马上腾出空间：写满后节点只能读取，不能写入。"))
    elif free < _LITTLE:
        yield warn("disk", detail, _("腾出空间，至少留 5 GiB。"))
    else:
        yield ok("disk", detail)


def time_of_day(place: Place) -> Iterator[Check]:
    """A clock that went back would date records before what they follow."""
    now = clock.now()
    zone = ZoneInfo("Asia/Shanghai")
    newest = max((file.stat().st_mtime for file in _files(place)), default=0.0)
    ahead = newest - now.timestamp()
    if ahead > _AHEAD_S:
        yield fail(
            "clock",
            _("数据目录里有 {seconds:.0f} 秒以后的文件，系统时间可能倒退了").format(seconds=ahead),
            _("核对系统时间并启用时间同步（timedatectl set-ntp true）。"),
        )
        return
    local = clock.local(now, zone)
    yield ok("clock", _("{now:%Y-%m-%d %H:%M:%S}，{zone}").format(now=local, zone=zone.key))


def _files(place: Place) -> Iterator[Path]:
    for folder in (place.directory, place.directory / "log"):
        if folder.is_dir():
            yield from (file for file in folder.iterdir() if file.is_file())


def port(place: Place) -> Iterator[Check]:
    """Whether the pages answer, or could."""
    parts = urlsplit(place.address)
    web = Web(parts.hostname or "127.0.0.1", parts.port or 8000, 1)
    if place.is_announced:
        if answers(web):
            yield ok("port", _("{url} 有应答").format(url=place.address))
        else:
            fix = _("看 yitong run 的输出；必要时停止后重新运行。")
            yield fail("port", _("{url} 没有应答").format(url=place.address), fix)
        return
    try:
        check_port(web)
    except Refusal as refusal:
        yield warn("port", refusal.say(_), refusal.say_remedy(_))
    else:
        yield ok("port", _("{port} 端口空闲，网页没有运行").format(port=web.port))


def translations(locale: Path = LOCALE) -> Iterator[Check]:
    """Whether the sentences of every other language are compiled; without that its pages are silently Chinese."""
    is_tree = (locale.parents[2] / "pyproject.toml").is_file()
    names, missing, older = [], [], []
    for source in sorted(locale.glob(f"*/LC_MESSAGES/{_SOURCE}")):
        name, compiled = source.parent.parent.name, source.with_name(_COMPILED)
        names.append(name)
        if not compiled.is_file():
            missing.append(name)
        elif is_tree and compiled.stat().st_mtime < source.stat().st_mtime:
            older.append(name)
    if missing or not names:
        detail = _("没有编译好的译文：{names}，这些语言的页面会显示中文")
        said = detail.format(names="、".join(missing) or locale)
        yield fail("translations", said, _compile_fix(is_tree=is_tree))
    elif older:
        detail = _("编译好的译文比原文旧：{names}，新的句子会显示中文")
        yield warn(
            "translations", detail.format(names="、".join(older)), _compile_fix(is_tree=True)
        )
    else:
        yield ok("translations", _("译文已编译：{names}").format(names="、".join(names)))


def _compile_fix(*, is_tree: bool) -> str:
    return _("运行 make setup。") if is_tree else _("重新安装 yitong：安装包里有编译好的译文。")
