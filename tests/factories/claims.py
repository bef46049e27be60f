"""Two departments that each say to be the source of the same item, and the authority that has to decide."""

from dataclasses import dataclass, replace

from tests.factories.catalogue import people_entry
from tests.factories.officers import Town, a_town, published
from tests.furnished import present
from yitong.data.catalogue.models import Resource
from yitong.data.standards.api import SourceClaim, claims

NUMBER = "DE01001"


@dataclass(frozen=True)
class Quarrel:
    """The first claim holds, the second is contested."""

    town: Town
    first: SourceClaim
    second: SourceClaim
    resource: Resource
    other: Resource


def a_claim(office, resource: Resource, **more: str) -> SourceClaim:
    new = {
        "element": NUMBER,
        "subject": "person",
        "resource": resource.code,
        "agency": office.agency.code,
        "basis": "社会救助暂行办法 3",
        **more,
    }
    return claims.claim_source(claim=claims.NewClaim(**new), by=office.contact)


def the_other_way(town: Town) -> Town:
    """The same town, its two departments in each other's place."""
    return replace(town, provider=town.requester, requester=town.provider)


def a_quarrel() -> Quarrel:
    """The one that stands in the test's database, or a new one in its town."""
    return present(Quarrel) or a_new_quarrel(a_town())


def a_new_quarrel(town: Town) -> Quarrel:
    resource = published(town)
    other = published(the_other_way(town), people_entry("学生资助对象"))
    first = a_claim(town.provider, resource)
    second = a_claim(town.requester, other, basis="教育法 15")
    return Quarrel(town, first, second, resource, other)
