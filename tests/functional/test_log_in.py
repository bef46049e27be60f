"""Log-in, devices, delegation and administration in a real browser, with a passkey of Chromium's virtual authenticator."""

import pytest
from django.db import connection

from tests.factories.agencies import OPERATOR, a_post, an_agency, named, staff
from tests.factories.authenticators import code_of, with_authenticator
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.pages import MODES, SEEN, assert_passes
from tests.factories.persons import a_person
from yitong.base.identity.api import actor_for, clients, delegations, devices
from yitong.base.identity.delegations import Wish
from yitong.base.identity.signing import ensure_signing_key
from yitong.kernel import clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
]

PASSWORD = "澜江大道上的石桥 1987"
CONSENT = (
    "/identity/o/authorize?client_id={client}&response_type=code&scope=openid+profile&state=s"
    "&redirect_uri=https%3A%2F%2Fparking.example%2Fback&code_challenge_method=S256"
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)


@pytest.fixture
def address(site):
    """Passkeys belong to a name, and the machine's own is the only one that needs no certificate."""
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def here(address):
    return address


def with_passkeys(page, **more):
    """A device that keeps passkeys and says yes, as a finger would."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        **more,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def fill_password(page, here, username):
    page.goto(f"{here}/account/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/account/login/'] button")


def test_a_passkey_is_made_logs_in_without_a_password_and_is_worth_nothing_once_removed(
    visit, here
):
    member = staff(a_post(an_agency("澜宁市民政局"), "clerk"), password=PASSWORD)
    page = visit()
    device, _authenticator = with_passkeys(page)
    fill_password(page, here, member.username)
    page.goto(f"{here}/bureau/")
    assert page.is_visible("text=请先添加第二因素")

    page.click("text=添加通行密钥")
    page.fill("[name=name]", "办公室电脑")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/account/devices/codes/")
    assert page.locator(".codes li").count() == 10
    page.click("text=我已保存")
    assert page.is_visible("text=办公室电脑")

    page.goto(f"{here}/help/")
    page.click(".person-menu summary")
    page.click("text=退出")
    page.goto(f"{here}/account/login/?next=/account/devices/")
    page.click("text=用通行密钥登录")
    page.wait_for_selector("text=就是这里")

    # Removed elsewhere: the device still has its key, and it opens nothing.
    with_authenticator(member)  # staff keep one second factor
    passkey = devices.factors_of(member).get(type="webauthn")
    devices.remove_factor(by=actor_for(member), account=member, number=passkey.pk, session="")
    page.goto(f"{here}/account/login/")
    page.click("text=用通行密钥登录")
    page.wait_for_selector("text=验证没有通过")
    assert not page.is_visible("text=就是这里")
    assert kinds_of("factor_removed") == kinds_of("factor_refused") == ["webauthn"]
    device.detach()


def kinds_of(event):
    """Which factors an event was recorded about."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select facts->>'kind' from ledger_entry where event = %s order by id",
            [f"identity.{event}"],
        )
        return [kind for (kind,) in cursor.fetchall()]


def test_a_passkey_may_be_the_second_step_and_the_authenticator_by_hand(visit, here):
    member = staff(a_post(role="clerk"), password=PASSWORD)
    page = visit()
    with_passkeys(page)
    fill_password(page, here, member.username)
    page.goto(f"{here}/account/devices/authenticator/")
    secret = page.inner_text(".summary code").replace(" ", "")
    assert page.locator("img.scan").evaluate("image => image.naturalWidth") > 0
    page.fill("[name=code]", code_of(secret, still=10))
    page.click("main button[type=submit]")
    page.wait_for_url("**/account/devices/codes/")
    page.goto(f"{here}/account/devices/passkey/")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/account/devices/")

    page.context.clear_cookies()
    fill_password(page, here, member.username)
    assert page.is_visible("text=第二步验证")
    page.click("text=用通行密钥登录")
    page.wait_for_url(f"{here}/")


def test_a_device_that_says_no_is_told_about_in_words(visit, here):
    page = visit()
    with_passkeys(page, isUserVerified=False)
    page.goto(f"{here}/account/login/")
    page.click("text=用通行密钥登录")
    page.wait_for_selector("text=没有用成通行密钥")
    assert page.evaluate("document.activeElement.hasAttribute('data-passkey-failed')")


def test_without_a_script_the_password_form_stands_alone(chromium, here):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{here}/account/login/")
    assert page.is_visible("[name=password]")
    assert not page.is_visible("text=用通行密钥登录")
    context.close()


def furnished():
    """Somebody who acts, somebody for whom, an agency with its administrator and a counter."""
    agency = an_agency("澜宁市民政局")
    chief = staff(a_post(agency, "agency_admin"))
    post = a_post(agency, "dept_head")
    holder = named(staff(post), 921)
    officer = named(staff(a_post(agency, "clerk")), 922)
    a_post(agency, "secrecy")
    mother, daughter = a_person(2, name="林小禾"), a_person(3, name="周晓晴")
    wish = Wish(daughter.number, daughter.name, frozenset({"apply", "view"}), clock.today())
    acting = delegations.give_delegation(
        by=actor_for(mother.account), principal=mother.account, wish=wish
    )
    ensure_signing_key(by=OPERATOR)
    system = clients.issue_log_in(
        by=OPERATOR, agency=agency, name="停车系统", addresses=["https://parking.example/back"]
    )
    return chief, post, holder, officer, mother, daughter, acting, system


def look(page, here, path, mode, name):
    page.goto(here + path)
    assert_passes(page, name, mode)


@pytest.mark.parametrize("mode", SEEN)
def test_pages_fit_and_pass_axe(visit, here, mode, settings):
    chief, post, holder, officer, mother, daughter, acting, system = furnished()
    settings.SIGN_ON = {"adapter": "x", "address_there": "x"}
    cookies = MODES[mode]

    look(visit(cookies=cookies), here, "/account/login/", mode, "login")
    settings.SIGN_ON = {}
    page = visit(mother.account, cookies=cookies, level=4)
    for word, path in (
        ("devices", "/account/devices/"),
        ("give", "/my/delegations/new/"),
        ("given", "/my/delegations/"),
        ("end", f"/my/delegations/{acting.key}/end/"),
        ("mine", "/my/"),
        (
            "consent",
            CONSENT.format(client=system.client_id),
        ),
    ):
        look(page, here, path, mode, word)
    page = visit(daughter.account, cookies=cookies, level=3)
    page.goto(f"{here}/my/delegations/")
    page.locator("main .entry-foot button").first.click()
    look(page, here, "/my/delegations/", mode, "acting")
    look(page, here, "/my/footprint/", mode, "oneself")
    page = visit(mother.account, cookies=cookies, level=3)
    look(page, here, "/my/delegations/new/", mode, "stepup")
    page = visit(chief, cookies=cookies, level=4)
    for word, path in (
        ("posts", "/administration/posts/"),
        ("post", f"/administration/posts/{post.pk}/"),
        ("leave", f"/administration/posts/{post.pk}/leave/"),
        ("appointments", "/administration/appointments/"),
        ("agencies", "/administration/agencies/"),
        ("accounts", "/administration/accounts/"),
        ("account", f"/administration/accounts/{holder.pk}/"),
        ("reset", f"/administration/accounts/{holder.pk}/reset/"),
        ("newpost", "/administration/posts/new/"),
    ):
        look(page, here, path, mode, word)
    look(
        visit(officer, cookies=cookies, level=4), here, "/administration/counter/", mode, "counter"
    )
