"""Whom a family's law tells when a duty is missed. 监察 is never among them: it acts on its own judgement."""

from dataclasses import dataclass

from django.db import transaction

from yitong.base.access.api import Thing, require
from yitong.base.duties import events
from yitong.base.duties.errors import OverseerUnfit
from yitong.base.duties.models import Duty, Overseer
from yitong.base.duties.seed import Rung, breaches, ladders
from yitong.base.identity.api import Agency, agency
from yitong.base.ledger.api import record
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis

BODY_NAMES = {
    "data_authority": N_("同级政务数据共享主管部门"),
    "superior": N_("上级行政机关"),
    "disclosure_authority": N_("政府信息公开工作主管部门"),
    "petition_office": N_("信访部门"),
    "hotline": N_("12345热线工作机构"),
    "city_office": N_("市政府办公室"),
}
# 41: the authority's own misses go to 本级人民政府 or 上级主管部门.
OWN_MISS = Basis("政务数据共享条例", "41")
_REGION_LENGTHS = (12, 9, 6, 4, 2, 0)
_APART = ("监察委", "监委", "纪委", "纪律检查", "法院", "检察院", "人民代表大会", "政治协商")


@dataclass(frozen=True, slots=True)
class Told:
    """A superior that is told of a miss."""

    agency: Agency
    basis: Basis | None


def breached(duty: Duty) -> Basis:
    """The article that a miss of this duty breaks: that of accountability where the law names one."""
    return breaches().get(duty.limit_key, duty.basis)


def rungs_of(family: str) -> tuple[Rung, ...]:
    return ladders().get(family, ())


def superior_of(owner: Agency, rung: Rung) -> Told | None:
    """The agency that a rung means for this owner; None where the node knows none."""
    if rung.body == "data_authority":
        return _data_authority_over(owner, rung)
    if rung.body == "superior":
        return _told(_parent(owner), rung.basis)
    named = _named(rung.body, owner.region)
    return _told(named if named != owner else _parent(owner), rung.basis)


def _data_authority_over(owner: Agency, rung: Rung) -> Told | None:
    if not owner.is_data_authority:
        authority = Agency.objects.filter(is_data_authority=True, region=owner.region).first()
        return _told(authority or _authority_above(owner.region), rung.basis)
    return _told(_parent(owner) or _authority_above(owner.region), OWN_MISS)


def _authority_above(region: str) -> Agency | None:
    above = [region[:length] for length in _REGION_LENGTHS if length < len(region)]
    found = Agency.objects.filter(is_data_authority=True, region__in=above)
    return max(found, key=lambda each: len(each.region), default=None)


def _named(body: str, region: str) -> Agency | None:
    """The overseer named for the region, else for the nearest one that contains it."""
    places = [region[:length] for length in _REGION_LENGTHS if length <= len(region)]
    rows = Overseer.objects.filter(body=body, region__in=places).select_related("agency")
    nearest = max(rows, key=lambda row: len(row.region), default=None)
    return nearest.agency if nearest else None


def _parent(owner: Agency) -> Agency | None:
    return owner.government or owner.line


def _told(found: Agency | None, basis: Basis | None) -> Told | None:
    return None if found is None or stands_apart(found) else Told(found, basis)


def stands_apart(found: Agency) -> bool:
    """监察 and other organs that exercise their powers independently."""
    return any(word in found.name for word in _APART)


@transaction.atomic
def appoint_overseer(
    *, body: str, region: str, agency_code: str, basis: str, by: Actor
) -> Overseer:
    """Say which agency a family's law means in a region."""
    require(by, "duties.appoint", of=Thing("overseer", body, region=region))
    found = agency(agency_code)
    if stands_apart(found) or body not in BODY_NAMES:
        raise OverseerUnfit(agency=found.name)
    row, _ = Overseer.objects.update_or_create(
        body=body,
        region=region,
        defaults={"agency": found, "basis": basis, "named_by": by.account},
    )
    record(
        events.OVERSEER_NAMED,
        by=by,
        about=About("overseer", f"{body}/{region}"),
        facts={"body": body, "region": region, "agency": found.code, "basis": basis},
        region=region,
    )
    return row
