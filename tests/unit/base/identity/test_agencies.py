"""Agencies, posts and who holds them."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.agencies import OPERATOR, REGION, a_post, agency_code, an_agency, staff
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person
from yitong.base.access.api import NotAllowed
from yitong.base.identity import actions, queries
from yitong.base.identity.errors import (
    AgencyExists,
    DataAuthorityExists,
    InvalidPeriod,
    NotStaff,
    PostNotHeld,
    PostTaken,
    UnknownAgency,
    UnknownAgencyCode,
    UnknownAgencyKind,
    UnknownRole,
)
from yitong.base.identity.models import Agency, Holding
from yitong.base.identity.seats import posts_of
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.codes import InvalidCreditCode

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]


def recorded(event: str) -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select about_type, about_key, facts::text from ledger_entry where event = %s order by id",
            (event,),
        )
        return cursor.fetchall()


def test_an_agency_is_found_by_code_by_name_and_by_a_short_name_of_its_own():
    made = an_agency("澜宁市民政局", short_name="市民政局")
    assert queries.agency(made.code) == made
    assert queries.agency(made.code.lower()) == made
    assert queries.agency_named(" 澜宁市民政局 ") == made
    assert queries.agency_named("市民政局") == made
    (entry,) = recorded("identity.agency_registered")
    assert entry[:2] == ("agency", made.code)


def test_an_unknown_name_is_refused_with_the_nearest_names():
    an_agency("澜宁市民政局")
    an_agency("澜宁市公安局")
    with pytest.raises(UnknownAgency, match="澜宁市民政局") as refusal:
        queries.agency_named("澜宁市民正局")
    assert refusal.value.kind == "not_found"
    with pytest.raises(UnknownAgency, match="无"):
        queries.agency_named("xyz")
    with pytest.raises(UnknownAgencyCode):
        queries.agency("11890100DM00000000")


def test_an_organisations_name_has_one_writing():
    made = an_agency("澜宁市政务服务和数据管理局(市数据局)")
    assert made.name == "澜宁市政务服务和数据管理局（市数据局）"
    assert queries.agency_named("澜宁市政务服务和数据管理局 （市数据局)") == made


def test_a_short_name_of_two_agencies_names_neither():
    an_agency("听澜区民政局", short_name="民政局")
    an_agency("望岫区民政局", short_name="民政局")
    with pytest.raises(UnknownAgency):
        queries.agency_named("民政局")


def test_code_and_name_are_taken_once():
    first = an_agency("澜宁市民政局")
    with pytest.raises(AgencyExists):
        an_agency("澜宁市民政局")
    with pytest.raises(AgencyExists):
        actions.register_agency(
            by=OPERATOR, code=first.code, name="另一个局", kind="块", region=REGION
        )


def test_a_wrong_code_or_kind_is_refused():
    with pytest.raises(InvalidCreditCode):
        actions.register_agency(
            by=OPERATOR, code=agency_code(1)[:-1] + "0", name="某局", kind="块", region=REGION
        )
    with pytest.raises(UnknownAgencyKind):
        an_agency("某局", kind="公司")


def test_a_region_has_one_data_authority():
    """政务数据共享条例 4: the 主管部门 of a region is one."""
    an_agency("澜宁市政务服务和数据管理局", region="8901", is_data_authority=True)
    an_agency("听澜区政务服务和数据管理局", region="890102", is_data_authority=True)
    with pytest.raises(DataAuthorityExists, match="澜宁市政务服务和数据管理局"):
        an_agency("第二个数据局", region="8901", is_data_authority=True)


def test_an_agency_has_two_parents():
    government = an_agency("澜宁市人民政府")
    ministry = an_agency("国家税务总局", kind="条", region="")
    bureau = an_agency(
        "国家税务总局澜宁市税务局", kind="条", government=government.code, line=ministry.code
    )
    assert bureau.government == government
    actor = queries.actor_for(staff(a_post(bureau)))
    assert (actor.agency, actor.line, actor.region) == (bureau.code, ministry.code, REGION)


def test_agencies_are_listed_with_all_below_a_region():
    city = an_agency("甲局", region="8901")
    county = an_agency("乙局", region="890102")
    an_agency("丙局", region="8902")
    assert list(queries.agencies(region="8901")) == [city, county]
    assert list(queries.agencies(region="8901", kind="党委")) == []


def test_who_may_not_manage_is_refused():
    with pytest.raises(NotAllowed):
        actions.create_post(by=queries.actor_for(staff(a_post())), agency=an_agency(), role="clerk")


def test_posts_are_numbered_within_a_role():
    agency = an_agency()
    keys = [a_post(agency, "dept_head").key, a_post(agency, "dept_head").key, a_post(agency).key]
    assert keys == [f"{agency.code}/{rest}" for rest in ("dept_head/1", "dept_head/2", "clerk/1")]
    with pytest.raises(UnknownRole):
        a_post(agency, "emperor")


def test_a_post_has_one_holder_at_a_time():
    post = a_post()
    first, second = staff(post), staff()
    with pytest.raises(PostTaken):
        actions.appoint(by=OPERATOR, post=post.key, account=second)
    actions.end_holding(by=OPERATOR, post=post.key)
    actions.appoint(by=OPERATOR, post=post.key, account=second)
    assert posts_of(first) == []
    assert posts_of(second) == [post]


def test_the_database_itself_refuses_two_holders():
    post, now = a_post(), clock.now()
    one, two = staff(), staff()
    Holding.objects.create(post=post, account=one, held_from=now, held_until=now + dt.timedelta(9))
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(post=post, account=two, held_from=now + dt.timedelta(8))
    Holding.objects.create(post=post, account=two, held_from=now + dt.timedelta(9))


def test_the_database_itself_refuses_an_agency_above_itself():
    agency = an_agency()
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=agency.pk).update(government=agency)


def test_a_holding_ends_after_it_began():
    with pytest.raises(InvalidPeriod):
        actions.appoint(by=OPERATOR, post=a_post().key, account=staff(), held_until=clock.now())


def test_a_citizen_holds_no_post():
    with pytest.raises(NotStaff):
        actions.appoint(by=OPERATOR, post=a_post().key, account=a_person().account)


def test_an_actor_has_the_only_post_a_chosen_one_or_none():
    one, two = a_post(role="dept_head"), a_post(role="secrecy")
    idle = staff()
    assert queries.actor_for(idle) == Actor(f"account:{idle.pk}", assurance=4)
    holder = staff(one)
    assert queries.actor_for(holder).post == one.key
    actions.appoint(by=OPERATOR, post=two.key, account=holder)
    assert queries.actor_for(holder).post == ""
    assert queries.actor_for(holder, two.key).roles == {"secrecy"}
    with pytest.raises(PostNotHeld):
        queries.actor_for(holder, a_post().key)


def test_a_closed_account_acts_in_no_post():
    account = staff(a_post(role="dept_head"))
    account.is_active = False
    account.save()
    assert queries.actor_for(account).roles == frozenset()


def test_a_change_whose_record_fails_is_undone(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    agency = an_agency()
    monkeypatch.setattr(actions, "record", fail)
    with pytest.raises(RuntimeError):
        actions.create_post(by=OPERATOR, agency=agency, role="clerk")
    assert not agency.posts.exists()
