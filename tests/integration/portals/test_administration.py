"""The administration's pages: who sees what, lists with search, filters, paging and export, and each step."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.agencies import OPERATOR, a_post, an_agency, named, staff
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from yitong.base.identity.api import posts
from yitong.base.identity.models import Account, Delegation, Post

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

ROOT = "/administration/"


@pytest.fixture
def civil():
    return an_agency("澜宁市民政局")


@pytest.fixture
def chief(civil):
    """The agency's own administrator."""
    return log_in(staff(a_post(civil, "agency_admin")).username)


@pytest.fixture
def security():
    return log_in(staff(a_post(an_agency("澜宁市大数据中心"), "secadmin")).username)


def page(browser, path, **query):
    return browser.get(ROOT + path, query).content.decode()


def test_an_agency_administrator_sees_the_own_agency_and_the_security_administrator_all(
    chief, security, civil
):
    other = an_agency("澜宁市教育局")
    a_post(other, "clerk")
    for path in ("agencies/", "posts/", "appointments/", "accounts/"):
        assert "澜宁市教育局" not in page(chief, path)
    assert "澜宁市教育局" in page(security, "agencies/")
    assert "澜宁市教育局" in page(security, "posts/")
    assert "澜宁市民政局" in page(chief, "agencies/")


def test_who_has_nothing_to_do_here_is_told_so(civil):
    browser = log_in(staff(a_post(civil, "sharing_contact")).username)
    answer = browser.get(ROOT)
    assert answer.status_code == 403
    assert "不管机构、岗位和账号" in answer.content.decode()
    citizen = log_in(a_person(2).account.username)
    assert citizen.get(ROOT + "posts/").status_code == 403


def test_the_auditor_looks_and_changes_nothing(civil):
    browser = log_in(staff(a_post(civil, "auditor")).username)
    post = a_post(civil)
    assert browser.get(f"{ROOT}posts/{post.pk}/").status_code == 200
    member = staff()
    answer = browser.post(f"{ROOT}posts/{post.pk}/appoint/", {"username": member.username})
    assert answer.status_code == 403
    assert posts.seat(post.key).is_vacant


def test_lists_are_searched_filtered_and_exported_as_they_are_filtered(chief, civil):
    vacant, held = a_post(civil, "secrecy"), a_post(civil, "dept_head")
    holder = staff(held)
    found = page(chief, "posts/", state="vacant")
    assert vacant.key in found
    assert held.key not in found
    assert held.key in page(chief, "posts/", q="负责人")
    assert "没有查到" in page(chief, "posts/", q="没有这种岗位")
    lines = b"".join(
        chief.get(ROOT + "posts/", {"role": "dept_head", "export": "csv"}).streaming_content
    )
    (row,) = csv.DictReader(io.StringIO(lines.decode("utf-8-sig")))
    assert row["任职者"] == holder.username
    body = b"".join(chief.get(ROOT + "appointments/", {"export": "json"}).streaming_content)
    assert {line["账号"] for line in json.loads(body)} == {
        holder.username,
        Account.objects.get(holdings__post__role="agency_admin").username,
    }


def test_many_posts_are_paged_and_cost_no_more_questions(chief, civil):
    def asked():
        with CaptureQueriesContext(connection) as found:
            page(chief, "posts/")
        return len(found)

    a_post(civil)
    few = asked()
    for _ in range(60):
        a_post(civil)
    assert asked() <= few + 1
    assert "第1–50个，共62个" in page(chief, "posts/")
    assert "第51–62个，共62个" in page(chief, "posts/", page=2)


def test_a_post_is_filled_handed_over_left_and_vacant(chief, civil):
    chief.post(ROOT + "posts/new/", {"agency": civil.name, "role": "dept_head", "title": "局长"})
    post = Post.objects.get(title="局长")
    place = f"{ROOT}posts/{post.pk}/"
    one, two = staff(), staff()
    assert chief.post(place + "appoint/", {"username": one.username}).status_code == 302
    assert posts.seat(post.key).acting == one
    chief.post(place + "leave/", {"until": "2099-01-01", "deputy": two.username})
    assert posts.seat(post.key).acting == two
    assert f"离岗，{two.username}代理" in chief.get(place).content.decode()
    chief.post(place + "back/")
    assert posts.seat(post.key).acting == one
    chief.post(place + "hand_over/", {"username": two.username})
    assert posts.seat(post.key).acting == two
    chief.post(place + "end/")
    assert posts.seat(post.key).is_vacant
    assert "空缺" in chief.get(place).content.decode()


