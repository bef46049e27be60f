"""How allauth's second factors are kept and named here: secrets sealed, failures recorded, in our words."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from yitong.base.identity import events
from yitong.base.identity.accounts import LOGIN, about
from yitong.base.keys.api import Scope, seal, unseal
from yitong.base.ledger.api import record
from yitong.kernel.declare import About

SECRETS = Scope("app", "identity.factors")
CONTEXT = b"identity.factor"


class FactorAdapter(DefaultMFAAdapter):
    """Named by MFA_ADAPTER."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "验证没有通过：口令不对、刚才已经用过一次，或者通行密钥已被移除。请等下一个口令再试。"
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(SECRETS, {"secret": text}, context=CONTEXT).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return str(unseal(bytes.fromhex(encrypted_text), context=CONTEXT)["secret"])

    def get_totp_issuer(self) -> str:
        return str(settings.NODE_NAMES["city"]) + gettext("一同")

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,  # noqa: A002 - allauth's name
    ) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("通行密钥{number}").format(number=count + 1)

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """What the device shows beside the key: the user name, which is no number and no phone."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.get_username(), "name": user.get_username()}


def _record_refused(user: AbstractBaseUser | None, kind: str) -> None:
    with transaction.atomic():
        where = about(user) if user is not None else About("account", "")
        record(events.FACTOR_REFUSED, by=LOGIN, about=where, facts={"kind": kind})


class CodeForm(AuthenticateForm):
    """A code of the authenticator or a recovery code, after the password."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError as refused:
            if refused.code == "too_many_login_attempts":
                _record_refused(self.user, "paused")
            raise

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        _record_refused(self.user, authenticator.type)


class AgainCodeForm(ReauthenticateForm):
    """The same, before something that needs a fresh proof."""

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        _record_refused(self.user, authenticator.type)


class _RecordedPasskey(AuthenticateWebAuthnForm):
    """A passkey's answer; one that does not hold is recorded."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except ValidationError:
            _record_refused(self.user, "webauthn")
            raise


class PasskeyForm(_RecordedPasskey):
    """After the password."""


class PasskeyLogInForm(_RecordedPasskey, LoginWebAuthnForm):
    """Instead of a password."""


class AgainPasskeyForm(_RecordedPasskey, ReauthenticateWebAuthnForm):
    """Before something that needs a fresh proof."""
