"""The sample file: what is planted in it is found, line by line, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.sources import BY, PEOPLE, people_plan, source_of
from yitong.data.sources.api import copy_in, open_table, profile, row_statement
from yitong.data.sources.models import LoadFault
from yitong.data.standards.api import match

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads(PEOPLE.with_suffix(".expected.json").read_text("utf-8"))


def test_the_sample_is_made_by_its_script(tmp_path, expected):
    script = ROOT / "tools" / "make_samples.py"
    subprocess.run(
        [sys.executable, script, "--seed", str(expected["seed"]), "--out", tmp_path], check=True
    )
    for name in (PEOPLE.name, PEOPLE.with_suffix(".expected.json").name):
        assert (tmp_path / name).read_bytes() == (PEOPLE.parent / name).read_bytes()


def test_the_profile_is_the_expected_one(expected):
    found = profile(open_table(str(PEOPLE)))
    assert found.row_count == expected["rows"]
    assert found.about_persons
    assert {c.name: c.type_letter for c in found.columns} == {
        name: facts["type"] for name, facts in expected["columns"].items()
    }
    assert sorted([f.line, f.column, f.code] for f in found.faults) == sorted(expected["faults"])
    assert any(expected["encoding"] in note.sentence for note in found.notes)


def test_every_column_is_matched_to_its_element(expected):
    for column in profile(open_table(str(PEOPLE))).columns:
        best, wanted = match(column)[0], expected["columns"][column.name]
        assert (column.name, best.code, best.personal) == (
            column.name,
            wanted["element"],
            wanted["personal"],
        )
        assert best.reasons


@pytest.mark.committed
@pytest.mark.usefixtures("node_keys")
def test_the_load_takes_the_good_rows_and_lists_the_others(expected):
    reader = open_table(str(PEOPLE))
    report = copy_in(plan=people_plan(), reader=reader, source=source_of(PEOPLE), by=BY)
    assert report.rows == expected["loaded"]
    listed = LoadFault.objects.values_list("line", "code")
    assert [list(fault) for fault in listed] == expected["not_loaded"]
    statement = row_statement("r12")
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, [statement.keys("890102199203150020")])
        (row,) = [statement.read(row) for row in cursor.fetchall()]
    assert row["姓名"] == "林晓桐"
    assert row["户籍地址"].endswith("桐花路18号6栋301室")
