"""The made-up city is whole: parents before children, numbers right, nobody real."""

import csv

import pytest

from yitong.demo import city, rows
from yitong.demo.steps import Report, StepFailed, until
from yitong.kernel.codes import parse_credit_code, parse_person_number


def test_every_agency_has_a_right_code_and_its_parents_stand_before_it():
    known = set()
    for row in city.agency_rows():
        assert parse_credit_code(row.code).code == row.code
        assert {row.government, row.line} - {""} <= known, row.name
        known.add(row.code)
    assert len(known) == len(city.agency_rows())


def test_names_of_agencies_are_their_own():
    names = [row.name for row in city.agency_rows()]
    assert len(set(names)) == len(names)


def test_every_division_has_its_parent():
    with (rows.Path(city.__file__).parent / "gazetteer.csv").open(encoding="utf-8") as lines:
        codes = {row["code"] for row in csv.DictReader(lines)}
    shorter = {12: 9, 9: 6, 6: 4, 4: 2}
    assert all(code[: shorter[len(code)]] in codes for code in codes if len(code) > 2)
    assert all(code.startswith("89") for code in codes)


def test_residents_are_the_same_every_time_and_their_numbers_are_right_and_their_own():
    people = rows.residents()
    assert people == rows.residents()
    assert len({one.number for one in people}) == len(people)
    for one in people:
        parsed = parse_person_number(one.number)
        assert parsed.region.startswith("8901")
        assert parsed.birth_on == one.born_on


@pytest.mark.parametrize("spec", city.ENTRIES, ids=lambda spec: spec.name)
def test_every_entry_has_rows_as_wide_as_its_columns(spec, tmp_path):
    table = rows.TABLES[spec.name]
    table.write(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) > 50
    assert {len(line) for line in lines} == {len(table.columns)}


def test_the_owners_of_entries_have_posts():
    keys = {row.key for row in city.agency_rows()}
    assert {spec.owner for spec in city.ENTRIES} <= keys
    assert city.AUTHORITY in keys


def test_a_failed_step_is_in_the_report(tmp_path):
    report = Report()
    with pytest.raises(StepFailed), report.step("share", "…"):
        raise StepFailed("nothing came")
    assert not report.ok
    report.write(tmp_path / "report.json")
    assert "nothing came" in (tmp_path / "report.json").read_text(encoding="utf-8")


def test_waiting_ends_with_what_was_waited_for():
    assert until(lambda: 7, seconds=1, what="seven") == 7
    with pytest.raises(StepFailed):
        until(lambda: None, seconds=0, what="nothing")
