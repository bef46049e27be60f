"""A node's keys for a test: a store of its own, made by the action, gone with the test.

`from tests.factories.keys import node_keys  # noqa: F401` makes the fixture known to a test module.
"""

from pathlib import Path

import pytest

from tests.furnished import Furnished
from yitong.base.keys import api as keys
from yitong.kernel.actor import Actor

OPERATOR = Actor.operator("tests")


@pytest.fixture
def node_keys(settings, tmp_path: Path, furnished_database: Furnished | None) -> Path:
    """The directory of an initialised key store. Ask for it together with `django_db` or `committed`."""
    settings.YITONG_KEYS = tmp_path / "keys"
    if furnished_database is not None:
        furnished_database.copy_keys(settings.YITONG_KEYS)
    keys.initialise(by=OPERATOR)
    return settings.YITONG_KEYS
