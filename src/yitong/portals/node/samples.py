"""What the gallery shows: sample values of the made-up city as of 13 October 2026. No database."""

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from django.utils.translation import gettext as _

from yitong.kernel.law import Basis, Unit
from yitong.ui.clock import Clock, ClockFacts, clock_counted, clock_of
from yitong.ui.components.clocks import Limit
from yitong.ui.components.proofs import obtained
from yitong.ui.ordering import Heading
from yitong.ui.states import State
from yitong.ui.values import Choice, Figure, Filter, Key, Link, Row, Source, TaskRow, Term, Told

TODAY = dt.date(2026, 10, 13)
NOW = dt.datetime(2026, 10, 13, 2, 24, tzinfo=dt.UTC)
COLOURS = ("ink", "ink2", "ink3", "accent", "tint", "paper", "risk", "miss", "deem", "pause")

_WEEKEND_SHIFTED = {dt.date(2026, 9, 20), dt.date(2026, 10, 10)}  # make-up days, worked


def _day(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


def days_off(first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Weekends and the holidays of autumn 2026 with their names, as the work calendar would say them."""
    off: dict[dt.date, str] = {}
    for days_on in range((last - first).days + 1):
        on = first + dt.timedelta(days=days_on)
        if _day(9, 25) <= on <= _day(9, 27):
            off[on] = _("中秋")
        elif _day(10, 1) <= on <= _day(10, 7):
            off[on] = _("国庆")
        elif on.weekday() >= 5 and on not in _WEEKEND_SHIFTED:
            off[on] = ""  # a weekend needs no words
    return off


AUTUMN = (dt.date(2026, 9, 1), dt.date(2026, 11, 30))


@dataclass(frozen=True, slots=True)
class ClockSample:
    """A clock with what the gallery says of it."""

    clock: Clock
    limit: Limit
    words: str = ""
    state_word: str = ""


def _workdays(received_on: dt.date, due_on: dt.date, **more: object) -> ClockFacts:
    facts = {"off": days_off(*AUTUMN), "today": TODAY, **more}
    return ClockFacts(received_on=received_on, due_on=due_on, **facts)  # type: ignore[arg-type] # the samples' own keywords


def progress_clock() -> ClockSample:
    """The residence permit of picture 04: calendar days, a promise and a legal end."""
    facts = ClockFacts(
        received_on=_day(10, 8),
        due_on=_day(10, 23),
        today=TODAY,
        unit=Unit.DAY,
        waiting_from=_day(9, 29),
        promised_on=_day(10, 21),
    )
    limit = Limit(
        start=Term(_day(10, 8), _("受理")),
        promise=Term(_day(10, 21), _("承诺")),
        end=Term(_day(10, 23), _("法定")),
        sentence=_("自受理之日起15日内制作发放。"),
        basis=Basis("居住证暂行条例", "9"),
    )
    return ClockSample(clock_of(facts), limit)


def clocks() -> list[ClockSample]:
    running = _workdays(_day(10, 8), _day(10, 21))
    risky = _workdays(_day(9, 23), _day(10, 14))
    missed = _workdays(_day(9, 28), _day(10, 10))
    stopped = (_day(9, 30), _day(10, 8), _day(10, 9), _day(10, 10), _day(10, 12), TODAY)
    paused = _workdays(_day(9, 21), _day(10, 27), paused=dict.fromkeys(stopped, _("停")))
    deemed = _workdays(_day(9, 21), _day(9, 29), deemed=True, today=_day(9, 29))
    extended = _workdays(_day(9, 21), _day(10, 26), extended_from=_day(10, 12))
    closed = _workdays(_day(9, 22), _day(10, 14), closed_on=_day(9, 29))
    ends = _("法定")
    return [
        ClockSample(clock_of(running), _ends(_day(10, 8), _day(10, 21), ends)),
        ClockSample(clock_of(risky), _ends(_day(9, 23), _day(10, 14), ends)),
        ClockSample(clock_of(missed), _ends(_day(9, 28), _day(10, 10), _("承诺"))),
        ClockSample(clock_of(paused), Limit(start=Term(_day(9, 21), _("收到")))),
        ClockSample(
            clock_of(deemed),
            Limit(sentence=_("收到材料之日即为受理。"), basis=Basis("行政许可法", "32")),
            words=_("5个工作日内没有告知"),
            state_word=_("视为受理"),
        ),
        ClockSample(
            clock_of(extended),
            _ends(_day(9, 21), _day(10, 26), ends),
            words=_("经同意延长10个工作日"),
        ),
        ClockSample(clock_of(closed), _ends(_day(9, 22), _day(10, 14), ends)),
        ClockSample(
            clock_counted(used=9, total=24, unit=Unit.HOUR, state=State.RUNNING),
            Limit(standing="promised", sentence=_("24小时内到场")),
        ),
        ClockSample(
            clock_of(
                ClockFacts(received_on=_day(9, 1), due_on=_day(11, 30), today=TODAY, unit=Unit.DAY)
            ),
            Limit(standing="unverified", sentence=_("超过30格画成一条")),
        ),
    ]


def _ends(start: dt.date, end: dt.date, word: str) -> Limit:
    return Limit(start=Term(start, _("收到")), end=Term(end, word))


def duty() -> ClockFacts:
    """Picture 08: two holidays, a make-up day and a pause."""
    paused = {_day(9, 30): _("停"), _day(10, 8): _("停"), _day(10, 9): _("停")}
    return _workdays(_day(9, 24), _day(10, 20), paused=paused)


def commitment(name: str) -> bytes:
    return sha256(name.encode()).digest()


def sources() -> list[Source]:
    return [
        obtained(
            _("市公安局"), _("户籍人口基本信息"), TODAY, purpose=_("本次申请"), dispute="#dispute"
        ),
        Source("changed", (_("您改过。原值“澜江大道9号”留作对照"),), _("恢复"), "#restore"),
        Source("disputed", (_("您提出过异议，10月27日前答复（承诺）"),)),
        Source("missing", (_("市民政局暂时取不到。请自己填，不影响办理"),)),
    ]


def summary_rows() -> list[Row]:
    return [
        Row(_("居住地址"), _("桐花路18号桐花苑6栋2单元301室"), change="#address"),
        Row(_("领取方式"), _("邮寄"), change="#pickup"),
    ]


def fact_rows() -> list[Row]:
    return [
        Row(_("为什么"), _("办理您10月12日提交的公积金提取")),
        Row(_("给了什么"), _("只有一个“是”，没有给出配偶的姓名和证件号")),
        Row(_("从哪来"), _("市民政局 · 婚姻登记信息")),
    ]


def told() -> list[Told]:
    """A message that nobody has read, and one that was."""
    rows = (
        Row(_("谁"), _("市住房公积金管理中心")),
        Row(_("为什么"), _("您10月12日提交了公积金提取")),
        Row(_("接下来"), _("不用做什么。10月23日前到账")),
    )
    unread = Told(
        1,
        NOW,
        _("您的公积金提取已经同意。"),
        rows,
        labels=(_("紧急"),),
        href="#told-1",
        read_url="#told-1",
    )
    read_at = NOW - dt.timedelta(hours=3)
    return [
        unread,
        Told(2, NOW - dt.timedelta(days=4), _("您的公积金提取已经受理。"), rows, read_at),
    ]


def figures() -> list[Figure]:
    return [
        Figure(7, _("条记录"), href="#records"),
        Figure(4, _("个部门")),
        Figure(1, _("次被拒绝")),
    ]


def tasks() -> list[TaskRow]:
    return [
        TaskRow(_("出生医学证明"), "#a", State.DONE, _("已完成")),
        TaskRow(_("出生登记"), "#b", State.RUNNING, _("办理中")),
        TaskRow(_("医保参保登记"), waits_for=_("出生登记后开始")),
    ]


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One duty of the inbox."""

    subject: str
    sub: str
    kind: str
    standing: str
    clock: Clock
    due_on: dt.date
    owner: str


def inbox() -> list[InboxRow]:
    limits = (
        (_workdays(_day(9, 28), _day(10, 10)), "promised"),
        (_workdays(_day(9, 23), _day(10, 14)), "statutory"),
        (_workdays(_day(10, 8), _day(10, 21)), "statutory"),
    )
    words = (
        (
            _("报销材料寄出二十多天，一直显示待审"),
            _("热线 0048-23　张*　来电2次"),
            "12345",
            _("陈*"),
        ),
        (_("生育津贴支付"), _("办件 0048177　林*桐"), _("办件"), _("陈*")),
        (
            _("共享申请：基本医保参保信息"),
            _("市教育局　小学入学核验，逐人查"),
            _("共享"),
            _("待分派"),
        ),
    )
    return [
        InboxRow(subject, sub, kind, standing, clock_of(facts, size="row"), facts.due_on, owner)
        for (facts, standing), (subject, sub, kind, owner) in zip(limits, words, strict=True)
    ]


def menus() -> list[Filter]:
    agencies = chain([("", _("全部部门"))], [("mz", _("市民政局")), ("ga", _("市公安局"))])
    return [
        Filter("since", _("时间"), (Choice("", _("近12个月")), Choice("30", _("近30天")))),
        Filter("agency", _("部门"), tuple(Choice(*pair) for pair in agencies), chosen="mz"),
    ]


def headings() -> list[Heading]:
    return [
        Heading(_("时钟")),
        Heading(_("事由"), "subject"),
        Heading(_("种类"), "kind"),
        Heading(_("依据")),
        Heading(_("用了多少")),
        Heading(_("到期"), "due", (_("先到期的在前"), _("后到期的在前")), is_number=True),
        Heading(_("办理人")),
    ]


def tabs() -> list[Link]:
    return [
        Link(_("基本信息"), "#basic"),
        Link(_("字段"), "#fields", is_here=True),
        Link(_("谁在用"), "#users", count=12),
    ]


def keys() -> list[Key]:
    return [
        Key("J", _("下一件")),
        Key("K", _("上一件")),
        Key("Enter", _("打开")),
        Key("?", _("全部按键")),
    ]
