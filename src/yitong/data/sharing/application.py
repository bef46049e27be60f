"""The life of a 共享申请 (arts. 20–22, 25, 27, 28): one table, and what an answer must contain. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from yitong.data.sharing import errors
from yitong.kernel.errors import N_


class RequestState(StrEnum):
    """Where a request stands."""

    INTERNAL = "internal"
    SUBMITTED = "submitted"
    SUPPLEMENT = "supplement"
    AGREED = "agreed"
    REFUSED = "refused"
    DELIVERED = "delivered"
    SUSPENDED = "suspended"
    PURPOSE_DONE = "purpose_done"
    DISPOSED = "disposed"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    CONSULTING = "consulting"
    COORDINATING = "coordinating"
    GOVERNMENT = "government"


class RequestStep(StrEnum):
    """What can happen to a request."""

    APPROVE = "approve"
    ASK_SUPPLEMENT = "ask_supplement"
    SUPPLEMENT = "supplement"
    AGREE = "agree"
    REFUSE = "refuse"
    DELIVER = "deliver"
    SUSPEND = "suspend"
    RECTIFY = "rectify"
    COMPLETE = "complete"
    DISPOSE = "dispose"
    TERMINATE = "terminate"
    WITHDRAW = "withdraw"
    DISPUTE = "dispute"
    COORDINATE = "coordinate"
    ESCALATE = "escalate"


STATE_NAMES: Mapping[RequestState, str] = {
    RequestState.INTERNAL: N_("待本部门工作机构负责人同意"),
    RequestState.SUBMITTED: N_("待答复"),
    RequestState.SUPPLEMENT: N_("待补正"),
    RequestState.AGREED: N_("已同意，待共享"),
    RequestState.REFUSED: N_("不同意"),
    RequestState.DELIVERED: N_("使用中"),
    RequestState.SUSPENDED: N_("已暂停"),
    RequestState.PURPOSE_DONE: N_("待处置"),
    RequestState.DISPOSED: N_("已处置"),
    RequestState.TERMINATED: N_("已终止"),
    RequestState.WITHDRAWN: N_("已撤回"),
    RequestState.CONSULTING: N_("协商中"),
    RequestState.COORDINATING: N_("主管部门协调中"),
    RequestState.GOVERNMENT: N_("报本级政府决定"),
}
STEP_NAMES: Mapping[RequestStep, str] = {
    RequestStep.APPROVE: N_("同意提出"),
    RequestStep.ASK_SUPPLEMENT: N_("一次性告知补正"),
    RequestStep.SUPPLEMENT: N_("补正"),
    RequestStep.AGREE: N_("同意共享"),
    RequestStep.REFUSE: N_("不同意共享"),
    RequestStep.DELIVER: N_("共享数据"),
    RequestStep.SUSPEND: N_("暂停"),
    RequestStep.RECTIFY: N_("整改后恢复"),
    RequestStep.COMPLETE: N_("结束使用"),
    RequestStep.DISPOSE: N_("处置"),
    RequestStep.TERMINATE: N_("终止"),
    RequestStep.WITHDRAW: N_("撤回"),
    RequestStep.DISPUTE: N_("协商"),
    RequestStep.COORDINATE: N_("申请协调"),
    RequestStep.ESCALATE: N_("报政府决定"),
}
_S, _T = RequestState, RequestStep
TRANSITIONS: Mapping[tuple[RequestState, RequestStep], RequestState] = {
    (_S.INTERNAL, _T.APPROVE): _S.SUBMITTED,
    (_S.INTERNAL, _T.WITHDRAW): _S.WITHDRAWN,
    # 21: asked once; a request is never rejected for incompleteness
    (_S.SUBMITTED, _T.ASK_SUPPLEMENT): _S.SUPPLEMENT,
    (_S.SUBMITTED, _T.AGREE): _S.AGREED,
    (_S.SUBMITTED, _T.REFUSE): _S.REFUSED,
    (_S.SUBMITTED, _T.WITHDRAW): _S.WITHDRAWN,
    (_S.SUPPLEMENT, _T.SUPPLEMENT): _S.SUBMITTED,
    (_S.SUPPLEMENT, _T.WITHDRAW): _S.WITHDRAWN,
    # 22
    (_S.AGREED, _T.DELIVER): _S.DELIVERED,
    (_S.AGREED, _T.WITHDRAW): _S.WITHDRAWN,
    # 25, 27
    (_S.DELIVERED, _T.SUSPEND): _S.SUSPENDED,
    (_S.DELIVERED, _T.COMPLETE): _S.PURPOSE_DONE,
    (_S.DELIVERED, _T.TERMINATE): _S.TERMINATED,
    (_S.SUSPENDED, _T.RECTIFY): _S.DELIVERED,
    (_S.SUSPENDED, _T.COMPLETE): _S.PURPOSE_DONE,
    (_S.SUSPENDED, _T.TERMINATE): _S.TERMINATED,
    # What was received is still to be disposed of, however the sharing ended.
    (_S.TERMINATED, _T.DISPOSE): _S.DISPOSED,
    (_S.PURPOSE_DONE, _T.DISPOSE): _S.DISPOSED,
    # 28
    (_S.REFUSED, _T.DISPUTE): _S.CONSULTING,
    (_S.CONSULTING, _T.AGREE): _S.AGREED,
    (_S.CONSULTING, _T.WITHDRAW): _S.WITHDRAWN,
    (_S.CONSULTING, _T.COORDINATE): _S.COORDINATING,
    (_S.COORDINATING, _T.AGREE): _S.AGREED,
    (_S.COORDINATING, _T.WITHDRAW): _S.WITHDRAWN,
    (_S.COORDINATING, _T.ESCALATE): _S.GOVERNMENT,
    (_S.GOVERNMENT, _T.AGREE): _S.AGREED,
    (_S.GOVERNMENT, _T.REFUSE): _S.REFUSED,
}


def open_steps(state: RequestState) -> frozenset[str]:
    """Steps that lead on from a state, by their values."""
    return frozenset(step.value for source, step in TRANSITIONS if source is state)


def next_request_state(state: RequestState, step: RequestStep, *, request: int = 0) -> RequestState:
    after = TRANSITIONS.get((state, step))
    if after is None:
        steps = [s for (source, s) in TRANSITIONS if source is state]
        raise errors.RequestStepNotOpen(
            request=request,
            state=STATE_NAMES[state],
            step=STEP_NAMES[step],
            open="、".join(STEP_NAMES[s] for s in steps) or N_("无"),
        )
    return after


class Ground(StrEnum):
    """On which a provider may refuse; “本部门内部事务” is not among them."""

    NOT_NECESSARY = "not_necessary"
    NO_BASIS = "no_basis"
    LAW_FORBIDS = "law_forbids"
    CLASSIFIED = "classified"
    NOT_HELD = "not_held"


GROUND_NAMES: Mapping[Ground, str] = {
    Ground.NOT_NECESSARY: N_("对履行所述职责不必要（第二十条）"),
    Ground.NO_BASIS: N_("所述依据不支持这项使用（第二十条）"),
    Ground.LAW_FORBIDS: N_("法律、行政法规或者国务院决定不允许（第十四条）"),
    Ground.CLASSIFIED: N_("属于国家秘密或者工作秘密（第三条）"),
    Ground.NOT_HELD: N_("本部门没有这项数据"),
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an answer agrees to: looser masks, field by field, and a rule that narrows the rows beyond what is asked."""

    masks: Mapping[str, str] = field(default_factory=dict)
    row_rule: str = ""


