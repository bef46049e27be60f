"""Parquet files: flat columns as a stream, nested ones told and left out, and no other file in reach."""

from pathlib import Path

import duckdb
import pytest

from yitong.base.files.api import MarkedSecret
from yitong.data.sources import errors, parquet
from yitong.data.sources.opening import open_table
from yitong.data.sources.profiling import profile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.parquet"


def written(path: Path, query: str, options: str = "") -> Path:
    with duckdb.connect() as connection:
        target = str(path).replace("'", "''")
        connection.execute(f"copy ({query}) to '{target}' (format parquet{options})")
    return path


def read(path: Path) -> list[tuple[int, tuple[str | None, ...]]]:
    return [(row.line, row.values) for row in open_table(str(path)).rows()]


def test_every_flat_type_becomes_the_text_that_a_table_has(path):
    written(
        path,
        """select 7 a, 1.50::decimal(9, 2) b, 0.25::double c, date '1992-03-15' d,
                  timestamp '2026-03-05 14:30:00' e, true f, '桐花' g, null::int h,
                  timestamptz '2026-03-05 14:30:00+08' i, 890102199203150020::bigint j""",
    )
    assert read(path) == [
        (1, ("7", "1.50", "0.25", "1992-03-15", "2026-03-05 14:30:00", "true", "桐花", None,
             "2026-03-05 14:30:00+08", "890102199203150020")),
    ]  # fmt: skip
    assert open_table(str(path)).columns[1].declared == "DECIMAL(9,2)"


def test_rows_come_in_their_order_over_many_row_groups(path):
    written(path, "select i from range(20000) t(i)", ", row_group_size 2048")
    reader = open_table(str(path))
    batches = list(reader.batches())
    assert [int(row[0]) for batch in batches for row in batch.rows] == list(range(20_000))
    assert [line for batch in batches for line in batch.lines] == list(range(1, 20_001))
    assert len(batches) == 5


def test_nested_columns_are_left_out_each_with_its_type(path):
    written(path, "select 1 a, [1, 2] b, {'x': 1} c, map {'k': 1} d, 'z'::blob e, [{'x': 1}] f")
    reader = open_table(str(path))
    assert [column.name for column in reader.columns] == ["a"]
    assert [note.sentence for note in reader.notes] == [
        f"“{name}”没有读取：类型是{kind}，表格的一格只放一个值"
        for name, kind in zip("bcdef", ["列表", "结构", "映射", "二进制", "列表"], strict=True)
    ]


def test_a_file_of_nested_columns_alone_is_refused_by_name(path):
    with pytest.raises(errors.NoFlatColumn, match="人（结构）"):
        open_table(str(written(path, "select {'x': 1} \"人\"")))


def test_names_are_kept_and_never_run(path):
    odd = ['a"; drop table x; --', "<script>", "../../etc/passwd", "a\nb"]
    columns = ", ".join(f"""{n} "{name.replace('"', '""')}" """ for n, name in enumerate(odd))
    written(path, f"select {columns}")
    assert [column.name for column in open_table(str(path)).columns] == [*odd[:3], "a b"]
    assert read(path) == [(1, ("0", "1", "2", "3"))]


def test_a_file_name_is_no_pattern_and_no_statement(tmp_path):
    written(tmp_path / "表1.parquet", "select 1 a")
    odd = written(tmp_path / "表[0-9]*'; --.parquet", "select 2 a")
    assert read(odd) == [(1, ("2",))]


def test_a_nul_in_a_text_makes_its_row_a_fault(path):
    written(path, "select case i when 3 then 'a' || chr(0) else 'b' end x from range(1, 6) t(i)")
    reader = open_table(str(path))
    assert [row.line for row in reader.rows()] == [1, 2, 4, 5]
    assert [(fault.line, fault.code) for fault in reader.faults] == [(3, "nul")]


def test_a_profile_reads_all_rows_and_knows_types(path):
    written(path, "select 'a' || i k, date '2020-01-01' + i::int d, i n from range(5000) t(i)")
    found = profile(open_table(str(path)))
    assert (found.row_count, "".join(c.type_letter for c in found.columns)) == (5_000, "CDI")


def test_a_file_without_rows_is_read_and_told(path):
    reader = open_table(str(written(path, "select 1 a where false")))
    assert list(reader.rows()) == []
    assert "header_only" in [note.code for note in reader.notes]


def columns_of(count: int) -> str:
    return f"select {', '.join(f'{n} as c{n}' for n in range(count))}"


def test_wide_tables_are_put_together_from_groups_of_columns(path, monkeypatch):
    """Rows, faults by number and limits are the same, wherever the borders of groups and windows lie."""
    query = "select x as a, 'b' || x as b, if(x = 5, 'c' || chr(0), 'c') as c, x * 2 as d, null as e from range(23) t(x)"
    reader = open_table(str(written(path, query)))
    whole = list(reader.rows())
    assert len(whole) == 22
    monkeypatch.setattr(parquet, "COLUMNS_AT_ONCE", 2)
    monkeypatch.setattr(parquet, "CELLS_AT_ONCE", 15)
    assert list(reader.rows()) == whole
    assert [(f.line, f.code) for f in reader.faults] == [(6, "nul")]
    assert sum(len(batch.rows) for batch in reader.batches(4)) == 4
    assert reader.bytes_done == reader.bytes_total * 5 // 23


def test_more_columns_than_a_table_has_are_refused(path, monkeypatch):
    monkeypatch.setattr(parquet, "MOST_COLUMNS", 40)
    with pytest.raises(errors.TooManyColumns, match="40列"):
        open_table(str(written(path, columns_of(41))))


@pytest.mark.slow
def test_ten_thousand_columns_are_read(path):
    """By ten queries of a thousand columns: the engine's memory is bounded for each of them."""
    ((line, values),) = read(written(path, columns_of(10_000)))
    assert (line, len(values), values[9_999]) == (1, 10_000, "9999")


@pytest.mark.parametrize("keep", [8, 200, -1])
def test_a_file_that_was_cut_off_is_refused(path, keep):
    content = written(path, "select i, 'x' || i from range(1000) t(i)").read_bytes()
    path.write_bytes(content[:keep])
    with pytest.raises(errors.FileBroken):
        open_table(str(path))


def test_a_file_whose_inside_is_damaged_is_refused_and_nothing_is_made_up(path):
    content = written(path, "select i, 'x' || i from range(9000) t(i)").read_bytes()
    path.write_bytes(content[:100] + bytes(2_000) + content[2_100:])
    with pytest.raises(errors.FileBroken):
        list(open_table(str(path)).rows())


def test_more_memory_than_allowed_is_a_clear_end(path, monkeypatch):
    written(path, "select repeat('x' || i, 20000) x from range(3000) t(i)")
    few = tuple(s.replace(parquet.MEMORY, "1MB") for s in parquet._SET_UP)
    monkeypatch.setattr(parquet, "_SET_UP", few)
    with pytest.raises(errors.TooMuchMemory):
        list(open_table(str(path)).rows())


def test_the_engine_opens_no_other_file(path, tmp_path):
    other = tmp_path / "别的.parquet"
    written(other, "select 1 a")
    reader = open_table(str(written(path, "select 2 a")))
    with pytest.raises(errors.FileBroken), reader._opened() as connection:
        connection.execute("select * from read_parquet(?)", [str(other)])


@pytest.mark.parametrize(
    "query", ["select '机密★5年' a, 1 b", "select 1 编码, '秘密' 密级"], ids=["mark", "column"]
)
def test_marks_of_secrecy_are_refused(path, query):
    with pytest.raises(MarkedSecret):
        open_table(str(written(path, query)))
