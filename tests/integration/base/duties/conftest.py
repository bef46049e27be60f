"""The kinds of these tests, the register, and one bureau with everybody around it."""

import pytest

from tests.factories.duties import Bureau, a_bureau, kinds_installed
from tests.factories.keys import node_keys  # noqa: F401


@pytest.fixture
def kinds():
    with kinds_installed():
        yield


@pytest.fixture
def bureau(node_keys, kinds) -> Bureau:  # noqa: F811
    return a_bureau()
