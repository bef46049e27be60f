"""Log-in and its devices, under the names by which allauth knows such pages."""

from allauth.mfa.base.views import authenticate, reauthenticate
from allauth.mfa.webauthn.views import login_webauthn, reauthenticate_webauthn
from django.urls import path

from yitong.portals.node import devices, log_in

urlpatterns = [
    path("account/sign-on/", log_in.leave, name="sign_on"),
    path("account/sign-on/back/", log_in.come_back, name="sign_on_back"),
    path("account/second/", authenticate, name="mfa_authenticate"),
    path("account/passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("account/again/code/", reauthenticate, name="mfa_reauthenticate"),
    path("account/again/passkey/", reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/devices/", devices.index, name="mfa_index"),
    path("account/devices/passkey/", devices.add_passkey, name="mfa_add_webauthn"),
    path("account/devices/authenticator/", devices.add_authenticator, name="mfa_activate_totp"),
    path("account/devices/codes/", devices.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/devices/<int:number>/remove/", devices.remove, name="remove_factor"),
    path("account/devices/sessions/<int:number>/end/", devices.end_session, name="end_session"),
    path("account/devices/sessions/end/", devices.end_others, name="end_other_sessions"),
]