def test_what_the_form_can_mend_stands_in_the_form(chief, civil):
    post = a_post(civil)
    answer = chief.post(f"{ROOT}posts/{post.pk}/appoint/", {"username": "nobody"})
    assert answer.status_code == 422
    assert "没有这个账号" in answer.content.decode()
    staff(post)
    answer = chief.post(f"{ROOT}posts/{post.pk}/appoint/", {"username": staff().username})
    assert answer.status_code == 422
    assert "已有人任职" in answer.content.decode()


def test_an_administrator_who_tries_two_of_the_three_roles_is_refused_and_recorded(security, civil):
    both = staff(a_post(civil, "sysadmin"))
    post = a_post(civil, "auditor")
    answer = security.post(f"{ROOT}posts/{post.pk}/appoint/", {"username": both.username})
    assert answer.status_code == 403
    assert "须由三人分任" in answer.content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "select facts->>'reason' from ledger_entry where event = 'identity.post_refused'"
        )
        assert cursor.fetchall() == [("three_administrators_apart",)]


def test_nobody_gives_herself_a_post(chief, civil):
    post = a_post(civil, "dept_head")
    own = Account.objects.get(holdings__post__role="agency_admin")
    answer = chief.post(f"{ROOT}posts/{post.pk}/appoint/", {"username": own.username})
    assert answer.status_code == 403
    assert "任何人不得给自己" in answer.content.decode()
    assert chief.post(f"{ROOT}accounts/{own.pk}/reset/").status_code == 403


def test_an_account_is_opened_reset_named_locked_and_opened_again(chief, civil):
    chief.post(ROOT + "accounts/new/", {"username": "zhoumin", "agency": civil.name})
    account = Account.objects.get(username="zhoumin")
    assert account.agency == civil
    place = f"{ROOT}accounts/{account.pk}/"
    once = chief.post(place + "reset/").content.decode()
    assert "只显示这一次" in once
    named_form = {"name": "周敏", "number": number_of(77)}
    chief.post(place + "holder/", named_form)
    account.refresh_from_db()
    assert account.holder is not None
    shown = chief.get(place).content.decode()
    assert "周敏" not in shown
    assert number_of(77) not in shown
    assert chief.post(place + "holder/", named_form).status_code == 422
    assert chief.post(place + "lock/", {"reason": ""}).status_code == 422
    chief.post(place + "lock/", {"reason": "离职"})
    assert not Account.objects.get(pk=account.pk).is_active
    chief.post(place + "unlock/")
    assert Account.objects.get(pk=account.pk).is_active


def test_an_agency_administrator_resets_no_reserved_role(chief, civil):
    auditor = named(staff(), 913)
    posts.appoint(by=OPERATOR, post=a_post(civil, "auditor").key, account=auditor)
    answer = chief.post(f"{ROOT}accounts/{auditor.pk}/reset/")
    assert answer.status_code == 403
    assert "只能由安全管理员" in answer.content.decode()


def test_the_counter_records_a_guardian_with_the_officers_name(civil):
    officer = named(staff(a_post(civil, "clerk")), 914)
    counter = log_in(officer.username)
    mother = a_person(2, name="林小禾")
    assert counter.get(ROOT + "posts/").status_code == 403
    fields = {
        "kind": "guardian",
        "principal_name": "周小满",
        "principal_number": "890102201906010075",
        "name": mother.name,
        "number": mother.number,
        "powers": ["view", "apply"],
        "until": "2030-01-01",
        "evidence": "户口簿、出生医学证明",
    }
    import datetime as dt

    from yitong.kernel.codes import person_number

    fields["principal_number"] = person_number("890102", dt.date(2019, 6, 1), 7)
    page = counter.post(ROOT + "counter/", fields).content.decode()
    assert "请念给到场的人听" in page
    assert fields["principal_number"] not in page.replace(
        f'value="{fields["principal_number"]}"', ""
    )
    counter.post(ROOT + "counter/", fields | {"step": "confirm"})
    row = Delegation.objects.get()
    assert (row.recorded_by, row.kind) == (officer, "guardian")
    seen = log_in(mother.account.username).get("/my/delegations/").content.decode()
    assert "工作人员914" in seen
    assert "户口簿、出生医学证明" in seen
