"""A ward's footprint in a guardian's hands: shown if the delegation says so, and every look shown to the ward."""

import datetime as dt

import pytest

from tests.factories.footprints import used
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.messages import recorded
from tests.factories.persons import a_person
from tests.factories.wards import FOOTPRINT, acting_browser, guarded, guardianship
from yitong.base.identity.api import actor_for, delegations
from yitong.base.ledger.api import sequence_all
from yitong.base.ledger.models import Entry
from yitong.data.exchange.api import shut_down
from yitong.data.exchange.models import Usage
from yitong.kernel import clock

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("people"),
]

PAGE = "/my/footprint/"


@pytest.fixture
def family(tmp_path):
    yield guarded(tmp_path)
    shut_down()


def seen(browser, path: str = PAGE) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def looks() -> list[dict]:
    return recorded("data.footprint_seen")


def test_a_guardian_reads_who_used_the_ward_s_data(family):
    used(family.ward)
    page = seen(family.browser)
    assert "“林*桐”的数据足迹" in page
    assert "澜宁市教育局取得了“林*桐”的<strong>最低生活保障对象</strong>" in page
    assert "您的<strong>" not in page
    assert "您这样看一次，也记一次" in page


def test_each_look_is_a_use_that_the_ward_sees(family):
    used(family.ward)
    seen(family.browser)
    seen(family.browser, f"{PAGE}?period=all")
    page = seen(family.ward.browser)
    assert page.count("“周*晴”代看了您的<strong>数据足迹</strong>") == 2
    assert "监护人代办" in page
    assert "看了1条记录" in page
    assert "《民法典》第三十四条" in page
    assert "看了2条记录" in page, "the second look saw the first"
    sequence_all()
    entry = Entry.objects.filter(event="data.footprint_seen").first()
    assert entry.facts == {
        "delegation": family.key, "kind": "guardian", "look": "page", "shown": 1,
        "on_behalf_of": f"person:{family.ward.person.person.key}",
    }  # fmt: skip
    assert entry.account == actor_for(family.guardian.account).account
    proof = family.ward.browser.get(f"{PAGE}{entry.id}/proof.json")
    assert proof.status_code == 200, "the look can be proved like every use"


def test_what_is_taken_along_asked_about_or_proved_is_a_look_too(family):
    used(family.ward)
    use = Usage.objects.get().entry_id
    family.browser.get(f"{PAGE}export.csv")
    family.browser.get(f"{PAGE}export.json")
    seen(family.browser, f"{PAGE}{use}/question/")
    family.browser.get(f"{PAGE}{use}/proof.json")
    assert [each["look"] for each in looks()] == ["export", "export", "use", "proof"]
    page = seen(family.ward.browser)
    for words in ("下载了1条记录", "看了一条记录", "下载了一条记录的凭证"):
        assert words in page


def test_a_look_is_explained_where_the_ward_asks_about_it(family):
    seen(family.browser)
    entry = Entry.objects.get(event="data.footprint_seen")
    page = seen(family.ward.browser, f"{PAGE}{entry.id}/question/")
    assert "结束授权" in page
    assert "第五十条" not in page
    text = family.ward.browser.get(f"{PAGE}export.csv").content.decode("utf-8-sig")
    assert "查看" in text
    assert "周*晴" in text


def test_nothing_is_recorded_as_a_look_for_oneself(family):
    used(family.ward)
    seen(family.ward.browser)
    family.browser.post("/my/acting/", {"key": ""})
    assert "还没有部门用过您的数据" in seen(family.browser, f"{PAGE}?period=all")
    assert looks() == []


def test_a_delegation_that_does_not_name_the_footprint_shows_none_of_it(family):
    used(family.ward)
    key = guardianship(family.ward.person, family.guardian, frozenset({"view", "apply"}))
    browser = acting_browser(family.guardian, key)
    use = Usage.objects.get().entry_id
    for path in (PAGE, f"{PAGE}export.csv", f"{PAGE}{use}/question/", f"{PAGE}{use}/proof.json"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "没有写“看数据足迹”" in answer.content.decode()
    assert looks() == []


def test_a_delegation_that_ended_a_minute_ago_is_refused_and_nothing_is_shown(family):
    used(family.ward)
    delegations.end_delegation(
        by=actor_for(family.ward.person.account), account=family.ward.person.account, key=family.key
    )
    with clock.frozen(clock.now() + dt.timedelta(minutes=1)):
        answer = family.browser.get(PAGE)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "不能再代办" in page
    assert "最低生活保障对象" not in page
    assert looks() == []
    assert recorded("identity.delegation_refused") != []


def test_the_last_minute_counts_and_the_next_does_not(family):
    key = guardianship(family.ward.person, family.guardian, days=1)
    end = delegations.concerning(family.guardian.account, key).until
    with clock.frozen(end - dt.timedelta(minutes=1)):
        browser = acting_browser(family.guardian, key)
        seen(browser)
    with clock.frozen(end):
        assert browser.get(PAGE).status_code == 403


def test_a_log_in_that_proves_too_little_is_asked_for_more(family):
    used(family.ward)
    browser = acting_browser(family.guardian, family.key, level=3)
    answer = browser.get(PAGE)
    assert answer.status_code in {302, 403}
    assert "最低生活保障对象" not in answer.content.decode()
    assert looks() == []


def test_a_third_person_s_use_is_not_there_for_a_guardian(family):
    stranger = a_person(3)
    family.ward.people.call(stranger.number)
    use = Usage.objects.get().entry_id
    assert "最低生活保障对象" not in seen(family.browser)
    assert family.browser.get(f"{PAGE}{use}/proof.json").status_code == 404
    assert family.browser.get(f"{PAGE}{use}/question/").status_code == 404


def test_what_is_hidden_from_the_ward_is_hidden_from_the_guardian(family):
    """个人信息保护法 18(1), 35: also a guardian may be whom an investigation is about."""
    used(family.ward)
    use = Usage.objects.get().entry_id
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry disable trigger user")
        cursor.execute(
            "update ledger_entry set facts = facts || '{\"hidden\": true}' where id = %s", [use]
        )
        cursor.execute("alter table ledger_entry enable trigger user")
    assert "最低生活保障对象" not in seen(family.browser)
    assert looks()[0]["shown"] == 0


def test_a_ward_without_a_log_in_has_looks_on_record_until_she_has_one(family):
    """A child's footprint is looked after by the guardian, and is hers when she comes of age."""
    from tests.factories.agencies import OPERATOR
    from tests.factories.persons import APerson, number_of
    from yitong.base.identity.persons import register_unbound

    number = number_of(9)
    person = register_unbound(by=OPERATOR, number=number, name="周小满")
    child = APerson(person, None, number, "周小满", "")
    key = guardianship(child, family.guardian, FOOTPRINT)
    family.ward.people.call(number)
    page = seen(acting_browser(family.guardian, key))
    assert "取得了“周*满”的<strong>最低生活保障对象</strong>" in page
    assert Usage.objects.count() == 2
    assert len({bytes(row.subject) for row in Usage.objects.all()}) == 1
