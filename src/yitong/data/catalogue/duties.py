"""What the catalogue obliges to: the data authority reviews what departments file, in time (政务数据共享条例 16, 17)."""

from yitong.base.duties.api import Matter, NewDuty, meet, open_duty, owners
from yitong.data.catalogue.models import Resource
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, DutyKind
from yitong.kernel.errors import N_

FIRST_FILING, UPDATE = "DSR-16", "DSR-17b"
PUBLISHED, RETURNED = "published", "returned"
REVIEW = DutyKind(
    name="catalogue.review",
    title=N_("审核发布目录"),
    group=N_("目录"),
    limits=(FIRST_FILING, UPDATE),
    family="DSR",
    done_when=N_("审核通过并发布，或者写明理由退回"),
    outcomes={PUBLISHED: N_("审核通过并发布"), RETURNED: N_("退回")},
    act=N_("去审核"),
    link="/bureau/catalogue/{key}/act/publish/",
)
DUTIES = (REVIEW,)


def open_review(row: Resource, *, by: Actor) -> None:
    """A filing has reached the authority: a first one has its local promise, an update the act's two workdays."""
    open_duty(
        NewDuty(
            matter=_matter(row),
            agency=owners.data_authority_of(row.owner).code,
            role="data_reviewer",
            start=clock.now(),
            limit=UPDATE if row.version_in_force is not None else FIRST_FILING,
            subject=row.name,
            detail=row.code,
            waits=row.owner.name,
        ),
        by=by,
    )


def meet_review(row: Resource, outcome: str, *, by: Actor) -> None:
    """Published or returned: the authority has done its part."""
    meet(_matter(row), outcome=outcome, by=by)


def _matter(row: Resource) -> Matter:
    return Matter(REVIEW.name, About("resource", str(row.pk)))
