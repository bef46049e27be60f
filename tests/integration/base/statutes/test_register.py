"""The register in the database: loading, local limits, merged regions."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.regions import load_nation, nation
from tests.factories.statutes import OPERATOR, a_local_limit, a_new_limit, empty_register, facts_of
from yitong.base.access.api import NotAllowed
from yitong.base.statutes import api as statutes
from yitong.base.statutes import seed
from yitong.base.statutes.calendars import seeded_years
from yitong.base.statutes.errors import (
    LimitLaxer,
    LimitMalformed,
    LimitNotHere,
    LimitNotInForce,
    LimitOfRelease,
    LimitsConflict,
    LimitWithoutAct,
    UnknownLimit,
)
from yitong.base.statutes.models import Act, Limit
from yitong.kernel.actor import Actor
from yitong.kernel.law import Confidence, LimitKind, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]
TODAY = dt.date(2026, 11, 22)


def amount(key, region="", on=TODAY):
    return statutes.limit_for(key, region=region, on=on).amount


def test_the_first_load_brings_everything_and_says_so():
    empty_register()
    done = statutes.load_register(by=OPERATOR)

    assert done.added == len(seed.rows_of("limits.csv"))
    assert amount("PER-42") == 20
    [facts] = facts_of("statutes.register_loaded")
    assert facts["years"] == sorted(seeded_years())
    assert (facts["added"], facts["digest"]) == (done.added, seed.digest())


def test_loading_again_changes_nothing():
    before = Limit.objects.count()
    done = statutes.load_register(by=OPERATOR)

    assert not done.is_changed
    assert Limit.objects.count() == before == len(seed.rows_of("limits.csv"))


def test_the_limit_read_back_is_the_limit_of_the_files():
    for rows in seed.register().rows.values():
        for row in rows:
            limit = row.limit
            found = statutes.limit_for(limit.key, region=limit.region, on=limit.valid_from)
            assert statutes.tables().row(found.id).limit == found
            assert (found.amount, found.extension, found.basis, found.outcome) == (
                limit.amount,
                limit.extension,
                limit.basis,
                limit.outcome,
            )


def test_a_row_that_was_corrected_stays_for_what_was_opened_under_it():
    wrong = Limit.objects.get(key="PER-44")
    Limit.objects.filter(pk=wrong.pk).update(amount=11)
    done = statutes.load_register(by=OPERATOR)

    assert (done.added, done.corrected, done.closed) == (0, 1, 0)
    assert statutes.tables().row(wrong.pk).limit.amount == 11
    assert amount("PER-44") == 10


def test_a_row_that_the_files_lack_is_closed():
    act = Act.objects.get(title="行政许可法")
    Limit.objects.create(
        key="PER-99", act=act, article="99", title="没有这一条", kind="within", amount=1, unit="WD",
        nature="statutory", valid_from=act.in_force_from, confidence="H", source="试", from_tree=True,
    )  # fmt: skip

    assert statutes.load_register(by=OPERATOR).closed == 1
    with pytest.raises(UnknownLimit):
        amount("PER-99")


def test_a_stricter_local_limit_binds_its_region_from_its_day_and_nobody_else():
    a_local_limit("DSR-21b", amount=5)

    assert amount("DSR-21b", "890102") == 5
    assert amount("DSR-21b", "890102", dt.date(2025, 12, 31)) == 10
    assert amount("DSR-21b", "8902") == amount("DSR-21b") == 10


def test_the_register_shows_both():
    a_local_limit("DSR-21b", amount=5)
    shown = [row.limit for row in statutes.limits(region="8901") if row.limit.key == "DSR-21b"]

    assert sorted((limit.region, limit.amount) for limit in shown) == [("", 10), ("8901", 5)]


def test_a_laxer_local_limit_is_refused():
    with pytest.raises(LimitLaxer):
        a_local_limit("DSR-21b", amount=11)


def test_what_the_law_leaves_to_regions_may_be_longer_up_to_its_bound():
    """居住证暂行条例 9: the 实施办法 of a city may say up to thirty days."""
    a_local_limit("RP-9", amount=30, unit=Unit.DAY)

    assert amount("RP-9", "890102") == 30
    with pytest.raises(LimitLaxer):
        a_local_limit("RP-9", amount=31, unit=Unit.DAY, region="8902")


def test_a_promise_is_the_regions_own():
    a_local_limit("DSR-16", amount=20)

    assert amount("DSR-16", "8901") == 20
    assert statutes.limit_for("DSR-16", region="", on=TODAY).confidence is Confidence.LOW


def test_an_ancestor_that_becomes_stricter_binds_below():
    a_local_limit("DSR-22", amount=15)
    a_local_limit("DSR-22", amount=8, region="89", valid_from=dt.date(2026, 6, 1))

    assert amount("DSR-22", "8901", dt.date(2026, 5, 31)) == 15
    assert amount("DSR-22", "8901", dt.date(2026, 6, 1)) == 8


def test_a_limit_with_no_act_is_refused():
    with pytest.raises(LimitWithoutAct):
        statutes.add_limit(limit=a_new_limit(act="查无此法", act_kind=""), by=OPERATOR)
    with pytest.raises(LimitWithoutAct):
        statutes.add_limit(limit=a_new_limit(act=" "), by=OPERATOR)


def test_two_limits_in_force_at_once_are_refused():
    a_local_limit("DSR-21b", valid_to=dt.date(2026, 7, 1))
    with pytest.raises(LimitsConflict):
        a_local_limit("DSR-21b", valid_from=dt.date(2026, 6, 30))
    a_local_limit("DSR-21b", amount=4, valid_from=dt.date(2026, 7, 1))

    assert amount("DSR-21b", "8901", dt.date(2026, 6, 30)) == 5
    assert amount("DSR-21b", "8901", dt.date(2026, 7, 1)) == 4


def test_the_database_refuses_two_open_rows_of_one_place():
    row = Limit.objects.get(key="PER-44")
    row.pk, row.valid_from = None, dt.date(2020, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_two_rows_that_came_past_the_door_are_refused_when_asked_for():
    row = Limit.objects.get(key="PER-44")
    Limit.objects.filter(pk=row.pk).update(valid_to=dt.date(2030, 1, 1))
    row.pk, row.valid_from = None, dt.date(2020, 1, 1)
    row.save()
    renew_limits()
    with pytest.raises(LimitsConflict, match="PER-44"):
        amount("PER-44")


def renew_limits():
    with connection.cursor() as cursor:
        cursor.execute("update statutes_tablerevision set token = 'other' where part = 'limits'")


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": ""},
        {"amount": 0},
        {"valid_to": dt.date(2026, 1, 1)},
        {"kind": LimitKind.EACH_YEAR_ON},
        {"kind": LimitKind.KEEP},
        {"key": " DSR-21b"},
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(wrong):
    with pytest.raises(LimitMalformed):
        statutes.add_limit(limit=a_new_limit(**({"key": "DSR-21b"} | wrong)), by=OPERATOR)


def test_a_region_may_have_a_limit_that_the_nation_has_not():
    a_local_limit("LN-8", title="办结网格事件", amount=4, unit=Unit.WORKHOUR)

    assert amount("LN-8", "890102") == 4
    with pytest.raises(LimitNotHere):
        amount("LN-8", "8902")


def test_a_local_limit_leaves_an_entry_with_basis_and_dates():
    limit = a_local_limit("DSR-21b", amount=5)
    facts = facts_of("statutes.limit_added")[-1]

    assert facts["key"] == "DSR-21b"
    assert (facts["place"], facts["amount"], facts["unit"]) == ("8901", 5, "WD")
    assert (facts["act"], facts["article"]) == ("澜宁市政务数据共享管理办法", "9")
    assert facts["limit"] == limit.id


def test_a_merged_region_is_asked_as_its_successor():
    """Written rule: from the merging day on the successor's limits bind, and those of the merged region lapse."""
    load_nation()
    a_local_limit("DSR-22", amount=12, region="910102")
    a_local_limit("DSR-22", amount=9, region="910103")
    merged = [row for row in nation() if not row.code.startswith("910102")]
    load_nation(merged, as_of="2026-06-01", **{"910102": "910103"})

    assert amount("DSR-22", "910102", dt.date(2026, 5, 31)) == 12
    assert amount("DSR-22", "910102", dt.date(2026, 6, 2)) == 9
    place = statutes.answering_place("910102", on=TODAY)
    assert (place.asked, place.code, place.is_moved) == ("910102", "910103", True)


