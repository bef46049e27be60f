"""The list of purposes: loaded from the data file beside this module, hidden ones approved by two bodies."""

import json
from importlib import resources
from typing import TypedDict

from django.db import transaction

from yitong.base.access.api import Thing, require
from yitong.base.ledger.api import record
from yitong.data.sharing import events
from yitong.data.sharing.models import Purpose
from yitong.data.sharing.queries import purpose
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import N_
from yitong.kernel.hashing import sha256


class _Row(TypedDict, total=False):
    code: str
    sentence: str
    act: str
    article: str
    confidence: str
    longest_days: int
    hidden: bool


@transaction.atomic
def load_purposes(*, by: Actor) -> int:
    """Bring the list to the state of the data file; a hidden purpose whose words change must be approved anew."""
    require(by, "sharing.load_purposes", of=Thing("purpose", ""))
    text = resources.files("yitong.data.sharing").joinpath("purposes.json").read_bytes()
    rows: list[_Row] = json.loads(text)
    changed = sum(_put(row) for row in rows)
    if changed:
        record(
            events.PURPOSES_LOADED,
            by=by,
            about=About("purposes", "list"),
            facts={"purposes": len(rows), "digest": sha256(text).hex()},
        )
    return changed


def _put(row: _Row) -> bool:
    wanted: dict[str, object] = {
        "sentence": row["sentence"],
        "basis_act": row["act"],
        "basis_article": row["article"],
        "confidence": row["confidence"],
        "longest_days": row["longest_days"],
        "is_hidden": row.get("hidden", False),
    }
    found = Purpose.objects.select_for_update().filter(code=row["code"]).first()
    if found is None:
        Purpose.objects.create(code=row["code"], **wanted)
        return True
    if all(getattr(found, column) == value for column, value in wanted.items()):
        return False
    for column, value in {**wanted, **_UNAPPROVED}.items():
        setattr(found, column, value)
    found.save()
    return True


_UNAPPROVED: dict[str, object] = {
    "authority_account": "",
    "authority_at": None,
    "secrecy_account": "",
    "secrecy_at": None,
}


@transaction.atomic
def approve_purpose(*, code: str, by: Actor) -> Purpose:
    """One of the two approvals that a purpose needs whose uses the person is not told of (PIPL 18, 35)."""
    chosen = purpose(code)
    require(by, "sharing.approve_purpose", of=Thing("purpose", chosen.code))
    is_secrecy = "secrecy" in by.roles
    if is_secrecy:
        chosen.secrecy_account, chosen.secrecy_at = by.account, clock.now()
    else:
        chosen.authority_account, chosen.authority_at = by.account, clock.now()
    chosen.save()
    record(
        events.PURPOSE_APPROVED,
        by=by,
        about=About("purpose", chosen.code),
        facts={
            "purpose": chosen.code,
            "side": N_("保密部门") if is_secrecy else N_("数据主管部门"),
            "basis": str(chosen.basis),
        },
    )
    return chosen
