"""One database for a module's tests, whose ledger is emptied before each: quicker than a clone a test.

Only the ledger is emptied. A test that leaves anything else behind belongs on a clone of its own (`committed`).
"""

from itertools import count

import pytest
from django.db import connection, connections, transaction
from django.test.utils import override_settings

from tests.database import clone, drop
from tests.factories.agencies import OPERATOR
from tests.factories.fault_node import django_at
from tests.factories.ledger import ask, in_order
from tests.factories.verification import SIZE, build, put_back
from yitong.base.keys import api as keys
from yitong.base.ledger import tiles

_numbers = count(1)
_MONTHS = "select relid::regclass::text from pg_partition_tree('ledger_entry') where isleaf"


@pytest.fixture(scope="module")
def ledger_database(worker_databases, working_database, django_db_blocker, tmp_path_factory):
    """A clone with keys of its own; Django points at it meanwhile."""
    name = f"{worker_databases.template}_ledger_{next(_numbers)}"
    url = clone(worker_databases, name)
    place = tmp_path_factory.mktemp("ledger") / "keys"
    with django_db_blocker.unblock():
        with django_at(url), override_settings(YITONG_KEYS=place):
            keys.initialise(by=OPERATOR)
            yield url
        connections.close_all()
    drop(worker_databases, name)


@pytest.fixture
def database_url(ledger_database):
    return ledger_database


@pytest.fixture(scope="module")
def first_months(ledger_database):
    """The partitions that the migration made."""
    return {name for (name,) in ask(_MONTHS)}


@pytest.fixture
def empty_ledger(first_months):
    """As the migration left it, in epoch 1 and with this and the next two months."""
    with transaction.atomic(), connection.cursor() as cursor:
        months = [name for (name,) in ask(_MONTHS)]
        cursor.execute("alter table ledger_entry drop constraint if exists broken")
        cursor.execute("alter table ledger_entry disable trigger user")
        cursor.execute("alter table ledger_entry alter epoch set default 1")
        for month in months:
            cursor.execute(f"alter table {month} disable trigger user")
            cursor.execute(f"truncate {month}")
            cursor.execute(f"alter table {month} enable trigger user")
            if month not in first_months:
                cursor.execute(f"drop table {month}")
        cursor.execute("alter table ledger_entry enable trigger user")
        cursor.execute("truncate ledger_leaf, ledger_tile, ledger_checkpoint")
        cursor.execute("drop table if exists kept")
        cursor.execute(
            "update ledger_head set size = 0, epoch = 1, xid = '0', entry_id = 0, horizon = '0', frontier = '', "
            "system_identifier = (select system_identifier from pg_control_system())"
        )
    tiles.forget_cached_nodes()


@pytest.fixture
def log(empty_ledger) -> list[int]:
    """Row ids by index."""
    if ask("select to_regclass('kept_ledger_head')") == [(None,)]:
        build()
    else:
        put_back()
    ids = in_order()
    assert len(ids) == SIZE
    return ids
