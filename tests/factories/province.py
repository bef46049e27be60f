"""The made-up province's sign-on service, wired to the node of a test."""

import pytest

from tests.factories.persons import number_of
from yitong.demo.province import Province, Resident
from yitong.kernel.sm import generate_private_key

BACK = "http://testserver/account/sign-on/back/"
WHO = Resident("林小禾", number_of(2), "10000000002")


@pytest.fixture(name="province")
def the_province(settings) -> Province:
    """A service whose agreement with this node stands in the settings."""
    made = Province(
        app="lanning",
        back="http://",
        residents=[WHO, Resident("周晓晴", number_of(3))],
        private_key=generate_private_key(),
    )
    settings.SIGN_ON = {
        "adapter": "yitong.base.identity.provincial.ProvincialSignOn",
        "address_there": "http://127.0.0.1:9/authorize",
        "issuer": made.issuer,
        "app": made.app,
        "secret": made.secret,
        "public_key": made.public_key,
    }
    return made
