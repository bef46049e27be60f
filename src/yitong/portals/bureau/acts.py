"""The steps of an entry that have legal effect: who may take them, what they do, and the page that asks first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yitong.base.access.api import Thing, allows
from yitong.data.catalogue.api import Resource, notices, procedure
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis
from yitong.portals.bureau.forms import AgreementForm, AssessmentForm, ReasonForm

SHARING = "政务数据共享条例"


@dataclass(frozen=True, slots=True)
class Act:
    """A step: its verb, the question before it, what follows, and the article."""

    key: str
    power: str
    verb: str
    question: str
    consequence: str
    basis: Basis
    done: str
    form: type[AgreementForm] = AgreementForm
    kind: str = "primary"


_LISTED = (
    Act(
        "assess", "catalogue.assess", N_("登记评估"), N_("登记评估结论"),
        N_("结论记入账本，跟着这一版走；没有通过的评估，部门负责人不能审核同意。"),
        Basis(SHARING, "13"), N_("已登记评估结论"), AssessmentForm, "secondary",
    ),
    Act(
        "submit", "catalogue.submit", N_("报部门负责人审核"), N_("报部门负责人审核？"),
        N_("部门负责人会看到这一版；同意或者退回之前不能再改。"),
        Basis(SHARING, "13"), N_("已报部门负责人审核"),
    ),
    Act(
        "tell", "catalogue.submit", N_("告知使用部门"), N_("告知使用部门？"),
        N_("使用部门的共享工作机构收到消息，可以同意或者提意见；对方同意或者答复期满以前，不能审核同意和发布。"),
        Basis(SHARING, "27"), N_("已告知使用部门"), AgreementForm, "secondary",
    ),
    Act(
        "approve", "catalogue.approve", N_("审核同意"), N_("同意这一版，报数据主管部门？"),
        N_("同意以后报数据主管部门审核。审核的人不能是您。"),
        Basis(SHARING, "13"), N_("已同意，报数据主管部门审核"),
    ),
    Act(
        "publish", "catalogue.publish", N_("审核通过并发布"), N_("审核通过并发布？"),
        N_("从这一刻起向所有部门通告，可以申请共享；已有的授权一秒内按这一版执行。"),
        Basis(SHARING, "16"), N_("已发布，向所有部门通告"),
    ),
    Act(
        "send_back", "", N_("退回"), N_("退回给提供部门？"),
        N_("提供部门看到您写的理由，改好以后重新报。现行版本不受影响。"),
        Basis(SHARING, "16"), N_("已退回，理由已告知提供部门"), ReasonForm, "secondary",
    ),
    Act(
        "abandon", "catalogue.draft", N_("丢弃这次修订"), N_("丢弃这次修订？"),
        N_("现行版本不变；丢弃的各版仍在沿革里。"),
        Basis(SHARING, "17"), N_("已丢弃修订，现行版本不变"), AgreementForm, "danger",
    ),
    Act(
        "retire", "catalogue.retire", N_("停用"), N_("停用这条目录？"),
        N_("停用以后不能再申请共享，全部授权立即失效，不能恢复。"),
        Basis(SHARING, "17"), N_("已停用，全部授权失效"), ReasonForm, "danger",
    ),
)  # fmt: skip
ACTS: Mapping[str, Act] = {act.key: act for act in _LISTED}
# Where an assessment may still be recorded: as long as the version is not in force.
_ASSESSED_IN = frozenset({"draft", "returned", "revising", "approval"})
# Submitting tells by itself; afterwards there may be grants that were made since.
_TOLD_IN = frozenset({"approval", "review"})


def open_acts(row: Resource, steps: frozenset[str], by: Actor) -> list[Act]:
    """The steps that the entry's state has and this post may take, the usual next one first."""
    opened = steps | ({"assess"} if row.state in _ASSESSED_IN else set())
    if "reopen" in opened:
        opened |= {"submit"}
    if row.state in _TOLD_IN and notices.untold(row):
        opened |= {"tell"}
    return [act for act in _LISTED if act.key in opened and may(by, act, row)]


def may(by: Actor, act: Act, row: Resource) -> bool:
    power = act.power or ("catalogue.approve" if row.state == "approval" else "catalogue.publish")
    matter = Thing(
        "resource",
        row.code,
        agency=row.owner.code,
        region=row.owner.region,
        attributes={"state": row.state, "approved_by": row.approved_by},
    )
    return allows(by, power, of=matter).allowed


_PLAIN: Mapping[str, Callable[..., object]] = {
    "submit": procedure.submit,
    "tell": notices.tell,
    "approve": procedure.approve,
    "publish": procedure.publish,
    "abandon": procedure.abandon,
}


def take(act: Act, row: Resource, form: AgreementForm, by: Actor) -> None:
    """Do it, through the catalogue's own action, which decides and records."""
    reason = str(form.cleaned_data.get("reason", ""))
    match act.key:
        case "assess" if isinstance(form, AssessmentForm):
            procedure.record_assessment(code=row.code, finding=form.finding(), by=by)
        case "send_back":
            procedure.send_back(code=row.code, reason=reason, by=by)
        case "retire":
            procedure.retire(code=row.code, reason=reason, by=by)
        case plain:
            _PLAIN[plain](code=row.code, by=by)
