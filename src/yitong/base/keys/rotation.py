"""Keys change: rotation of scopes, of the master and of pseudonyms, while readers and writers go on."""

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from yitong.base.keys import events
from yitong.base.keys.errors import (
    KeyScopeUnknown,
    KeysNotInitialised,
    KeyStoreMissing,
    MasterInUse,
    PseudonymVersionInUse,
    PseudonymVersionsExhausted,
)
from yitong.base.keys.keyring import keyring
from yitong.base.keys.models import DataKey, PseudonymKey
from yitong.base.keys.rules import (
    NEWEST_PSEUDONYM_VERSION,
    Algorithm,
    Purpose,
    Scope,
    State,
    pseudonym_wrap_context,
    wrap_context,
)
from yitong.base.keys.store import KeyStore, Wrapped
from yitong.base.keys.wrapping import (
    ALONE,
    SHARED,
    about_scope,
    add_pseudonym_key,
    lock_masters,
    new_data_key,
)
from yitong.base.ledger import api as ledger
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import N_

Row = TypeVar("Row", DataKey, PseudonymKey)

CHUNK = 500


@transaction.atomic
def rotate_scope(*, scope: Scope, by: Actor) -> None:
    """Seal under a new data key from now on; the old one stays readable. The blind key stays, or search ends."""
    old = DataKey.objects.select_for_update().filter(
        scope_kind=scope.kind, scope_key=scope.key, purpose=Purpose.SEAL, state=State.ACTIVE
    )
    retired = [row.pk for row in old]
    if not retired:
        keyring().active(scope, Purpose.SEAL)  # says so if the scope was destroyed
        raise KeyScopeUnknown(scope=scope)
    DataKey.objects.filter(pk__in=retired).update(state=State.RETIRED)
    row = new_data_key(scope, Purpose.SEAL)
    keyring().forget(*retired)
    ledger.record(
        events.DATA_KEY_ROTATED,
        by=by,
        about=about_scope(scope),
        facts={
            "scope": str(scope),
            "key": row.pk,
            "retired": retired[0],
            "algorithm": row.algorithm,
        },
    )


def rotate_master(*, by: Actor) -> int:
    """Add a master key and wrap every key anew. The new version.

    Not one transaction: each chunk commits, so readers and writers go on. A rotation that was cut short is
    finished, by the next call or by the schedule, before another begins. The old master stays until `retire_master`.
    """
    version = _begin(by)
    rewrap(by=by)
    return version


def is_unfinished() -> bool:
    """Whether a rotation was cut short: keys are left under an older master."""
    versions = keyring().store.master_versions()
    if not versions:
        return False
    data_keys = _older(DataKey.objects.all(), versions[-1])
    return (
        any(True for _row in _openable(data_keys))
        or _older(PseudonymKey.objects.all(), versions[-1]).exists()
    )


def go_on(*, by: Actor) -> bool:
    """One chunk of a rotation that was cut short; whether there may be more."""
    versions = keyring().store.master_versions()
    return bool(versions) and _rewrap_chunk(versions[-1], by) > 0


@transaction.atomic
def _begin(by: Actor) -> int:
    """The version to wrap under: that of a rotation cut short, which may not even have been recorded, else a new one."""
    lock_masters(ALONE)
    store, about = keyring().store, About("keys", "master")
    if is_unfinished():
        version = store.master_versions()[-1]
        told = ledger.entries_about(about)
        if any(e.facts.get("master_version") == version for e in told):
            return version
    else:
        version = store.create_master()
    facts = {"master_version": version}
    ledger.record(events.MASTER_CREATED, by=by, about=about, facts=facts)
    return version


def rewrap(*, by: Actor) -> int:
    """Wrap what is not yet under the newest master, a chunk at a time. How many keys there were."""
    versions = keyring().store.master_versions()
    if not versions:
        raise KeyStoreMissing(place=keyring().store.place)
    done = 0
    while moved := _rewrap_chunk(versions[-1], by):
        done += moved
    return done


