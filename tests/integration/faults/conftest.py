"""One node for the module, with people to be read by clients, whose processes the tests kill."""

import pytest

from tests.factories.fault_node import a_place, opened_node
from tests.factories.shared_people import shared_people


@pytest.fixture(scope="module")
def place():
    with a_place() as folder:
        yield folder


@pytest.fixture(scope="module")
def node(place, django_db_blocker):
    with django_db_blocker.unblock(), opened_node(place / "node") as found:
        yield found


@pytest.fixture(scope="module")
def shared(node, place):
    return shared_people(place, rate_per_minute=600_000)
