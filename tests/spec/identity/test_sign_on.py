"""统一身份认证: what a service says is believed only signed, for this node, for this browser, in time, and once."""

import base64
import datetime as dt
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from tests.factories.province import BACK, WHO, the_province  # noqa: F401
from yitong.base.identity.api import actor_for, person_of, sign_on
from yitong.base.identity.log_in_errors import (
    AssertionExpired,
    AssertionForeign,
    AssertionForged,
    AssertionReplayed,
    AssertionTooWeak,
    NoSignOn,
    PersonMismatch,
)
from yitong.base.identity.models import Account, Person
from yitong.base.identity.sign_on import Asked
from yitong.demo.province import Province, Resident
from yitong.kernel import clock
from yitong.kernel.sm import generate_private_key

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

ASKED = Asked("n-1", 3, "/my/")


def answer(province, level=4, who=WHO, nonce=ASKED.nonce, **changed):
    there = province.answer({"nonce": nonce, "backUrl": BACK}, who, level, **changed)
    return dict(parse_qsl(urlsplit(there).query))


def come_back(said, asked=ASKED):
    return sign_on.log_in_by(service=sign_on.adapter(), answer=said, asked=asked)


def refused():
    with connection.cursor() as cursor:
        cursor.execute(
            "select about_key, facts->>'reason' from ledger_entry"
            " where event = 'identity.assertion_refused' order by id"
        )
        return cursor.fetchall()


def test_whoever_the_service_vouches_for_gets_a_log_in_of_her_own(province):
    account, level = come_back(answer(province))
    assert level == 4
    facts = person_of(account)
    assert (facts.name, facts.number, facts.phone) == (WHO.name, WHO.number, WHO.phone)
    assert not account.has_usable_password()
    assert WHO.number not in account.username
    again, _level = come_back(answer(province))
    assert again == account


def test_who_is_registered_already_keeps_the_account(province):
    known = a_person(2, name="林小禾", assurance=3)
    account, _level = come_back(answer(province, level=5))
    assert account == known.account
    assert actor_for(account).assurance == 5


def test_the_way_there_is_signed_and_names_level_and_nonce(province):
    address = sign_on.adapter().address(back=BACK, nonce="n-1", level=4)
    asked = dict(parse_qsl(urlsplit(address).query))
    assert (asked["level"], asked["nonce"], asked["appId"]) == ("4", "n-1", "lanning")
    assert province._is_ours(asked)
    assert not province._is_ours({**asked, "level": "3"})
    assert not province._is_ours({**asked, "backUrl": "http://evil.example/"})


def test_nothing_personal_is_readable_on_the_way_back(province):
    said = answer(province)
    opened = base64.urlsafe_b64decode(said["ticket"])
    assert WHO.name.encode() not in opened
    assert WHO.number.encode() not in opened


FORGERIES = {
    "another signature": lambda said: {**said, "sign": "00" * 64},
    "no signature": lambda said: {"ticket": said["ticket"]},
    "a bit of the ticket": lambda said: {**said, "ticket": flipped(said["ticket"])},
    "nothing": lambda said: {},
    "rubbish": lambda said: {"ticket": "林" * 9, "sign": "zz"},
    "a ticket without end": lambda said: {**said, "ticket": said["ticket"] * 99},
}


def flipped(text):
    return ("B" if text[0] != "B" else "C") + text[1:]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_assertion_is_refused_recorded_and_told_in_words(province, forgery):
    with pytest.raises(AssertionForged) as refusal:
        come_back(FORGERIES[forgery](answer(province)))
    assert "没有登录" in refusal.value.say()
    assert refusal.value.say_remedy()
    assert refused() == [("province", "assertion_forged")]
    assert Person.objects.count() == 0


def test_a_service_with_another_key_is_not_the_service(province):
    other = Province(
        "lanning", "http://", [WHO], secret=province.secret, private_key=generate_private_key()
    )
    with pytest.raises(AssertionForged):
        come_back(answer(other))


def test_a_well_signed_ticket_with_nonsense_in_it_is_refused(province):
    for changed in ({"exp": "tomorrow"}, {"level": 9}, {"level": "4"}, {"iat": 10**30}):
        with pytest.raises(AssertionForged):
            come_back(answer(province, **changed))


def test_used_once_it_is_used(province):
    said = answer(province)
    come_back(said)
    with pytest.raises(AssertionReplayed):
        come_back(said)
    with pytest.raises(AssertionReplayed):
        come_back(said, asked=None)
    assert [reason for _about, reason in refused()] == ["assertion_replayed"] * 2


def test_after_two_minutes_it_is_over(province):
    said = answer(province)
    later = clock.now() + dt.timedelta(minutes=2, seconds=1)
    with clock.frozen(later), pytest.raises(AssertionExpired):
        come_back(said)
    with pytest.raises(AssertionExpired):
        come_back(answer(province, iat=int(clock.epoch()) + 600, exp=int(clock.epoch()) + 700))


def test_made_for_another_node_or_another_browser_it_is_foreign(province):
    with pytest.raises(AssertionForeign):
        come_back(answer(province, appId="another"))
    with pytest.raises(AssertionForeign):
        come_back(answer(province, iss="elsewhere"))
    with pytest.raises(AssertionForeign):
        come_back(answer(province, nonce="of another browser"))
    with pytest.raises(AssertionForeign):
        come_back(answer(province), asked=None)
    assert Account.objects.count() == 0


def test_less_than_was_asked_for_is_too_little(province):
    with pytest.raises(AssertionTooWeak, match="只达到3级，这里需要4级"):
        come_back(answer(province, level=3), asked=Asked("n-1", 4, "/"))


def test_a_number_that_is_known_under_another_name_logs_nobody_in(province):
    a_person(2, name="林小苗")
    with pytest.raises(PersonMismatch) as refusal:
        come_back(answer(province))
    assert "林" not in refusal.value.say()
    assert refused() == [("province", "person_mismatch")]


def test_without_an_agreement_there_is_no_sign_on(settings):
    settings.SIGN_ON = {}
    assert not sign_on.is_offered()
    with pytest.raises(NoSignOn):
        sign_on.adapter()


def test_every_level_has_a_source_and_says_how_sure_we_are_of_it():
    """standards 12: the levels are those of one province, [M]."""
    levels = sign_on.assurance_levels()
    assert [row.level for row in levels] == [1, 2, 3, 4, 5]
    assert {row.confidence.value for row in levels} == {"M"}
    assert all(row.source for row in levels)
    assert set(sign_on.LEVEL_WORDS) == {1, 2, 3, 4, 5}


def test_a_resident_of_the_simulator_is_nobody_real():
    assert Resident("林小禾", number_of(2)).number.startswith("89")
