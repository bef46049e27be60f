"""The node as an OAuth 2 and OpenID Connect provider: machines by client credentials, people by code with PKCE.

allauth does the protocol. Here stands what is ours: whom a `sub` stands for, how surely a person is known (`acr`),
who acts for whom (`act`), and that nothing is mounted or announced but what is offered.
"""

from collections.abc import Iterable
from typing import Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client as Registration
from allauth.idp.oidc.models import PrivateKey
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError

from yitong.base.identity import signed_in
from yitong.base.identity.models import Account, LegalPerson, Person
from yitong.base.identity.queries import opened
from yitong.base.identity.rules import AccountKind
from yitong.base.identity.seats import posts_of
from yitong.base.identity.signed_in import SignedIn, subject_key
from yitong.base.identity.signing import private_keys
from yitong.base.keys.api import Scope, blind
from yitong.kernel.masking import mask_name

PAIRWISE = Scope("app", "identity.sub")
ACR = "urn:yitong:lvl:"
# RFC 8176 where it has a word.
METHODS = {
    "passkey": ["hwk", "user", "mfa"],
    "password": ["pwd"],
    "password+totp": ["pwd", "otp", "mfa"],
    "password+webauthn": ["pwd", "hwk", "mfa"],
    "password+recovery_codes": ["pwd", "mfa"],
    "sign_on": ["sign_on"],
}


def pairwise(client: Registration, subject: str) -> str:
    """Two systems cannot tell that they serve the same person."""
    return blind(PAIRWISE, client.pk, subject).hex()


class ProviderAdapter(DefaultOIDCAdapter):
    """Named by IDP_OIDC_ADAPTER."""

    request: HttpRequest
    scope_display = {
        "openid": gettext_lazy("您在该系统里的代号：别的系统认不出，也反推不出您是谁"),
        "profile": gettext_lazy("遮盖后的姓名；工作人员另加单位和岗位"),
    }

    def get_user_sub(self, client: Registration, user: AbstractBaseUser) -> str:
        """Of the one for whom somebody acts, where it is so: it is their affair that is done there."""
        found = self._signed_in()
        known = Account.objects.select_related("person").get(pk=user.pk)
        principal = found.principal if found else ""
        return pairwise(client, principal or subject_key(known))

    def get_user_by_sub(self, client: Registration, sub: str) -> Account | None:
        """A pseudonym does not lead back; the code that is being redeemed says whose it is."""
        found = self._signed_in()
        holder = found.holder if found else None
        if holder is None or not found or not found.still_holds():
            return None
        return holder if self.get_user_sub(client, holder) == sub else None

    def get_claims(
        self,
        purpose: str,
        user: AbstractBaseUser,
        client: Registration,
        scopes: Iterable[str],
        email: str | None = None,
        **more: object,
    ) -> dict[str, Any]:
        if purpose == "userinfo":
            self._recall_by_token()
        found = self._signed_in()
        known = Account.objects.select_related("person").get(pk=user.pk)
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, known)}
        if found is None:
            return claims
        if not found.still_holds():
            raise AccessDeniedError(description="the delegation behind this token is over")
        claims |= _about_the_log_in(client, known, found)
        if "profile" in scopes:
            claims |= _profile(known, found)
        return claims

    def list_private_keys(
        self, *, did_activate: Literal[True] | None = None, is_active: Literal[True] | None = None
    ) -> list[PrivateKey]:
        from allauth.idp.oidc.internal.private_keys import filter_keys

        keys: list[PrivateKey] = filter_keys(
            list(private_keys()), did_activate=did_activate, is_active=is_active
        )
        return keys

    def _signed_in(self) -> SignedIn | None:
        return signed_in.remembered(self.request)

    def _recall_by_token(self) -> None:
        scheme, _space, token = self.request.headers.get("Authorization", "").partition(" ")
        found = signed_in.of_token(token) if scheme.lower() == "bearer" else None
        if found is not None:
            signed_in.remember(self.request, found)


def _about_the_log_in(client: Registration, account: Account, found: SignedIn) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "acr": f"{ACR}{found.level}",
        "amr": METHODS.get(found.method, found.method.split("+")),
        "auth_time": found.at,
        "subject_type": "legal" if found.principal.startswith("legal_person:") else "natural",
    }
    if found.principal:
        claims["act"] = {"sub": pairwise(client, subject_key(account))}
    return claims


def _profile(account: Account, found: SignedIn) -> dict[str, Any]:
    if account.kind == AccountKind.STAFF:
        held = posts_of(account)
        return {
            "name": account.get_username(),
            "agencies": sorted({post.agency.code for post in held}),
            "posts": [post.key for post in held],
        }
    if found.principal.startswith("legal_person:"):
        legal = LegalPerson.objects.get(code=found.principal.partition(":")[2])
        return {"name": legal.name, "organisation": legal.code}
    if found.principal:
        return {"name": _masked(Person.objects.get(key=found.principal.partition(":")[2]))}
    person = getattr(account, "person", None)
    return {"name": _masked(person)} if person else {}


def _masked(person: Person) -> str:
    return mask_name(opened(person).name)
