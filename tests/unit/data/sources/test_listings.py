"""What a place holds: one table, or several, each by a location of its own."""

from pathlib import Path

import pytest

from tests.factories.sources import csv_file
from tests.factories.workbooks import workbook
from yitong.base.files.api import MarkedSecret
from yitong.data.sources import errors, listings
from yitong.data.sources.listings import tables_at
from yitong.data.sources.opening import open_table

ROWS = [["编码", "名称"], ["1", "井盖"], ["2", "路灯"]]


def names(place: Path | str) -> list[str]:
    return [table.name for table in tables_at(str(place)) if not table.skipped]


def test_a_single_table_is_itself(tmp_path):
    path = csv_file(tmp_path / "台账.csv", ROWS)
    assert [table.location for table in tables_at(str(path))] == [str(path)]
    book = workbook(tmp_path / "一张.xlsx", {"甲": ROWS, "Sheet2": []})
    assert [table.location for table in tables_at(str(book))] == [str(book)]
    with pytest.raises(errors.FileMissing):
        tables_at(str(tmp_path / "没有.csv"))


def test_a_workbook_of_several_sheets_is_a_table_each(tmp_path):
    book = workbook(tmp_path / "年报.xlsx", {"一月": ROWS, "二月": ROWS, "空": []})
    assert names(book) == ["年报-一月", "年报-二月"]
    assert [len(list(open_table(t.location).rows())) for t in tables_at(str(book))] == [2, 2]
    assert [t.location for t in tables_at(f"{book}#二月")] == [f"{book}#二月"]


def test_a_folder_is_its_files_in_order_with_those_of_its_folders(tmp_path):
    (tmp_path / "民政").mkdir()
    csv_file(tmp_path / "乙.csv", ROWS)
    csv_file(tmp_path / "丙.txt", ROWS)
    csv_file(tmp_path / "民政" / "低保.csv", ROWS)
    workbook(tmp_path / "年报.xlsx", {"一月": ROWS, "二月": ROWS})
    (tmp_path / "说明.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "~$年报.xlsx").write_bytes(b"x")
    assert names(tmp_path) == ["丙", "乙", "年报-一月", "年报-二月", "民政-低保"]
    assert [t.name for t in tables_at(str(tmp_path)) if t.skipped] == ["说明.pdf"]


def test_links_out_of_a_folder_are_not_followed(tmp_path):
    outside = csv_file(tmp_path / "别处.csv", ROWS)
    folder = tmp_path / "共享"
    folder.mkdir()
    csv_file(folder / "甲.csv", ROWS)
    (folder / "链接.csv").symlink_to(outside)
    (folder / "上级").symlink_to(tmp_path)
    assert names(folder) == ["甲"]


def test_what_cannot_be_looked_at_is_listed_with_the_reason_beside_the_others(tmp_path):
    csv_file(tmp_path / "甲.csv", ROWS)
    (tmp_path / "坏.xlsx").write_bytes(
        workbook(tmp_path / "x.xlsx", {"甲": ROWS}).read_bytes()[:900]
    )
    (tmp_path / "机密名单.csv").write_text("a,b\n1,2\n")
    found = {table.name: table.refusal for table in tables_at(str(tmp_path))}
    assert found["甲"] is None
    assert isinstance(found["机密名单.csv"], MarkedSecret)


def test_a_folder_whose_name_is_marked_is_refused(tmp_path):
    inner = tmp_path / "机密"
    inner.mkdir()
    csv_file(inner / "甲.csv", ROWS)
    csv_file(tmp_path / "乙.csv", ROWS)
    with pytest.raises(MarkedSecret):
        tables_at(str(inner))
    found = {table.name: table.refusal for table in tables_at(str(tmp_path))}
    assert isinstance(found["机密"], MarkedSecret)
    assert not [name for name in found if "甲" in name]


def test_a_folder_without_tables_and_one_with_too_many_are_refused(tmp_path, monkeypatch):
    with pytest.raises(errors.NoTables):
        tables_at(str(tmp_path))
    for name in "甲乙丙":
        csv_file(tmp_path / f"{name}.csv", ROWS)
    monkeypatch.setattr(listings, "MOST_TABLES", 2)
    with pytest.raises(errors.TooManyTables):
        tables_at(str(tmp_path))


def test_names_with_odd_signs_stay_names(tmp_path):
    csv_file(tmp_path / "<b>甲</b>.csv".replace("/", "∕"), ROWS)
    csv_file(tmp_path / "..乙#1.csv", ROWS)
    assert names(tmp_path) == ["<b>甲<∕b>"], "a name that begins with a dot is not meant"
    csv_file(tmp_path / "乙#1.csv", ROWS)
    assert "乙#1" in names(tmp_path)
    assert len(list(open_table(str(tmp_path / "乙#1.csv")).rows())) == 2