@transaction.atomic
def retire_master(*, version: int, by: Actor) -> None:
    """Remove a master key on which nothing depends any more. Older backups of the database need it: keep none."""
    lock_masters(ALONE)
    store = keyring().store
    versions = store.master_versions()
    if version not in versions:
        raise MasterInUse(version=version, reason=N_("没有这一版"))
    if version == versions[-1]:
        raise MasterInUse(version=version, reason=N_("它是最新的一版"))
    dependent = (
        DataKey.objects.filter(master_version=version).exclude(state=State.DESTROYED).count()
        + PseudonymKey.objects.filter(master_version=version).exclude(state=State.DESTROYED).count()
    )
    if dependent:
        raise MasterInUse(version=version, reason=f"还有{dependent}个密钥由它封装")
    ledger.record(
        events.MASTER_RETIRED,
        by=by,
        about=About("keys", "master"),
        facts={"master_version": version},
    )
    transaction.on_commit(lambda: store.remove_master(version))


@transaction.atomic
def rotate_pseudonyms(*, by: Actor) -> int:
    """Make pseudonyms under a new version from now on; older versions are still looked up. The new version."""
    lock_masters(ALONE)
    newest = PseudonymKey.objects.order_by("-version").first()
    if newest is None:
        raise KeysNotInitialised(place=keyring().store.place)
    if newest.version >= NEWEST_PSEUDONYM_VERSION:
        raise PseudonymVersionsExhausted
    PseudonymKey.objects.filter(state=State.ACTIVE).update(state=State.RETIRED)
    row = add_pseudonym_key(newest.version + 1)
    ledger.record(
        events.PSEUDONYMS_ROTATED,
        by=by,
        about=About("keys", "pseudonyms"),
        facts={"version": row.version},
    )
    return row.version


@transaction.atomic
def retire_pseudonyms(*, version: int, by: Actor) -> None:
    """End a superseded version, once nothing is filed under it any more."""
    row = PseudonymKey.objects.select_for_update().filter(version=version).first()
    if row is None or row.state == State.DESTROYED:
        raise PseudonymVersionInUse(version=version, reason=N_("没有这一版，或者它已经停用"))
    if row.state == State.ACTIVE:
        raise PseudonymVersionInUse(version=version, reason=N_("它是现用的一版"))
    PseudonymKey.objects.filter(pk=row.pk).update(state=State.DESTROYED, wrapped=b"")
    keyring().withhold_pseudonyms()
    ledger.record(
        events.PSEUDONYMS_RETIRED,
        by=by,
        about=About("keys", "pseudonyms"),
        facts={"version": version},
    )


@transaction.atomic
def _rewrap_chunk(newest: int, by: Actor) -> int:
    lock_masters(SHARED)
    store = keyring().store
    rows = _older(DataKey.objects.all(), newest).select_for_update().order_by("pk")
    data_keys = list(islice(_openable(rows), CHUNK))
    for row in data_keys:
        scope, purpose = Scope(row.scope_kind, row.scope_key), Purpose(row.purpose)
        _rewrap(store, row, wrap_context(scope, purpose), row.share)
    versions = _older(PseudonymKey.objects.all(), newest).select_for_update().order_by("pk")
    pseudonym_keys = list(versions[:CHUNK])
    for version in pseudonym_keys:
        _rewrap(store, version, pseudonym_wrap_context(version.version), "")
    moved = len(data_keys) + len(pseudonym_keys)
    if moved:
        ledger.record(
            events.REWRAPPED,
            by=by,
            about=About("keys", "master"),
            facts={"master_version": newest, "keys": moved},
        )
    return moved


def _older(rows: QuerySet[Row], newest: int) -> QuerySet[Row]:
    """What is under an older master; a destroyed key has nothing to wrap."""
    return rows.filter(master_version__lt=newest).exclude(state=State.DESTROYED)


def _openable(rows: QuerySet[DataKey]) -> Iterator[DataKey]:
    """Without those whose share is gone (an older backup was restored): nothing can wrap them anew."""
    store = keyring().store
    return (row for row in rows.iterator(chunk_size=CHUNK) if store.has_share(row.share))


def _rewrap(store: KeyStore, row: DataKey | PseudonymKey, context: bytes, share: str) -> None:
    algorithm = Algorithm(row.algorithm)
    old = Wrapped(row.master_version, bytes(row.wrapped))
    key = store.unwrap(old, algorithm=algorithm, context=context, share=share)
    new = store.wrap(key, algorithm=algorithm, context=context, share=share)
    row.wrapped, row.master_version = new.value, new.master_version
    row.save(update_fields=["wrapped", "master_version"])
