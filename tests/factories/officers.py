"""Agencies that share, with an officer in each post that sharing takes. All synthetic: region 890102."""

from dataclasses import dataclass, replace

from tests.factories.agencies import a_client, a_post, an_agency, staff
from tests.factories.catalogue import people_entry
from yitong.base.identity.api import Agency, actor_for
from yitong.data.catalogue import actions as catalogue
from yitong.data.catalogue.actions import Finding
from yitong.data.catalogue.models import Resource
from yitong.data.catalogue.proposal import Proposal
from yitong.kernel.actor import Actor


@dataclass(frozen=True)
class Office:
    """An agency with one officer a role."""

    agency: Agency
    contact: Actor
    head: Actor  # of the department
    sharing_head: Actor
    secrecy: Actor


@dataclass(frozen=True)
class Town:
    """Who shares with whom, and who reviews."""

    provider: Office
    requester: Office
    reviewer: Actor
    client: str


def officer(agency: Agency, role: str) -> Actor:
    post = a_post(agency, role)
    return actor_for(staff(post), post.key)


def an_office(name: str) -> Office:
    agency = an_agency(name)
    roles = ("sharing_contact", "dept_head", "sharing_head", "secrecy")
    return Office(agency, *(officer(agency, role) for role in roles))


def a_town() -> Town:
    provider, requester = an_office("澜宁市民政局"), an_office("澜宁市教育局")
    authority = an_agency("澜宁市政务服务和数据管理局", is_data_authority=True)
    reviewer = officer(authority, "data_reviewer")
    return Town(provider, requester, reviewer, a_client(requester.agency).client_id)


def a_draft(town: Town, entry: Proposal | None = None) -> Resource:
    filed = replace(entry or people_entry(), owner=town.provider.agency.name)
    return catalogue.draft(proposal=filed, by=town.provider.contact)


def assess(town: Town, code: str) -> None:
    for kind in ("secrecy", "personal"):
        finding = Finding(kind, "passed", "措施与风险相适应", "评〔2026〕3号")
        catalogue.record_assessment(code=code, finding=finding, by=town.provider.secrecy)


def published(town: Town, entry: Proposal | None = None) -> Resource:
    return publish(town, a_draft(town, entry).code)


def publish(town: Town, code: str) -> Resource:
    """From a draft or revision to what is in force, by the proper posts."""
    assess(town, code)
    catalogue.submit(code=code, by=town.provider.contact)
    catalogue.approve(code=code, by=town.provider.head)
    return catalogue.publish(code=code, by=town.reviewer)
