"""Data dictionaries as departments write them: several layouts, one answer, and lines at fault by number."""

import zipfile
from pathlib import Path

import docx
import pytest

from tests.factories.workbooks import workbook
from yitong.base.files.api import MarkedSecret
from yitong.data.sources import errors
from yitong.data.sources.dictionary_words import roles_of, table_names, type_and_length
from yitong.data.sources.opening import read_dictionary
from yitong.data.sources.profiles import TableProfile
from yitong.data.standards.api import match

HEAD = ["序号", "字段名", "中文名", "类型", "长度", "主键", "说明"]
PERSON = [
    [1, "sfzh", "公民身份号码", "varchar", 18, "是", ""],
    [2, "xm", "姓名", "varchar(50)", "", "", ""],
    [3, "csrq", "出生日期", "date", "", "", ""],
]
LAMP = [
    [1, "bm", "设施编码", "C", 20, "√", ""],
    [2, "sl", "数量", "int", "", "", "路灯数"],
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "数据字典.xlsx"


def told(tables: tuple[TableProfile, ...]) -> dict[str, list[tuple[str, str, str, int]]]:
    return {
        table.name: [(c.name, c.header, c.type_letter, c.max_length) for c in table.columns]
        for table in tables
    }


EXPECTED = {
    "人口基本信息": [
        ("sfzh", "公民身份号码", "C", 18), ("xm", "姓名", "C", 50), ("csrq", "出生日期", "D", 0),
    ],
    "公共设施": [("bm", "设施编码", "C", 20), ("sl", "数量", "I", 0)],
}  # fmt: skip


def test_one_sheet_with_a_column_of_table_names(path):
    rows = [["表名", "表中文名", *HEAD]]
    rows += [["t_rk", "人口基本信息", *row] for row in PERSON]
    rows += [["t_ss", "公共设施", *LAMP[0]], ["", "", *LAMP[1]]]
    workbook(path, {"字段": [["澜宁市数据字典"], *rows]})
    assert told(read_dictionary(str(path))) == EXPECTED


def test_merged_table_names_belong_to_all_their_rows(path):
    rows = [["表中文名", *HEAD], *[["人口基本信息", *row] for row in PERSON]]
    rows += [["公共设施", *row] for row in LAMP]
    workbook(path, {"字段": rows}, lambda sheet: sheet.merge_cells("A2:A4"))
    assert told(read_dictionary(str(path))) == EXPECTED


def test_a_sheet_for_each_table(path):
    workbook(
        path,
        {
            "目录": [["表"], ["人口"]],
            "人口基本信息": [HEAD, *PERSON],
            "公共设施": [["公共设施"], HEAD, *LAMP],
        },
    )
    assert told(read_dictionary(str(path))) == EXPECTED


def test_several_tables_under_each_other_on_one_sheet(path):
    rows = [["1. 人口基本信息（t_rk）"], HEAD, *PERSON, [], ["2. 公共设施（t_ss）"], HEAD, *LAMP]
    workbook(path, {"Sheet1": rows})
    assert told(read_dictionary(str(path))) == EXPECTED


def test_tables_of_a_word_document_by_their_captions(path):
    document = docx.Document()
    document.add_heading("澜宁市政务数据字典")
    for caption, rows in (("表3-1 人口基本信息（t_rk_jbxx）", PERSON), ("表3-2 公共设施", LAMP)):
        document.add_paragraph("下面说明这张表。")
        document.add_paragraph(caption)
        table = document.add_table(rows=0, cols=len(HEAD))
        for row in [HEAD, *rows]:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = str(value)
    document.save(path.with_suffix(".docx"))
    found = read_dictionary(str(path.with_suffix(".docx")))
    assert told(found) == EXPECTED
    assert found[0].notes[0].sentence == "按数据字典登记“t_rk_jbxx”的3个字段，没有数据行"


def test_fields_find_their_data_elements_without_a_single_value(path):
    workbook(path, {"人口基本信息": [HEAD, *PERSON]})
    (table,) = read_dictionary(str(path))
    assert match(table.column("sfzh"))[0].code == "DE01001"
    assert (table.column("sfzh").is_key, table.column("xm").is_key) == (True, False)
    assert table.row_count == 0


def test_lines_without_a_field_are_told_by_number(path):
    workbook(path, {"人口": [HEAD, *PERSON, [4, "", "", "varchar", 9, "", "没有名字"]]})
    (table,) = read_dictionary(str(path))
    assert [(fault.line, fault.code) for fault in table.faults] == [(5, "field_missing")]


def test_the_same_field_twice_gets_a_name_of_its_own(path):
    workbook(path, {"人口": [HEAD, PERSON[1], PERSON[1]]})
    (table,) = read_dictionary(str(path))
    assert [column.name for column in table.columns] == ["xm", "xm_2"]


@pytest.mark.parametrize(
    ("head", "roles"),
    [
        (["字段名称", "数据类型"], {"field": 0, "type": 1}),
        (["英文名称", "字段名称", "字段类型"], {"field": 0, "title": 1, "type": 2}),
        (["信息项名称", "数据类型", "数据长度"], {"field": 0, "title": 0, "type": 1, "length": 2}),
        (["Column Name", "Data Type", "Comment"], {"field": 0, "type": 1, "title": 2}),
        (["姓名", "电话"], None),
        (["说明", "备注"], None),
    ],
)
def test_head_words_say_which_column_is_what(head, roles):
    assert roles_of(head) == roles


@pytest.mark.parametrize(
    ("kind", "length", "found"),
    [
        ("varchar(18)", "", ("C", 18)), ("NUMBER(10,2)", "", ("N", 10)), ("字符型", "20", ("C", 20)),
        ("C", "18", ("C", 18)), ("d8", "", ("D", 8)), ("DateTime", "", ("T", 0)), ("bigint", "20", ("I", 20)),
        ("日期型", "", ("D", 0)), ("clob", "", ("M", 0)), ("Boolean", "", ("L", 0)), ("", "", ("C", 0)),
        ("n..10,2", "", ("N", 10)), ("double precision", "", ("N", 0)), ("C..100", "", ("C", 100)),
        ("timestamp(6)", "", ("T", 6)), ("int4", "", ("I", 4)),
    ],
)  # fmt: skip
def test_types_in_every_usual_writing(kind, length, found):
    assert type_and_length(kind, length) == found


@pytest.mark.parametrize(
    ("caption", "names"),
    [
        ("表3-2 人口基本信息表（t_rk_jbxx）", ("人口基本信息表", "t_rk_jbxx")),
        ("2. 公共设施", ("公共设施", "")),
        ("表名：T_SS 公共设施", ("公共设施", "T_SS")),
        ("hj.people", ("", "hj.people")),
        ("二、婚姻登记", ("婚姻登记", "")),
    ],
)
def test_captions_give_a_title_and_a_code(caption, names):
    assert table_names(caption) == names


def test_a_list_without_the_head_words_is_refused_with_those_that_count(path):
    workbook(path, {"表": [["姓名", "电话"], ["林晓", "1"]]})
    with pytest.raises(errors.NoDictionary) as refused:
        read_dictionary(str(path))
    assert "字段名" in refused.value.remedy


def test_other_files_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("字段名,类型\na,b\n")
    with pytest.raises(errors.NotATable, match="Word"):
        read_dictionary(str(tmp_path / "a.csv"))


def test_a_word_document_that_is_a_bomb_or_broken_is_refused(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(100 << 20))
    with pytest.raises(errors.UnpacksTooLarge):
        read_dictionary(str(path))
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<document><body><p>")
    with pytest.raises(errors.FileBroken):
        read_dictionary(str(path))


def test_marks_of_secrecy_are_refused_also_at_the_top_of_the_page(path):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "机密★5年"
    document.add_paragraph("数据字典")
    document.save(path.with_suffix(".docx"))
    with pytest.raises(MarkedSecret):
        read_dictionary(str(path.with_suffix(".docx")))
    with pytest.raises(MarkedSecret):
        read_dictionary(str(workbook(path, {"表": [["秘密★3年"], HEAD, *PERSON]})))
