"""A workbook has its text as text, its numbers as numbers, and its heads in sight."""

import io

from openpyxl import load_workbook

from yitong.ui.workbooks import Column, Sheet, workbook


def read(*sheets):
    return load_workbook(io.BytesIO(workbook(sheets)))


def test_text_stays_text_and_numbers_are_numbers():
    page = read(Sheet(name="一", heads=["名称", "数"], rows=[["=1+1", 5], ["+a", 0], ["", -3]]))[
        "一"
    ]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["名称", "数"], ["=1+1", 5], ["+a", 0], ["", -3],
    ]  # fmt: skip
    assert {cell.data_type for cell in page["A"]} <= {"s", "n"}  # none is a formula
    assert page.freeze_panes == "B2"
    assert page["A1"].font.bold
    assert not page["A2"].font.bold


def test_lines_above_the_heads_and_the_widths_of_columns():
    made = read(
        Sheet(
            name="一",
            above=("履责台账", "截至今天"),
            heads=["名称", "数"],
            rows=iter([["甲", 1]]),
            columns=(Column(34),),
        ),
        Sheet(
            name="二",
            heads=["编号", "事由"],
            rows=[["1", "长"]],
            columns=(None, Column(30, is_wrapped=True)),
            kept=0,
        ),
    )
    first, second = made["一"], made["二"]
    assert [first.cell(row, 1).value for row in range(1, 6)] == [
        "履责台账", "截至今天", None, "名称", "甲",
    ]  # fmt: skip
    assert first.freeze_panes == "B5"
    assert first.column_dimensions["A"].width > 34
    assert second.freeze_panes == "A2"
    assert second["B2"].alignment.wrap_text
    assert not second["A2"].alignment.wrap_text


def test_a_sheet_without_rows_has_its_heads():
    page = read(Sheet(name="一", heads=["名称"], rows=[]))["一"]
    assert [cell.value for cell in page[1]] == ["名称"]
