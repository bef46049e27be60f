"""Every change of what a grant rests on is announced with its commit, on one channel."""

import psycopg
import pytest
from django.db import transaction

from tests.factories.grants import a_grant, a_purposed_town
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import published
from yitong.data.catalogue import procedure
from yitong.data.sharing import endings

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


@pytest.fixture
def heard(database_url):
    """What has been announced since the last look."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("listen grants")
        yield lambda: [n.payload for n in connection.notifies(timeout=0.3)]


def test_granting_suspending_resuming_and_ending_are_heard(heard):
    town = a_purposed_town()
    resource = published(town)
    assert heard() == [f"resource:{resource.pk}"]
    grant = a_grant(town, resource)
    assert heard() == [str(grant.pk)]
    for step in (
        lambda: endings.suspend(grant_id=grant.pk, reason="超范围", by=town.reviewer),
        lambda: endings.resume(grant_id=grant.pk, reason="已整改", by=town.reviewer),
        lambda: endings.revoke(
            grant_id=grant.pk, cause="purpose_done", reason="完成", by=town.requester.contact
        ),
    ):
        step()
        assert heard() == [str(grant.pk)]


def test_retiring_the_entry_is_heard(heard):
    town = a_purposed_town()
    resource = published(town)
    a_grant(town, resource)
    heard()
    procedure.retire(code=resource.code, reason="职责划转", by=town.provider.head)
    assert heard() == [f"resource:{resource.pk}"]


def test_what_is_rolled_back_is_not_announced(heard):
    town = a_purposed_town()
    grant = a_grant(town)
    heard()
    with transaction.atomic():
        endings.suspend(grant_id=grant.pk, reason="超范围", by=town.reviewer)
        transaction.set_rollback(True)
    assert heard() == []
