"""Where systems and the people they send knock: authorize, token, userinfo, keys, and what is announced."""

import json
from urllib.parse import parse_qs, urlsplit

from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc import app_settings
from allauth.idp.oidc.models import Client as Registration
from allauth.idp.oidc.models import Token
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from yitong.base.identity import events, signed_in
from yitong.base.identity.clients import LOG_IN_SCOPES, SCOPE
from yitong.base.identity.log_in_errors import PkceNeeded
from yitong.base.identity.provider import ACR
from yitong.base.identity.sessions import account_of, actor_of
from yitong.base.identity.signed_in import SignedIn
from yitong.base.ledger.api import record
from yitong.kernel.declare import About
from yitong.ui.security import CONTENT_SECURITY_POLICY


@csrf_exempt
@never_cache
def authorize(request: HttpRequest) -> HttpResponseBase:
    """A system sends somebody here. Without a code challenge, or for a higher level than they have, it does not go on."""
    from allauth.idp.oidc import views

    if not _is_storable(request):
        return _unreadable()
    asks = request.method == "GET" and "client_id" in request.GET
    if asks and request.GET.get("code_challenge_method") != "S256":
        raise PkceNeeded
    if account_of(request) is not None:
        if asks and (wanted := _wanted_level(request)) > actor_of(request).assurance:
            return _to_step_up(request, wanted)
        signed_in.remember(request, SignedIn.of_session(request))
    answer: HttpResponseBase = views.authorization(request)
    code = _code_in(answer)
    if code:
        _keep(request, code)
    else:
        _allow_way_back(request, answer)
    return answer


def _wanted_level(request: HttpRequest) -> int:
    """The lowest of the levels that the system would accept (`acr_values`)."""
    names = request.GET.get("acr_values", "").split()
    levels = [name.removeprefix(ACR) for name in names if name.startswith(ACR)]
    return min((int(level) for level in levels if level in {"1", "2", "3", "4", "5"}), default=0)


def _to_step_up(request: HttpRequest, wanted: int) -> HttpResponseBase:
    query = urlencode({"level": str(wanted), "next": request.get_full_path()})
    return redirect(f"{reverse('sign_on')}?{query}")


def _code_in(answer: HttpResponseBase) -> str:
    if answer.status_code != 302:
        return ""
    query = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
    return query.get("code", [""])[0]


@transaction.atomic
def _keep(request: HttpRequest, code: str) -> None:
    """What the session knows goes with the code; that somebody went there is on the record."""
    found = signed_in.remembered(request)
    by = actor_of(request)
    if found is None:
        raise RuntimeError("a code was given to nobody")
    signed_in.keep_with_code(code, found)
    record(
        events.SIGNED_IN_TO,
        by=by,
        about=About("account", str(found.account)),
        facts={"client": _client_asking(request), "level": found.level},
    )


def _client_asking(request: HttpRequest) -> str:
    """Of the address at first, then of what the consent page had signed."""
    signed = request.POST.get("request", "")
    if not signed:
        return request.GET.get("client_id", "")
    try:
        _scopes, info = Signer().unsign_object(signed)
    except BadSignature:
        return ""
    return str(info.get("client_id", ""))


def _allow_way_back(request: HttpRequest, answer: HttpResponseBase) -> None:
    """The page that asks for consent leads, after its form, to the system's own address, which was registered."""
    client = Registration.objects.filter(pk=_client_asking(request)).first()
    if client is None or answer.status_code != 200:
        return
    origins = {
        f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, client.get_redirect_uris())
    }
    allowed = " ".join(["form-action 'self'", *sorted(origins)])
    answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", allowed
    )


@csrf_exempt
def token(request: HttpRequest) -> HttpResponseBase:
    """The token endpoint of allauth; imported when first called, since it brings an HTTP client along."""
    from allauth.idp.oidc import views

    if not _is_storable(request):
        return _unreadable()
    found = signed_in.of_code(request.POST.get("code", ""))
    if found is None:
        return views.token(request)
    signed_in.remember(request, found)
    with transaction.atomic():
        answer: HttpResponseBase = views.token(request)
        return _kept(answer, found) if answer.status_code == 200 else answer


def _kept(answer: HttpResponseBase, found: SignedIn) -> HttpResponseBase:
    """The log-in goes with the token. What could renew the token is not given: the grant for it is not offered."""
    document = json.loads(answer.content)  # type: ignore[attr-defined]
    signed_in.keep_with_token(document["access_token"], found)
    renewing = document.pop("refresh_token", None)
    if renewing is None:
        return answer
    Token.objects.by_value(renewing).filter(type=Token.Type.REFRESH_TOKEN).delete()
    return JsonResponse(document, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


@csrf_exempt
def revoke(request: HttpRequest) -> HttpResponseBase:
    from allauth.idp.oidc import views

    return views.revoke(request) if _is_storable(request) else _unreadable()


@csrf_exempt
@never_cache
def userinfo(request: HttpRequest) -> HttpResponseBase:
    from allauth.idp.oidc import views

    return views.user_info(request) if _is_storable(request) else _unreadable()


@require_safe
def jwks(request: HttpRequest) -> HttpResponseBase:
    from allauth.idp.oidc import views

    return views.jwks(request)


def _is_storable(request: HttpRequest) -> bool:
    """Whether what was sent can be looked up at all: PostgreSQL has no NUL, and allauth does not ask."""
    sent = [
        *request.GET.values(),
        *request.POST.values(),
        *extract_basic_auth(dict(request.headers)),
    ]
    return not any("\x00" in str(text) for text in sent)


def _unreadable() -> JsonResponse:
    return JsonResponse({"error": "invalid_request"}, status=400)


@require_safe
def metadata(request: HttpRequest) -> JsonResponse:
    """What this provider can do (RFC 8414, OpenID Connect Discovery), and nothing else."""

    def at(name: str) -> str:
        return request.build_absolute_uri(reverse(name))

    answer = JsonResponse(
        {
            "issuer": request.build_absolute_uri("/").rstrip("/"),
            "authorization_endpoint": at("idp:oidc:authorization"),
            "token_endpoint": at("idp:oidc:token"),
            "userinfo_endpoint": at("idp:oidc:userinfo"),
            "revocation_endpoint": at("idp:oidc:revoke"),
            "jwks_uri": at("idp:oidc:jwks"),
            "grant_types_supported": [
                Registration.GrantType.AUTHORIZATION_CODE,
                Registration.GrantType.CLIENT_CREDENTIALS,
            ],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": [*LOG_IN_SCOPES, SCOPE],
            "claims_supported": [
                "sub", "acr", "amr", "auth_time", "act", "subject_type", "name", "agencies", "posts", "organisation",
            ],
            "acr_values_supported": [f"{ACR}{level}" for level in range(1, 6)],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": app_settings.AUTH_METHODS,
        }
    )  # fmt: skip
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
