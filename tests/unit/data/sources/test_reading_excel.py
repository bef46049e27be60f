"""Workbooks that nobody prepared: what their reader sees is what is read, and every oddity is told or refused."""

import datetime as dt
import tracemalloc
from html import escape
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.factories.workbooks import inline_row, raw_workbook, workbook
from yitong.data.sources import errors
from yitong.data.sources.opening import open_table
from yitong.data.sources.profiling import profile

HEADER = ["编码", "名称", "数量"]
ROWS = [["a1", "井盖", 3], ["a2", "路灯", 4]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.xlsx"


def read(path: Path | str) -> list[tuple[int, tuple[str | None, ...]]]:
    return [(row.line, row.values) for row in open_table(str(path)).rows()]


def headers(path: Path | str) -> list[str]:
    return [column.name for column in open_table(str(path)).columns]


def faults(path: Path | str) -> list[tuple[int, str, str]]:
    reader = open_table(str(path))
    list(reader.rows())
    return [(fault.line, fault.column, fault.code) for fault in reader.faults]


def notes(path: Path | str) -> dict[str, str]:
    return {note.code: note.sentence for note in open_table(str(path)).notes}


def test_a_sheet_is_a_table_with_its_own_row_numbers(path):
    workbook(path, {"名单": [HEADER, *ROWS]})
    assert headers(path) == HEADER
    assert read(path) == [(2, ("a1", "井盖", "3")), (3, ("a2", "路灯", "4"))]


def test_a_workbook_under_another_name_is_known_by_its_bytes(path):
    workbook(path, {"名单": [HEADER, *ROWS]})
    assert len(read(path.rename(path.with_suffix(".csv")))) == 2


def test_of_several_sheets_one_must_be_named(path):
    workbook(path, {"一月": [HEADER, *ROWS], "二月": [HEADER, ROWS[0]], "Sheet3": []})
    with pytest.raises(errors.SeveralTables, match="有2张表：一月、二月"):
        open_table(str(path))
    reader = open_table(f"{path}#二月")
    assert (reader.name, len(list(reader.rows()))) == ("二月", 1)
    with pytest.raises(errors.SheetMissing, match="三月"):
        open_table(f"{path}#三月")


def test_hidden_sheets_are_named_and_left_out_unless_asked_for(path):
    def hide(sheet):
        if sheet.title != "名单":
            sheet.sheet_state = "hidden" if sheet.title == "底表" else "veryHidden"

    workbook(path, {"名单": [HEADER, *ROWS], "底表": [HEADER, *ROWS], "深藏": [HEADER]}, hide)
    assert "底表、深藏" in notes(path)["sheets_hidden"]
    assert len(read(f"{path}#底表")) == 2


def test_titles_and_particulars_above_the_head_are_skipped(path):
    title = ["澜宁市2026年公共设施台账"]
    particulars = ["填报单位：住建局", None, None, "日期：2026年3月"]
    wide = [*HEADER, "位置", "状态"]

    def merge(sheet):
        sheet.merge_cells("A1:E1")

    rows = [[*row, "桐花路", "在用"] for row in ROWS]
    workbook(path, {"台账": [title, particulars, [], wide, *rows]}, merge)
    assert headers(path) == wide
    assert [line for line, _ in read(path)] == [5, 6]
    assert "preamble" in notes(path)


def test_a_head_of_two_rows_with_merged_cells_gives_each_column_both_words(path):
    top = ["序号", "监护人", None, "儿童", None, "备注"]
    bottom = [None, "姓名", "电话", "姓名", "性别", None]
    row = [1, "林晓", "10012345678", "林小", "女", None]

    def merge(sheet):
        for cells in ("A2:A3", "B2:C2", "D2:E2", "F2:F3", "A1:F1"):
            sheet.merge_cells(cells)

    workbook(path, {"表": [["花名册"], top, bottom, row]}, merge)
    assert headers(path) == ["序号", "监护人-姓名", "监护人-电话", "儿童-姓名", "儿童-性别", "备注"]
    assert read(path) == [(4, ("1", "林晓", "10012345678", "林小", "女", None))]


def test_merged_cells_among_the_rows_all_have_the_value_of_their_first(path):
    rows = [
        ["镇", "村", "人数"],
        ["石桥镇", "东村", 1],
        [None, "西村", 2],
        [None, "南村", 3],
        ["白鹭镇", "北村", 4],
    ]
    workbook(path, {"表": rows}, lambda sheet: sheet.merge_cells("A2:A4"))
    assert [values[0] for _, values in read(path)] == ["石桥镇"] * 3 + ["白鹭镇"]
    assert notes(path)["merged"].startswith("1处合并单元格")
    reader = open_table(str(path))
    assert list(reader.rows()) == list(reader.rows()), "a second reading is the same"


def test_a_table_may_begin_in_another_column_and_lie_under_empty_rows(path):
    workbook(path, {"表": [[], [], [None, None, *HEADER], [None, None, *ROWS[0]]]})
    assert headers(path) == HEADER
    assert read(path) == [(4, ("a1", "井盖", "3"))]


def test_formulas_give_the_value_last_shown_and_are_named_by_row(path):
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["a1", "井盖"])
    sheet.write_formula(1, 2, "=1+2", value=3)
    sheet.write_row(2, 0, ["a2", "路灯", 4])
    book.close()
    assert read(path)[0] == (2, ("a1", "井盖", "3"))
    assert faults(path) == [(2, "数量", "formula_cell")]
    found = profile(open_table(str(path)))
    assert found.fault_counts["formula_cell"] == 1
    assert found.faults[0].is_warning
    assert found.faults[0].sentence == "第2行“数量”是公式，取表格软件上次算出的值"


