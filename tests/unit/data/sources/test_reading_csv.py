"""CSV that nobody prepared: every oddity is read, told, or refused with a clear sentence."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.factories.sources import csv_file, csv_text
from yitong.data.sources import errors
from yitong.data.sources.encodings import Encoding
from yitong.data.sources.opening import open_table
from yitong.data.sources.records import Lines, records

HEADER = ["编码", "名称", "数量"]
ROWS = [["a1", "井盖", "3"], ["a2", "路灯", "4"], ["a3", "护栏", "5"]]


def read(path: Path) -> list[tuple[int, tuple[str | None, ...]]]:
    return [(row.line, row.values) for row in open_table(str(path)).rows()]


def faults(path: Path) -> list[tuple[int, str]]:
    reader = open_table(str(path))
    list(reader.rows())
    return [(fault.line, fault.code) for fault in reader.faults]


def notes(path: Path) -> list[str]:
    return [note.code for note in open_table(str(path)).notes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "表.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "｜", "|"])
def test_every_usual_encoding_and_delimiter_is_found(path, encoding, delimiter):
    path.write_bytes(csv_text([HEADER, *ROWS], delimiter=delimiter).encode(encoding))
    assert read(path) == [(n + 2, tuple(row)) for n, row in enumerate(ROWS)]


def test_a_gb18030_file_with_its_mark_is_read(path):
    path.write_bytes(("\ufeff" + csv_text([HEADER, *ROWS])).encode("gb18030"))
    reader = open_table(str(path))
    assert [column.name for column in reader.columns] == HEADER


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(path, line_end):
    path.write_bytes(csv_text([HEADER, *ROWS]).replace("\r\n", line_end).encode())
    assert [line for line, _ in read(path)] == [2, 3, 4]


def test_a_quoted_line_end_keeps_line_numbers_right(path):
    path.write_bytes('编码,名称\n1,"两\n行"\n2,b\n3\n'.encode())
    assert read(path) == [(2, ("1", "两\n行")), (4, ("2", "b"))]
    assert faults(path) == [(5, "ragged_short")]


def test_ragged_rows_are_listed_by_line_and_not_loaded(path):
    path.write_bytes("编码,名称,数量\na,b,1\na,b\na,b,1,多\na,b,1,,\n".encode())
    assert [line for line, _ in read(path)] == [2, 5]
    assert faults(path) == [(3, "ragged_short"), (4, "ragged_long")]


def test_a_quote_that_never_closes_spoils_only_its_own_line(path):
    rest = "".join(f"a{n},b,{n}\n" for n in range(30_000))
    path.write_bytes(f'编码,名称,数量\nx,"没有结束,1\n{rest}'.encode())
    lines = [line for line, _ in read(path)]
    assert (lines[0], lines[-1], len(lines)) == (3, 30_002, 30_000)
    assert faults(path) == [(2, "quote_open")]


def test_an_open_quote_near_the_end_swallows_nothing(path):
    path.write_bytes('编码,名称\n1,a\n2,"b\n3,c\n4,d'.encode())
    assert read(path) == [(2, ("1", "a")), (4, ("3", "c")), (5, ("4", "d"))]
    assert faults(path) == [(3, "quote_open")]


def test_a_line_without_end_is_one_fault_in_bounded_memory(path):
    path.write_bytes("编码,名称\n1,a\n".encode() + b"x" * (20 << 20) + b"\n2,b\n")
    assert read(path) == [(2, ("1", "a")), (4, ("2", "b"))]
    assert faults(path) == [(3, "line_too_long")]


@pytest.mark.parametrize(("main", "other"), [("gb18030", "utf-8"), ("utf-8", "gb18030")])
def test_rows_in_another_encoding_are_faults_and_reading_goes_on(path, main, other):
    good = "".join(f"{n},桐花路\n" for n in range(20))
    path.write_bytes(
        f"编码,名称\n{good}".encode(main) + "x,白鹭路\n".encode(other) + "y,澜江\n".encode(main)
    )
    assert [line for line, _ in read(path)] == [*range(2, 22), 23]
    assert faults(path) == [(22, "mixed_encoding")]
    assert "encoding_mixed" in notes(path)


def test_bytes_of_no_encoding_are_faults(path):
    path.write_bytes("编码,名称\n1,桐花\n".encode() + b"2,\xff\xff\n")
    assert faults(path) == [(3, "undecodable")]


def test_nul_bytes_make_their_rows_faults(path):
    path.write_bytes("编码,名称\n1,桐花\n2,a\0b\n3,c\n".encode())
    assert [line for line, _ in read(path)] == [2, 4]
    assert faults(path) == [(3, "nul")]


@pytest.mark.parametrize("content", [b"", b"\n\n  \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(errors.EmptyFile):
        open_table(str(path))


@pytest.mark.parametrize(
    ("content", "looks_like"),
    [
        (b"PK\x03\x04rest", "xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "xls"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        ("编码,名称\n".encode("utf-16"), "UTF-16"),
        (b"PAR1\x15\x04", "Parquet"),
        (bytes(range(256)) * 8, "二进制"),
        (b"<!DOCTYPE html><html>", "HTML"),
    ],
)
def test_a_binary_is_refused_with_what_it_looks_like(path, content, looks_like):
    path.write_bytes(content)
    with pytest.raises(errors.NotATable, match=looks_like):
        open_table(str(path))


def test_a_header_without_rows_is_read_and_told(path):
    csv_file(path, [HEADER])
    assert read(path) == []
    assert "header_only" in notes(path)


def test_titles_above_the_header_are_skipped(path):
    path.write_bytes(
        "澜宁市低保对象名单,,\n2026年3月,,\n编码,名称,数量\na1,井盖,3\na2,路灯,4\n".encode()
    )
    reader = open_table(str(path))
    assert [column.name for column in reader.columns] == HEADER
    assert [row.line for row in reader.rows()] == [4, 5]
    assert "preamble" in notes(path)


def test_a_file_without_header_gets_numbered_columns(path):
    csv_file(path, [["890102199203150020", "林晓桐"], ["890102198001010013", "王伟"]])
    reader = open_table(str(path))
    assert [column.name for column in reader.columns] == ["列1", "列2"]
    assert len(list(reader.rows())) == 2
    assert "no_header" in notes(path)


def test_duplicate_and_empty_headers_are_renamed_and_told(path):
    csv_file(path, [["姓名", "", "姓名", "姓名_2", "姓名", ""], list("abcdef")])
    reader = open_table(str(path))
    assert [column.name for column in reader.columns] == [
        "姓名",
        "列2",
        "姓名_3",
        "姓名_2",
        "姓名_4",
        "列6",
    ]
    assert len({column.name for column in reader.columns}) == 6
    assert {"header_duplicate", "header_empty"} <= set(notes(path))


def test_ten_thousand_columns_are_read(path):
    csv_file(path, [["列"] * 10_000, ["1"] * 10_000])
    reader = open_table(str(path))
    assert len({column.name for column in reader.columns}) == 10_000
    assert len(next(reader.rows()).values) == 10_000


def test_a_hostile_header_and_name_are_only_text(tmp_path):
    path = csv_file(
        tmp_path / "<script>alert(1)<br>.csv", [["<img onerror=x>", "a\u202eb\x07"], ["1", "2"]]
    )
    reader = open_table(str(path))
    assert [column.name for column in reader.columns] == ["<img onerror=x>", "a b"]
    assert reader.name == "<script>alert(1)<br>"


@pytest.mark.parametrize("place", ["..", "../..", "/dev/null", "/dev"])
def test_folders_and_devices_are_refused(place):
    with pytest.raises(errors.NotARegularFile):
        open_table(place)


def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(errors.NotARegularFile):
        open_table(str(tmp_path / "pipe"))


@pytest.mark.parametrize("place", ["/nowhere/at/all.csv", "a\0b.csv"])
def test_a_missing_or_impossible_path_is_refused(place):
    with pytest.raises((errors.FileMissing, errors.FileUnreadable)):
        open_table(place)


def test_a_file_changed_while_it_is_read_is_noticed(path):
    csv_file(path, [HEADER, *ROWS])
    reader = open_table(str(path))
    path.write_bytes(path.read_bytes() + b"x,y,1\n")
    with pytest.raises(errors.SourceChanged):
        reader.check_unchanged()


def test_no_repr_shows_a_value(path):
    csv_file(path, [HEADER, *ROWS])
    assert "井盖" not in repr(open_table(str(path)))


CELLS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\x1a"), max_size=12
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12)
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_csv_writes_is_read_back(tmp_path, rows, encoding, line_end):
    """Any table written by the standard library, in both encodings; rows of nothing are no rows."""
    width = len(rows[0]) if rows else 2
    header = [f"列名{n}" for n in range(width)]
    text = csv_text([header, *rows], lineterminator=line_end, quoting=csv.QUOTE_ALL)
    content = text.encode(encoding)
    # Some short GB18030 texts are valid UTF-8 as well: then nobody can tell.
    assume(encoding != "gb18030" or not _all_lines_utf8(content))
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    expected = [tuple(cell or None for cell in row) for row in rows if any(row)]
    # A cell that holds a control character or two is text; a file full of them is taken for a binary.
    controls = sum(1 for char in text if ord(char) < 32 and char not in "\t\n\f\r")
    assume(controls <= 8)
    reader = open_table(str(path))
    assert [column.name for column in reader.columns] == header
    assert [row.values for row in reader.rows()] == expected
    assert not reader.faults.total


@given(
    rows=st.lists(
        st.lists(CELLS | st.sampled_from(['a"b', "", '"', "c\r"]), min_size=1, max_size=5)
    ),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_lines_without_quotes_are_cut_as_csv_cuts_them(rows, line_end):
    text = csv_text(rows, lineterminator=line_end)
    lines = Lines(io.BytesIO(text.encode()), Encoding("utf-8", 0, uniform=True))
    parsed = [cells for cells in csv.reader(io.StringIO(text, newline="")) if cells]
    assert [record.cells for record in records(lines, ",")] == parsed


def _all_lines_utf8(content: bytes) -> bool:
    def valid(line: bytes) -> bool:
        try:
            line.decode()
        except UnicodeDecodeError:
            return False
        return not line.isascii()

    return any(valid(line) for line in io.BytesIO(content).read().splitlines())
