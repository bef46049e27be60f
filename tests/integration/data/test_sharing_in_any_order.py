"""Whatever officers try in whatever order: masks never loosen, and no grant outlives its entry."""

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.grants import a_purposed_town, an_order
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import published
from yitong.data.catalogue import procedure
from yitong.data.sharing import actions, endings, errors
from yitong.data.sharing.models import Grant
from yitong.data.sharing.register import active_grants
from yitong.data.sharing.rules import is_as_strict
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.kernel.masking import MASKS

pytestmark = [pytest.mark.usefixtures("node_keys"), pytest.mark.furnished("town")]
SYSTEM = Actor.system("tests")


def in_force(**wanted):
    with connection.cursor() as cursor:
        return active_grants(cursor, **wanted)


def test_whatever_happens_masks_never_loosen_and_no_grant_outlives_its_entry():
    town = a_purposed_town()
    resource = published(town)
    defaults = dict(resource.fields.values_list("name", "mask"))

    @settings(max_examples=15, deadline=None)
    @given(
        st.dictionaries(st.sampled_from(["sfzh", "xm", "zt"]), st.sampled_from(sorted(MASKS))),
        st.lists(st.sampled_from(["suspend", "resume", "retire", "revoke"]), max_size=4),
    )
    def holds(masks, acts):
        with transaction.atomic():
            if _delivered(town, resource, masks):
                for act in acts:
                    _try(act, resource, town)
                    row = type(resource).objects.get(pk=resource.pk)
                    for granted in in_force():
                        assert row.is_in_force
                        assert all(is_as_strict(f.mask, defaults[f.name]) for f in granted.fields)
            transaction.set_rollback(True)

    holds()


def _delivered(town, resource, masks) -> bool:
    """Whether a grant was made without the provider's word on masks; if not, because one was looser."""
    order = an_order(town, resource, masks=masks)
    request = actions.request_share(order=order, by=town.requester.sharing_head)
    actions.approve_request(request_id=request.pk, by=town.requester.sharing_head)
    provider = town.provider.sharing_head
    actions.answer(request_id=request.pk, is_agreed=True, by=provider)
    try:
        with transaction.atomic():
            actions.deliver(request_id=request.pk, by=provider)
    except errors.MaskLoosened:
        return False
    return True


def _try(act, resource, town):
    grant = Grant.objects.get()
    try:
        with transaction.atomic():
            if act == "retire":
                procedure.retire(code=resource.code, reason="停", by=town.provider.head)
            elif act == "revoke":
                endings.revoke(grant_id=grant.pk, cause="misuse", reason="违规", by=town.reviewer)
            else:
                getattr(endings, act)(grant_id=grant.pk, reason="因为", by=town.reviewer)
    except Refusal:
        pass
