"""Loading tables of divisions."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.regions import OPERATOR, edition, load_demo, load_nation, nation
from yitong.base.access.api import NotAllowed
from yitong.base.regions import api as regions
from yitong.base.regions.errors import (
    CodeTaken,
    DivisionMalformed,
    DivisionTwice,
    EditionOlder,
    NationalTableMissing,
    OrphanDivision,
)
from yitong.base.regions.models import LoadedEdition, Region
from yitong.base.regions.rules import Division
from yitong.kernel.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]


def entries() -> list[tuple[str, dict[str, object]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select about_key, facts from ledger_entry where event = 'regions.loaded' order by id"
        )
        return cursor.fetchall()


def test_a_load_is_one_entry_with_edition_digest_and_counts():
    report = load_nation()
    assert (report.added, report.renamed, report.closed, report.is_unchanged) == (297, 0, 0, False)
    ((key, facts),) = entries()
    assert key == "national"
    assert (
        '"rows":297' in facts.replace(" ", "") if isinstance(facts, str) else facts["rows"] == 297
    )
    assert report.digest in str(facts)


def test_the_same_table_again_changes_nothing_and_says_so():
    load_nation()
    assert load_nation().is_unchanged
    assert len(entries()) == 1
    assert LoadedEdition.objects.count() == 1


def test_a_newer_edition_closes_what_is_gone_and_keeps_it():
    load_nation()
    rows = [row for row in nation() if not row.code.startswith("910121")]
    rows = [row._replace(name="云新区") if row.code == "910103" else row for row in rows]
    rows.append(Division("910104", "云和区"))
    report = load_nation(rows, as_of="2021-06-30", **{"910121": "910104"})
    assert (report.added, report.renamed, report.closed) == (1, 1, 16)

    gone = regions.region("910121")
    assert (gone.name, gone.valid_to, gone.replaced_by) == (
        "云平县",
        dt.date(2021, 6, 30),
        "910104",
    )
    assert regions.region("910103").name == "云新区"
    assert regions.region("910103").valid_from == dt.date(2021, 6, 30)
    assert regions.region("910103", on=dt.date(2020, 5, 1)).name == "云宁区"
    assert [r.name for r in regions.children("9101")] == ["云安区", "云新区", "云和区"]
    assert regions.national_totals() == {1: 3, 2: 6, 3: 18, 4: 51, 5: 204}


def test_a_corrected_edition_of_the_same_day_is_taken_and_an_older_one_is_not():
    load_nation(as_of="2021-06-30")
    renamed = [r._replace(name="云州省") if r.code == "91" else r for r in nation()]
    load_nation(renamed, as_of="2021-06-30")
    load_nation(nation(), as_of="2021-06-30")
    assert regions.region("91").name == "云泽省"
    with pytest.raises(EditionOlder):
        load_nation(renamed, as_of="2020-06-30")


def test_a_table_with_a_code_twice_is_refused_whole():
    with pytest.raises(DivisionTwice) as refused:
        load_nation([*nation(), Division("9101", "又一个市")])
    assert refused.value.places == {"code": "9101"}
    assert not Region.objects.exists()


@pytest.mark.parametrize("name", ["", 'a"b', "a\\b", "a\tb", "{}", "a\nb"])
def test_a_name_that_no_place_has_is_refused(name):
    with pytest.raises(DivisionMalformed):
        load_nation([Division("91", name)])


def test_who_may_not_load_is_refused():
    citizen = Actor(account="account:1", kind="person")
    with pytest.raises(NotAllowed):
        regions.load_overlay(rows=[Division("89", "示例省")], by=citizen)


def test_the_made_up_city_stands_beside_the_nation_and_is_not_counted_with_it():
    load_nation()
    assert load_demo().added == 43
    assert load_demo().is_unchanged
    assert sum(regions.national_totals().values()) == 297
    tonghua = regions.region("890102001")
    assert (tonghua.full_name, tonghua.overlay) == ("示例省澜宁市听澜区桐花街道", "demo")
    assert len(regions.children()) == 4


def test_an_overlay_on_a_taken_code_is_refused_in_both_orders():
    load_nation()
    with pytest.raises(CodeTaken):
        regions.load_overlay(rows=[Division("91", "示例省")], by=OPERATOR)
    load_demo()
    with pytest.raises(CodeTaken):
        load_nation([*nation(), Division("89", "真实省")], as_of="2022-01-01")
    with pytest.raises(CodeTaken):
        regions.load_overlay(rows=[Division("89", "另一示例省")], by=OPERATOR, overlay="other")


def test_an_overlay_without_its_province_is_refused():
    with pytest.raises(OrphanDivision):
        regions.load_overlay(rows=[Division("8901", "澜宁市")], by=OPERATOR)


@pytest.mark.slow
def test_history_needs_the_nation_first_and_then_answers_for_old_numbers():
    with pytest.raises(NationalTableMissing):
        regions.load_county_history(by=OPERATOR)
    load_nation()
    assert regions.load_county_history(by=OPERATOR).added > 4000
    assert regions.load_county_history(by=OPERATOR).is_unchanged
    chaoyang = regions.region("440524")
    assert (chaoyang.name, chaoyang.replaced_by, chaoyang.is_in_force) == (
        "潮阳县",
        "440513",
        False,
    )
    assert [r.name for r in regions.find("440524")] == ["潮阳县"]
    assert sum(regions.national_totals().values()) == 297


def test_progress_is_told_in_rows():
    told: list[tuple[int, int]] = []
    regions.load_edition(
        edition=edition(nation(), dt.date(2020, 1, 1)),
        divisions=nation(),
        by=OPERATOR,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(297, 297)]


@pytest.mark.parametrize(
    "change",
    [
        {"code": "9101", "level": 1}, {"code": "9X", "level": 1}, {"code": "910", "level": 2},
        {"code": "91", "level": 1},
        {"code": "96", "level": 1, "valid_from": dt.date(2020, 1, 2), "valid_to": dt.date(2020, 1, 1)},
    ],
)  # fmt: skip
def test_the_database_defends_codes_levels_and_time(change):
    load_nation()
    row = Region(name="某地", pinyin="moudi", initials="md", bigrams=["某地"], **change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
