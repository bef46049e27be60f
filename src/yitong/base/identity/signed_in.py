"""Who was sent to another system: who came, how surely known, for whom. It goes with the code and then the token.

Between the page on which a person agrees and the system's call for the token there is no session. allauth keeps the
account with both; what the session knew beyond that is kept here, under a digest of the code, then with the token.
"""

import hashlib
from dataclasses import asdict, dataclass

from allauth.idp.oidc import app_settings
from allauth.idp.oidc.models import Token
from django.core.cache import cache
from django.http import HttpRequest

from yitong.base.identity import delegations, queries
from yitong.base.identity.delegation_errors import DelegationOver, UnknownDelegation
from yitong.base.identity.models import Account
from yitong.base.identity.sessions import (
    account_of,
    acting_in,
    actor_of,
    method_of,
    proved_at,
)
from yitong.kernel import clock

ATTRIBUTE = "yitong_signed_in"
FIELD = "signed_in"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One log-in into another system. `principal` and `delegation` are empty where people act for themselves."""

    account: int
    level: int
    method: str
    at: int
    principal: str = ""
    delegation: str = ""

    @classmethod
    def of_session(cls, request: HttpRequest) -> "SignedIn":
        account = account_of(request)
        if account is None:
            raise TypeError("nobody is logged in")
        by, acting = actor_of(request), acting_in(request)
        return cls(
            account=int(account.pk),
            level=by.assurance,
            method=method_of(request),
            at=int(proved_at(request) or clock.epoch()),
            principal=by.on_behalf_of,
            delegation=acting.key if acting else "",
        )

    @property
    def holder(self) -> Account | None:
        return Account.objects.filter(pk=self.account, is_active=True).first()

    def still_holds(self) -> bool:
        """False once the delegation behind it is over."""
        if not self.delegation:
            return True
        holder = self.holder
        if holder is None:
            return False
        try:
            delegations.acting_for(holder, self.delegation)
        except (DelegationOver, UnknownDelegation):
            return False
        return True


def subject_key(account: Account) -> str:
    """Whom a pseudonym stands for: the person, where there is one, so that it is the same through every log-in."""
    person = getattr(account, "person", None)
    return f"person:{person.key}" if person else queries.account_key(account)


def remember(request: HttpRequest, found: SignedIn) -> None:
    """For the rest of this request."""
    setattr(request, ATTRIBUTE, found)


def remembered(request: HttpRequest) -> SignedIn | None:
    found = getattr(request, ATTRIBUTE, None)
    return found if isinstance(found, SignedIn) else None


def keep_with_code(code: str, found: SignedIn) -> None:
    cache.set(_place(code), asdict(found), timeout=app_settings.AUTHORIZATION_CODE_EXPIRES_IN)


def of_code(code: str) -> SignedIn | None:
    kept = cache.get(_place(code))
    return SignedIn(**kept) if kept else None


def keep_with_token(token: str, found: SignedIn) -> None:
    instance = Token.objects.lookup(Token.Type.ACCESS_TOKEN, token)
    if instance is not None:
        instance.data = {**(instance.data or {}), FIELD: asdict(found)}
        instance.save(update_fields=["data"])


def of_token(token: str) -> SignedIn | None:
    instance = Token.objects.lookup(Token.Type.ACCESS_TOKEN, token)
    kept = (instance.data or {}).get(FIELD) if instance else None
    return SignedIn(**kept) if kept else None


def _place(code: str) -> str:
    return f"yitong.signed_in.{hashlib.sha256(code.encode()).hexdigest()}"