NOTHING_MORE: Final = Agreed()


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer."""

    is_agreed: bool
    ground: str = ""
    reason: str = ""
    agreed: Agreed = NOTHING_MORE

    @property
    def step(self) -> RequestStep:
        return RequestStep.AGREE if self.is_agreed else RequestStep.REFUSE


def check_answer(answer: Answer) -> None:
    """Art. 21: no refusal without a ground that stands and a reason in words."""
    if answer.is_agreed:
        return
    missing = []
    if answer.ground not in set(Ground):
        missing.append(N_("依法成立的理由"))
    if not answer.reason.strip():
        missing.append(N_("理由的说明"))
    if missing:
        raise errors.RefusalNeedsGround(
            missing="、".join(missing), grounds="；".join(GROUND_NAMES.values())
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """What art. 20 asks a request to state."""

    basis: str
    scene: str
    scope: str
    method: str
    until: str


_STATED: Mapping[str, str] = {
    "basis": N_("使用依据"),
    "scene": N_("使用场景"),
    "scope": N_("使用范围"),
    "method": N_("共享方式"),
    "until": N_("使用时限"),
}
METHODS = frozenset({"interface", "batch", "file"})  # 22: 服务接口, 批量交换, 文件下载


def check_statement(statement: Statement) -> None:
    missing = [name for item, name in _STATED.items() if not getattr(statement, item).strip()]
    if statement.method and statement.method not in METHODS:
        missing.append(_STATED["method"])
    if missing:
        raise errors.RequestIncomplete(missing="、".join(missing))
