"""Kinds of duties, agencies that owe them and duties themselves, for tests. All synthetic: region 890102."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count

from tests.factories.agencies import OPERATOR, a_post, an_agency, staff
from tests.furnished import present
from yitong.base.duties import actions, declared
from yitong.base.duties.actions import Matter, NewDuty
from yitong.base.duties.models import Duty
from yitong.base.identity.api import Agency, actor_for
from yitong.kernel.actor import Actor
from yitong.kernel.clock import ZONE
from yitong.kernel.declare import About, DutyKind

ANSWER = DutyKind(
    name="tests.answer",
    title="答复共享申请",
    group="共享",
    limits=("DSR-21b", "DSR-21a"),
    family="DSR",
    done_when="答复同意或者不同意",
    outcomes={"agreed": "同意", "refused": "不同意"},
)
DELIVER = replace(ANSWER, name="tests.deliver", limits=("DSR-22",))
SILENCE = replace(ANSWER, name="tests.opinion", limits=("GID-34",), family="GID", group="公开")
REPORT = replace(ANSWER, name="tests.report", limits=("SEC-10",), family="", group="安全")
PETITION = replace(ANSWER, name="tests.petition", limits=("PET-34",), family="PET", group="信访")
KINDS = (ANSWER, DELIVER, SILENCE, REPORT, PETITION)

_numbers = count(1)


@contextmanager
def kinds_installed(*kinds: DutyKind) -> Iterator[None]:
    """These kinds beside those of the apps, until the block ends."""
    before = list(declared.kinds().values())
    declared.install([*before, *(kinds or KINDS)])
    try:
        yield
    finally:
        declared.install(before)


@dataclass(frozen=True)
class Bureau:
    """An agency that owes, with a clerk and a head, under a government, beside a data authority."""

    agency: Agency
    clerk: Actor
    head: Actor
    colleague: Actor
    government: Agency
    mayor: Actor
    authority: Agency
    reviewer: Actor


def in_post(agency: Agency, role: str) -> Actor:
    post = a_post(agency, role)
    return actor_for(staff(post), post.key)


def a_bureau(region: str = "890102") -> Bureau:
    if region == "890102" and (there := present(Bureau)) is not None:
        return there
    government = an_agency(region=region)
    agency = an_agency(region=region, government=government.code)
    authority = an_agency(region=region, government=government.code, is_data_authority=True)
    return Bureau(
        agency,
        in_post(agency, "sharing_contact"),
        in_post(agency, "dept_head"),
        in_post(agency, "clerk"),
        government,
        in_post(government, "dept_head"),
        authority,
        in_post(authority, "data_reviewer"),
    )


def at(text: str) -> dt.datetime:
    """A local instant, "2026-10-13 09:00" or a day's beginning."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def a_matter(kind: DutyKind = ANSWER, step: str = "") -> Matter:
    return Matter(kind.name, About("share_request", str(next(_numbers))), step)


def a_duty(bureau: Bureau, kind: DutyKind = ANSWER, **more: object) -> Duty:
    """Opened by the system, owed by the bureau's clerk."""
    new = NewDuty(
        matter=a_matter(kind),
        agency=bureau.agency.code,
        post=bureau.clerk.post,
        start=more.pop("start", at("2026-09-24 16:12")),
        subject="机动车登记信息",
        waits="市生态环境局",
    )
    return actions.open_duty(replace(new, **more), by=OPERATOR)
