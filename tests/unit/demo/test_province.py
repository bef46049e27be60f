"""The made-up province's pages: in both languages, only for its own relying party, and nothing typed comes back raw."""

import io
import re
from urllib.parse import urlencode

import pytest

from yitong.demo.province import CHINESE, ENGLISH, Province, Resident, words_for
from yitong.kernel import clock
from yitong.kernel.sm import generate_private_key, hmac_sm3

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def province():
    return Province(
        app="lanning",
        back="http://node/",
        residents=[Resident("林小禾<b>", "890102199203150020")],
        private_key=generate_private_key(),
    )


def asked(province, **changed):
    told = {
        "appId": "lanning", "backUrl": "http://node/back", "nonce": "n", "level": "4",
        "timestamp": str(int(clock.epoch())),
    } | changed  # fmt: skip
    signed = "&".join(f"{name}={told[name]}" for name in sorted(told))
    return told | {"sign": hmac_sm3(province.secret.encode(), signed.encode()).hex()}


def visit(province, query, accepted="", posted=None):
    seen = []
    body = urlencode(posted or {}).encode()
    environ = {
        "PATH_INFO": "/authorize", "QUERY_STRING": urlencode(query), "HTTP_ACCEPT_LANGUAGE": accepted,
        "REQUEST_METHOD": "GET" if posted is None else "POST", "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }  # fmt: skip
    page = b"".join(province(environ, lambda status, headers: seen.append((status, dict(headers)))))
    return seen[0][0], seen[0][1], page.decode()


@pytest.mark.parametrize(
    ("chosen", "accepted", "words"),
    [
        ("", "", CHINESE), ("", "zh-CN,zh;q=0.9,en;q=0.8", CHINESE), ("", "en-GB,en;q=0.9", ENGLISH),
        ("", "fr", CHINESE), ("en", "zh-CN", ENGLISH), ("zh", "en", CHINESE), ("nix", "en", CHINESE),
    ],
)  # fmt: skip
def test_the_chosen_language_comes_first_then_the_browsers(chosen, accepted, words):
    assert words_for(chosen, accepted) is words


def test_the_english_page_is_english_but_for_names_and_the_way_back_to_chinese(province):
    status, _, page = visit(province, asked(province), "en")
    assert status == "200 OK"
    assert '<html lang="en">' in page
    assert not HAN.search(re.sub(r'<(\w+)[^>]* lang="zh-Hans"[^>]*>[^<]*</\1>', "", page))
    assert "林小禾&lt;b&gt;" in page
    assert 'value="4" selected' in page


def test_the_language_is_changed_on_the_page_and_kept_when_something_is_wrong(province):
    query = asked(province)
    _, _, page = visit(province, query)
    assert '<html lang="zh-Hans">' in page
    assert '&amp;lang=en" lang="en"' in page
    _, _, page = visit(province, query | {"lang": "en"})
    assert "Choose a person" in page
    assert '&amp;lang=en">' in page  # where the form goes
    for posted in ({"who": "7"}, {"who": "0", "level": "6"}, {"who": "0", "level": "x"}, {}):
        status, _, page = visit(province, query | {"lang": "en"}, posted=posted)
        assert status == "400 Bad Request"
        assert "no such person" in page


def test_the_language_is_no_part_of_what_is_signed_and_everything_else_is(province):
    query = asked(province)
    status, headers, _ = visit(province, query | {"lang": "en"}, posted={"who": "0", "level": "5"})
    assert status == "303 See Other"
    assert headers["Location"].startswith("http://node/back?ticket=")
    for changed in ({"backUrl": "http://elsewhere/"}, {"level": "5"}, {"more": "1"}):
        status, _, page = visit(province, query | changed, "en")
        assert status == "400 Bad Request"
        assert "return address is wrong" in page
