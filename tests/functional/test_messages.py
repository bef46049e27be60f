"""消息 in a real browser: every page in every mode, on a phone and at a desk; read without a script and by keyboard."""

import pytest

from tests.factories.agencies import a_post, an_agency, staff
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.messages import (
    PLAIN,
    TOLD,
    URGENT,
    a_reader,
    mail,  # noqa: F401
    tell,
    templates,  # noqa: F401
)
from tests.factories.pages import MODES, PHONE, SEEN, assert_axe_finds_nothing, assert_passes
from yitong.base.identity.api import actor_for
from yitong.base.identity.contacts import set_contact
from yitong.base.messages import actions
from yitong.base.messages.actions import Recipient
from yitong.base.messages.messages import CONTACT_CHANGED
from yitong.base.messages.models import Delivery, Message
from yitong.base.messages.queries import unread_count
from yitong.kernel import clock
from yitong.kernel.declare import About

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys", "templates"),
]


@pytest.fixture
def lin(node_keys, templates):  # noqa: F811
    """A citizen with messages: read and erased since, unread, urgent with a way to its matter."""
    someone, by = a_reader()
    agency = an_agency("澜宁市民政局").code
    read = tell(by, "read", template=TOLD, agency=agency, number=1, matter="PER-42")
    actions.mark_read(by=by, messages=[read])
    Message.objects.filter(pk=read).update(
        facts={}, about_type="", about_key="", erased_at=clock.now()
    )
    for number in range(9):
        tell(by, f"k{number}", template=TOLD, agency=agency, number=number + 2, matter="DSR-21b")
    own = About("account", by.account.removeprefix("account:"))
    tell(by, "urgent", template=CONTACT_CHANGED, about=own)
    return someone, by


@pytest.fixture
def officer(node_keys, templates, mail):  # noqa: F811
    """An official with messages to the account and to the post, whose agency has sent some."""
    _, reader = a_reader(4)
    agency = an_agency("澜宁市教育局")
    post = a_post(agency, "clerk")
    account = staff(post)
    by = actor_for(account)
    set_contact(by=by, account=by.account, mail="clerk@example.cn", phone="")
    tell(post.key, "p", template=TOLD, agency=agency.code, number=7, matter="DSR-21b")
    tell(by, "u", template=URGENT)
    for number, state in enumerate(("queued", "given_up", "withdrawn", "failed")):
        sent = actions.send(
            by=by, to=Recipient(account=reader.account), template=PLAIN, facts={},
            about=About("tests", "1"), key=f"s{number}",
        )  # fmt: skip
        reason = {"given_up": "uncertain", "failed": "unreachable", "withdrawn": "already_read"}
        Delivery.objects.filter(message_id=sent).update(
            state=state, reason=reason.get(state, ""), attempts=number
        )
    return account


def check(page, site, mode, paths):
    for path in paths:
        page.goto(site + path)
        assert_passes(page, path, mode)


@pytest.mark.parametrize("mode", SEEN)
def test_a_citizens_pages_fit_and_pass_axe(visit, site, lin, mode):
    page = visit(lin[0].account, PHONE, MODES[mode])
    check(
        page,
        site,
        mode,
        ("/my/messages/", "/my/messages/?page=2", "/messages/settings/", "/my/"),
    )
    page.goto(f"{site}/messages/settings/")
    page.fill("#contact_mail", "no mail")
    page.click("form[action='/messages/contact/'] button")
    assert_axe_finds_nothing(page, page.url)


@pytest.mark.parametrize("mode", SEEN)
def test_an_officials_pages_fit_and_pass_axe(visit, site, officer, mode):
    page = visit(officer, PHONE, MODES[mode])
    check(
        page, site, mode,
        ("/bureau/messages/", "/bureau/messages/sent/", "/bureau/messages/sent/?state=delivered"),
    )  # fmt: skip


def test_a_message_is_read_and_marked_without_a_script(visit, site, lin):
    someone, by = lin
    page = visit(someone.account, PHONE, java_script_enabled=False)
    page.goto(f"{site}/messages/")
    assert page.url.endswith("/my/messages/")
    assert page.is_visible("text=您账号的邮箱或者电话刚刚改过。")
    page.click("article:has-text('您账号的邮箱') button")
    assert unread_count(by) == 9
    page.select_option("[name=show]", "unread")
    page.click(".filters button")
    assert page.locator("article").count() == 9
    page.click("button:has-text('全部标为已读')")
    assert page.is_visible("text=都读过了")
    assert unread_count(by) == 0


def test_a_message_leads_to_its_matter(visit, site, lin):
    page = visit(lin[0].account, PHONE, java_script_enabled=False)
    page.goto(f"{site}/my/messages/")
    assert page.locator("text=去看这件事").count() == 1
    page.click("article:has-text('您账号的邮箱') a:has-text('去看这件事')")
    assert page.url.endswith("/messages/settings/")
    page.goto(f"{site}/my/messages/?page=2")
    assert page.is_visible("text=这条消息的内容已按保存期限删除")


def test_the_keyboard_reaches_every_mark(visit, site, lin):
    someone, by = lin
    page = visit(someone.account)
    page.goto(f"{site}/my/messages/")
    page.focus("article >> nth=0 >> button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert unread_count(by) == 9


def test_targets_are_large_enough_for_a_thumb(visit, site, lin):
    page = visit(lin[0].account, PHONE)
    for path in ("/my/messages/", "/messages/settings/"):
        page.goto(site + path)
        small = page.evaluate(
            """[...document.querySelectorAll('main button, main .links a, main .button, main select')]
               .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44)
               .map(e => e.outerHTML)"""
        )
        assert not small, path
