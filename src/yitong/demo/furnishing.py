"""Furnishes a node with the made-up city, through the actions that everybody uses. What is there already stays."""

import datetime as dt
import hashlib
import secrets
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser

from yitong.base.identity import api as identity
from yitong.base.regions import api as regions
from yitong.data.catalogue import api as catalogue
from yitong.data.sources import api as sources
from yitong.demo.city import (
    AUTHORITY,
    CITIZENS,
    ENTRIES,
    GIVEN,
    MORE_POSTS,
    OFFICIALS,
    POSTS,
    SHOWN,
    EntrySpec,
    agency_rows,
    username_of,
)
from yitong.demo.rows import TABLES
from yitong.demo.words import _
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import person_number
from yitong.kernel.errors import N_, Refusal

OPERATOR = Actor.operator("demo")
ASSURANCE = 4
IN_OFFICE = dt.timedelta(days=365)
CONCLUSION = N_("演示：合成数据，没有真实个人信息，结论只用于演示")
GAZETTEER = Path(__file__).parent / "gazetteer.csv"

Say = Callable[[str], None]


class CityInTheWay(RuntimeError):
    """The nation allotted the codes of the made-up city: nothing is seeded over it."""


def load_nation(say: Say) -> None:
    """The real table, all 34 provincial units; the made-up tree stands beside it, never in its totals."""
    if not any(edition.table == "national" for edition in regions.loaded_editions()):
        say(_("载入全国行政区划（真实的公开数据）"))
        regions.load_national(by=OPERATOR)
    regions.load_overlay(rows=regions.rows_from_csv(GAZETTEER), by=OPERATOR)


def register_agencies(say: Say) -> int:
    known = set(identity.agencies().values_list("code", flat=True))
    wanting = [row for row in agency_rows() if row.code not in known]
    if wanting:
        say(_("登记{count}个机构").format(count=len(wanting)))
    for row in wanting:
        identity.register_agency(
            by=OPERATOR,
            code=row.code,
            name=row.name,
            kind=row.kind,
            region=row.region,
            short_name=row.short_name,
            government=row.government,
            line=row.line,
            is_data_authority=bool(row.authority),
            is_demo=True,
        )
    return len(wanting)


def agency_of(key: str) -> identity.Agency:
    row = next(row for row in agency_rows() if row.key == key)
    return identity.agency(row.code)


def staff_posts() -> None:
    """A post and an official for each role in every department that acts; in office long before this node."""
    since = clock.now() - IN_OFFICE
    for row in agency_rows():
        if not row.key:
            continue
        agency = identity.agency(row.code)
        there = set(agency.posts.values_list("role", flat=True))
        for role in (*POSTS, *MORE_POSTS.get(row.key, ())):
            if role in there:
                continue
            post = identity.posts.create_post(by=OPERATOR, agency=agency, role=role)
            account = identity.create_account(
                by=OPERATOR, username=username_of(row.key, role), kind="staff"
            )
            _name_holder(account, f"{row.key}/{role}")
            identity.appoint(by=OPERATOR, post=post.key, account=account, held_from=since)


def _name_holder(account: AbstractBaseUser, place: str) -> None:
    """A made-up person for each official: the three administrators have to be known as three."""
    drawn = hashlib.sha256(place.encode()).digest()
    born = dt.date(1970, 1, 1) + dt.timedelta(days=int.from_bytes(drawn[:2]) % 9000)
    number = person_number("890102", born, 500 + drawn[2])
    name = OFFICIALS[drawn[3] % len(OFFICIALS)] + GIVEN[drawn[4] % len(GIVEN)]
    identity.accounts.name_holder(by=OPERATOR, account=account, number=number, name=name)


