"""Machine clients: a secret shown once, tokens from the real endpoint, and the gateway's own look-up."""

import base64
import datetime as dt

import pytest
from allauth.idp.oidc.models import Client as Registration
from allauth.idp.oidc.models import Token
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test import Client as Caller
from django.test import RequestFactory

from tests.factories.agencies import OPERATOR, a_client, an_agency
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person
from yitong.base.access.api import NotAllowed
from yitong.base.identity import queries
from yitong.base.identity.clients import IssuedClient, issue_client, purge_expired, revoke_client
from yitong.base.identity.errors import (
    ClientIsRevoked,
    ClientNameTaken,
    ScopeUnknown,
    UnknownClient,
)
from yitong.base.identity.provider import ProviderAdapter
from yitong.base.identity.tokens import HOLDER_STATEMENT, token_facts
from yitong.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]

TOKEN, REVOKE = "/identity/o/api/token", "/identity/o/api/revoke"


def ask(client_id: str, secret: str, **more: str):
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return Caller().post(
        TOKEN, {"grant_type": "client_credentials", **more}, HTTP_AUTHORIZATION=f"Basic {basic}"
    )


def token_of(issued: IssuedClient) -> str:
    answer = ask(issued.client_id, issued.secret)
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


def facts_of(token: str):
    with connection.cursor() as cursor:
        return token_facts(cursor, token)


def test_a_client_gets_a_token_that_the_gateway_knows():
    ministry = an_agency("国家税务总局", kind="条", region="")
    agency = an_agency(line=ministry.code)
    issued = a_client(agency)
    answer = ask(issued.client_id, issued.secret).json()
    assert (answer["token_type"], answer["scope"], answer["expires_in"]) == (
        "Bearer", "exchange", 3600,
    )  # fmt: skip
    facts = facts_of(answer["access_token"])
    assert (facts.client_id, facts.agency_code, facts.scopes) == (
        issued.client_id, agency.code, ("exchange",),
    )  # fmt: skip
    assert dt.timedelta(minutes=59) < facts.expires_at - clock.now() <= dt.timedelta(hours=1)
    assert facts.actor() == queries.client_actor(issued.client_id)
    assert (facts.actor().kind, facts.actor().line) == ("client", ministry.code)


def test_the_secret_may_come_in_the_body_too():
    issued = a_client()
    answer = Caller().post(
        TOKEN,
        {
            "grant_type": "client_credentials",
            "client_id": issued.client_id,
            "client_secret": issued.secret,
        },
    )
    assert answer.status_code == 200


def test_a_wrong_secret_or_client_gets_nothing():
    issued = a_client()
    for client_id, secret in (
        (issued.client_id, "x"),
        (issued.client_id, ""),
        (issued.client_id, issued.secret + "x"),
        ("nobody", issued.secret),
        ("nobody'", "'; drop table identity_client; --"),
    ):
        answer = ask(client_id, secret)
        assert answer.status_code == 401
        assert answer.json()["error"] == "invalid_client"
    assert not Token.objects.exists()


def test_what_no_database_could_store_is_refused():
    assert ask("a\x00b", "secret").status_code == 400
    for path in (TOKEN, REVOKE):
        assert Caller().post(path, {"client_id": "a\x00", "token": "\x00"}).status_code == 400
    assert Caller().post(TOKEN, HTTP_AUTHORIZATION="Basic \x00====").status_code in {400, 401}


def test_no_other_grant_and_no_other_scope_is_given():
    issued = a_client()
    assert ask(issued.client_id, issued.secret, scope="openid").status_code == 400
    answer = ask(issued.client_id, issued.secret, grant_type="password", username="a", password="b")
    assert answer.status_code == 400
    assert not Token.objects.exists()


def test_the_secret_is_shown_once_and_hashed_fast():
    issued = a_client()
    assert issued.secret not in repr(issued)
    stored = Registration.objects.get(pk=issued.client_id).secret
    assert stored.startswith("random_secret_sha256$")
    assert issued.secret not in stored
    assert check_password(issued.secret, stored)
    assert not check_password(issued.secret + "x", stored)


def test_a_token_ends_at_its_hour_and_only_its_digest_is_stored():
    token = token_of(a_client())
    with clock.frozen(clock.now() + dt.timedelta(hours=1, seconds=1)):
        assert facts_of(token) is None
    assert token not in str(Token.objects.values_list("hash", "data").get())


@pytest.mark.parametrize("token", ["", "x", "\x00", "' or 1=1 --", "\ud800", "令牌", "a" * 10000])
def test_an_unknown_token_belongs_to_nobody(token):
    assert facts_of(token) is None


