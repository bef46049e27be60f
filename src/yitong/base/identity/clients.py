"""Machine clients: an agency's systems that call the node with client credentials (RFC 6749, 4.4)."""

import secrets
from dataclasses import dataclass, field

from allauth.idp.oidc.models import Client as Registration
from allauth.idp.oidc.models import Token
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction

from yitong.base.access.api import Thing, require
from yitong.base.identity import events
from yitong.base.identity.errors import ClientIsRevoked, ClientNameTaken, UnknownClient
from yitong.base.identity.models import Agency, Client
from yitong.base.identity.rules import ClientState
from yitong.base.identity.secret import SECRET_BYTES, RandomSecretHasher
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

SCOPE = "exchange"
REVOKED_CHANNEL = "clients"


@dataclass(frozen=True, slots=True)
class IssuedClient:
    """What the agency's administrator is shown once: the secret is not kept and cannot be shown again."""

    client_id: str
    secret: str = field(repr=False)


@transaction.atomic
def issue_client(*, by: Actor, agency: Agency, name: str) -> IssuedClient:
    """Give an agency's system its id and secret."""
    require(by, "identity.manage", of=_thing(agency))
    issued = IssuedClient(secrets.token_hex(16), secrets.token_urlsafe(SECRET_BYTES))
    try:
        with transaction.atomic():
            Client.objects.create(agency=agency, client_id=issued.client_id, name=name)
    except IntegrityError as error:
        raise ClientNameTaken(agency=agency.name, name=name) from error
    Registration.objects.create(
        id=issued.client_id,
        name=name,
        secret=RandomSecretHasher().encode(issued.secret),
        scopes=SCOPE,
        default_scopes=SCOPE,
        type=Registration.Type.CONFIDENTIAL,
        grant_types=Registration.GrantType.CLIENT_CREDENTIALS,
        response_types="",
        created_at=clock.now(),
    )
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
    if tokens or sessions:
        record(
            events.EXPIRED_PURGED,
            by=by,
            about=About("node", "log-ins"),
            facts={"tokens": tokens, "sessions": sessions},
        )
