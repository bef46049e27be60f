"""What standards oblige to: where two resources are said to be the source of one element, the authority decides (19)."""

from yitong.base.duties.api import Matter, NewDuty, has_open, meet, open_duty, owners, pause
from yitong.data.standards.models import SourceClaim
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, DutyKind
from yitong.kernel.errors import N_

DECIDED, SETTLED = "decided", "settled"
DECIDE = DutyKind(
    name="standards.decide_source",
    title=N_("确定数源部门"),
    group=N_("目录"),
    limits=("DSR-19",),
    family="DSR",
    done_when=N_("写明理由，确定其中一个为数源；涉及职责争议的，转机构编制部门"),
    outcomes={DECIDED: N_("已确定"), SETTLED: N_("争议已消除")},
    act=N_("去裁定"),
    link="/bureau/claims/{key}/",
)
DUTIES = (DECIDE,)


def about_claim(claim: SourceClaim) -> About:
    return About("source_claim", str(claim.pk))


def open_conflict(claim: SourceClaim, *, by: Actor) -> None:
    """A second claim: the authority of the claiming agency's division has to decide."""
    open_duty(
        NewDuty(
            matter=_matter(claim),
            agency=owners.data_authority_of(claim.agency).code,
            role="data_reviewer",
            start=clock.now(),
            limit="DSR-19",
            subject=claim.element.name,
            detail=claim.resource,
            waits=claim.agency.name,
        ),
        by=by,
    )


def refer_conflict(claim: SourceClaim, *, reason: str, by: Actor) -> None:
    """A quarrel over the function itself is not the authority's: its clock stands, 待核实, until the answer is there."""
    if has_open(_matter(claim)):
        pause(_matter(claim), reason=reason, by=by)


def meet_conflict(claim: SourceClaim, outcome: str, *, by: Actor) -> None:
    if has_open(_matter(claim)):
        meet(_matter(claim), outcome=outcome, by=by)


def _matter(claim: SourceClaim) -> Matter:
    return Matter(DECIDE.name, about_claim(claim))
