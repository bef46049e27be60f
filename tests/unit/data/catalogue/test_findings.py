"""What is kept of a column: counts, lines and reasons, and never a value."""

import json
from dataclasses import asdict

from tests.factories.sources import csv_file
from tests.factories.uploads import HEADERS, people_rows
from yitong.data.catalogue.findings import FieldFinding, Flaw, finding_of
from yitong.data.sources.api import open_table, profile
from yitong.data.standards.api import proposals


def findings(path) -> list[FieldFinding]:
    found = profile(open_table(str(csv_file(path / "名单.csv", [HEADERS, *people_rows()]))))
    seen = proposals(found.columns)
    faults = {c.name: [f for f in found.faults if f.column == c.name] for c in found.columns}
    return [finding_of(c, seen[c.name].matches, faults[c.name]) for c in found.columns]


def test_a_wrong_number_is_told_with_its_line(tmp_path):
    number = findings(tmp_path)[0]
    assert number.flaws == (Flaw("person_check", 1, (8,)),)
    assert number.meanings[0].code == "DE01001"
    assert number.meanings[0].reasons


def test_no_value_of_a_row_is_kept(tmp_path):
    kept = json.dumps([each.as_facts() for each in findings(tmp_path)], ensure_ascii=False)
    values = {value for row in people_rows() for value in row}
    assert [value for value in values if value in kept] == []


def test_a_finding_reads_back_from_its_facts(tmp_path):
    for each in findings(tmp_path):
        facts = json.loads(json.dumps(each.as_facts()))
        assert FieldFinding.from_facts(facts) == each
        del facts["low"]
        assert FieldFinding.from_facts(facts).low == ""


def test_repetition_is_only_told_where_every_value_was_counted():
    counted = FieldFinding("a", "甲", "C", rows=100, missing=10, distinct=60)
    guessed = FieldFinding(**{**asdict(counted), "distinct_exact": False})
    assert (counted.repeated, guessed.repeated) == (30, 0)
    assert counted.missing_percent == 10
