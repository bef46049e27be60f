"""A message leads to its matter's page: for whoever may open it, and for nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.duties import a_bureau, a_duty, kinds_installed
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.messages import a_reader, tell, templates  # noqa: F401
from tests.factories.officers import a_draft, a_town
from tests.factories.persons import a_person
from yitong.base.duties.api import admonitions
from yitong.base.duties.expiry import expire_due
from yitong.base.identity.api import actor_for
from yitong.base.identity.models import Account
from yitong.base.messages.queries import inbox
from yitong.kernel import clock
from yitong.kernel.declare import About

pytestmark = [pytest.mark.usefixtures("node_keys", "templates"), pytest.mark.furnished("bureau")]


@pytest.fixture
def bureau():
    with kinds_installed():
        yield a_bureau()


def href(by, about: About) -> str:
    """Where a new message about this leads its reader."""
    tell(by, f"k/{about.type}/{about.key}", about=about)
    return inbox(by).messages[0].href


def browser_of(by):
    return log_in(Account.objects.get(pk=int(by.account.partition(":")[2])).username)


def test_a_duty_s_message_leads_to_the_duty_and_the_page_opens(bureau):
    duty = a_duty(bureau)
    tell(bureau.clerk.post, about=About("duty", str(duty.pk)))
    browser = browser_of(bureau.clerk)
    page = browser.get("/bureau/messages/").content.decode()
    assert f'href="/work/duties/{duty.pk}/"' in page
    assert "去看这件事" in page
    assert browser.get(f"/work/duties/{duty.pk}/").status_code == 200


def test_who_may_not_open_the_duty_has_no_link(bureau):
    about = About("duty", str(a_duty(bureau).pk))
    stranger = actor_for(staff(post := a_post(an_agency(), "clerk")), post.key)
    citizen = actor_for(a_person(5).account)
    for reader in (stranger, citizen):
        assert href(reader, about) == ""
    assert href(bureau.head, about) != ""


def test_what_has_no_page_or_is_no_number_has_no_link(bureau):
    for about in (About("region", "1"), About("duty", "x"), About("duty", "99999999")):
        assert href(bureau.clerk, about) == ""


def test_what_a_post_is_told_of_its_work_leads_to_its_work(bureau):
    about = About("post", bureau.clerk.post)
    assert href(bureau.clerk, about) == "/work/"
    assert href(bureau.colleague, about) == ""


def test_dates_that_were_counted_anew_lead_to_the_list_of_those_who_work(bureau):
    about = About("recount", "1")
    assert href(bureau.clerk, about) == "/work/"
    assert href(actor_for(a_person(5).account), about) == ""


def test_an_admonition_s_message_leads_both_agencies_to_it(bureau):
    duty = a_duty(bureau)
    with clock.frozen(duty.due_at):
        expire_due(by=OPERATOR)
    made = admonitions.propose(
        form="urge", duties=[duty.pk], ground="没有按期答复", by=bureau.reviewer
    )
    about = About("admonition", str(made.pk))
    for reader in (bureau.reviewer, bureau.clerk):
        assert href(reader, about) == f"/bureau/admonitions/{made.pk}/"
        assert browser_of(reader).get(f"/bureau/admonitions/{made.pk}/").status_code == 200
    assert href(bureau.mayor, about) == ""


@pytest.mark.furnished("town")
def test_a_draft_s_message_leads_its_owner_and_nobody_else():
    town = a_town()
    row = a_draft(town)
    about = About("resource", row.code)
    assert href(town.provider.contact, about) == f"/bureau/catalogue/{row.pk}/"
    assert href(town.requester.contact, about) == ""


def test_a_message_of_the_own_account_leads_to_its_settings():
    _, reader = a_reader()
    own = About("account", reader.account.removeprefix("account:"))
    assert href(reader, own) == "/messages/settings/"
    assert href(reader, About("account", "0")) == ""


def test_links_of_a_page_cost_no_query_a_message(bureau):
    duties = [a_duty(bureau) for _ in range(6)]

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            inbox(bureau.clerk)
        return len(asked)

    tell(bureau.clerk.post, "first", about=About("duty", str(duties[0].pk)))
    few = queries()
    for duty in duties[1:]:
        tell(bureau.clerk.post, f"k{duty.pk}", about=About("duty", str(duty.pk)))
    assert queries() == few
