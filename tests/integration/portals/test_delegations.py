"""代办授权 through the pages: given after 核对, shown in every frame, ended, and refused a minute later."""

import datetime as dt

import pytest
from django.db import connection

from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from yitong.base.identity.api import delegations
from yitong.base.identity.models import Delegation
from yitong.kernel import clock

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

NEW = "/my/delegations/new/"


@pytest.fixture
def mother():
    return a_person(2, name="林小禾")


@pytest.fixture
def daughter():
    return a_person(3, name="周晓晴")


def at_level(person, level):
    """A browser in which the sign-on service vouched for this level."""
    browser = log_in(person.account.username)
    session = browser.session
    session["yitong_level"] = [person.account.pk, level]
    session.save()
    return browser


def filled(agent, **changed):
    until = clock.today() + dt.timedelta(days=30)
    fields = {
        "principal": "",
        "name": agent.name,
        "number": agent.number,
        "powers": ["view", "apply"],
        "until": until.isoformat(),
    }
    return fields | changed


def given(mother, daughter):
    browser = at_level(mother, 4)
    browser.post(NEW, filled(daughter) | {"step": "confirm"})
    return Delegation.objects.get()


def test_what_is_filled_in_is_read_once_more_before_it_holds(mother, daughter):
    browser = at_level(mother, 4)
    page = browser.post(NEW, filled(daughter)).content.decode()
    assert "核对代办授权" in page
    assert "8901**********0039" in page
    assert Delegation.objects.count() == 0
    answer = browser.post(NEW, filled(daughter) | {"step": "confirm"})
    assert (answer.status_code, answer.url) == (302, "/my/delegations/")
    page = browser.get("/my/delegations/").content.decode()
    assert "“周*晴”代“林*禾”：亲友代办" in page
    assert "查进度、看结果" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"powers": []}, "至少选一项"),
        ({"until": "someday"}, "日期写成2027-06-30这样"),
        ({"until": "2020-01-01"}, "将来的结束日期"),
        ({"until": "2099-01-01"}, "最晚到"),
        ({"number": number_of(99)}, "没有找到姓名和公民身份号码都相符"),
        ({"number": "1234"}, "号码"),
        ({"name": ""}, "填写代办人的姓名"),
    ],
)
def test_a_mistake_is_told_at_the_form_and_what_was_typed_stays(mother, daughter, changed, words):
    browser = at_level(mother, 4)
    answer = browser.post(NEW, filled(daughter, **changed) | {"step": "confirm"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "请更正以下问题" in page
    assert Delegation.objects.count() == 0


def test_the_frame_says_for_whom_until_one_acts_for_oneself_again(mother, daughter):
    acting = given(mother, daughter)
    browser = log_in(daughter.account.username)
    browser.post("/my/acting/", {"key": str(acting.key)})
    for path in ("/my/", "/help/", "/my/delegations/", "/"):
        assert "正在代“林*禾”办事" in browser.get(path).content.decode(), path
    footprint = browser.get("/my/footprint/")
    assert footprint.status_code == 403
    assert "这里只看本人的" in footprint.content.decode()
    browser.post("/my/acting/", {"key": ""})
    assert "正在代" not in browser.get("/my/").content.decode()


def test_a_delegation_that_ended_a_minute_ago_is_refused_and_then_one_acts_for_oneself(
    mother, daughter
):
    acting = given(mother, daughter)
    browser = log_in(daughter.account.username)
    browser.post("/my/acting/", {"key": str(acting.key)})
    at_level(mother, 4).post(f"/my/delegations/{acting.key}/end/")
    answer = browser.get("/my/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "不能再代办" in page
    assert "《民法典》第一百七十三条" in page
    assert browser.get("/my/").status_code == 200
    assert "正在代" not in browser.get("/my/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from ledger_entry where event = 'identity.delegation_refused'"
        )
        assert cursor.fetchone()[0] == 1


def test_somebody_elses_delegation_is_not_there(mother, daughter):
    acting = given(mother, daughter)
    stranger = log_in(a_person(4, name="赵一").account.username)
    assert stranger.get(f"/my/delegations/{acting.key}/end/").status_code == 404
    assert stranger.post("/my/acting/", {"key": str(acting.key)}).status_code == 404
    assert stranger.post("/my/acting/", {"key": "no key"}).status_code == 404


def test_an_agent_cannot_give_while_acting(mother, daughter):
    acting = given(mother, daughter)
    browser = at_level(daughter, 4)
    browser.post("/my/acting/", {"key": str(acting.key)})
    assert browser.get(NEW).status_code == 403
    assert delegations.delegations_given(daughter.account) == []