def test_a_formula_that_was_never_computed_has_no_value_to_share(path):
    workbook(path, {"表": [HEADER, ["a1", "井盖", "=1+2"], ROWS[1]]})
    assert [line for line, _ in read(path)] == [3]
    assert faults(path) == [(2, "数量", "formula_unknown")]


def test_error_cells_are_found_by_row(path):
    def spoil(sheet):
        for at, error in ((2, "#N/A"), (3, "#SPILL!")):
            sheet.cell(at, 3).value = error
            sheet.cell(at, 3).data_type = "e"

    workbook(path, {"表": [HEADER, *[["a", "b", n] for n in range(30)]]}, spoil)
    assert [values[2] for _, values in read(path)[:3]] == ["#N/A", "#VALUE!", "2"]
    found = profile(open_table(str(path)))
    assert found.column("数量").faults["error_value"] == 2
    assert [fault.line for fault in found.faults if fault.code == "error_value"] == [2, 3]


def test_dates_are_read_by_the_calendar_of_the_workbook(path):
    values = [
        dt.date(2026, 3, 5),
        dt.datetime.fromisoformat("2026-03-05 14:30"),
        dt.date(1904, 1, 2),
    ]
    for epoch in (openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH):
        book = openpyxl.Workbook()
        book.epoch = epoch
        book.active.append(["甲", "乙", "丙"])
        book.active.append(values)
        book.save(path)
        assert read(path) == [(2, ("2026-03-05", "2026-03-05 14:30:00", "1904-01-02"))]


def test_dates_before_1900_are_text_in_a_workbook_and_dates_here(path):
    days = [["出生日期"], *[[f"18{n}-05-01"] for n in range(10, 60)]]
    workbook(path, {"表": days})
    found = profile(open_table(str(path)))
    assert (found.columns[0].type_letter, found.columns[0].low) == ("D", "1810-05-01")


def test_every_row_is_the_one_that_another_reader_reads(path):
    rows = [[f"a{n}", f"桐花路{n}号 & <b>", n * 7, n % 2 == 0, "多\n行"] for n in range(500)]
    workbook(path, {"表": [["编码", "地址", "数", "是否", "说明"], *rows]})
    theirs = openpyxl.load_workbook(path)["表"].iter_rows(min_row=2, values_only=True)
    words = {True: "TRUE", False: "FALSE"}
    expected = [tuple(words[v] if isinstance(v, bool) else str(v) for v in row) for row in theirs]
    assert [values for _, values in read(path)] == expected


def test_numbers_as_text_are_read_like_numbers(path):
    workbook(path, {"表": [HEADER, *[["a", "b", str(n) if n % 2 else n] for n in range(1, 60)]]})
    assert profile(open_table(str(path))).column("数量").type_letter == "I"


def test_cells_beyond_the_head_make_their_row_a_fault(path):
    workbook(path, {"表": [HEADER, *ROWS, ["a3", "护栏", 5, "多出来的"]]})
    assert [line for line, _ in read(path)] == [2, 3]
    assert faults(path) == [(4, "", "ragged_long")]


def test_duplicate_and_empty_heads_are_renamed_and_told(path):
    workbook(path, {"表": [["姓名", None, "姓名"], ["甲", "乙", "丙"], ["丁", "戊", "己"]]})
    assert headers(path) == ["姓名", "列2", "姓名_2"]
    assert {"header_empty", "header_duplicate"} <= notes(path).keys()


@pytest.mark.slow
def test_ten_thousand_columns_are_read(path):
    workbook(path, {"表": [[f"列名{n}" for n in range(10_000)], ["x"] * 10_000]})
    assert (len(headers(path)), len(read(path)[0][1])) == (10_000, 10_000)


def test_names_that_are_html_or_paths_stay_names(path):
    odd = ["<script>alert(1)</script>", "../../etc/passwd", "=cmd|' /C calc'!A0"]
    raw_workbook(path, inline_row(1, *map(escape, odd)) + inline_row(2, "1", "2", "3"))
    assert headers(path) == odd


def test_a_nul_in_a_text_makes_its_row_a_fault(path):
    raw_workbook(path, inline_row(1, *HEADER) + inline_row(2, "a", "x_x0000_y", "1"))
    assert faults(path) == [(2, "", "nul")]


def test_years_of_the_republic_are_found_by_row(path):
    rows = [
        ["日期"],
        *[[f"2026-03-{n:02}"] for n in range(1, 29)],
        ["民国八十一年"],
        ["农历正月初五"],
    ]
    workbook(path, {"表": rows})
    found = profile(open_table(str(path)))
    assert [f.line for f in found.faults if f.code == "republic_date"] == [30, 31]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows(path):
    def peak(count: int) -> int:
        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet()
        for n in range(count):
            sheet.write_row(n, 0, [f"a{n}", f"桐花路{n}号" * 5, "名称"])
        book.close()
        tracemalloc.start()
        for _ in open_table(str(path)).batches():
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(2_000)
    assert peak(30_000) < peak(10_000) * 1.5


def test_a_row_that_is_too_large_is_one_fault_and_reading_goes_on(path):
    huge = "x" * (2 << 20)
    raw_workbook(
        path, inline_row(1, *HEADER) + inline_row(2, huge, "b", "c") + inline_row(3, "a", "b", "c")
    )
    assert [line for line, _ in read(path)] == [3]
    assert faults(path) == [(2, "", "line_too_long")]
