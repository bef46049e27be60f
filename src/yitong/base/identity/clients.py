"""Machine clients: an agency's systems that call the node with client credentials (RFC 6749, 4.4)."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from allauth.idp.oidc.models import Client as Registration
from allauth.idp.oidc.models import Token
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction

from yitong.base.access.api import Thing, require
from yitong.base.identity import events
from yitong.base.identity.errors import (
    ClientIsRevoked,
    ClientNameTaken,
    ScopeUnknown,
    UnknownClient,
)
from yitong.base.identity.log_in_errors import InvalidRedirect
from yitong.base.identity.models import Agency, Client, SpentAssertion
from yitong.base.identity.queries import client_actor
from yitong.base.identity.rules import ClientKind, ClientState, is_redirect
from yitong.base.identity.secret import SECRET_BYTES, RandomSecretHasher
from yitong.base.identity.signing import ensure_signing_key
from yitong.base.identity.tokens import READING, token_facts
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

SCOPE = READING
# What a system may be given beside the governed read; each is a power over the own agency's matters only.
API_SCOPES = ("catalogue", "sharing", "claims")
# What a system into which people log in may ask for: who somebody is to it, and no more than a masked name.
LOG_IN_SCOPES = ("openid", "profile")
REVOKED_CHANNEL = "clients"

__all__ = [
    "IssuedClient",
    "client_actor",
    "ensure_signing_key",
    "issue_client",
    "issue_log_in",
    "revoke_client",
    "token_facts",
]


@dataclass(frozen=True, slots=True)
class IssuedClient:
    """What the agency's administrator is shown once: the secret is not kept and cannot be shown again."""

    client_id: str
    secret: str = field(repr=False)


@transaction.atomic
def issue_client(
    *, by: Actor, agency: Agency, name: str, scopes: Sequence[str] = (SCOPE,)
) -> IssuedClient:
    """Give an agency's system its id and secret, and say what its tokens are good for: the governed read unless said."""
    known = (SCOPE, *API_SCOPES)
    if unknown := [scope for scope in scopes if scope not in known]:
        raise ScopeUnknown(scope=unknown[0], known="、".join(known))
    given = "\n".join(scope for scope in known if scope in (scopes or (SCOPE,)))
    terms = {
        "scopes": given,
        "default_scopes": given,
        "grant_types": Registration.GrantType.CLIENT_CREDENTIALS,
        "response_types": "",
    }
    return _issued(by, agency, name, ClientKind.EXCHANGE, terms)


@transaction.atomic
def issue_log_in(*, by: Actor, agency: Agency, name: str, addresses: Sequence[str]) -> IssuedClient:
    """Let an agency's system send people here to log in (OpenID Connect), and back to these addresses only."""
    for address in addresses:
        if not is_redirect(address):
            raise InvalidRedirect(address=address)
    if not addresses:
        raise InvalidRedirect(address="")
    terms = {
        "scopes": "\n".join(LOG_IN_SCOPES),
        "default_scopes": LOG_IN_SCOPES[0],
        "grant_types": Registration.GrantType.AUTHORIZATION_CODE,
        "response_types": "code",
        "redirect_uris": "\n".join(addresses),
    }
    return _issued(by, agency, name, ClientKind.LOG_IN, terms)


def _issued(
    by: Actor, agency: Agency, name: str, kind: ClientKind, terms: Mapping[str, str]
) -> IssuedClient:
    require(by, "identity.manage", of=_thing(agency))
    issued = IssuedClient(secrets.token_hex(16), secrets.token_urlsafe(SECRET_BYTES))
    try:
        with transaction.atomic():
            Client.objects.create(agency=agency, client_id=issued.client_id, name=name, kind=kind)
    except IntegrityError as error:
        raise ClientNameTaken(agency=agency.name, name=name) from error
    # Every field is given: the model's own default for a secret costs half a second.
    Registration(
        id=issued.client_id,
        name=name,
        secret=RandomSecretHasher().encode(issued.secret),
        type=Registration.Type.CONFIDENTIAL,
        created_at=clock.now(),
        **terms,
    ).save(force_insert=True)
    record(
        events.CLIENT_ISSUED,
        by=by,
        about=About("client", issued.client_id),
        facts={"agency": agency.code},
        region=agency.region,
    )
    return issued


@transaction.atomic
def revoke_client(*, by: Actor, client_id: str) -> None:
    """End a client for good: its registration and its tokens go, and whoever caches tokens is told."""
    client = (
        Client.objects.select_for_update(of=("self",))
        .select_related("agency")
        .filter(client_id=client_id)
        .first()
    )
    if client is None:
        raise UnknownClient(key=client_id)
    require(by, "identity.manage", of=_thing(client.agency))
    if client.state == ClientState.REVOKED:
        raise ClientIsRevoked(key=client_id)
    client.state, client.revoked_at = ClientState.REVOKED.value, clock.now()
    client.save(update_fields=["state", "revoked_at"])
    Registration.objects.filter(pk=client_id).delete()
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", (REVOKED_CHANNEL, client_id))
    record(
        events.CLIENT_REVOKED,
        by=by,
        about=About("client", client_id),
        facts={"agency": client.agency.code},
        region=client.agency.region,
    )


def _thing(agency: Agency) -> Thing:
    return Thing("agency", agency.code, agency=agency.code, region=agency.region)


@transaction.atomic
def purge_expired(*, by: Actor) -> None:
    """Forget tokens and sessions that are over; they could not be used any more."""
    now = clock.now()
    tokens, _ = Token.objects.filter(expires_at__lt=now).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    # The address and the browser of a log-in are not kept longer than the log-in itself.
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    SpentAssertion.objects.filter(expires_at__lt=now - dt.timedelta(days=1)).delete()
    if tokens or sessions:
        record(
            events.EXPIRED_PURGED,
            by=by,
            about=About("node", "log-ins"),
            facts={"tokens": tokens, "sessions": sessions},
        )
