"""Another system of the city lets people log in through the node, with a client library that we did not write.

Authlib is used as its own documentation says, against a live server: discovery, authorization code with PKCE, the
token, the signed ID token, user info.
"""

import base64
import datetime as dt
import html
import re
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import pytest
from authlib.integrations.requests_client import OAuth2Session
from django.db import connection
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person
from yitong.base.identity import signing
from yitong.base.identity.api import actor_for, clients, delegations
from yitong.base.identity.delegations import Wish
from yitong.base.identity.log_in_errors import InvalidRedirect
from yitong.base.identity.models import SigningKey
from yitong.base.identity.signing import ensure_signing_key, private_keys
from yitong.kernel import clock

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

BACK = "https://parking.example/callback"


# A real key, made once: a third of a second each time would be most of what these tests take.
_pem = cache(signing._fresh_pem)


@pytest.fixture(autouse=True)
def signing_key(node_keys, monkeypatch):  # noqa: F811 - the fixture
    monkeypatch.setattr(signing, "_fresh_pem", _pem)
    ensure_signing_key(by=OPERATOR)


@pytest.fixture
def system():
    return clients.issue_log_in(
        by=OPERATOR, agency=an_agency("澜宁市公安局交警支队"), name="停车系统", addresses=[BACK]
    )


class Relying:
    """The other system: Authlib's session, configured from discovery alone."""

    def __init__(self, site, system, scope="openid profile"):
        import requests

        self.http = requests.Session()
        self.http.trust_env = False
        self.known = self.http.get(f"{site}/.well-known/openid-configuration").json()
        self.session = OAuth2Session(
            system.client_id,
            system.secret,
            scope=scope,
            redirect_uri=BACK,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",
        )
        self.session.trust_env = False
        self.verifier = "v" * 64
        self.nonce = "n-0S6_WzA2Mj"

    def way_there(self, **more):
        address, _state = self.session.create_authorization_url(
            self.known["authorization_endpoint"],
            code_verifier=self.verifier,
            nonce=self.nonce,
            **more,
        )
        parts = urlsplit(address)
        return f"{parts.path}?{parts.query}"

    def come_back(self, address, **more):
        token = self.session.fetch_token(
            self.known["token_endpoint"],
            authorization_response=address,
            **{"code_verifier": self.verifier, **more},
        )
        keys = KeySet.import_key_set(self.http.get(self.known["jwks_uri"]).json())
        claims = jwt.decode(token["id_token"], keys).claims
        registry = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.known["issuer"]},
            aud={"essential": True, "value": self.session.client_id},
            nonce={"essential": True, "value": self.nonce},
        )
        registry.validate(claims)
        return token, claims

    def userinfo(self):
        return self.session.get(self.known["userinfo_endpoint"]).json()


def consent(browser, way, action="grant"):
    """What a person does on the page that asks; the address to which the browser is sent then."""
    page = browser.get(way)
    assert page.status_code == 200, page.content.decode()[:500]
    text = page.content.decode()
    signed = html.unescape(re.search(r'name="request" value="([^"]+)"', text)[1])
    fields = {"request": signed, "action": action, "scopes": ["openid", "profile"]}
    answer = browser.post("/identity/o/authorize", fields)
    assert answer.status_code == 302
    return answer["Location"]


def at_host(browser, site):
    """The same host for pages as for the client library: the issuer is the address."""
    browser.defaults["SERVER_NAME"], browser.defaults["SERVER_PORT"] = site[7:].split(":")
    return browser


def test_a_foreign_library_logs_a_citizen_in_unchanged(site, system):
    person = a_person(2, name="林小禾")
    relying = Relying(site, system)
    browser = at_host(log_in(person.account.username), site)
    token, claims = relying.come_back(consent(browser, relying.way_there()))
    assert claims["acr"] == "urn:yitong:lvl:3"
    assert claims["subject_type"] == "natural"
    assert claims["name"] == "林*禾"
    assert "act" not in claims
    info = relying.userinfo()
    assert info["sub"] == claims["sub"]
    assert info["name"] == "林*禾"
    everything = f"{token} {claims} {info}"
    assert person.number not in everything
    assert person.phone not in everything
    assert "refresh_token" not in token
    with connection.cursor() as cursor:
        cursor.execute("select facts::text from ledger_entry where event = 'identity.signed_in_to'")
        assert cursor.fetchall() == [(f'{{"level": 3, "client": "{system.client_id}"}}',)]


@pytest.mark.slow
def test_two_systems_cannot_tell_that_they_serve_the_same_person(site, system):
    other = clients.issue_log_in(by=OPERATOR, agency=an_agency(), name="图书馆", addresses=[BACK])
    person = a_person(2)
    subs = set()
    for each in (system, other, system):
        relying = Relying(site, each)
        browser = at_host(log_in(person.account.username), site)
        subs.add(relying.come_back(consent(browser, relying.way_there()))[1]["sub"])
    assert len(subs) == 2


