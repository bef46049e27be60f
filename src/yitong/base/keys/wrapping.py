"""New keys, wrapped: the rows of the database with their shares in the key store."""

from django.conf import settings
from django.db import connection

from yitong.base.keys.ciphers import new_key
from yitong.base.keys.errors import KeyStoreMissing
from yitong.base.keys.keyring import keyring
from yitong.base.keys.models import DataKey, PseudonymKey
from yitong.base.keys.rules import (
    Algorithm,
    Profile,
    Purpose,
    Scope,
    pseudonym_wrap_context,
    wrap_context,
)
from yitong.kernel import clock
from yitong.kernel.declare import About

SHARED, ALONE = "pg_advisory_xact_lock_shared", "pg_advisory_xact_lock"
_MASTERS = "select {}(hashtextextended('yitong.keys.masters', 0))"


def new_data_key(scope: Scope, purpose: Purpose) -> DataKey:
    lock_masters(SHARED)
    ring = keyring()
    if not ring.store.exists():
        raise KeyStoreMissing(place=ring.store.place)
    algorithm = _profile().algorithm
    share = ring.store.create_share()
    wrapped = ring.store.wrap(
        new_key(algorithm),
        algorithm=algorithm,
        context=wrap_context(scope, purpose),
        share=share,
    )
    row = DataKey.objects.create(
        scope_kind=scope.kind,
        scope_key=scope.key,
        purpose=purpose,
        algorithm=algorithm,
        wrapped=wrapped.value,
        master_version=wrapped.master_version,
        share=share,
        created_at=clock.now(),
    )
    ring.withhold(row.pk)
    return row


def add_pseudonym_key(version: int) -> PseudonymKey:
    ring = keyring()
    algorithm = _profile().algorithm
    wrapped = ring.store.wrap(
        # The hash takes 32 bytes whatever the cipher that wraps them.
        new_key(Algorithm.AES_256_GCM),
        algorithm=algorithm,
        context=pseudonym_wrap_context(version),
        share="",
    )
    row = PseudonymKey.objects.create(
        version=version,
        hashing=_profile().hashing,
        algorithm=algorithm,
        wrapped=wrapped.value,
        master_version=wrapped.master_version,
        created_at=clock.now(),
    )
    ring.withhold_pseudonyms()
    return row


def lock_masters(how: str) -> None:
    """Whoever wraps shares the masters; who adds or removes one has them alone. Held to the commit."""
    with connection.cursor() as cursor:
        cursor.execute(_MASTERS.format(how))


def _profile() -> Profile:
    return Profile(settings.YITONG_CRYPTO)


def about_scope(scope: Scope) -> About:
    return About("keys.scope", str(scope))
