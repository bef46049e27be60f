"""The node as an OAuth 2 provider for machines: client credentials only, and said so.

Log-in of people by OpenID Connect is not offered yet, so no such door is mounted or announced.
"""

from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc import app_settings
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client as Registration
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from yitong.base.identity.clients import SCOPE
from yitong.base.identity.models import Account
from yitong.base.identity.queries import account_key
from yitong.base.keys.api import Scope, blind

PAIRWISE = Scope("app", "identity.sub")


class ProviderAdapter(DefaultOIDCAdapter):
    """Named by IDP_OIDC_ADAPTER."""

    def get_user_sub(self, client: Registration, user: AbstractBaseUser) -> str:
        """A pairwise pseudonym: two systems cannot tell that they serve the same person."""
        return blind(PAIRWISE, client.pk, account_key(user)).hex()

    def get_user_by_sub(self, client: Registration, sub: str) -> Account | None:
        """A pseudonym does not lead back; only flows that we do not offer would ask."""
        return None


@csrf_exempt
def token(request: HttpRequest) -> HttpResponseBase:
    """The token endpoint of allauth; imported when first called, since it brings an HTTP client along."""
    from allauth.idp.oidc import views

    return views.token(request) if _is_storable(request) else _unreadable()


@csrf_exempt
def revoke(request: HttpRequest) -> HttpResponseBase:
    from allauth.idp.oidc import views

    return views.revoke(request) if _is_storable(request) else _unreadable()


def _is_storable(request: HttpRequest) -> bool:
    """Whether what was sent can be looked up at all: PostgreSQL has no NUL, and allauth does not ask."""
    sent = [*request.POST.values(), *extract_basic_auth(dict(request.headers))]
    return not any("\x00" in str(text) for text in sent)


def _unreadable() -> JsonResponse:
    return JsonResponse({"error": "invalid_request"}, status=400)


@require_safe
def metadata(request: HttpRequest) -> JsonResponse:
    """What this provider can do (RFC 8414), and nothing else."""
    answer = JsonResponse(
        {
            "issuer": request.build_absolute_uri("/").rstrip("/"),
            "token_endpoint": request.build_absolute_uri(reverse("idp:oidc:token")),
            "revocation_endpoint": request.build_absolute_uri(reverse("idp:oidc:revoke")),
            "grant_types_supported": [Registration.GrantType.CLIENT_CREDENTIALS],
            "response_types_supported": [],
            "scopes_supported": [SCOPE],
            "subject_types_supported": ["pairwise"],
            "token_endpoint_auth_methods_supported": app_settings.AUTH_METHODS,
        }
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
