"""What sharing obliges to: the provider answers (政务数据共享条例 21) and shares what it agreed to (22), in time."""

from yitong.base.duties.api import Matter, NewDuty, has_open, meet, open_duty, pause, resume
from yitong.data.sharing.models import ShareRequest
from yitong.data.sharing.queries import about_request
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import DutyKind
from yitong.kernel.errors import N_

AGREED, REFUSED, DELIVERED = "agreed", "refused", "delivered"
ANSWER = DutyKind(
    name="sharing.answer",
    title=N_("答复共享申请"),
    group=N_("共享"),
    limits=("DSR-21b", "DSR-21a"),
    family="DSR",
    done_when=N_("答复同意或者不同意；不同意的写明理由"),
    outcomes={AGREED: N_("同意"), REFUSED: N_("不同意")},
    act=N_("去答复"),
    link="/bureau/requests/{key}/",
)
DELIVER = DutyKind(
    name="sharing.deliver",
    title=N_("提供已同意共享的数据"),
    group=N_("共享"),
    limits=("DSR-22",),
    family="DSR",
    done_when=N_("授权生效，对方可以使用"),
    outcomes={DELIVERED: N_("已提供")},
    act=N_("去提供"),
    link="/bureau/requests/{key}/",
)
DUTIES = (ANSWER, DELIVER)


def open_answer(request: ShareRequest, *, by: Actor) -> None:
    """The request has reached the provider: one workday where sharing is unconditional, else ten (21)."""
    is_free = request.resource.share_type == "unconditional"
    _open(request, ANSWER, "DSR-21a" if is_free else "DSR-21b", by)


def stop_answer(request: ShareRequest, *, by: Actor) -> None:
    """补正: the article does not say that its time is not counted, so the stop is 待核实 and shown as that."""
    if has_open(_matter(request, ANSWER)):
        pause(_matter(request, ANSWER), reason=N_("一次性告知补正，等需求部门补齐"), by=by)


def resume_answer(request: ShareRequest, *, by: Actor) -> None:
    if has_open(_matter(request, ANSWER)):
        resume(_matter(request, ANSWER), reason=N_("需求部门已补齐"), by=by)


def meet_answer(request: ShareRequest, *, is_agreed: bool, by: Actor) -> None:
    """Answered; what is agreed after a dispute (28) had its answer before. Sharing it is the next duty."""
    if has_open(_matter(request, ANSWER)):
        meet(_matter(request, ANSWER), outcome=AGREED if is_agreed else REFUSED, by=by)
    if is_agreed:
        _open(request, DELIVER, "DSR-22", by)


def meet_delivery(request: ShareRequest, *, by: Actor) -> None:
    if has_open(_matter(request, DELIVER)):
        meet(_matter(request, DELIVER), outcome=DELIVERED, by=by)


def _open(request: ShareRequest, kind: DutyKind, limit: str, by: Actor) -> None:
    open_duty(
        NewDuty(
            matter=_matter(request, kind),
            agency=request.resource.owner.code,
            role="sharing_head",
            start=clock.now(),
            limit=limit,
            subject=request.resource.name,
            detail=request.resource.code,
            waits=request.requester.name,
        ),
        by=by,
    )


def _matter(request: ShareRequest, kind: DutyKind) -> Matter:
    return Matter(kind.name, about_request(request))
