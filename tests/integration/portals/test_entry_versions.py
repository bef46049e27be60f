"""Versions of an entry side by side, who was told of a change, and their answers."""

from dataclasses import replace

import pytest

from tests.factories.footprints import log_in
from tests.factories.grants import a_grant, a_purposed_town
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import assess, published
from yitong.base.identity.models import Account
from yitong.data.catalogue import actions, procedure
from yitong.data.catalogue.models import ChangeNotice

pytestmark = [
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


def browser_of(actor):
    account = Account.objects.get(pk=int(actor.account.partition(":")[2]))
    return log_in(account.username)


@pytest.fixture
def town(node_keys):  # noqa: F811
    town = a_purposed_town()
    town.requester.staffed()
    return town


@pytest.fixture
def revised(town):
    """A revision without 姓名, which another agency is given, submitted."""
    row = published(town)
    a_grant(town, row)
    content = row.versions.get(number=1).entry
    fields = tuple(
        replace(f, mask="hidden") if f.name == "zt" else f for f in content.fields if f.name != "xm"
    )
    changed = replace(content, fields=fields, update_cycle="monthly")
    actions.amend(code=row.code, proposal=changed, reason="不再收集姓名", by=town.provider.contact)
    assess(town, row.code)
    return procedure.submit(code=row.code, by=town.provider.contact)


def said(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_steward_reads_what_is_gone_changed_and_who_was_told(town, revised):
    page = said(browser_of(town.provider.contact), f"/bureau/catalogue/{revised.pk}/versions/")
    for words in (
        "从第1版到第2版",
        "没有了",
        "每月",
        "不再收集姓名",
        "等答复",
        town.requester.agency.name,
    ):
        assert words in page
    assert "<del>姓名</del>" in page


def test_any_two_versions_are_compared_and_an_unknown_one_is_told(town, revised):
    browser = browser_of(town.provider.contact)
    base = f"/bureau/catalogue/{revised.pk}/versions/"
    back = said(browser, f"{base}?old=2&new=1")
    assert "从第2版到第1版" in back
    assert "<ins>姓名</ins>" in back
    assert "这两版没有不同" in said(browser, f"{base}?old=1&new=1")
    assert browser.get(f"{base}?old=1&new=9").status_code == 404
    assert "从第1版到第2版" in said(browser, f"{base}?old=x&new=1")


def test_the_agency_that_was_told_answers_on_its_page(town, revised):
    browser = browser_of(town.requester.sharing_head)
    number = ChangeNotice.objects.get().pk
    assert f"/bureau/notices/{number}/" in said(
        browser, f"/bureau/catalogue/{revised.pk}/versions/"
    )
    page = said(browser, f"/bureau/notices/{number}/")
    assert "姓名：不再提供" in page
    empty = browser.post(f"/bureau/notices/{number}/", {"answer": "objected", "words": ""})
    assert empty.status_code == 422
    done = browser.post(f"/bureau/notices/{number}/", {"answer": "objected", "words": "报名要用"})
    assert done.status_code == 302
    assert "报名要用" in said(
        browser_of(town.provider.head), f"/bureau/catalogue/{revised.pk}/versions/"
    )


def test_nobody_else_sees_or_answers_a_notice(town, revised):
    number = ChangeNotice.objects.get().pk
    for actor in (town.provider.contact, town.reviewer):
        assert browser_of(actor).get(f"/bureau/notices/{number}/").status_code == 404


def test_approving_before_the_answer_is_refused_with_the_article(town, revised):
    head = browser_of(town.provider.head)
    answer = head.post(f"/bureau/catalogue/{revised.pk}/act/approve/", {"version": revised.version})
    assert answer.status_code == 409
    assert "第二十七条" in answer.content.decode()


def test_who_came_later_is_told_from_the_page(town):
    row = published(town)
    content = row.versions.get(number=1).entry
    changed = replace(content, fields=tuple(f for f in content.fields if f.name != "xm"))
    actions.amend(code=row.code, proposal=changed, reason="改", by=town.provider.contact)
    procedure.submit(code=row.code, by=town.provider.contact)
    a_grant(town, row)
    browser = browser_of(town.provider.contact)
    assert "还有部门没有告知" in said(browser, f"/bureau/catalogue/{row.pk}/versions/")
    row.refresh_from_db()
    asked = f"/bureau/catalogue/{row.pk}/act/tell/"
    assert "告知使用部门？" in said(browser, asked)
    assert browser.post(asked, {"version": row.version}).status_code == 302
    assert ChangeNotice.objects.get().agency == town.requester.agency
