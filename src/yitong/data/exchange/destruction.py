"""The end of a resource's data: its keys are destroyed, so that its rows open nowhere, in no backup either.

The rows themselves go in the same transaction, since dates, codes and regions stand beside the seal in clear
(个人信息保护法 47). Older backups have these until they expire, and whoever destroys is told so.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from yitong.base.access.api import Thing, require
from yitong.base.keys import api as keys
from yitong.base.keys.api import Scope
from yitong.base.ledger import api as ledger
from yitong.data.catalogue.api import Resource, resource
from yitong.data.exchange.errors import DestructionUnfounded, GrantsStand
from yitong.data.exchange.events import DATA_DESTROYED
from yitong.data.sharing.api import grants
from yitong.data.sources.api import drop_table
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import Refusal

GRANTS_CHANNEL = "grants"
_STANDING = ("active", "suspended")


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How many keys there were, and how many rows."""

    keys: int
    rows: int


def scope_of(row: Resource) -> Scope:
    """What seals the rows of a resource that are read now."""
    return Scope("resource", row.table_key)


def scopes_of(row: Resource) -> list[Scope]:
    """What seals its rows, those of older and of waiting versions among them: backups have them still."""
    return [Scope("resource", key) for key in sorted(row.table_keys)]


def is_destroyed(code: str) -> bool:
    """Whether this resource's data were destroyed; False of what is no resource."""
    row = Resource.objects.filter(code=code).first()
    return row is not None and keys.is_destroyed(scope_of(row))


def standing_grants(row: Resource) -> tuple[str, ...]:
    """Who may still read it, or may again once a suspension ends."""
    found = grants(viewer=Actor.system("exchange"), resource=row.code)
    return tuple(
        f"{grant.pk}（{grant.agency.name}，{grant.purpose.code}）"
        for grant in found.filter(state__in=_STANDING)
    )


@transaction.atomic
def destroy_data(*, code: str, reason: str, by: Actor) -> Destroyed:
    """Destroy the keys of a resource's rows for ever, and drop the rows.

    Refused while a grant stands: whoever relies on the data is told by the end of the grant, not by a failure. The
    entry is locked, as it is where grants are made, so that none slips in between.
    """
    known = resource(code, viewer=by)
    row = Resource.objects.select_for_update(of=("self",)).select_related("owner").get(pk=known.pk)
    thing = Thing("resource", row.code, agency=row.owner.code, region=row.owner.region)
    require(by, "keys.destroy", of=thing)
    if not reason.strip():
        raise DestructionUnfounded
    if standing := standing_grants(row):
        raise GrantsStand(resource=row.name, grants="、".join(standing))
    dropped = sum(_drop_rows(key, by) for key in sorted(row.table_keys))
    destroyed = Destroyed(_destroy_keys(row, by, reason), dropped)
    ledger.record(
        DATA_DESTROYED,
        by=by,
        about=About("resource", row.code),
        facts={"resource": row.code, "keys": destroyed.keys, "reason": reason},
        region=row.owner.region,
    )
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [GRANTS_CHANNEL, f"resource:{row.pk}"])
    return destroyed


def _destroy_keys(row: Resource, by: Actor, reason: str) -> int:
    """Where nothing was ever sealed a key is made for it: its end is known as any other's."""
    left = [scope for scope in scopes_of(row) if not keys.is_destroyed(scope)] or [scope_of(row)]
    destroyed = sum(keys.destroy(scope=scope, by=by, reason=reason) for scope in left)
    if not destroyed:
        keys.sealer(scope_of(row))
        destroyed = keys.destroy(scope=scope_of(row), by=by, reason=reason)
    return destroyed


def _drop_rows(table_key: str, by: Actor) -> int:
    try:
        return drop_table(table_key=table_key, by=by, under="keys.destroy")
    except Refusal as refusal:
        if refusal.kind == "not_found":  # no table was ever loaded
            return 0
        raise
