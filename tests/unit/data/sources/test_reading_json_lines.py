"""JSON with one object on each line: keys that differ, values that nest, lines that are broken, by number."""

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yitong.base.files.api import MarkedSecret
from yitong.data.sources import errors
from yitong.data.sources.opening import open_table
from yitong.data.sources.profiling import profile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.jsonl"


def written(path: Path, *lines: object, encoding: str = "utf-8") -> Path:
    texts = (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines)
    path.write_bytes("".join(f"{text}\n" for text in texts).encode(encoding))
    return path


def read(path: Path) -> list[tuple[int, tuple[str | None, ...]]]:
    return [(row.line, row.values) for row in open_table(str(path)).rows()]


def faults(path: Path) -> list[tuple[int, str]]:
    reader = open_table(str(path))
    list(reader.rows())
    return [(fault.line, fault.code) for fault in reader.faults]


def notes(path: Path) -> dict[str, str]:
    return {note.code: note.sentence for note in open_table(str(path)).notes}


def test_keys_are_columns_and_values_are_cells(path):
    written(path, {"编码": "a1", "数量": 3, "单价": 1.5, "在用": True, "备注": None})
    assert [column.name for column in open_table(str(path)).columns] == [
        "编码", "数量", "单价", "在用", "备注",
    ]  # fmt: skip
    assert read(path) == [(1, ("a1", "3", "1.5", "true", None))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_usual_encodings_are_read(path, encoding):
    written(path, {"名称": "桐花路"}, {"名称": "白鹭路"}, encoding=encoding)
    assert [values for _, values in read(path)] == [("桐花路",), ("白鹭路",)]


def test_differing_keys_make_columns_of_all_lines_and_missing_ones_are_empty(path):
    written(path, {"甲": 1, "乙": 2}, {"乙": 3, "丙": 4}, {})
    assert read(path) == [(1, ("1", "2", None)), (2, (None, "3", "4"))]
    assert "3列是全部行的并集" in notes(path)["keys_differ"]


def test_nested_values_are_kept_as_text_and_told(path):
    written(path, {"编码": 1, "地址": {"路": "桐花路", "号": [1, 2]}})
    assert read(path) == [(1, ("1", '{"路":"桐花路","号":[1,2]}'))]
    assert "“地址”" in notes(path)["nested_text"]


def test_broken_lines_and_others_than_objects_are_faults_by_number(path):
    written(path, {"a": 1}, '{"a": 2', "[1]", "7", "", '{"a": NaN}', {"a": 3})
    assert [line for line, _ in read(path)] == [1, 7]
    assert faults(path) == [
        (2, "json_broken"), (3, "json_not_object"), (4, "json_not_object"), (6, "json_broken"),
    ]  # fmt: skip


def test_a_line_of_fifty_megabytes_is_one_fault_in_bounded_memory(path):
    with path.open("wb") as stream:
        stream.write(b'{"a": 1}\n{"a": "')
        for _ in range(50):
            stream.write(b"x" * (1 << 20))
        stream.write(b'"}\n{"a": 3}\n')
    tracemalloc.start()
    assert faults(path) == [(2, "line_too_long")]
    assert tracemalloc.get_traced_memory()[1] < 40 << 20
    tracemalloc.stop()
    assert [line for line, _ in read(path)] == [1, 3]


def test_a_nul_and_half_a_surrogate_make_their_lines_faults(path):
    written(path, {"a": "x"}, '{"a": "\\u0000"}', '{"a": "\\ud800"}', {"a": "y"})
    assert faults(path) == [(2, "nul"), (3, "json_broken")]


def test_lines_in_another_encoding_are_faults_and_reading_goes_on(path):
    good = [json.dumps({"名称": f"桐花路{n}"}, ensure_ascii=False) + "\n" for n in range(20)]
    other = (json.dumps({"名称": "白鹭路"}, ensure_ascii=False) + "\n").encode("gb18030")
    path.write_bytes("".join(good).encode() + other + b'{"\xe5\x90\x8d": 1}\n')
    assert faults(path) == [(21, "mixed_encoding")]


def test_long_numbers_keep_their_digits_or_are_shown_as_damaged(path):
    written(path, {"号": 890102199203150020}, {"号": 890102199203150020000000.0})
    assert [values[0] for _, values in read(path)] == ["890102199203150020", "8.90102199203150E+23"]


def test_duplicate_empty_and_hostile_keys_get_names(path):
    odd = "<img src=x onerror=alert(1)>"
    written(path, {"": 1, " 姓名": 2, "姓名": 3, odd: 4, "../../x": 5})
    assert [column.name for column in open_table(str(path)).columns] == [
        "列1", "姓名", "姓名_2", odd, "../../x",
    ]  # fmt: skip
    assert read(path) == [(1, ("1", "2", "3", "4", "5"))]


def test_ten_thousand_keys_are_columns_and_keys_without_end_are_refused(path):
    written(path, {f"k{n}": n for n in range(10_000)})
    assert len(open_table(str(path)).columns) == 10_000
    written(path, *({f"k{n}": n} for n in range(20_000)))
    with pytest.raises(errors.TooManyColumns):
        open_table(str(path))


def test_a_whole_array_is_refused_with_how_to_turn_it_into_lines(path):
    written(path, "[", '{"a": 1},', '{"a": 2}', "]")
    with pytest.raises(errors.NotJsonLines, match="数组") as refused:
        open_table(str(path))
    assert "jq" in refused.value.remedy
    written(path, "{", '"a": 1', "}")
    with pytest.raises(errors.NotJsonLines, match="没有一行"):
        open_table(str(path))


def test_json_lines_under_another_name_are_known_by_their_first_line(path):
    other = path.with_suffix(".txt")
    written(other, {"a": "x,y"}, {"a": "z"})
    assert read(other) == [(1, ("x,y",)), (2, ("z",))]


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(errors.EmptyFile):
        open_table(str(path))


def test_a_binary_file_named_json_is_refused(path):
    path.write_bytes(bytes(range(256)) * 8)
    with pytest.raises(errors.NotATable):
        open_table(str(path))


@pytest.mark.parametrize(
    "rows",
    [
        [{"说明": "机密★5年", "编码": "1"}],
        [{"编码": "1", "密级": "公开"}, {"编码": "2", "密级": "机密"}],
    ],
)
def test_marks_of_secrecy_are_refused(path, rows):
    with pytest.raises(MarkedSecret):
        open_table(str(written(path, *rows)))


def test_a_level_in_a_late_row_is_refused(path):
    rows = [{"编码": n, "密级": "公开"} for n in range(3_000)]
    rows[2_990]["密级"] = "机密"
    with pytest.raises(MarkedSecret):
        profile(open_table(str(written(path, *rows))))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.dictionaries(
            st.text("abc", min_size=1, max_size=2),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
            min_size=1,
        ),
        min_size=1,
    )
)
def test_what_was_written_is_what_is_read(path, rows):
    path.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    reader = open_table(str(path))
    names = [column.name for column in reader.columns]
    found = [
        {name: value for name, value in zip(names, row.values, strict=True) if value is not None}
        for row in reader.rows()
    ]
    assert found == rows
