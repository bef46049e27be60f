"""Where messages lead: each kind of matter has at most one page, and an address is asked once for all of a kind."""

import pytest

from yitong.base.messages import channels, declared
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, MatterPage

READER = Actor("account:1", kind="person")


@pytest.fixture(autouse=True)
def _own_pages():
    before = declared.pages()
    yield
    declared.install_pages(before)


def test_a_kind_of_matter_with_two_pages_stops_the_start():
    page = MatterPage("duty", lambda viewer, keys: {})
    with pytest.raises(ValueError, match="duty"):
        declared.install_pages([page, page])


def test_each_kind_is_asked_once_and_only_what_was_asked_is_answered():
    asked = []

    def addresses(viewer, keys):
        asked.append(sorted(keys))
        return {"1": "/one/", "9": "/never-asked/"}

    declared.install_pages([MatterPage("case", addresses)])
    matters = [About("case", "1"), About("case", "2"), About("other", "1"), About("case", "1")]
    assert declared.addresses(matters, READER) == {About("case", "1"): "/one/"}
    assert asked == [["1", "2"]]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("", ""),
        ("https://yitong.example", "https://yitong.example"),
        ("https://yitong.example/", "https://yitong.example"),
        ("http://10.1.2.3:8000", "http://10.1.2.3:8000"),
        ("yitong.example", ""),
        ("ftp://yitong.example", ""),
        ("https://yitong.example/door", ""),
        ("https://yitong.example@elsewhere.example", ""),
        ("javascript:alert(1)//x", ""),
    ],
)
def test_a_public_address_is_scheme_and_host_or_none(settings, given, used):
    settings.YITONG_PUBLIC_URL = given
    assert channels.public_address() == used
