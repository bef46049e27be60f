"""Log-in in two steps, devices and sessions, and the sign-on service, through the pages."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client as Browser

from tests.factories.agencies import OPERATOR, a_post, staff
from tests.factories.authenticators import code_of, log_in_by_password, with_authenticator
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person
from tests.factories.province import WHO, the_province  # noqa: F401
from yitong.base.identity.api import accounts, devices
from yitong.base.identity.models import Account

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

PASSWORD = "澜江大道上的石桥 1987"
SECOND, DEVICES = "/account/second/", "/account/devices/"
SESSION = django_settings.SESSION_COOKIE_NAME


@pytest.fixture
def member() -> Account:
    return staff(a_post(), password=PASSWORD)


def events(name):
    with connection.cursor() as cursor:
        cursor.execute(
            "select about_key, facts::text from ledger_entry where event = %s order by id",
            (f"identity.{name}",),
        )
        return cursor.fetchall()


def is_in(browser) -> bool:
    return "_auth_user_id" in browser.session


# Password and TOTP


def test_the_password_alone_opens_nothing_when_there_is_an_authenticator(member):
    code = with_authenticator(member)
    browser = Browser()
    answer = log_in_by_password(browser, member.username, PASSWORD)
    assert (answer.status_code, answer.url) == (302, SECOND)
    assert not is_in(browser)
    assert browser.get("/bureau/").status_code == 302
    answer = browser.post(SECOND, {"code": code()})
    assert is_in(browser)
    assert events("logged_in")[0][1] == '{"method": "password+totp"}'


def test_a_code_is_good_once(member):
    code = with_authenticator(member)
    now = code()
    one, other = Browser(), Browser()
    for browser in (one, other):
        log_in_by_password(browser, member.username, PASSWORD)
    one.post(SECOND, {"code": now})
    answer = other.post(SECOND, {"code": now})
    assert is_in(one)
    assert not is_in(other)
    assert "刚才已经用过一次" in answer.content.decode()
    assert events("factor_refused") == [(str(member.pk), '{"kind": "totp"}')]


def test_guessing_codes_is_paused(member):
    with_authenticator(member)
    browser = Browser()
    log_in_by_password(browser, member.username, PASSWORD)
    for _ in range(5):
        browser.post(SECOND, {"code": "000000"})
    answer = browser.post(SECOND, {"code": "000000"})
    assert "已暂停验证" in answer.content.decode()
    assert events("factor_refused")[-1][1] == '{"kind": "paused"}'
    accounts.unlock_account(by=OPERATOR, account=member)
    assert "已暂停验证" not in browser.post(SECOND, {"code": "000000"}).content.decode()


def test_the_session_gets_a_new_key_also_after_two_steps(member):
    code = with_authenticator(member)
    victim = Browser()
    session = victim.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    victim.cookies[SESSION] = planted
    log_in_by_password(victim, member.username, PASSWORD)
    victim.post(SECOND, {"code": code()})
    assert is_in(victim)
    assert victim.cookies[SESSION].value != planted
    attacker = Browser()
    attacker.cookies[SESSION] = planted
    assert not is_in(attacker)


def test_staff_with_a_password_only_come_no_further_than_adding_a_second_factor(member):
    browser = Browser()
    log_in_by_password(browser, member.username, PASSWORD)
    answer = browser.get("/bureau/catalogue/")
    assert (answer.status_code, answer.url) == (302, DEVICES)
    assert "只有密码不够" in browser.get(DEVICES).content.decode()

    page = browser.get(DEVICES + "authenticator/")
    assert page.status_code == 200
    secret = browser.session["mfa.totp.secret"]
    answer = browser.post(DEVICES + "authenticator/", {"code": code_of(secret)})
    assert (answer.status_code, answer.url) == (302, DEVICES + "codes/")
    codes = browser.get(DEVICES + "codes/").content.decode()
    assert codes.count("<code>") == 10
    assert "<code>" not in browser.get(DEVICES + "codes/").content.decode(), "shown once"
    assert browser.get("/bureau/catalogue/").status_code == 200
    assert [facts for _key, facts in events("factor_added")] == [
        '{"kind": "totp"}',
        '{"kind": "recovery_codes"}',
    ]


def test_the_code_that_added_the_authenticator_does_not_log_in(member):
    browser = Browser()
    log_in_by_password(browser, member.username, PASSWORD)
    browser.get(DEVICES + "authenticator/")
    code = code_of(browser.session["mfa.totp.secret"])
    browser.post(DEVICES + "authenticator/", {"code": code})
    other = Browser()
    log_in_by_password(other, member.username, PASSWORD)
    other.post(SECOND, {"code": code})
    assert not is_in(other)


def test_in_the_demo_a_second_factor_is_offered_and_not_asked(member, settings):
    settings.SECOND_FACTOR = "optional"
    browser = Browser()
    log_in_by_password(browser, member.username, PASSWORD)
    assert browser.get("/bureau/catalogue/").status_code == 200


def test_a_secret_is_not_in_the_database_as_it_is(member):
    browser = Browser()
    log_in_by_password(browser, member.username, PASSWORD)
    browser.get(DEVICES + "authenticator/")
    secret = browser.session["mfa.totp.secret"]
    browser.post(DEVICES + "authenticator/", {"code": code_of(secret)})
    with connection.cursor() as cursor:
        cursor.execute("select data::text from mfa_authenticator")
        assert secret not in "".join(row[0] for row in cursor.fetchall())


def test_a_recovery_code_is_good_once(member):
    with_authenticator(member)
    by = accounts.LOGIN.__class__(f"account:{member.pk}")
    devices.new_recovery_codes(by=by, account=member)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes(devices.factors_of(member).get(type="recovery_codes")).get_unused_codes()[
        0
    ]
    one, other = Browser(), Browser()
    for browser in (one, other):
        log_in_by_password(browser, member.username, PASSWORD)
        browser.post(SECOND, {"code": code})
    assert (is_in(one), is_in(other)) == (True, False)


def test_staff_keep_one_second_factor(member):
    code = with_authenticator(member)
    browser = Browser()
    log_in_by_password(browser, member.username, PASSWORD)
    browser.post(SECOND, {"code": code()})
    factor = devices.factors_of(member).get()
    answer = browser.post(f"{DEVICES}{factor.pk}/remove/")
    assert answer.status_code == 403
    assert "最后一个第二因素" in answer.content.decode()


def test_changing_how_one_logs_in_asks_again_after_ten_minutes(member, monkeypatch):
    code = with_authenticator(member)
    browser = Browser()
    log_in_by_password(browser, member.username, PASSWORD)
    browser.post(SECOND, {"code": code()})
    session = browser.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 601} for one in session["account_authentication_methods"]
    ]
    session.save()
    answer = browser.get(DEVICES + "passkey/")
    assert answer.url.startswith("/account/again/")
    assert browser.get(answer.url).status_code == 200
    browser.post("/account/again/", {"password": PASSWORD})
    assert browser.get(DEVICES + "passkey/").status_code == 200


# Sessions


def test_sessions_are_seen_and_ended_by_their_owner_only(member, settings):
    settings.SECOND_FACTOR = "optional"
    here, elsewhere = (
        Browser(),
        Browser(headers={"user-agent": "Mozilla Windows NT Chrome/1 Edg/1"}),
    )
    for browser in (here, elsewhere):
        log_in_by_password(browser, member.username, PASSWORD)
    page = here.get(DEVICES).content.decode()
    assert "Windows上的Edge" in page
    assert "就是这里" in page
    number = next(
        one.pk
        for one in devices.sessions_of(member)
        if one.session_key == elsewhere.session.session_key
    )
    stranger = Browser()
    someone = staff(password=PASSWORD)
    log_in_by_password(stranger, someone.username, PASSWORD)
    assert stranger.post(f"{DEVICES}sessions/{number}/end/").status_code == 404
    assert elsewhere.get(DEVICES).status_code == 200
    here.post(f"{DEVICES}sessions/{number}/end/")
    assert elsewhere.get(DEVICES).status_code == 302
    assert here.get(DEVICES).status_code == 200
    assert events("session_ended") == [(str(member.pk), '{"sessions": 1}')]


def test_all_others_are_ended_at_once(member, settings):
    settings.SECOND_FACTOR = "optional"
    here, *others = (Browser() for _ in range(3))
    for browser in (here, *others):
        log_in_by_password(browser, member.username, PASSWORD)
    here.post(DEVICES + "sessions/end/")
    assert [browser.get(DEVICES).status_code for browser in (here, *others)] == [200, 302, 302]


def test_a_locked_account_is_out_at_once(member, settings):
    settings.SECOND_FACTOR = "optional"
    browser = Browser()
    log_in_by_password(browser, member.username, PASSWORD)
    accounts.lock_account(by=OPERATOR, account=member, reason="离职")
    assert browser.get(DEVICES).status_code == 302
    log_in_by_password(browser, member.username, PASSWORD)
    assert not is_in(browser)
    accounts.unlock_account(by=OPERATOR, account=member)
    log_in_by_password(browser, member.username, PASSWORD)
    assert is_in(browser)


def test_a_reset_account_has_another_password_and_no_factor(member):
    with_authenticator(member)
    fresh = accounts.reset_account(by=OPERATOR, account=member)
    browser = Browser()
    log_in_by_password(browser, member.username, PASSWORD)
    assert not is_in(browser)
    log_in_by_password(browser, member.username, fresh)
    assert is_in(browser)
    assert devices.factors_of(member).count() == 0


# 统一身份认证


def go_and_come_back(browser, province, level=4, who=WHO, query=""):
    there = browser.get(f"/account/sign-on/{query}").url
    asked = dict(parse_qsl(urlsplit(there).query))
    back = urlsplit(province.answer(asked, who, level))
    return browser.get(f"{back.path}?{back.query}")


def test_a_citizen_logs_in_by_the_sign_on_service(province):
    browser = Browser()
    answer = go_and_come_back(browser, province, query="?next=/my/")
    assert (answer.status_code, answer.url) == (302, "/my/")
    assert "林*禾" in browser.get("/my/").content.decode()
    assert events("logged_in")[0][1] == '{"method": "sign_on"}'
    assert [one.user_agent for one in devices.sessions_of(Account.objects.get())] == [""]


def test_the_same_ticket_in_another_browser_is_refused_in_words(province):
    victim, thief = Browser(), Browser()
    there = victim.get("/account/sign-on/").url
    asked = dict(parse_qsl(urlsplit(there).query))
    back = urlsplit(province.answer(asked, WHO, 4))
    answer = thief.get(f"{back.path}?{back.query}")
    assert answer.status_code == 403
    assert "不是给本节点这次登录的" in answer.content.decode()
    assert not is_in(thief)
    assert victim.get(f"{back.path}?{back.query}").status_code == 302
    again = victim.get(f"{back.path}?{back.query}")
    assert "已经用过一次" in again.content.decode()


def test_a_next_page_elsewhere_is_not_followed(province):
    answer = go_and_come_back(Browser(), province, query="?next=https://evil.example/")
    assert answer.url == "/"


def test_a_password_is_not_enough_to_give_a_delegation_and_the_page_says_the_way(
    province, settings
):
    person = a_person(2, name=WHO.name, password=PASSWORD)
    browser = Browser()
    log_in_by_password(browser, person.account.username, PASSWORD)
    page = browser.get("/my/delegations/new/")
    assert page.status_code == 403
    html = page.content.decode()
    assert "需要实名等级4级，您这次登录是3级" in html
    assert "/account/sign-on/?level=4&amp;next=%2Fmy%2Fdelegations%2Fnew%2F" in html
    key = browser.session.session_key
    answer = go_and_come_back(browser, province, query="?level=4&next=/my/delegations/new/")
    assert answer.url == "/my/delegations/new/"
    assert browser.session.session_key != key
    assert browser.get("/my/delegations/new/").status_code == 200


def test_a_level_belongs_to_the_person_whom_the_service_named(province):
    browser = Browser()
    go_and_come_back(browser, province, level=5)
    other = a_person(3, name="周晓晴", password=PASSWORD)
    browser.post("/account/logout/")
    log_in_by_password(browser, other.account.username, PASSWORD)
    assert browser.get("/my/delegations/new/").status_code == 403


def test_another_person_at_the_same_browser_ends_the_first_ones_session(province):
    browser = Browser()
    go_and_come_back(browser, province)
    go_and_come_back(browser, province, who=province.residents[1])
    assert "周*晴" in browser.get("/my/").content.decode()
    assert len(events("logged_out")) == 1
