"""Marks of secrecy that are drawn: words beside a picture are found, the picture itself is shown to a person."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document

from tests.factories.files import docx, png
from tests.factories.workbooks import MAIN, PACKAGE, RELATIONS, inline_row, raw_workbook
from yitong.base.files.api import MarkedSecret
from yitong.data.sources.listings import tables_at
from yitong.data.sources.opening import open_table, read_dictionary

ROWS = inline_row(1, "编码", "名称") + inline_row(2, "a1", "井盖")
DRAWING = (
    '<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:pic><xdr:nvPicPr>'
    '<xdr:cNvPr id="2" name="{name}" descr="{descr}"/></xdr:nvPicPr></xdr:pic>'
    "<xdr:sp><xdr:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>"
)
VML = (
    '<xml xmlns:v="v"><v:shape alt=""><v:textpath style="x" string="{string}"><br></v:shape></xml>'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.xlsx"


def drawn(path: Path, **said: str) -> Path:
    words = {"name": "图片 1", "descr": "", "text": "说明", **said}
    return raw_workbook(path, ROWS, more={"xl/drawings/drawing1.xml": DRAWING.format(**words)})


def related(*found: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(found)
    )
    return f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'


def notes(path: Path) -> dict[str, str]:
    return {note.code: note.sentence for note in open_table(str(path)).notes}


def test_ordinary_pictures_and_drawn_words_are_no_marks(path):
    assert open_table(str(drawn(path, descr="桐花路口的照片", text="商业机密另附"))).columns


@pytest.mark.parametrize(
    "said", [{"name": "机密"}, {"descr": "秘密★3年"}, {"text": "机密★长期"}, {"text": "内部"}]
)
def test_a_mark_that_is_a_pictures_description_or_a_drawn_word_is_refused(path, said):
    with pytest.raises(MarkedSecret):
        open_table(str(drawn(path, **said)))
    with pytest.raises(MarkedSecret):
        tables_at(str(path))
    with pytest.raises(MarkedSecret):
        read_dictionary(str(path))


def test_a_mark_among_many_drawn_words_is_found_wherever_it_stands(path):
    many = "</a:t><a:t>".join([*(f"第{n}项" for n in range(80)), "绝密"])
    with pytest.raises(MarkedSecret):
        open_table(str(drawn(path, text=many)))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/drawings/vmlDrawing1.vml", VML.format(string="机密")),
        ("xl/cellimages.xml", '<etc:cellImages><xdr:cNvPr id="1" name="ID_1" descr="绝密"/></etc:cellImages>'),
        ("xl/media/机密.png", png()),
        ("docProps/core.xml", "<cp:coreProperties><dc:title>秘密★1年</dc:title></cp:coreProperties>"),
    ],
    ids=["water mark", "picture in a cell", "name of a picture", "title of the file"],
)  # fmt: skip
def test_a_mark_in_other_parts_of_a_workbook_is_refused(path, part, content):
    with pytest.raises(MarkedSecret):
        open_table(str(raw_workbook(path, ROWS, more={part: content})))


def test_pictures_are_told_by_sheet_so_that_a_person_looks(path):
    """The picture shows 机密 for all we know: no character of it is read, and the note says so."""
    book = xlsxwriter.Workbook(path)
    for name in ("名单", "封面"):
        sheet = book.add_worksheet(name)
        sheet.insert_image(
            "D1", "photo.png", {"image_data": io.BytesIO(png()), "description": "照片"}
        )
        if name == "名单":
            sheet.write_row(0, 0, ["编码", "名称"])
            sheet.write_row(1, 0, ["a1", "井盖"])
    book.close()
    said = notes(path)["pictures_on"]
    assert "2张图片" in said or "1张图片" in said, "the same picture is kept once"
    assert "名单、封面" in said
    assert "逐张看" in said


def test_pictures_that_no_drawing_leads_to_are_counted_too(path):
    raw_workbook(path, ROWS, more={"xl/media/image1.png": png()})
    assert "1张图片" in notes(path)["pictures"]


def test_a_drawing_that_leads_to_itself_is_counted_once(path):
    more = {
        "xl/worksheets/_rels/sheet1.xml.rels": related(("drawing", "../drawings/drawing1.xml")),
        "xl/drawings/drawing1.xml": "<x/>",
        "xl/drawings/_rels/drawing1.xml.rels": related(
            ("drawing", "drawing1.xml"), ("drawing", "nothing.xml"), ("image", "../media/a.png")
        ),
        "xl/media/a.png": png(),
    }
    assert "1张图片" in notes(raw_workbook(path, ROWS, more=more))["pictures_on"]


def a_list(path: Path, furnish) -> Path:
    document = Document()
    document.add_paragraph("表1 人员（t_ry）")
    table = document.add_table(rows=2, cols=3)
    for cell, words in zip([*table.rows[0].cells, *table.rows[1].cells], ["字段名", "中文名", "类型", "xm", "姓名", "C50"], strict=True):  # fmt: skip
        cell.text = words
    furnish(document)
    document.save(path)
    return path


def test_a_word_documents_pictures_are_told_and_their_descriptions_read(tmp_path):
    def with_picture(document) -> None:
        document.add_picture(io.BytesIO(png()))

    def with_stamp(document) -> None:
        with_picture(document)
        document.inline_shapes[0]._inline.docPr.set("descr", "机密★10年")

    (found,) = read_dictionary(str(a_list(tmp_path / "字典.docx", with_picture)))
    assert [note.code for note in found.notes] == ["dictionary", "pictures"]
    with pytest.raises(MarkedSecret):
        read_dictionary(str(a_list(tmp_path / "字典.docx", with_stamp)))


def test_a_water_mark_in_a_documents_head_is_refused(tmp_path):
    path = tmp_path / "字典.docx"
    path.write_bytes(docx("表1", extra={"word/header1.xml": VML.format(string="秘密")}))
    with pytest.raises(MarkedSecret):
        read_dictionary(str(path))


def test_the_drawing_of_another_name_space_is_read_alike(path):
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{ROWS}</sheetData></worksheet>'
    more = {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/drawings/drawing7.xml": "<wsDr><cNvPr title='机密'/></wsDr>",
    }
    with pytest.raises(MarkedSecret):
        open_table(str(raw_workbook(path, "", more=more)))
