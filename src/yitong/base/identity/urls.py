"""The doors of identity: log-in and log-out of people, tokens of machines, log-in into other systems.

What is not offered is not mounted.
"""

from allauth.account import views as account
from django.urls import include, path

from yitong.base.identity.endpoints import authorize, jwks, metadata, revoke, token, userinfo

_OIDC = [
    path("identity/o/authorize", authorize, name="authorization"),
    path("identity/o/api/token", token, name="token"),
    path("identity/o/api/userinfo", userinfo, name="userinfo"),
    path("identity/o/api/revoke", revoke, name="revoke"),
    path(".well-known/jwks.json", jwks, name="jwks"),
]

urlpatterns = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path(".well-known/oauth-authorization-server", metadata, name="oauth_metadata"),
    path(".well-known/openid-configuration", metadata, name="openid_metadata"),
    path("", include(([path("", include((_OIDC, "oidc")))], "idp"))),
]
