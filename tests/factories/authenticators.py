"""An authenticator as on somebody's phone (RFC 6238), written independently of the node's."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable

from django.test import Client as Browser

from yitong.base.identity.models import Account


def code_of(secret: str, *, still: float = 2) -> str:
    """The code of now, which holds for so many seconds more: one that ran out on its way is refused."""
    left = 30 - time.time() % 30
    if left < still:
        time.sleep(left)
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    value = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**6:06d}"


def with_authenticator(account: Account) -> Callable[[], str]:
    """Give the account an authenticator; the answer tells its code of now."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    return lambda: code_of(secret)


def log_in_by_password(browser: Browser, username: str, password: str):
    return browser.post("/account/login/", {"login": username, "password": password})
