"""A file read in blocks by the column is the file read row by row."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.factories.sources import csv_text
from yitong.data.sources import blocks, delimited, encodings
from yitong.data.sources.errors import EmptyFile
from yitong.data.sources.opening import open_table
from yitong.data.sources.tables import Turned

HEAD = "编码,名称,数量\n"
# Lines as they come, the quotes of some running into others.
LINES = st.lists(
    st.sampled_from(
        ["a,b,c", "d,字,", ",,", "", "e,f", "g,h,i,", "g,h,i,j", 'k,"l",m', 'n,"o', 'p",q,r', "\0,s,t", '"']
    ),
    max_size=30,
)  # fmt: skip
fast = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def by_row(reader):
    rows = [
        (line, cells)
        for batch in reader.batches()
        for line, cells in zip(batch.lines, batch.rows, strict=True)
    ]
    return rows, list(reader.faults), dict(reader.faults.counts)


def cut(reader):
    for batch in reader.rough_batches():
        found = batch if isinstance(batch, Turned) else batch.turned()
        yield from reader.cut_by_row(batch) if found is None else [found]


def by_column(reader):
    rows = []
    for lines, columns in cut(reader):
        cells = ([cell.decode() for cell in row] for row in zip(*columns, strict=True))
        rows += zip(lines, cells, strict=True)
    return rows, list(reader.faults), dict(reader.faults.counts)


@fast
@given(
    lines=LINES,
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    size=st.integers(4, 60),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    has_end=st.booleans(),
)
@example(
    lines=["a,b,c", "d,e,f", 'n,"o', "a,b,c", '"', "a,b,c", "a,b,c"],
    line_end="\n",
    size=8,
    encoding="utf-8",
    has_end=True,
)
def test_by_the_column_is_as_by_row(
    lines, line_end, size, encoding, has_end, tmp_path, monkeypatch
):
    monkeypatch.setattr(encodings, "BLOCK", size)
    monkeypatch.setattr(delimited, "BATCH_ROWS", 3)
    path = tmp_path / "表.csv"
    text = line_end.join([HEAD.strip(), "1,2,3", *lines]) + (line_end if has_end else "")
    path.write_bytes(text.encode(encoding))
    reader = open_table(str(path))
    assert by_column(reader) == by_row(reader)
    assert reader.bytes_done == path.stat().st_size


@fast
@given(rows=st.lists(st.sampled_from(["x", "", "y"]), min_size=1), size=st.integers(2, 9))
def test_one_column_alone_too(rows, size, tmp_path, monkeypatch):
    monkeypatch.setattr(encodings, "BLOCK", size)
    path = tmp_path / "表.csv"
    path.write_text("\n".join(["名称", *rows]))
    try:
        reader = open_table(str(path))
    except EmptyFile:
        return
    assert by_column(reader) == by_row(reader)


def test_titles_without_a_header_are_skipped_once(tmp_path, monkeypatch):
    monkeypatch.setattr(encodings, "BLOCK", 16)
    path = tmp_path / "表.csv"
    path.write_text("某市低保名册\n" + csv_text([[n, n * 3, n * 7] for n in range(1, 40)]))
    reader = open_table(str(path))
    assert by_column(reader) == by_row(reader)


def test_blocks_without_a_quote_are_not_parsed(tmp_path, monkeypatch):
    """Else a file would be read twice as slowly and nobody would notice."""
    monkeypatch.setattr(encodings, "BLOCK", 64)
    cut = []
    real = blocks.CalmRows.turned
    monkeypatch.setattr(blocks.CalmRows, "turned", lambda *args: cut.append(1) or real(*args))
    path = tmp_path / "表.csv"
    path.write_text(
        HEAD + '1,"一",x\n' + csv_text([[n, "二", "y"] for n in range(99)]) + '2,"三",z\n'
    )
    reader = open_table(str(path))
    assert by_column(reader) == by_row(reader)
    assert len(cut) > 10


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 100])
def test_a_block_is_dealt_out_in_even_parts(count):
    encoding = encodings.Encoding("utf-8", 0, uniform=True)
    calm = blocks.CalmBlock(
        b"".join(b"%03d,x\n" % n for n in range(count)), 10, 10 + count, encoding
    )
    parts = [rows.turned() for rows in calm.rows(",", 2, 3)]
    assert [line for part in parts for line in part.lines] == list(range(11, 11 + count))
    assert max(len(part.lines) for part in parts) <= 4


@pytest.mark.parametrize("text", [b"a\nb\n", b"a,b,c\n\n", b",,\n", b"a,b,c,d\ne,f\n", b"a\n,b\n"])
def test_rows_of_other_widths_are_no_rows_however_they_add_up(text):
    rows = blocks.CalmRows(text, 0, encodings.Encoding("utf-8", 0, uniform=True), ",", 3)
    assert rows.turned() is None


def test_a_row_as_long_as_csv_refuses_is_read_as_csv_does(monkeypatch):
    monkeypatch.setattr(blocks, "_FIELD_LIMIT", 20)
    encoding = encodings.Encoding("utf-8", 0, uniform=True)
    for before in range(30):
        text = b"a,b\n" * before + b"c," + b"d" * 18 + b"\n" + b"e,f\n" * 9
        assert blocks.CalmRows(text, 0, encoding, ",", 2).turned() is None
    assert blocks.CalmRows(b"a,b\n" * 90, 0, encoding, ",", 2).turned() is not None