@pytest.mark.slow
def test_who_acts_for_another_is_said_with_both_pseudonyms(site, system):
    mother, daughter = a_person(2, name="林小禾"), a_person(3, name="周晓晴")
    wish = Wish(daughter.number, daughter.name, frozenset({"apply"}), clock.today())
    acting = delegations.give_delegation(
        by=actor_for(mother.account), principal=mother.account, wish=wish
    )
    relying = Relying(site, system)
    own = at_host(log_in(mother.account.username), site)
    mothers = relying.come_back(consent(own, relying.way_there()))[1]["sub"]

    relying = Relying(site, system)
    browser = at_host(log_in(daughter.account.username), site)
    daughters = relying.come_back(consent(browser, relying.way_there()))[1]["sub"]
    relying = Relying(site, system)
    browser.post("/my/acting/", {"key": acting.key})
    _token, claims = relying.come_back(consent(browser, relying.way_there()))
    assert (claims["sub"], claims["act"]) == (mothers, {"sub": daughters})
    assert relying.userinfo()["act"] == {"sub": daughters}
    assert claims["name"] == "林*禾"

    delegations.end_delegation(by=actor_for(mother.account), account=mother.account, key=acting.key)
    assert "sub" not in relying.userinfo()


@pytest.mark.slow
def test_staff_are_known_by_agency_and_post(site, system):
    post = a_post(an_agency("澜宁市民政局"), "clerk")
    account = staff(post)
    relying = Relying(site, system)
    claims = relying.come_back(
        consent(at_host(log_in(account.username), site), relying.way_there())
    )[1]
    assert claims["agencies"] == [post.agency.code]
    assert claims["posts"] == [post.key]


def test_a_code_is_good_once_and_only_with_its_verifier(site, system):
    browser = at_host(log_in(a_person(2).account.username), site)
    relying = Relying(site, system)
    back = consent(browser, relying.way_there())
    with pytest.raises(Exception, match="invalid_grant"):
        relying.come_back(back, code_verifier="w" * 64)
    back = consent(browser, relying.way_there())
    relying.come_back(back)
    with pytest.raises(Exception, match="invalid_grant"):
        relying.come_back(back)


def test_without_pkce_or_with_another_address_it_does_not_go_on(site, system):
    browser = at_host(log_in(a_person(2).account.username), site)
    way = Relying(site, system).way_there()
    plain = re.sub(r"&code_challenge(_method)?=[^&]+", "", way)
    refused = browser.get(plain)
    assert refused.status_code == 400
    assert "PKCE" in refused.content.decode()
    elsewhere = browser.get(way.replace("parking.example", "evil.example"))
    assert "Location" not in elsewhere
    assert "登录请求不对" in elsewhere.content.decode()


def test_who_does_not_agree_is_sent_back_with_nothing(site, system):
    browser = at_host(log_in(a_person(2).account.username), site)
    back = consent(browser, Relying(site, system).way_there(), action="cancel")
    assert dict(parse_qsl(urlsplit(back).query))["error"] == "access_denied"


def test_a_system_that_needs_more_sends_the_person_to_the_sign_on_service(site, system):
    browser = at_host(log_in(a_person(2).account.username), site)
    answer = browser.get(Relying(site, system).way_there(acr_values="urn:yitong:lvl:4"))
    assert answer.status_code == 302
    assert answer.url.startswith("/account/sign-on/?level=4&next=")


def test_the_page_that_asks_may_lead_back_to_the_system_and_nowhere_else(site, system):
    browser = at_host(log_in(a_person(2).account.username), site)
    page = browser.get(Relying(site, system).way_there())
    policy = page.headers["Content-Security-Policy"]
    assert "form-action 'self' https://parking.example;" in policy
    assert "script-src 'self';" in policy
    assert "form-action 'self';" in browser.get("/help/").headers["Content-Security-Policy"]


@pytest.mark.slow
def test_a_persons_token_reads_no_shared_data(site, system):
    """The gateway's tokens are the machines' own; a log-in gives none."""
    browser = at_host(log_in(a_person(2).account.username), site)
    relying = Relying(site, system)
    token, _claims = relying.come_back(consent(browser, relying.way_there()))
    with connection.cursor() as cursor:
        assert clients.token_facts(cursor, token["access_token"]) is None
    secret = base64.b64encode(f"{system.client_id}:{system.secret}".encode()).decode()
    answer = browser.post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {secret}"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "address",
    ["http://parking.example/", "https://*.example/", "javascript:alert(1)", "https://a/#b", ""],
)
@pytest.mark.slow
def test_people_are_sent_back_only_to_plain_addresses(address):
    with pytest.raises(InvalidRedirect):
        clients.issue_log_in(by=OPERATOR, agency=an_agency(), name="x", addresses=[address])


def test_signing_keys_are_published_before_they_sign_and_sealed_where_they_lie():
    assert not ensure_signing_key(by=OPERATOR)
    with clock.frozen(clock.now() + dt.timedelta(days=340)):
        assert ensure_signing_key(by=OPERATOR)
        assert len(list(private_keys())) == 2
    assert b"PRIVATE KEY" not in b"".join(bytes(row.sealed) for row in SigningKey.objects.all())
