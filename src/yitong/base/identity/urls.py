"""The doors of identity: log-in and log-out of people, tokens of machines. What is not offered is not mounted."""

from allauth.account import views as account
from django.urls import include, path

from yitong.base.identity.provider import metadata, revoke, token

_OIDC = [
    path("identity/o/api/token", token, name="token"),
    path("identity/o/api/revoke", revoke, name="revoke"),
]

urlpatterns = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path(".well-known/oauth-authorization-server", metadata, name="oauth_metadata"),
    path("", include(([path("", include((_OIDC, "oidc")))], "idp"))),
]