def test_a_region_without_a_known_successor_is_asked_as_what_it_lay_in():
    load_nation()
    a_local_limit("DSR-22", amount=12, region="910102")
    a_local_limit("DSR-22", amount=15, region="9101")
    load_nation([row for row in nation() if not row.code.startswith("910102")], as_of="2026-06-01")

    assert amount("DSR-22", "910102") == 15
    assert statutes.answering_place("910102", on=TODAY).code == "9101"


def test_a_local_limit_is_ended_and_the_nations_binds_again():
    a_local_limit("DSR-21b", amount=5)
    ended = statutes.end_limit(
        key="DSR-21b", region="890100", on=dt.date(2026, 12, 1), reason="办法已废止", by=OPERATOR
    )
    assert ended.valid_to == dt.date(2026, 12, 1)

    days = (dt.date(2026, 11, 30), dt.date(2026, 12, 1))
    assert [amount("DSR-21b", "8901", on) for on in days] == [5, 10]
    (facts,) = facts_of("statutes.limit_ended")
    assert (facts["key"], facts["place"], facts["valid_to"], facts["reason"]) == (
        "DSR-21b",
        "8901",
        "2026-12-01",
        "办法已废止",
    )


@pytest.mark.parametrize(
    ("key", "region", "on", "refusal"),
    [
        ("DSR-21b", "", dt.date(2026, 12, 1), LimitMalformed),  # the nation's follow releases
        ("DSR-21b", "8902", dt.date(2026, 12, 1), LimitNotInForce),
        ("DSR-21b", "8901", dt.date(2026, 1, 1), LimitNotInForce),  # it would never have held
        ("WF-20", "3707", dt.date(2026, 12, 1), LimitOfRelease),
        ("nix", "8901", dt.date(2026, 12, 1), UnknownLimit),
    ],
)
def test_what_cannot_be_ended_is_refused(key, region, on, refusal):
    a_local_limit("DSR-21b", amount=5)
    with pytest.raises(refusal):
        statutes.end_limit(key=key, region=region, on=on, reason="试", by=OPERATOR)
    assert facts_of("statutes.limit_ended") == []


def test_only_who_keeps_the_register_ends_a_limit():
    a_local_limit("DSR-21b", amount=5)
    clerk = Actor(account="account:1", kind="staff", roles=frozenset({"clerk"}), region="8901")
    with pytest.raises(NotAllowed):
        statutes.end_limit(
            key="DSR-21b", region="8901", on=dt.date(2026, 12, 1), reason="试", by=clerk
        )


def test_a_limit_ends_once():
    a_local_limit("DSR-21b", amount=5)
    wanted = {"key": "DSR-21b", "region": "8901", "reason": "试", "by": OPERATOR}
    statutes.end_limit(on=dt.date(2026, 12, 1), **wanted)
    with pytest.raises(LimitNotInForce):
        statutes.end_limit(on=dt.date(2027, 1, 1), **wanted)


def test_a_preview_says_what_would_stand_and_writes_nothing():
    proposed = statutes.previews.limit_preview(a_new_limit("DSR-21b", amount=5))
    assert (proposed.limit.amount, proposed.above.limit.amount) == (5, 10)
    assert proposed.act is None
    assert facts_of("statutes.limit_added") == []
    with pytest.raises(LimitLaxer):
        statutes.previews.limit_preview(a_new_limit("DSR-21b", amount=50))
