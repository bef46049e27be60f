"""What a new file changes in the rows that are kept: exact, by key, and without opening more than it takes."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import number_of
from tests.factories.sources import BY, csv_file, source_of, things_plan
from yitong.base.keys import api as keys
from yitong.base.ledger.models import Entry
from yitong.data.sources import comparing
from yitong.data.sources.api import ClearColumn, CopyPlan, copy_in, open_table, row_statement

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]
HEADS = ["身份证号", "姓名", "区划", "金额", "状态"]
PLAN = CopyPlan(
    table_key="r1",
    key_column="身份证号",
    key_kind="person",
    clear=(ClearColumn("金额", "N"), ClearColumn("状态")),
    sealed=("身份证号", "姓名"),
    region_column="区划",
)


def person(number, name="林晓桐", amount="1.0", state="在保"):
    return [number_of(number), name, "890102", amount, state]


def compared(tmp_path, rows, table_key="r1", columns=None):
    reader = open_table(str(csv_file(tmp_path / "new.csv", rows)))
    kept = row_statement(table_key)
    wanted = columns or [name for name in kept.columns if name in {c.name for c in reader.columns}]
    return row_statement(table_key, wanted).compare(reader)


def load(tmp_path, plan, rows):
    path = csv_file(tmp_path / "old.csv", rows)
    copy_in(plan=plan, reader=open_table(str(path)), source=source_of(path), by=BY)


def counts(found):
    return found.before, found.after, found.added, found.gone, found.changed


def test_people_added_gone_and_changed_are_counted_by_key_and_by_item(tmp_path, monkeypatch):
    load(tmp_path, PLAN, [HEADS, *(person(n) for n in range(2, 12))])
    entries = Entry.objects.count()
    opened = []
    unseal = keys.unseal
    monkeypatch.setattr(
        comparing.keys, "unseal", lambda *a, **k: opened.append(1) or unseal(*a, **k)
    )
    rows = [
        *(person(n) for n in range(5, 12)),
        person(40),
        person(41),
    ]
    rows[0] = person(5, name="王伟")
    rows[1] = person(6, amount="1.00")  # the same number
    rows[2] = person(7, name="", state="停发")
    found = compared(tmp_path, [HEADS, *rows])
    assert counts(found) == (10, 9, 2, 3, 2)
    assert found.by_column == {"姓名": 2, "状态": 1}
    assert len(opened) == 7, "only rows whose key is in the file are opened"
    assert Entry.objects.count() == entries, "a look writes nothing"
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_class where relname = 'compared_r1'")
        assert cursor.fetchone() == (0,)


def test_rows_that_could_not_be_loaded_are_counted_apart(tmp_path):
    load(tmp_path, PLAN, [HEADS, *(person(n) for n in range(2, 6))])
    rows = [person(2), person(2, name="又一行"), ["不是号码", "甲", "890102", "1", "在保"]]
    rows += [person(3, amount="一些"), ["", "乙", "890102", "1", "在保"], person(4)]
    found = compared(tmp_path, [HEADS, *rows])
    assert counts(found) == (4, 2, 0, 2, 0)
    assert found.refused == 4


def test_rows_loaded_before_the_pseudonyms_were_rotated_are_still_the_same_people(tmp_path):
    rows = [HEADS, *(person(n) for n in range(2, 6))]
    load(tmp_path, PLAN, rows)
    keys.rotate_pseudonyms(by=BY)
    assert counts(compared(tmp_path, rows)) == (4, 4, 0, 0, 0)


def test_a_column_that_is_gone_is_not_compared(tmp_path):
    load(tmp_path, PLAN, [HEADS, *(person(n) for n in range(2, 6))])
    less = [[row[0], row[2], row[4]] for row in [HEADS, *(person(n) for n in range(2, 6))]]
    assert counts(compared(tmp_path, less)) == (4, 4, 0, 0, 0)


def test_where_a_key_has_several_rows_a_row_that_differs_is_gone_and_added(tmp_path):
    plan = things_plan(one_row_per_key=False)
    head = ["编码", "数量"]
    load(tmp_path, plan, [head, ["甲", "1"], ["甲", "1"], ["甲", "2"], ["乙", "1"]])
    found = compared(tmp_path, [head, ["甲", "1"], ["甲", "3"], ["甲", "2"], ["丙", "1"]], "r34")
    assert counts(found) == (4, 4, 2, 2, 0)


CELLS = st.dictionaries(st.integers(0, 40), st.sampled_from(["1", "2", "3"]), min_size=1)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(CELLS, CELLS)
def test_whatever_the_two_files_hold_the_counts_are_exact(tmp_path, monkeypatch, old, new):
    monkeypatch.setattr(comparing, "PAGE", 3)
    head = ["编码", "数量"]
    load(tmp_path, things_plan(), [head, *[[f"k{k}", v] for k, v in old.items()]])
    found = compared(tmp_path, [head, *[[f"k{k}", v] for k, v in new.items()]], "r34")
    both = old.keys() & new.keys()
    assert counts(found) == (
        len(old),
        len(new),
        len(new.keys() - old.keys()),
        len(old.keys() - new.keys()),
        sum(old[key] != new[key] for key in both),
    )
