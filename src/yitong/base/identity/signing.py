"""The keys with which the node signs who has logged in: made here, sealed, renewed before they are old.

A new key is published an hour before it signs, so that systems that keep the list for an hour know it by then.
"""

import datetime as dt
from collections.abc import Iterator
from functools import cache

from allauth.idp.oidc.models import PrivateKey
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import transaction

from yitong.base.access.api import Thing, require
from yitong.base.identity import events
from yitong.base.identity.models import SigningKey
from yitong.base.keys.api import Scope, seal, unseal
from yitong.base.ledger.api import record
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

SIGNING = Scope("app", "identity.signing")
RSA_BITS = 3072
SIGNS_FOR = dt.timedelta(days=365)
PUBLISHED_AHEAD = dt.timedelta(hours=1)
RENEWED_BEFORE = dt.timedelta(days=30)


@transaction.atomic
def ensure_signing_key(*, by: Actor) -> bool:
    """Make a key where there is none that lasts another month. True if one was made."""
    require(by, "keys.rotate", of=Thing("signing_key", ""))
    now = clock.now()
    lasting = SigningKey.objects.filter(expires_at__gt=now + RENEWED_BEFORE)
    if lasting.exists():
        return False
    is_first = not SigningKey.objects.filter(expires_at__gt=now).exists()
    starts = now if is_first else now + PUBLISHED_AHEAD
    key = SigningKey(issued_at=now, signs_from=starts, expires_at=now + SIGNS_FOR)
    key.sealed = seal(SIGNING, {"pem": _fresh_pem()}, context=_context(key))
    key.save(force_insert=True)
    record(events.SIGNING_KEY_ISSUED, by=by, about=About("signing_key", str(key.key)))
    return True


def private_keys() -> Iterator[PrivateKey]:
    """Those that are not over, as the OIDC provider wants them."""
    for key in SigningKey.objects.filter(expires_at__gt=clock.now()).order_by("issued_at"):
        yield PrivateKey(
            pem=_opened(bytes(key.sealed), _context(key)),
            not_before=key.signs_from,
            issued_at=key.issued_at,
            expires_at=key.expires_at,
        )


@cache
def _opened(sealed: bytes, context: bytes) -> str:
    return str(unseal(sealed, context=context)["pem"])


def _context(key: SigningKey) -> bytes:
    return f"identity.signing/{key.key}".encode()


def _fresh_pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