def test_revoking_a_client_ends_its_tokens_at_once():
    issued = a_client(agency := an_agency())
    token = token_of(issued)
    revoke_client(by=OPERATOR, client_id=issued.client_id)
    assert facts_of(token) is None
    assert ask(issued.client_id, issued.secret).status_code == 401
    for again in (
        lambda: revoke_client(by=OPERATOR, client_id=issued.client_id),
        lambda: queries.client_actor(issued.client_id),
    ):
        with pytest.raises(ClientIsRevoked):
            again()
    assert a_client(agency).client_id != issued.client_id, "the name is free again"


def test_a_client_may_give_its_own_token_back():
    issued = a_client()
    token = token_of(issued)
    answer = Caller().post(
        REVOKE,
        {"token": token, "client_id": issued.client_id, "client_secret": issued.secret},
    )
    assert answer.status_code == 200
    assert facts_of(token) is None


def test_an_unknown_client_is_refused():
    with pytest.raises(UnknownClient):
        revoke_client(by=OPERATOR, client_id="nobody")
    with pytest.raises(UnknownClient):
        queries.client_actor("nobody")


def test_an_agency_has_one_active_client_a_name():
    agency = an_agency()
    a_client(agency, "社保系统")
    with pytest.raises(ClientNameTaken):
        a_client(agency, "社保系统")


def test_a_client_may_not_issue_clients():
    issued = a_client(agency := an_agency())
    with pytest.raises(NotAllowed):
        issue_client(by=queries.client_actor(issued.client_id), agency=agency, name="另一个")


def test_the_gateways_look_up_goes_by_indexes_alone():
    agency = an_agency()
    registrations = [
        Registration(pk=f"other{number}", name="other", secret="x") for number in range(2000)
    ]
    Registration.objects.bulk_create(registrations)
    Token.objects.bulk_create(
        Token(type="at", hash=f"{number:064d}", client=registrations[number], scopes="exchange")
        for number in range(2000)
    )
    token_of(a_client(agency))
    with connection.cursor() as cursor:
        cursor.execute("analyze allauth_idp_oidc_token")
        cursor.execute("explain " + HOLDER_STATEMENT, ("0" * 64, clock.now()))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on allauth_idp_oidc_token" not in plan
    assert "Index Scan" in plan


def test_what_is_announced_is_what_there_is():
    announced = Caller().get("/.well-known/oauth-authorization-server").json()
    assert announced["token_endpoint"] == "http://testserver" + TOKEN
    assert announced["grant_types_supported"] == ["authorization_code", "client_credentials"]
    assert announced["token_endpoint_auth_methods_supported"] == [
        "client_secret_basic",
        "client_secret_post",
    ]
    assert announced["subject_types_supported"] == ["pairwise"]
    assert Caller().get("/.well-known/openid-configuration").json() == announced
    for offered in ("device/code", "device", "logout", "api/introspect", "api/clients"):
        assert Caller().get(f"/identity/o/{offered}").status_code == 404


def test_two_systems_know_one_person_under_two_names():
    account = a_person(2).account
    adapter = ProviderAdapter(RequestFactory().get("/"))
    one, two = (Registration(pk=name) for name in ("one", "two"))
    assert adapter.get_user_sub(one, account) == adapter.get_user_sub(one, account)
    assert adapter.get_user_sub(one, account) != adapter.get_user_sub(two, account)


def test_what_is_over_is_forgotten():
    issued = a_client()
    token_of(issued)
    with clock.frozen(clock.now() + dt.timedelta(hours=2)):
        purge_expired(by=OPERATOR)
    assert not Token.objects.exists()
    assert token_of(issued)


def test_a_client_has_the_scopes_it_was_given_and_a_token_no_more_than_it_asked_for():
    issued = issue_client(
        by=OPERATOR, agency=an_agency(), name="编目系统", scopes=("catalogue", "claims")
    )
    whole = facts_of(token_of(issued))
    assert whole is not None
    assert set(whole.scopes) == {"catalogue", "claims"}
    assert whole.actor().roles == {"scope:catalogue", "scope:claims"}
    narrow = facts_of(ask(issued.client_id, issued.secret, scope="claims").json()["access_token"])
    assert narrow is not None
    assert narrow.scopes == ("claims",)
    assert ask(issued.client_id, issued.secret, scope="exchange").status_code == 400


def test_a_scope_that_there_is_not_is_refused():
    with pytest.raises(ScopeUnknown, match="everything"):
        issue_client(by=OPERATOR, agency=an_agency(), name="贪心系统", scopes=("everything",))
