"""Log-in through the real page: what is recorded, when it pauses, and what a session survives."""

import datetime as dt
import re

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client as Browser

from tests.factories.agencies import OPERATOR, a_post, staff
from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.identity import login
from yitong.base.identity.accounts import create_account, set_password
from yitong.base.identity.errors import (
    InvalidUsername,
    UnknownAccountKind,
    UsernameTaken,
    WeakPassword,
)
from yitong.base.identity.models import Account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]

PASSWORD = "澜江大道上的石桥 1987"
LOGIN, LOGOUT = "/account/login/", "/account/logout/"
SESSION = django_settings.SESSION_COOKIE_NAME


@pytest.fixture
def member() -> Account:
    return staff(a_post(), password=PASSWORD)


def try_login(browser: Browser, username: str, password: str, **more: str):
    return browser.post(LOGIN, {"login": username, "password": password}, **more)


def entries(event: str) -> list[tuple[str, str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select account, about_type, about_key, facts::text from ledger_entry"
            " where event = %s order by id",
            (f"identity.{event}",),
        )
        return cursor.fetchall()


def test_logging_in_and_out_is_recorded_by_the_accounts_number(member):
    browser = Browser()
    answer = try_login(browser, member.username.upper(), PASSWORD)
    assert (answer.status_code, answer.url) == (302, "/")
    assert browser.session["_auth_user_id"] == str(member.pk)
    key = str(member.pk)
    assert entries("logged_in") == [(f"account:{key}", "account", key, '{"method": "password"}')]

    browser.post(LOGOUT)
    assert "_auth_user_id" not in browser.session
    assert entries("logged_out") == [(f"account:{key}", "account", key, "{}")]


def test_the_session_is_given_a_new_key_at_log_in(member):
    """Session fixation: a key planted before the log-in is worth nothing after it."""
    victim, attacker = Browser(), Browser()
    session = victim.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    victim.cookies[SESSION] = planted

    try_login(victim, member.username, PASSWORD)
    assert victim.cookies[SESSION].value != planted
    attacker.cookies[SESSION] = planted
    assert "_auth_user_id" not in attacker.session


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(member):
    answer = try_login(Browser(), member.username, PASSWORD)
    cookie = answer.cookies[SESSION]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"], "it ends with the browser"


def test_a_failed_log_in_is_recorded_without_what_was_typed(member):
    typed = ("890102199203150020", "10000000001", PASSWORD)
    for username in (member.username, *typed):
        answer = try_login(Browser(), username, "wrong")
        assert answer.status_code == 200
        assert "用户名或密码不对" in answer.content.decode()
    assert [entry[2] for entry in entries("login_failed")] == [str(member.pk), "", "", ""]
    with connection.cursor() as cursor:
        cursor.execute("select e::text from ledger_entry e union all select c::text from cache c")
        everything = "\n".join(row[0] for row in cursor.fetchall())
    assert not any(text in everything for text in typed)


def test_five_failures_pause_the_account_and_say_until_when(member):
    for _ in range(5):
        try_login(Browser(), member.username, "wrong")
    ((account, _, key, facts),) = entries("login_locked")
    assert (account, key) == ("system:login", str(member.pk))
    assert '"scope": "account"' in facts

    refused = try_login(Browser(), member.username, PASSWORD)
    assert refused.status_code == 200
    assert "_auth_user_id" not in refused.client.session
    said = re.search(r"暂停登录，([0-9: -]+) 以后可以再试", refused.content.decode())
    assert said
    assert re.fullmatch(r"(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d", said[1])
    assert len(entries("login_failed")) == 5
    assert entries("logged_in") == []


def test_the_pause_ends(member, monkeypatch):
    for _ in range(5):
        try_login(Browser(), member.username, "wrong")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(login.ratelimit.time, "time", later.timestamp)
    assert try_login(Browser(), member.username, PASSWORD).status_code == 302


def test_a_pause_does_not_depend_on_the_host_that_the_caller_names(member):
    for host in ("localhost", "127.0.0.1", "testserver", "localhost", "127.0.0.1"):
        try_login(Browser(), member.username, "wrong", HTTP_HOST=host)
    assert "暂停登录" in try_login(Browser(), member.username, PASSWORD).content.decode()


def test_successes_do_not_count_but_do_not_wash_failures_away_either(member):
    for password in ("wrong", PASSWORD, "wrong", PASSWORD, "wrong", "wrong", "wrong"):
        try_login(Browser(), member.username, password)
    assert "暂停登录" in try_login(Browser(), member.username, PASSWORD).content.decode()


def test_one_address_that_tries_many_names_is_paused(settings, member):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,3/m/ip"}
    for number in range(3):
        try_login(Browser(), f"nobody{number}", "wrong")
    assert next(iter(entries("login_locked")))[3].startswith('{"scope": "address"')
    assert "暂停登录" in try_login(Browser(), member.username, PASSWORD).content.decode()
    other = try_login(Browser(), member.username, PASSWORD, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        "' or 1=1 --", "<script>alert(1)</script>", "a\x00b", "a" * 5000, "%s%n{0}{x.__class__}",
        "\u202egnorts", "../../etc/passwd", "林小禾", "\ud7ff\U0010ffff", "{{ 7*7 }}",
    ],
)  # fmt: skip
def test_a_hostile_user_name_is_only_a_wrong_one(typed):
    answer = try_login(Browser(), typed, "wrong")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>alert(1)" not in page
    assert ">49<" not in page
    assert all(entry[2] == "" for entry in entries("login_failed"))


