"""What is said of a table after one look, and what is never said."""

import json
import re
from pathlib import Path

import pytest

from tests.factories.sources import csv_file
from yitong.data.sources.api import open_table, profile, write_faults
from yitong.data.sources.distinct import DistinctCount
from yitong.data.sources.errors import LoadStopped
from yitong.data.sources.rules import type_letter, uniqueness
from yitong.data.sources.shapes import Kind


def looked_at(tmp_path: Path, header: list[str], *rows: list[str]):
    return profile(open_table(str(csv_file(tmp_path / "t.csv", [header, *rows]))))


def letter_of(tmp_path: Path, *values: str) -> str:
    return (
        looked_at(tmp_path, ["键", "值"], *[[f"k{n}", v] for n, v in enumerate(values)])
        .column("值")
        .type_letter
    )


@pytest.mark.parametrize(
    ("values", "letter"),
    [
        (["1", "2", "30"], "I"),
        (["1", "2.5", "3"], "N"),
        (["1,000", "2,000"], "N"),
        (["0012", "0013"], "C"),
        (["2026-03-05", "2026/3/6"], "D"),
        (["20260305", "20260306"], "D"),
        (["20260305", "99999999"], "I"),
        (["2026-03-05 08:00", "2026-03-06"], "T"),
        (["是", "否", "是"], "L"),
        (["890102199203150020"], "C"),
        (["10012345678"], "C"),
        (["井盖", "路灯"], "C"),
        (["长" * 600], "M"),
        (["", "-", "NULL"], "C"),
        (["2026-03-05", "-", ""], "D"),
    ],
)
def test_the_type_letter_of_a_column(tmp_path, values, letter):
    assert letter_of(tmp_path, *values) == letter


def test_a_few_wrong_values_are_faults_of_a_date_column_by_line(tmp_path):
    days = [[str(n), f"2026-03-{n:02d}"] for n in range(1, 29)]
    days[4][1], days[9][1] = "2026/3/5", "不详"
    found = looked_at(tmp_path, ["序号", "日期"], *days)
    assert [(f.line, f.column, f.code) for f in found.faults] == [
        (6, "日期", "date_shape"),
        (11, "日期", "type"),
    ]
    assert found.column("日期").faults == {"date_shape": 1, "type": 1}


def test_counts_lengths_and_uniqueness(tmp_path):
    found = looked_at(
        tmp_path,
        ["编码", "状态", "空"],
        ["a1", "在册", ""],
        ["a22", "在册", ""],
        ["a3", "停发", ""],
    )
    code, state, empty = found.columns
    assert (code.unique, code.max_length, code.distinct) == ("yes", 3, 3)
    assert (state.unique, state.distinct, state.values) == ("no", 2, {"在册", "停发"})
    assert (empty.null_count, empty.distinct) == (3, 0)


def test_ranges_are_kept_for_things_and_never_for_people(tmp_path):
    things = looked_at(tmp_path, ["编码", "数量"], ["a", "3"], ["b", "12"])
    assert (things.column("数量").low, things.column("数量").high) == ("3", "12")
    people = looked_at(
        tmp_path, ["身份证号", "金额"], ["890102199203150020", "3"], ["890102199203150020", "9"]
    )
    assert people.about_persons
    assert (people.column("金额").low, people.column("金额").high) == (None, None)


def test_no_repr_and_no_stored_form_shows_a_person(tmp_path):
    found = looked_at(
        tmp_path,
        ["身份证号", "姓名", "电话"],
        ["890102199203150020", "林晓桐", "10012345678"],
        ["890102198001010013", "王伟", "10012345679"],
    )
    shown = repr(found) + json.dumps(found.as_json(), ensure_ascii=False)
    assert not re.search(r"林晓桐|王伟|\d{11}|桐花", shown)


def test_a_table_is_about_people_if_a_remark_names_one(tmp_path):
    found = looked_at(tmp_path, ["编码", "备注"], ["1", "证件890102199203150020"])
    assert found.about_persons
    assert found.column("备注").kinds[Kind.PERSON_INSIDE] == 1


def test_faults_are_bounded_and_the_whole_list_goes_to_a_file(tmp_path):
    rows = [[str(n), "不详" if n % 12 == 0 else "2026-03-05"] for n in range(24_000)]
    reader = open_table(str(csv_file(tmp_path / "t.csv", [["序号", "=日期"], *rows])))
    found = profile(reader)
    assert found.fault_counts == {"type": 2000}
    assert len(found.faults) == 1000
    assert write_faults(reader, found, tmp_path / "faults.csv") == 2000
    text = (tmp_path / "faults.csv").read_text("utf-8-sig")
    assert text.startswith("行号,列,原因代码,说明\n")
    assert "\n2,'=日期,type," in text


def test_every_ragged_row_is_in_the_file_of_faults(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("编码,数量\n" + "x\n" * 5_000 + "a,1\n", encoding="utf-8")
    reader = open_table(str(path))
    found = profile(reader)
    assert found.fault_counts == {"ragged_short": 5000}
    assert write_faults(reader, found, tmp_path / "faults.csv") == 5000


def test_a_profile_can_be_stopped(tmp_path):
    reader = open_table(str(csv_file(tmp_path / "t.csv", [["a", "b"], ["1", "x"]])))
    with pytest.raises(LoadStopped):
        profile(reader, progress=lambda _: False)


def test_distinct_values_are_exact_below_the_bound_and_near_above_it():
    few, many = DistinctCount(1000), DistinctCount(1000)
    few.add(f"v{n % 900}" for n in range(10_000))
    many.add(f"v{n}" for n in range(200_000))
    assert (few.count(), few.is_exact) == (900, True)
    assert not many.is_exact
    assert 170_000 < many.count() < 230_000


def test_a_column_with_an_empty_row_is_no_key():
    assert uniqueness(rows=10, empty=1, distinct=9, exact=True) == "no"
    assert uniqueness(rows=1000, empty=0, distinct=990, exact=False) == "likely"


def test_an_empty_column_is_text():
    assert type_letter({Kind.EMPTY: 5}, longest=0, one_length=True, distinct=0) == "C"


@pytest.mark.parametrize("name", ["airports", "seattle-weather", "iowa-electricity"])
def test_real_public_files_are_profiled_without_a_fault(name):
    """Files that `vega_datasets` ships, read where the package is installed."""
    import vega_datasets

    path = Path(vega_datasets.__file__).parent / "_data" / f"{name}.csv"
    found = profile(open_table(str(path)))
    assert found.row_count == len(path.read_text("utf-8").splitlines()) - 1
    assert not found.about_persons
    assert not found.fault_counts


def test_a_real_public_file_has_the_types_it_should():
    import vega_datasets

    path = Path(vega_datasets.__file__).parent / "_data" / "seattle-weather.csv"
    found = profile(open_table(str(path)))
    assert "".join(column.type_letter for column in found.columns) == "DNNNNC"
    assert found.column("date").unique == "yes"
    assert (found.column("date").low, found.column("date").high) == ("2012-01-01", "2015-12-31")
    assert found.column("weather").values == {"drizzle", "rain", "sun", "snow", "fog"}
