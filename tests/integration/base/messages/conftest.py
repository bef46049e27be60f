"""A reader who may be told at any hour, and a server of each channel."""

import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.messages import (
    ANY_TIME,
    a_reader,
    mail,  # noqa: F401
    sms,  # noqa: F401
    templates,  # noqa: F401
)
from yitong.base.messages.actions import set_preferences


@pytest.fixture
def reader(node_keys):  # noqa: F811
    """A citizen who may be told at any hour."""
    _, by = a_reader()
    set_preferences(by=by, choice=ANY_TIME)
    return by
