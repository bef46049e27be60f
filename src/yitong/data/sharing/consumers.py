"""Whom the catalogue tells of a change: everyone who is given items under a grant that stands or may stand again.

What a grant's rule reads concerns its user too: without it the grant gives no row.
"""

from yitong.data.catalogue.api import consumers
from yitong.data.sharing import row_rules
from yitong.data.sharing.models import Grant
from yitong.data.sharing.queries import grants
from yitong.data.sharing.rules import GrantState
from yitong.kernel.actor import Actor


def _standing(code: str) -> list[consumers.Consumer]:
    found = grants(viewer=Actor.system("sharing"), resource=code)
    live = found.filter(state__in=[GrantState.ACTIVE, GrantState.SUSPENDED])
    return [
        consumers.Consumer(grant.pk, grant.agency.code, _items(grant))
        for grant in live.select_related("resource__owner", "agency")
    ]


def _items(grant: Grant) -> frozenset[str]:
    return frozenset(grant.fields) | row_rules.items_read(grant.row_rule, grant.resource)


CONSUMERS = (consumers.ConsumerList("sharing.grants", _standing),)