def test_a_closed_account_is_told_so_only_with_the_right_password(member):
    Account.objects.update(is_active=False)
    browser = Browser()
    assert try_login(browser, member.username, "wrong").status_code == 200
    answer = try_login(browser, member.username, PASSWORD)
    assert (answer.status_code, answer.url) == (302, LOGIN)
    assert "_auth_user_id" not in browser.session
    assert entries("logged_in") == []


def test_another_password_ends_every_session(member):
    browser = Browser()
    try_login(browser, member.username, PASSWORD)
    set_password(by=OPERATOR, account=member, password=PASSWORD + "!")
    assert browser.get(LOGIN).status_code == 200, "the log-in page, since nobody is logged in"
    assert entries("password_set")[0][2] == str(member.pk)


def test_a_log_in_that_cannot_be_recorded_does_not_happen(member, monkeypatch):
    def fail(**facts):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(login, "record_login", fail)
    browser = Browser(raise_request_exception=False)
    assert try_login(browser, member.username, PASSWORD).status_code == 500
    assert "_auth_user_id" not in browser.session


def test_there_is_no_door_to_sign_up_or_to_change_an_address():
    for path in ("signup/", "email/", "password/reset/", "login/code/"):
        assert Browser().get(f"/account/{path}").status_code == 404


def test_a_next_page_on_another_site_is_not_followed(member):
    answer = Browser().post(
        LOGIN + "?next=https://evil.example/", {"login": member.username, "password": PASSWORD}
    )
    assert answer.url == "/"


def test_what_cannot_be_an_account_is_refused():
    create_account(by=OPERATOR, username="zhou", kind="staff")
    with pytest.raises(UsernameTaken):
        create_account(by=OPERATOR, username="ZHOU", kind="staff")
    with pytest.raises(InvalidUsername):
        create_account(by=OPERATOR, username="890102199203150020", kind="person")
    with pytest.raises(UnknownAccountKind):
        create_account(by=OPERATOR, username="robot", kind="robot")
    for password in ("12345678", "password", "short", "29870503221"):
        with pytest.raises(WeakPassword):
            create_account(by=OPERATOR, username="someone", kind="staff", password=password)


def test_an_account_without_a_password_logs_nobody_in():
    create_account(by=OPERATOR, username="nopassword", kind="staff")
    for password in ("", "!", "None"):
        assert try_login(Browser(), "nopassword", password).status_code == 200
