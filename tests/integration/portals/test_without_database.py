"""A page whose database is away or cannot write says so, with when to come back: no error of ours, nothing lost."""

from secrets import token_urlsafe

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client as Browser

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person

pytestmark = pytest.mark.committed


@pytest.fixture
def browser():
    """With a session's cookie, so that every page asks the database who this is."""
    browser = Browser(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = "k" * 32
    return browser


def test_a_server_that_is_away_is_said_in_words(browser, monkeypatch):
    default = connections["default"]
    default.close()
    monkeypatch.setitem(default.settings_dict, "PORT", "1")
    answer = browser.get("/my/footprint/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "连不上数据库" in answer.content.decode()


FULL = """
create function full_disk() returns trigger language plpgsql as
$$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
create trigger full_disk before insert or update on django_session for each row execute function full_disk();
"""


def test_a_disk_that_is_full_is_said_in_words(browser, node_keys):  # noqa: F811
    """With the server's own code for it, where the log-in writes its session."""
    secret = token_urlsafe()
    someone = a_person(password=secret)
    with connections["default"].cursor() as cursor:
        cursor.execute(FULL)
    asked = {"login": someone.account.username, "password": secret}
    answer = browser.post("/account/login/", asked)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "已经提交的事没有丢" in answer.content.decode()
