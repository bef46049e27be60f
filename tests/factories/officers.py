"""Agencies that share, with an officer in each post that sharing takes. All synthetic: region 890102."""

from dataclasses import dataclass, replace
from functools import cached_property

from tests.factories.agencies import a_client, a_post, an_agency, staff
from tests.factories.catalogue import people_entry
from tests.furnished import present
from yitong.base.identity.api import Agency, actor_for
from yitong.data.catalogue import actions as catalogue
from yitong.data.catalogue import notices, procedure
from yitong.data.catalogue.models import ChangeNotice, Resource
from yitong.data.catalogue.procedure import Finding
from yitong.data.catalogue.proposal import Proposal
from yitong.kernel.actor import Actor


@dataclass(frozen=True)
class Office:
    """An agency with one officer a role, appointed when a test first needs him."""

    agency: Agency

    @cached_property
    def contact(self) -> Actor:
        return officer(self.agency, "sharing_contact")

    @cached_property
    def head(self) -> Actor:
        """Of the department."""
        return officer(self.agency, "dept_head")

    def staffed(self) -> "Office":
        """With everybody there before anything happens."""
        _ = (self.contact, self.head, self.sharing_head, self.secrecy)
        return self

    @cached_property
    def sharing_head(self) -> Actor:
        return officer(self.agency, "sharing_head")

    @cached_property
    def secrecy(self) -> Actor:
        return officer(self.agency, "secrecy")


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
    return Office(an_agency(name))


def a_town() -> Town:
    if (there := present(Town)) is not None:
        return there
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
        procedure.record_assessment(code=code, finding=finding, by=town.provider.secrecy)


def published(town: Town, entry: Proposal | None = None) -> Resource:
    return publish(town, a_draft(town, entry).code)


def publish(town: Town, code: str) -> Resource:
    """From a draft or revision to what is in force, by the proper posts."""
    assess(town, code)
    procedure.submit(code=code, by=town.provider.contact)
    consent(town, code)
    procedure.approve(code=code, by=town.provider.head)
    return procedure.publish(code=code, by=town.reviewer)


def consent(town: Town, code: str) -> None:
    """Whoever was told that it loses something agrees (共享条例 27)."""
    for told in ChangeNotice.objects.filter(resource__code=code, answer="", ended_at=None):
        notices.answer(number=told.pk, given="agreed", words="", by=town.requester.sharing_head)
