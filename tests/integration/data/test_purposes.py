"""The list of purposes, loaded again with each release."""

import pytest

from tests.factories.agencies import OPERATOR
from tests.factories.keys import node_keys  # noqa: F401
from yitong.data.sharing.models import Purpose
from yitong.data.sharing.purposes import load_purposes
from yitong.data.sharing.queries import purposes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]


def test_purposes_are_loaded_once_and_a_hidden_one_whose_words_change_is_approved_anew():
    assert (
        load_purposes(by=OPERATOR) == Purpose.objects.count() == purposes(with_hidden=True).count()
    )
    assert load_purposes(by=OPERATOR) == 0
    assert purposes().count() < purposes(with_hidden=True).count()
    Purpose.objects.filter(code="crime-investigation").update(
        sentence="别的说法", authority_account="account:1", secrecy_account="account:2"
    )
    assert load_purposes(by=OPERATOR) == 1
    assert Purpose.objects.get(code="crime-investigation").authority_account == ""
