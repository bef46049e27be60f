"""A bureau with duties in every state of the clock, as of Tuesday 13 October 2026, 10:20."""

from dataclasses import dataclass, replace

from tests.factories.duties import (
    ANSWER,
    KINDS,
    PETITION,
    Bureau,
    a_bureau,
    a_duty,
    at,
    kinds_installed,
)
from tests.furnished import present
from yitong.base.duties import actions
from yitong.base.duties.expiry import expire_due
from yitong.base.duties.models import Duty
from yitong.base.duties.rules import Extending
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.law import Basis

NOW = "2026-10-13 10:20"
__all__ = ["KINDS", "NOW", "DutyCity", "a_duty_city", "kinds_installed"]


@dataclass(frozen=True)
class DutyCity:
    """The bureau and its duties by what they show."""

    bureau: Bureau
    duties: dict[str, Duty]


def a_duty_city() -> DutyCity:
    if (there := present(DutyCity)) is not None:
        return there
    with clock.frozen(at("2026-08-31 09:00")):  # in office before the first duty came
        bureau = a_bureau()
    plan = {
        "running": ("2026-09-28 16:12", ANSWER, "机动车登记信息"),
        "at_risk": ("2026-09-24 09:10", ANSWER, "基本医保参保信息"),
        "missed": ("2026-09-14 09:00", ANSWER, "不动产登记信息"),
        "paused": ("2026-09-24 16:12", ANSWER, "社会组织登记"),
        "resumed": ("2026-09-24 16:12", ANSWER, "居住证信息"),
        "extended": ("2026-09-21 09:00", ANSWER, "婚姻登记信息"),
        "long": ("2026-09-01 09:00", PETITION, "窗口让重复打印"),
        "on_time": ("2026-09-14 09:00", ANSWER, "出生医学证明"),
    }
    made: dict[str, Duty] = {}
    for name, (start, kind, subject) in plan.items():
        with clock.frozen(at(start)):
            made[name] = a_duty(
                bureau, kind, start=at(start), subject=subject, waits="市生态环境局"
            )
    with clock.frozen(at("2026-09-18 10:00")):
        actions.meet(made["on_time"].pk, outcome="agreed", by=bureau.clerk)
    with clock.frozen(at("2026-09-29 11:30")):
        actions.pause(made["paused"].pk, reason="等补正：使用时限", by=bureau.clerk)
        basis = Basis("政务数据共享条例", "21")
        actions.pause(made["resumed"].pk, reason="一次性告知补充", by=bureau.clerk, basis=basis)
    with clock.frozen(at("2026-09-30 09:00")):
        given = Extending(5, "材料多，要逐项核实", "数据局〔2026〕9号", "书面告知需求部门")
        actions.extend(made["extended"].pk, given=given, by=bureau.reviewer)
    with clock.frozen(at("2026-10-09 17:05")):
        actions.resume(made["resumed"].pk, reason="需求部门补齐", by=bureau.clerk)
    with clock.frozen(at(NOW)):
        expire_due(by=Actor.system("duties"))
    return DutyCity(bureau, {name: Duty.objects.get(pk=duty.pk) for name, duty in made.items()})


def an_unassigned(city: DutyCity) -> Duty:
    """One that waits to be assigned by the head."""
    with clock.frozen(at(NOW)):
        return a_duty(city.bureau, replace(ANSWER), post="", role="secrecy", start=at(NOW))
