"""The end of a resource's data: its keys are destroyed, so that its rows open nowhere, in no backup either."""

from django.db import connection, transaction

from yitong.base.access.api import Thing, require
from yitong.base.keys import api as keys
from yitong.base.keys.api import Scope
from yitong.base.ledger import api as ledger
from yitong.data.catalogue.api import Resource, resource
from yitong.data.exchange.errors import DestructionUnfounded, GrantsStand
from yitong.data.exchange.events import DATA_DESTROYED
from yitong.data.sharing.api import grants
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

GRANTS_CHANNEL = "grants"
_STANDING = ("active", "suspended")


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
def destroy_data(*, code: str, reason: str, by: Actor) -> int:
    """Destroy the keys of a resource's rows for ever. How many keys there were.

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
    left = [scope for scope in scopes_of(row) if not keys.is_destroyed(scope)] or [scope_of(row)]
    destroyed = sum(keys.destroy(scope=scope, by=by, reason=reason) for scope in left)
    ledger.record(
        DATA_DESTROYED,
        by=by,
        about=About("resource", row.code),
        facts={"resource": row.code, "keys": destroyed, "reason": reason},
        region=row.owner.region,
    )
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [GRANTS_CHANNEL, f"resource:{row.pk}"])
    return destroyed
