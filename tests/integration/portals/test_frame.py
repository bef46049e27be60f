"""The frame of a page says who is logged in: masked, with post and agency, and offers the way out."""

import pytest

from tests.factories.agencies import a_post, an_agency, staff
from tests.factories.keys import node_keys  # noqa: F401 - a fixture
from tests.factories.persons import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]


def test_a_citizen_is_shown_by_a_masked_name(client):
    someone = a_person(name="林小禾")
    client.force_login(someone.account)
    html = client.get("/help/").content.decode()
    assert "林*禾" in html
    assert "林小禾" not in html
    assert 'action="/account/logout/"' in html
    assert ">登录<" not in html


def test_an_official_is_shown_with_post(client):
    post = a_post(an_agency("澜宁市民政局"), "sharing_contact")
    account = staff(post)
    client.force_login(account)
    html = client.get("/help/").content.decode()
    assert account.username in html
    assert post.title in html


def test_the_error_page_asks_nobody(client, django_assert_num_queries, rf):
    from yitong.portals.node import faults

    request = rf.get("/any/")
    request.user = a_person().account
    with django_assert_num_queries(0):
        faults.broken(request)


def test_log_in_says_in_chinese_what_is_wrong_and_keeps_the_user_name(client):
    response = client.post("/account/login/", {"login": "lin", "password": "no such password"})
    html = response.content.decode()
    assert "请更正以下问题" in html
    assert "<title>错误：登录" in html
    assert 'value="lin"' in html
    assert "no such password" not in html


def test_after_five_failures_the_page_says_until_when_log_in_is_locked(client):
    someone = a_person()
    for _ in range(6):
        response = client.post(
            "/account/login/", {"login": someone.account.username, "password": "wrong one"}
        )
    html = response.content.decode()
    assert "登录失败次数过多" in html
    assert "以后可以再试" in html
