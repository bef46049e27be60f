"""The timer's work: warnings, misses, deemed outcomes and tellings whose instant is over, in batches.

Any number of workers may run it: each locks a batch of its own (SKIP LOCKED), and what a row says is done is not done
again, so neither a restart nor a clock that jumps can do anything twice.
"""

from django.db import transaction

from yitong.base.duties.ends import settle
from yitong.base.duties.models import Duty
from yitong.base.duties.notices import tell_settled
from yitong.kernel import clock
from yitong.kernel.actor import Actor

BATCH = 500


@transaction.atomic
def expire_due(*, by: Actor, batch: int = BATCH) -> int:
    """One batch of what is due; how many duties were looked at, 0 when nothing is left."""
    now = clock.now()
    rows = Duty.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.select_related("agency__government", "agency__line")
    duties = list(rows.filter(next_at__lte=now).order_by("next_at", "pk")[:batch])
    if duties:
        tell_settled(settle(duties, now=now, by=by), by=by)
    return len(duties)
