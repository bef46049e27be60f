"""One node for the module, with people to be read by clients, whose processes the tests kill."""

import shutil
import tempfile
from pathlib import Path

import pytest
from django.test.utils import override_settings

from tests.factories.agencies import OPERATOR
from tests.factories.fault_node import FaultNode, copy_furnished, django_at, durable
from tests.factories.shared_people import shared_people
from yitong.base.keys import api as keys
from yitong.data.exchange import api as exchange
from yitong.hosting.api import open_cluster


@pytest.fixture(scope="module")
def place():
    """A folder in /var/tmp: root's own temporary folders are closed to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="yitong-faults-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def node(place, django_db_blocker):
    """PostgreSQL runs; this process's Django is pointed at it; web and worker are started by the tests."""
    folder = place / "node"
    copy_furnished(folder)
    with (
        django_db_blocker.unblock(),
        open_cluster(folder, settings=durable()) as cluster,
        django_at(cluster.url),
        override_settings(YITONG_KEYS=folder / "keys"),
    ):
        keys.initialise(by=OPERATOR)
        found = FaultNode(cluster)
        try:
            yield found
        finally:
            found.stop()
            exchange.shut_down()


@pytest.fixture(scope="module")
def shared(node, place):
    return shared_people(place, rate_per_minute=600_000)
