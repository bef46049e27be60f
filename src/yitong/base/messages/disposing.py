"""What has been kept long enough leaves: deliveries whole, messages but for the fact that they were told and read.

Nothing of it is silent: each part is an entry that says which texts went, and the inbox says so where they stood.
"""

from django.db import transaction
from django.db.models import QuerySet

from yitong.base.access.api import Thing, require
from yitong.base.ledger.api import record
from yitong.base.messages import events
from yitong.base.messages.keeping import Kept, keeping
from yitong.base.messages.models import Delivery, Message
from yitong.base.messages.rules import DUE_STATES, DeliveryState
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

AT_ONCE = 500
SETTLED = sorted(state.value for state in set(DeliveryState) - DUE_STATES)


@transaction.atomic
def dispose(*, by: Actor) -> bool:
    """Remove a part of what is older than its period; whether there may be more.

    A text goes only when none of its copies still waits to be sent.
    """
    require(by, "jobs.manage", of=Thing("messages", "node"))
    texts, deliveries = keeping(Kept.TEXTS), keeping(Kept.DELIVERIES)
    removed = _drop_deliveries(Delivery.objects.filter(changed_at__lt=deliveries.before))
    erased = _erase_texts(Message.objects.filter(queued_at__lt=texts.before))
    if removed or erased:
        record(
            events.DISPOSED,
            by=by,
            about=About("messages", "node"),
            facts={
                "texts": len(erased),
                "deliveries": removed,
                "messages": list(erased),
                "texts_before": texts.before.isoformat(),
                "deliveries_before": deliveries.before.isoformat(),
                "sources": [texts.source, deliveries.source],
            },
        )
    return AT_ONCE in (removed, len(erased))


def _drop_deliveries(old: QuerySet[Delivery]) -> int:
    settled = old.filter(state__in=SETTLED).order_by("changed_at", "pk")
    chosen = list(settled.values_list("pk", flat=True)[:AT_ONCE])
    removed, _ = Delivery.objects.filter(pk__in=chosen).delete()
    return removed


def _erase_texts(old: QuerySet[Message]) -> list[int]:
    waiting = Delivery.objects.filter(state__in=[state.value for state in DUE_STATES])
    standing = old.filter(erased_at__isnull=True).exclude(pk__in=waiting.values("message_id"))
    chosen = list(
        standing.select_for_update(skip_locked=True, of=("self",))
        .order_by("queued_at", "pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    Message.objects.filter(pk__in=chosen).update(
        facts={}, about_type="", about_key="", erased_at=clock.now()
    )
    return chosen
