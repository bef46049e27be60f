"""The chapter on a duty that is warned, paused, extended, missed and explained: through pages and the command line.

Its month of past is furnished (`past`); that it is missed is found by the running node's own timer.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yitong.demo.child import Machine
from yitong.demo.city import AUTHORITY, username_of
from yitong.demo.steps import Report, Step, StepFailed, until
from yitong.demo.unanswered import (
    CONSENT,
    DEMAND,
    ENTRY,
    EXPLANATION,
    EXTENSION_REASON,
    OWING,
)
from yitong.demo.visitor import Visitor
from yitong.demo.words import _
from yitong.kernel.errors import N_

TIMER_S = 90  # it looks every minute
CONFLICT = 409
OWN_PAGE = "/work/"
BOOK = "/bureau/performance/?result=missed"
_DUTY = re.compile(r'href="/work/duties/(\d+)/"')
_PROPOSAL = re.compile(r'href="(/bureau/admonitions/\d+/)"')


@dataclass(slots=True)
class LateAnswer:
    """Told by two officials: who owes the answer, and who at the data authority sees to it."""

    machine: Machine
    report: Report
    passwords: Mapping[str, str] = field(repr=False)
    number: int = 0

    def tell(self) -> None:
        owing, overseeing = self._warned()
        self._paused(owing)
        self._extended(owing)
        self._missed(owing, overseeing)
        self._explained(owing, overseeing)

    @property
    def _page(self) -> str:
        return f"/work/duties/{self.number}/"

    def _warned(self) -> tuple[Visitor, Visitor]:
        with self.report.step(
            "duty_warned", N_("人社局的负责人登录“我的事”：一件答复提醒过三次")
        ) as step:
            owing = self._at_work(username_of(OWING, "sharing_head"))
            overseeing = self._at_work(username_of(AUTHORITY, "data_reviewer"))
            self.number = max(map(int, _DUTY.findall(owing.get(OWN_PAGE).text)), default=0)
            told = _plain(owing.get("/bureau/messages/").text)
            points = re.findall(rf"第{self.number}号“[^”]+”(时限已用[^，]+|还有[^，]+到期)，", told)
            if not points:
                raise StepFailed(_("没有看到提醒"))
            step.detail = f"{ENTRY}：{'、'.join(dict.fromkeys(reversed(points)))}"
        return owing, overseeing

    def _at_work(self, username: str) -> Visitor:
        visitor = Visitor(self.machine.address)
        visitor.form("/account/login/", login=username, password=self.passwords[username])
        if OWN_PAGE not in visitor.get(OWN_PAGE).text:
            raise StepFailed(_("{name}没有登录上").format(name=username))
        return visitor

    def _paused(self, owing: Visitor) -> None:
        """No article says that this time does not count, so the page shows both dates."""
        with self.report.step(
            "duty_paused", N_("等补正时时钟停过，没有写明依据的停标为待核实")
        ) as step:
            page = _plain(owing.get(self._page).text)
            _expect(page, "一次性告知补正", "待核实")
            other = re.search(r"如不暂停，到期日是 ([\d-]+)", page)
            if other is None:
                raise StepFailed(_("没有看到不暂停的到期日"))
            step.detail = other[0]

    def _extended(self, owing: Visitor) -> None:
        with self.report.step("duty_extended", N_("数据主管部门同意延长过一次，有文号")) as step:
            _expect(_plain(owing.get(self._page).text), "经同意延长", _(EXTENSION_REASON), CONSENT)
            step.detail = CONSENT

    def _missed(self, owing: Visitor, overseeing: Visitor) -> None:
        """By the timer of the running node: at the due instant, with the time at which it was noted beside."""
        with self.report.step("duty_missed", N_("节点的定时任务记下逾期，只记一次")) as step:
            until(
                lambda: "到期，没有办结" in owing.get(self._page).text or None,
                seconds=TIMER_S,
                what=_("逾期的记录"),
            )
            shown = self.machine.command("duties", "show", str(self.number))
            miss = shown["miss"]
            if miss is None or miss["at"] != shown["due"] or miss["noted_at"] <= miss["at"]:
                raise StepFailed(f"{shown['due']}: {miss}")
            self._refuse_more_time(step, overseeing)
            step.detail = self._what_was_missed(shown)

    def _refuse_more_time(self, step: Step, overseeing: Visitor) -> None:
        answer = overseeing.form(
            f"{self._page}extend/",
            amount="1",
            reason=_(EXTENSION_REASON),
            consent=CONSENT,
            notice="—",
        )
        if answer.status != CONFLICT:
            raise StepFailed(f"HTTP {answer.status}, {CONFLICT} was wanted ({step.name})")

    @staticmethod
    def _what_was_missed(shown: Mapping[str, Any]) -> str:
        return _(
            "应于{due}前答复，{noted}记下，违反{article}；已告知数据主管部门；再要延长，拒绝"
        ).format(
            due=shown["due"][:16],
            noted=shown["miss"]["noted_at"][:16],
            article=shown["miss"]["breaks"],
        )

    def _explained(self, owing: Visitor, overseeing: Visitor) -> None:
        """Reasons stay beside the record; what the system proposed is signed by a named person."""
        with self.report.step(
            "duty_explained", N_("陈述理由，记入履责台账；数据局的审核人签发督办")
        ) as step:
            said = owing.form(f"{self._page}explain/", words=_(EXPLANATION))
            _expect(_plain(said.text), _(EXPLANATION))
            book = overseeing.get(BOOK).text
            _expect(_plain(book), _(EXPLANATION))
            proposed = _PROPOSAL.search(book)
            if proposed is None:
                raise StepFailed(_("没有看到督办的建议"))
            signed = overseeing.form(proposed[1], words=_(DEMAND), act="sign")
            _expect(_plain(signed.text), "已签发，对方收到消息")
            step.detail = _("理由和逾期一起留在台账上；督办由具名的人签发，不自动转监察机关")


def _plain(page: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))


def _expect(page: str, *words: str) -> None:
    for wanted in words:
        if wanted not in page:
            raise StepFailed(_("页面上没有“{words}”").format(words=wanted))
