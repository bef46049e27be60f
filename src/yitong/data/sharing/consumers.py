"""Whom the catalogue tells of a change: everyone who is given items under a grant that stands or may stand again."""

from yitong.data.catalogue.api import consumers
from yitong.data.sharing.queries import grants
from yitong.data.sharing.rules import GrantState
from yitong.kernel.actor import Actor


def _standing(code: str) -> list[consumers.Consumer]:
    found = grants(viewer=Actor.system("sharing"), resource=code)
    live = found.filter(state__in=[GrantState.ACTIVE, GrantState.SUSPENDED])
    return [
        consumers.Consumer(grant.pk, grant.agency.code, frozenset(grant.fields)) for grant in live
    ]


CONSUMERS = (consumers.ConsumerList("sharing.grants", _standing),)
