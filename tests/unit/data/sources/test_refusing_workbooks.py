"""Workbooks that are not read: old, locked, broken, hostile or marked; each is refused in words."""

import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from tests.factories.workbooks import MAIN, PACKAGE, RELATIONS, inline_row, raw_workbook, workbook
from yitong.base.files.api import MarkedSecret
from yitong.data.sources import errors
from yitong.data.sources.opening import open_table

HEADER = ["编码", "名称", "数量"]
ROWS = [["a1", "井盖", 3], ["a2", "路灯", 4]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.xlsx"


def ole(path: Path, *names: str) -> Path:
    """The container of old workbooks, with entries of these names."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 48, 0)
    entries = b"".join(
        name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names)
    )
    path.write_bytes(bytes(head) + entries.ljust(4096, b"\0"))
    return path


def test_an_old_workbook_is_refused_with_how_to_save_it(path):
    with pytest.raises(errors.OldWorkbook) as refused:
        open_table(str(ole(path.with_suffix(".xls"), "Workbook")))
    assert ".xlsx" in refused.value.remedy


def test_a_workbook_with_a_password_is_refused(path):
    with pytest.raises(errors.WorkbookLocked):
        open_table(str(ole(path, "EncryptionInfo", "EncryptedPackage")))


def test_a_binary_workbook_is_refused(path):
    more = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/workbook.bin": b"\x83\x01",
    }
    with pytest.raises(errors.OldWorkbook):
        open_table(str(raw_workbook(path, "", more=more)))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(path):
    raw_workbook(path, inline_row(1, "a"), more={"xl/media/x.bin": bytes(100 << 20)})
    tracemalloc.start()
    with pytest.raises(errors.UnpacksTooLarge):
        open_table(str(path))
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_entities_that_grow_are_refused(path):
    bomb = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100}"><!ENTITY b "{"&a;" * 100}">]>'
    sheet = (
        f'{bomb}<worksheet xmlns="{MAIN}"><sheetData>{inline_row(1, "&b;")}</sheetData></worksheet>'
    )
    with pytest.raises(errors.FileBroken, match="实体"):
        open_table(str(raw_workbook(path, "", more={"xl/worksheets/sheet1.xml": sheet})))


def test_external_links_are_refused(path):
    more = {
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
        f'Type="{RELATIONS}/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>',
        "xl/externalLinks/externalLink1.xml": "<x/>",
    }
    with pytest.raises(errors.ExternalLinks):
        open_table(str(raw_workbook(path, inline_row(1, *HEADER), more=more)))


@pytest.mark.parametrize("keep", [100, 1_000, 3_000])
def test_a_file_that_was_cut_off_is_refused(path, keep):
    workbook(path, {"表": [HEADER, *ROWS * 200]})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises((errors.FileBroken, errors.NotATable)):
        open_table(str(path))


def test_rows_that_break_off_are_refused_and_nothing_is_made_up(path):
    raw_workbook(path, inline_row(1, *HEADER) + "<row r='2'><c><v>1")
    with pytest.raises(errors.FileBroken):
        open_table(str(path))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="99999999"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
    ],
    ids=["rows out of order", "column beyond", "row beyond", "no such text", "negative text"],
)
def test_what_no_spreadsheet_writes_is_refused(path, rows):
    with pytest.raises(errors.FileBroken):
        open_table(str(raw_workbook(path, rows)))


def test_a_part_that_points_out_of_the_package_is_missing_and_not_read(path):
    more = {
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{RELATIONS}/worksheet" Target="../../../../etc/passwd"/></Relationships>'
    }
    with pytest.raises(errors.EmptyFile):
        open_table(str(raw_workbook(path, inline_row(1, *HEADER), more=more)))


def test_an_empty_workbook_is_refused(path):
    with pytest.raises(errors.EmptyFile):
        open_table(str(workbook(path, {"Sheet1": [], "Sheet2": [[None, " "]]})))


@pytest.mark.parametrize("sheet", ["机密名单", "名单（秘密）"])
def test_a_sheet_whose_name_is_marked_is_refused_also_when_hidden(path, sheet):
    def hide(found):
        found.sheet_state = "visible" if found.title == "名单" else "hidden"

    workbook(path, {"名单": [HEADER, *ROWS], sheet: []}, hide)
    with pytest.raises(MarkedSecret):
        open_table(f"{path}#名单")


def test_a_mark_in_the_heading_of_any_sheet_is_refused(path):
    workbook(path, {"名单": [HEADER, *ROWS], "附表": [["机密★5年"], HEADER, *ROWS]})
    with pytest.raises(MarkedSecret):
        open_table(f"{path}#名单")


def test_a_mark_in_the_head_of_the_printed_page_is_refused(path):
    def mark(sheet):
        sheet.oddHeader.right.text = "秘密★3年"

    workbook(path, {"名单": [HEADER, *ROWS]}, mark)
    with pytest.raises(MarkedSecret):
        open_table(str(path))


def test_a_workbook_that_changes_while_it_is_read_is_refused(path):
    workbook(path, {"名单": [HEADER, *ROWS]})
    reader = open_table(str(path))
    list(reader.rows())
    workbook(path, {"名单": [HEADER, *ROWS, *ROWS]})
    with pytest.raises(errors.SourceChanged):
        reader.check_unchanged()


def test_a_zip_that_is_no_workbook_is_no_table(path):
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    with pytest.raises(errors.NotATable):
        open_table(str(path))


def test_a_sheet_is_asked_only_of_a_workbook(tmp_path):
    (tmp_path / "表.csv").write_text("编码,名称\n1,a\n")
    with pytest.raises(errors.BadLocation):
        open_table(f"{tmp_path / '表.csv'}#甲")