def register_citizens() -> None:
    accounts = get_user_model()._default_manager
    for citizen in CITIZENS:
        if accounts.filter(username=citizen.username).exists():
            continue
        account = identity.create_account(by=OPERATOR, username=citizen.username, kind="person")
        identity.persons.register_person(
            by=OPERATOR,
            number=citizen.resident.number,
            name=citizen.resident.name,
            phone=citizen.resident.phone,
            assurance=ASSURANCE,
            account=account,
        )


def holder(key: str, role: str) -> Actor:
    """Who holds this post of a department."""
    post = agency_of(key).posts.get(role=role)
    account = get_user_model()._default_manager.get(username=username_of(key, role))
    return identity.actor_for(account, post.key)


def publish_entries(say: Say, entries: Iterable[EntrySpec] = ENTRIES) -> int:
    """Each table read, proposed, drafted, copied in, assessed, approved (13) and published (16) by its own posts."""
    filed = 0
    with tempfile.TemporaryDirectory(prefix="yitong-demo-rows-") as folder:
        for spec in entries:
            if not _is_filed(spec):
                say(_("编目、装载并发布：{name}").format(name=spec.name))
                path = Path(folder) / f"{spec.name}.csv"
                TABLES[spec.name].write(path)
                _publish(spec, path)
                filed += 1
    return filed


def _is_filed(spec: EntrySpec) -> bool:
    try:
        catalogue.resource(spec.name, viewer=OPERATOR)
    except Refusal:
        return False
    return True


def _publish(spec: EntrySpec, path: Path) -> None:
    owner = agency_of(spec.owner)
    reader = sources.open_table(str(path))
    wishes = catalogue.Wishes(
        share_type=spec.share_type, update_cycle=spec.cycle, category=spec.category, duty=spec.duty
    )
    proposal = catalogue.propose(
        sources.profile(reader), owner=owner.name, name=spec.name, wishes=wishes
    )
    row = catalogue.draft(proposal=proposal, by=holder(spec.owner, "sharing_contact"))
    _copy_in(proposal, row, reader, str(path))
    secrecy = holder(spec.owner, "secrecy")
    outcome = "passed" if proposal.has_personal else "not_concerned"
    for kind, found in (("secrecy", "passed"), ("personal", outcome)):
        finding = catalogue.procedure.Finding(kind, found, _(CONCLUSION))
        catalogue.procedure.record_assessment(code=row.code, finding=finding, by=secrecy)
    catalogue.procedure.submit(code=row.code, by=holder(spec.owner, "sharing_contact"))
    catalogue.procedure.approve(code=row.code, by=holder(spec.owner, "dept_head"))
    catalogue.procedure.publish(code=row.code, by=holder(AUTHORITY, "data_reviewer"))


def _copy_in(
    proposal: catalogue.Proposal, row: catalogue.Resource, reader: sources.Reader, location: str
) -> None:
    if not proposal.key_field:
        return
    sealed = proposal.sealed_fields
    plan = sources.CopyPlan(
        table_key=row.table_key,
        key_column=proposal.key_field,
        key_kind=proposal.key_kind,  # type: ignore[arg-type]
        clear=tuple(
            sources.ClearColumn(item.name, item.type_letter)
            for item in proposal.fields
            if item.name not in sealed
        ),
        sealed=sealed,
        region_column=next((f.name for f in proposal.fields if f.header == "区划代码"), None),
        one_row_per_key=proposal.key_unique,
    )
    source = sources.register_source(location=location, owner=row.owner.code, by=OPERATOR)
    sources.copy_in(plan=plan, reader=reader, source=source, by=OPERATOR)


def fresh_passwords() -> dict[str, str]:
    """New passwords for the log-ins that are shown; drawn anew at every start and kept nowhere."""
    accounts = get_user_model()._default_manager
    names = [c.username for c in CITIZENS] + [username_of(key, role) for key, role in SHOWN]
    drawn = {name: secrets.token_urlsafe(9) for name in names}
    for name, password in drawn.items():
        identity.accounts.set_password(
            by=OPERATOR, account=accounts.get(username=name), password=password
        )
    return drawn
