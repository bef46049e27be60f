"""Whose access token this is: one indexed statement, for the gateway's path that never enters Django."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from yitong.base.identity.rules import STAFF_ASSURANCE
from yitong.kernel import clock
from yitong.kernel.actor import Actor

# The scope of the governed read, which grants decide; the others are powers that policies know.
READING = "exchange"
# Tokens are random and long, so one SHA-256 finds them by the unique index (type, hash); allauth stores only that.
HOLDER_STATEMENT = """
select c.client_id, a.code, t.expires_at, t.scopes, a.region, coalesce(l.code, '')
from allauth_idp_oidc_token t
join identity_client c on c.client_id = t.client_id
join identity_agency a on a.id = c.agency_id
left join identity_agency l on l.id = a.line_id
where t.type = 'at' and t.hash = %s and t.expires_at > %s and c.state = 'active' and c.kind = 'exchange'
"""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """The client behind a live token, and its agency."""

    client_id: str
    agency_code: str
    expires_at: dt.datetime
    scopes: tuple[str, ...]
    region: str
    line: str

    def actor(self) -> Actor:
        return Actor(
            f"client:{self.client_id}",
            agency=self.agency_code,
            region=self.region,
            line=self.line,
            assurance=STAFF_ASSURANCE,
            kind="client",
            roles=frozenset(f"scope:{scope}" for scope in self.scopes if scope != READING),
        )


class Answer(Protocol):
    """A psycopg cursor after its statement."""

    def fetchone(self) -> tuple[Any, ...] | None: ...


class Executes(Protocol):
    """A psycopg connection or cursor, or Django's own cursor."""

    def execute(self, query: str, params: Sequence[object], /) -> Answer: ...


def token_facts(connection: Executes, token: str) -> TokenFacts | None:
    """None for a token that is unknown, over, or whose client was revoked: a caller cannot tell which."""
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    row = connection.execute(HOLDER_STATEMENT, (digest, clock.now())).fetchone()
    if row is None:
        return None
    client_id, agency, expires_at, scopes, region, line = row
    return TokenFacts(client_id, agency, expires_at, tuple(scopes.split()), region, line)
