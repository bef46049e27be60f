"""Checks of what the node's own parts say of themselves."""

import datetime as dt
from collections.abc import Iterator

from yitong.cli.checks.check import Check, fail, ok, warn
from yitong.cli.words import _
from yitong.kernel import clock
from yitong.kernel.actor import Actor

_PROVINCES = 34
_LAST_MONTH = 12
_HEARTBEAT_S = 60
_WAIT_WARN_S, _WAIT_FAIL_S = 10, 300
_QUEUE_WARN_S, _QUEUE_FAIL_S = 60, 900
_OUTBOX_WARN_S, _OUTBOX_FAIL_S = 600, 7200


def keys() -> Iterator[Check]:
    from yitong.base.keys.api import status

    found = status()
    if found.ok:
        versions = "、".join(map(str, found.master_versions))
        yield ok(
            "keys",
            _("{place}，{profile}，主密钥第 {versions} 版").format(
                place=found.place, profile=found.profile, versions=versions
            ),
        )
    elif not found.exists:
        yield fail(
            "keys",
            _("{place} 里没有密钥库").format(place=found.place),
            _("从备份恢复密钥库；没有它，已加密的数据谁也打不开。"),
        )
    elif not found.initialised:
        yield fail("keys", _("密钥还没有初始化"), _("运行 yitong run，会自动建立。"))
    else:
        broken = found.fault or _("打不开：{names}").format(names="、".join(found.unopened))
        fix = _(
            "核对密钥库目录的权限（0700/0600）；密钥不全的，yitong keys import 较新的副本；"
            "本来已经销毁、又随旧备份恢复出来的，再运行一次 yitong keys destroy。"
        )
        yield fail("keys", broken, fix)


def policies() -> Iterator[Check]:
    from yitong.base.access.api import Thing, allows

    allows(Actor.system("doctor"), "ledger.maintain", of=Thing("ledger", "log"))
    yield ok("policies", _("授权策略可以解析"))


def ledger() -> Iterator[Check]:
    """Who holds the horizon is named: one forgotten transaction keeps every later record from its place."""
    from yitong.base.ledger.api import health

    found = health()
    size = _("{size:,} 条，已签名到 {signed:,} 条，待入账 {waiting:,} 条").format(
        size=found.size, signed=found.signed_size, waiting=found.waiting
    )
    if found.is_elsewhere:
        yield fail("ledger", _("账本是从另一个数据库恢复来的"), _("运行 yitong ledger settle。"))
        return
    if found.rows_in_default:
        detail = _("有 {rows:,} 条记录落在默认分区").format(rows=found.rows_in_default)
        yield warn("ledger", detail, _("核对系统时间；重新启动节点会补建分区。"))
    age = _age(found.oldest_waiting_at)
    if age <= _WAIT_WARN_S:
        yield ok("ledger", size)
        return
    held = "；".join(
        _("进程 {pid}（{application}，{state}）已占用 {age} 秒").format(
            pid=one.pid, application=one.application or "–", state=one.state, age=one.age_s
        )
        for one in found.holders
    )
    detail = _("{size}，最早的已等 {age} 秒").format(size=size, age=age) + (
        f"；{held}" if held else ""
    )
    ending = _("结束占用的事务：{statement};")
    fix = (
        ending.format(statement=found.holders[0].ending)
        if found.holders
        else _("运行 yitong run 或 yitong run worker。")
    )
    yield (fail if age > _WAIT_FAIL_S else warn)("ledger", detail, fix)


def worker() -> Iterator[Check]:
    """The worker gives entries their place and runs what is scheduled; its heart beats in the queue's tables."""
    from procrastinate.contrib.django.models import ProcrastinateWorker

    newest = ProcrastinateWorker.objects.order_by("-last_heartbeat").first()
    age = _age(newest.last_heartbeat) if newest else None
    if age is not None and age <= _HEARTBEAT_S:
        yield ok("worker", _("后台任务在运行，{age} 秒前有心跳").format(age=age))
        return
    seen = _("没有运行过") if age is None else _("{age} 秒前最后一次心跳").format(age=age)
    fix = _("运行 yitong run 或 yitong run worker：没有它，记录不入账，定时任务不执行。")
    yield warn("worker", _("后台任务没有运行（{seen}）").format(seen=seen), fix)


