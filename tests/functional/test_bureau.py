"""The data bureau in a real browser: every page in every mode at a desk and on a phone, and one act by keyboard."""

from dataclasses import replace

import pytest

from tests.factories.catalogue import people_entry
from tests.factories.grants import an_order
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_draft, assess, officer
from tests.factories.pages import MODES, PHONE, SEEN, assert_passes
from tests.factories.persons import number_of
from tests.factories.shared_people import shared_people
from yitong.base.ledger.api import sequence_all
from yitong.data.catalogue.api import amend, procedure
from yitong.data.catalogue.models import ChangeNotice
from yitong.data.exchange.api import shut_down
from yitong.data.sharing.actions import approve_request, request_share

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("people"),
]


@pytest.fixture
def people(tmp_path):
    yield shared_people(tmp_path)
    shut_down()


def asked_for(people, **more):
    """A request that waits for its answer."""
    town = people.town
    order = an_order(
        town, people.resource, purpose="household-means", masks={"姓名": "none"}, **more
    )
    row = request_share(order=order, by=town.requester.contact)
    approve_request(request_id=row.pk, by=town.requester.sharing_head)
    return row.pk


@pytest.mark.parametrize("mode", SEEN)
def test_pages_fit_and_pass_axe(visit, site, people, mode):
    people.call("890102199203150020")
    page = visit(people.town.provider.sharing_head, PHONE, MODES[mode])
    entry = f"/bureau/catalogue/{people.resource.pk}/"
    paths = [
        f"{entry}{tab}" for tab in ("", "fields/", "conditions/", "quality/", "users/", "history/")
    ]
    paths += ["/bureau/catalogue/", "/bureau/catalogue/?q=气象", f"{entry}act/retire/"]
    paths += [f"/bureau/grants/{people.grant.pk}/end/"]
    asked = asked_for(people)
    paths += ["/bureau/requests/", *(f"/bureau/requests/{asked}/{act}" for act in ("", "refuse/"))]
    for path in paths:
        page.goto(site + path)
        assert_passes(page, path, mode)


def revised(people):
    """A revision without an item that another agency is given, another masked; who loses is told."""
    town, row = people.town, people.resource
    content = row.versions.get(number=1).entry
    kept = [f for f in content.fields if f.name != "xm"]
    fields = tuple(replace(f, mask="hidden") if f.name == "zt" else f for f in kept)
    changed = replace(content, fields=fields, update_cycle="monthly")
    amend(code=row.code, proposal=changed, reason="不再收集姓名", by=town.provider.contact)
    procedure.submit(code=row.code, by=town.provider.contact)
    return ChangeNotice.objects.get().pk


@pytest.mark.parametrize("mode", SEEN)
def test_versions_notices_and_the_whole_life_fit_and_pass_axe(visit, site, people, mode):
    for number in (3, 4, 900):
        people.call(number_of(number))
    notice = revised(people)
    sequence_all()
    entry = f"/bureau/catalogue/{people.resource.pk}/"
    auditor = officer(people.town.provider.agency, "auditor")
    seen = {
        people.town.requester.sharing_head: (f"{entry}versions/", f"/bureau/notices/{notice}/"),
        auditor: (f"{entry}life/", f"{entry}life/?kind=assessment&year=1999"),
    }
    for actor, paths in seen.items():
        page = visit(actor, PHONE, MODES[mode])
        for path in paths:
            page.goto(site + path)
            assert_passes(page, path, mode)
    page.goto(f"{site}{entry}life/")
    page.click("#uses a")
    assert page.is_visible("td a[download]")
    assert_passes(page, f"{entry}life/uses/", mode)


def test_an_approval_is_read_checked_and_signed(visit, site, people):
    row = a_draft(people.town, people_entry("临时救助对象"))
    assess(people.town, row.code)
    page = visit(people.town.provider.contact)
    page.goto(f"{site}/bureau/catalogue/{row.pk}/")
    page.click("text=报部门负责人审核")
    assert page.is_visible("h1:has-text('报部门负责人审核？')")
    page.click("button.button-primary")
    assert page.is_visible("text=已报部门负责人审核")
    head = visit(people.town.provider.head)
    head.goto(f"{site}/bureau/catalogue/{row.pk}/act/send_back/")
    head.focus("button.button-primary, button.button-secondary")
    head.click("main form button[type=submit]")
    assert head.title().startswith("错误：")
    assert head.evaluate("document.activeElement.id") == "problems"
    head.fill("[name=reason]", "写明更新频率的依据")
    head.click("main form button[type=submit]")
    assert head.is_visible("text=已退回")


@pytest.fixture
def ruled(tmp_path):
    yield shared_people(tmp_path, row_rule="rq >= date '2026-01-15' and lxdh is not null")
    shut_down()


@pytest.mark.furnished("town")
@pytest.mark.parametrize("mode", SEEN)
def test_a_row_rule_is_tried_mended_and_told_of_one_person(visit, site, ruled, mode):
    page = visit(ruled.town.provider.sharing_head, PHONE, MODES[mode])
    page.goto(f"{site}/bureau/catalogue/{ruled.resource.pk}/row-rule/")
    page.fill("[name=rule]", "zt = '在保' and age(rq) >= 80 and nl > 3")
    page.click("[name=act][value=explain]")
    assert page.evaluate("document.activeElement.id") == "problems"
    assert_passes(page, "row rule at fault", mode)
    page.fill("[name=rule]", "zt = '在保' and rq >= date '2026-01-15'")
    page.click("[name=act][value=explain]")
    assert page.is_visible(".figure-value:text-is('8')")
    assert_passes(page, "row rule tried", mode)
    page.goto(f"{site}/bureau/grants/{ruled.grant.pk}/row-rule/")
    page.fill("[name=key]", number_of(2))
    page.check("[name=purpose][value=person-asks]")
    page.click("[name=act][value=judge]")
    assert page.is_visible(".panel .status-refused")
    assert_passes(page, "row rule of one person", mode)
    asked = asked_for(ruled, row_rule="zt = '在保'")
    page.goto(f"{site}/bureau/requests/{asked}/agree/")
    assert_passes(page, "request", mode)
    page.goto(f"{site}/bureau/catalogue/{ruled.resource.pk}/users/")
    assert_passes(page, "users with a rule", mode)
