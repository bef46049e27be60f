"""Checks of the server and of the tables, each with a short time-out of the server's own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yitong.cli.checks.check import Check, fail, ok, warn
from yitong.cli.place import Place
from yitong.cli.words import _
from yitong.kernel import clock

if TYPE_CHECKING:
    from yitong.hosting.api import ServerStatus

_OLDEST_MAJOR = 15
_SKEW_WARN_S, _SKEW_FAIL_S = 2.0, 30.0
# Partitioned tables without a partition for this month or the next.
_UNMADE = """
select parent.relname || '_' || to_char(now() at time zone 'UTC' + make_interval(months => k), 'YYYY_MM')
from pg_partitioned_table p
join pg_class parent on parent.oid = p.partrelid and pg_table_is_visible(parent.oid)
cross join generate_series(0, 1) k
where p.partstrat = 'r' and not exists (
    select from pg_inherits i join pg_class child on child.oid = i.inhrelid
    where i.inhparent = parent.oid and child.relname = parent.relname || '_'
          || to_char(now() at time zone 'UTC' + make_interval(months => k), 'YYYY_MM'))
order by 1
"""


def server(place: Place, status: "ServerStatus") -> Iterator[Check]:
    """Reachable, and which."""
    if not status.is_running:
        if not place.is_there:
            yield warn("database", _("还没有数据库"), _("运行 yitong run，会自动建立。"))
            return
        own = _("运行 yitong run；起不来时看 {log} 下最新的文件。").format(
            log=place.directory / "log"
        )
        theirs = _("启动 DATABASE_URL 所指的服务器，核对地址、账号和网络。")
        yield fail("database", status.reason, theirs if place.database_url else own)
        return
    major = int(status.version.split(".")[0].split()[0] or 0)
    detail = f"PostgreSQL {status.version}，{status.address}"
    if major < _OLDEST_MAJOR:
        yield fail(
            "database", detail, _("升级到 PostgreSQL {major} 以上。").format(major=_OLDEST_MAJOR)
        )
    else:
        yield ok("database", detail)


def locale(status: "ServerStatus") -> Iterator[Check]:
    """With the wrong character classes Chinese has no trigrams, and search silently finds nothing."""
    if status.knows_chinese:
        yield ok("locale", f"{status.locale}，show_trgm('石桥') ✓")
        return
    yield fail(
        "locale",
        _("{locale}：show_trgm('石桥') 为空，中文检索会查不到").format(locale=status.locale),
        _(
            "以 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0 重建数据库，装好 pg_trgm 扩展。"
        ),
    )


def migrations() -> Iterator[Check]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    loader = MigrationExecutor(connection).loader
    applied, known = set(loader.applied_migrations), set(loader.disk_migrations)
    if missing := known - applied:
        detail = _("有 {count} 项结构更新没有执行").format(count=len(missing))
        yield fail("migrations", detail, _("运行 yitong run，启动时会自动更新。"))
    elif extra := applied - known:
        detail = _("数据库比程序新：多出 {count} 项结构更新").format(count=len(extra))
        yield fail("migrations", detail, _("换用与数据库相配的新版程序，不要用旧版写入。"))
    else:
        yield ok("migrations", _("{count} 项，都已执行").format(count=len(applied)))


def server_clock() -> Iterator[Check]:
    """The ledger's months and the grants' ends are judged by both clocks."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select now(), (select max(at) from ledger_entry)")
        there, newest = cursor.fetchone()
    here = clock.now()
    apart = abs((there - here).total_seconds())
    fix = _("两边都启用时间同步（timedatectl set-ntp true）。")
    detail = _("与数据库相差 {seconds:.1f} 秒").format(seconds=apart)
    if newest is not None and (newest - here).total_seconds() > _SKEW_FAIL_S:
        yield fail("server_clock", _("账本里有将来的记录，系统时间倒退了"), fix)
    elif apart > _SKEW_FAIL_S:
        yield fail("server_clock", detail, fix)
    elif apart > _SKEW_WARN_S:
        yield warn("server_clock", detail, fix)
    else:
        yield ok("server_clock", detail)


def partitions() -> Iterator[Check]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_UNMADE)
        unmade = [name for (name,) in cursor.fetchall()]
    if unmade:
        detail = _("缺少月分区：{names}").format(names="、".join(unmade))
        yield fail("partitions", detail, _("运行 yitong run；后台任务每天会提前建好。"))
    else:
        yield ok("partitions", _("本月和下月的分区都在"))