def queue() -> Iterator[Check]:
    from yitong.base.jobs.api import status

    found = status()
    detail = _("排队 {waiting}，在做 {running}，失败 {failed}，搁置 {parked}").format(
        waiting=found.waiting, running=found.running, failed=found.failed, parked=found.parked
    )
    late = max(found.oldest_waiting_s, found.latest_s)
    if late > _QUEUE_WARN_S:
        detail = _("{detail}，最迟的晚了 {late} 秒").format(detail=detail, late=late)
        fix = _("运行 yitong run worker；一直积压时多开几个。")
        yield (fail if late > _QUEUE_FAIL_S else warn)("queue", detail, fix)
    elif found.failed or found.parked:
        errors = "；".join(f"{one.name}：{one.error}" for one in found.schedules if one.error)
        yield warn(
            "queue",
            f"{detail}；{errors}" if errors else detail,
            _("看 worker 的输出，修复后会再试。"),
        )
    else:
        yield ok("queue", detail)


def messages() -> Iterator[Check]:
    """Dead letters are somebody's not being told; what waits long says that a channel is away."""
    from django.conf import settings

    from yitong.base.messages.api import outbox_status, public_address

    if settings.YITONG_PUBLIC_URL and not public_address():
        detail = _("YITONG_PUBLIC_URL 不是网址：{text}，邮件里不会有链接")
        fix = _("只写协议和主机，例如 https://yitong.example，然后重新启动。")
        yield warn("messages", detail.format(text=settings.YITONG_PUBLIC_URL), fix)
        return
    found = outbox_status()
    opened = "、".join(one.channel for one in found if one.is_open) or _("只有站内消息")
    given_up, waiting = sum(one.given_up for one in found), sum(one.waiting for one in found)
    detail = _("{channels}；待发 {waiting}，不再尝试 {given_up}").format(
        channels=opened, waiting=waiting, given_up=given_up
    )
    oldest = max(one.oldest_due_s for one in found)
    if oldest > _OUTBOX_WARN_S:
        detail = _("{detail}，最迟的晚了 {late} 秒").format(detail=detail, late=oldest)
        fix = _("核对 YITONG_SMTP_*、YITONG_SMS_* 和对方服务器；看 yitong messages list。")
        yield (fail if oldest > _OUTBOX_FAIL_S else warn)("messages", detail, fix)
    elif given_up:
        fix = _("看 yitong messages list --state given_up；查明原因后 yitong messages retry。")
        yield warn("messages", detail, fix)
    else:
        yield ok("messages", detail)


def regions() -> Iterator[Check]:
    from yitong.base.regions.api import national_totals

    totals = national_totals()
    fix = _("运行 yitong regions load。")
    if not totals:
        yield warn("regions", _("全国行政区划还没有载入"), fix)
    elif totals.get(1) != _PROVINCES:
        yield fail(
            "regions", _("省级单位只有 {count} 个，应为 34 个").format(count=totals.get(1, 0)), fix
        )
    else:
        yield ok("regions", _("{count:,} 个，其中省级 34 个").format(count=sum(totals.values())))


def calendar() -> Iterator[Check]:
    """A year without announcement is no fault until it is near."""
    from yitong.base.statutes.api import calendar as working_calendar

    today = clock.today()
    soon = dt.date(today.year + (today.month == _LAST_MONTH), 1, 1)
    if working_calendar().day(soon).is_provisional:
        yield warn(
            "calendar",
            _("{year} 年的放假安排还没有载入，届满日是暂定的").format(year=soon.year),
            _("按国务院办公厅的通知运行 yitong calendar load。"),
        )
    else:
        yield ok("calendar", _("{year} 年的放假安排已载入").format(year=soon.year))


def _age(instant: dt.datetime | None) -> int:
    return int((clock.now() - instant).total_seconds()) if instant else 0
