"""A large file looked at by an engine says what it says row by row, whatever is in it."""

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.sources import csv_text
from yitong.data.sources import delimited, known, looking, profiling, quick
from yitong.data.sources.errors import LoadStopped
from yitong.data.sources.opening import open_table
from yitong.data.sources.rules import uniqueness
from yitong.data.sources.shapes import Kind
from yitong.kernel.codes import person_number

# The first two blocks are looked at row by row in any case: here they are a few long rows.
LONG = "长" * 3_000
HEAD_ROWS = 300
BIRTHS = dt.date(1950, 1, 1)


def people(place: int) -> str:
    return person_number("890102", BIRTHS + dt.timedelta(days=place % 20_000), place % 1_000)


POOLS = {
    "codes": lambda at, _: f"{at % 7:02d}",
    "empty": lambda at, _: "",
    "people": lambda at, _: people(at),
    "phones": lambda at, _: f"100{at:08d}",
    "amounts": lambda at, r: f"{r.randrange(10_000_000) / 100:.2f}",
    "counts": lambda at, r: str(r.randrange(-50, 5_000_000)),
    "cards": lambda at, _: f"62{at * 104_729:017d}",
    "days": lambda at, _: str(BIRTHS + dt.timedelta(days=at)),
    "days_8": lambda at, _: (BIRTHS + dt.timedelta(days=at)).strftime("%Y%m%d"),
    "instants": lambda at, _: f"2026-01-{at % 28 + 1:02d} 08:{at % 60:02d}:{at // 60 % 60:02d}",
    "names": lambda at, r: "".join(r.choice("王李赵小大晓禾晴石街局") for _ in range(2 + at % 3)),
    "places": lambda at, _: f"澜宁市听澜区桐花街道{at}号{at % 31}室",
    "remarks": lambda at, _: f"第{at}批，见附件",
    "quoted": lambda at, _: f'甲,"乙"{at}' if at % 3 else "甲\t乙",
    "late": lambda at, _: "" if at < HEAD_ROWS + 40 else f"晚{at % 150}",
}
ODD = st.sampled_from(
    [
        "-", "NULL", "不详", "2026/3/5", "2026-02-30", "民国八十一年", "=1+1", "#N/A", "8.90102E+17",
        "1,234.50", "１２", "890102199203150021", "890102199203150020", "证件890102199203150020", " 30 ",
        "'0012", "京A12345", "0990-1234567", "x" * 300, "a@example.org", "是",
    ]
)  # fmt: skip
MISHAPS = st.sampled_from(
    ["x\n", "a,b,c,d,e,f,g,h\n", "\n", "{empty}\n", "{row},\n", "{row}, \n", '"a\nb"{rest}\n', '"open{rest}\n',
     'x"y{rest}\n', '"q" {rest}\n', ' "q"{rest}\n', '"q"z{rest}\n', "\ufeff{row}\n", "nul\0{rest}\n", "{row}\r",
     "{row}\r\n", '""{rest}\n', '"q""q"{rest}\n', "  \n", '"a,{rest}\n{rest}"{rest}\n']
)  # fmt: skip


@st.composite
def tables(draw):
    """The text of a table of a few thousand rows: some columns, odd values here and there, some broken lines."""
    columns = draw(st.lists(st.sampled_from(sorted(POOLS)), min_size=1, max_size=6))
    rows = HEAD_ROWS + draw(st.integers(0, 1_500))
    places = st.integers(0, rows - 1)
    odd = draw(
        st.lists(
            st.tuples(places, st.integers(0, len(columns) - 1), ODD | st.text(max_size=6)),
            max_size=30,
        )
    )
    mishaps = draw(st.lists(st.tuples(places, MISHAPS), max_size=4))
    chance = random.Random(draw(st.integers(0, 99)))
    table = [[POOLS[name](at, chance) for name in columns] for at in range(rows)]
    for at, column, value in odd:
        table[at][column] = (
            value.replace("\0", "").replace("\r", "").encode("utf-8", "replace").decode()
        )
    line_end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    lines = [
        csv_text([[*row, LONG if at < HEAD_ROWS else "短"]], lineterminator=line_end)
        for at, row in enumerate(table)
    ]
    for at, mishap in mishaps:
        empty, rest = "," * len(columns), ",x" * len(columns)
        row = lines[at].rstrip("\r\n")
        lines.insert(at, mishap.format(empty=empty, rest=rest, row=row).replace("\n", line_end))
    head = csv_text([[f"列名{n}" for n in range(len(columns))] + ["长短"]], lineterminator=line_end)
    text = head + "".join(lines)
    return text if draw(st.booleans()) else text.rstrip("\r\n")


def profiled(path, monkeypatch, *, is_quick: bool):
    with monkeypatch.context() as patch:
        patch.setattr(quick, "LEAST_BYTES", 0 if is_quick else 1 << 60)
        patch.setattr(delimited, "PRESUMED_FROM", 0 if is_quick else 1 << 60)
        reader = open_table(str(path))
        assert quick.is_quick(reader) is is_quick or not reader.layout.encoding.uniform
        return profiling.profile(reader)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    text=tables(),
    sizes=st.sampled_from([(64 << 20, 8 << 20, 1 << 20), (40_000, 10_000, 2_500)]),
)
def test_both_ways_say_the_same(tmp_path, monkeypatch, text, sizes):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    monkeypatch.setattr(quick, "SIZE", sizes[0])
    monkeypatch.setattr(quick, "PARTS", sizes[1:])
    assert profiled(path, monkeypatch, is_quick=True) == profiled(path, monkeypatch, is_quick=False)


NOT_UTF8 = st.sampled_from(
    [b"\x80", b"\xff", b"\xc3", b"\xe4\xb8", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", "低保".encode("gb18030")]
)  # fmt: skip


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=tables(), odd=NOT_UTF8, share=st.floats(0, 1), is_small=st.booleans())
def test_a_file_that_turns_out_not_to_be_in_utf8_is_read_as_if_that_had_been_known(
    tmp_path, monkeypatch, text, odd, share, is_small
):
    data = text.encode()
    at = int(share * len(data))
    path = tmp_path / "t.csv"
    path.write_bytes(data[:at] + odd + data[at:])
    monkeypatch.setattr(delimited, "BLOCK", 4_096)
    if is_small:
        monkeypatch.setattr(quick, "SIZE", 40_000)
        monkeypatch.setattr(quick, "PARTS", (10_000, 2_500))
    assert profiled(path, monkeypatch, is_quick=True) == profiled(path, monkeypatch, is_quick=False)


def test_columns_and_rows_are_those_of_the_encoding_that_the_whole_file_has(tmp_path, monkeypatch):
    lines = ["kind,amount\n", *(f"a{at},{at}\n" for at in range(120_000)), "低保,30\n" * 2_000]
    path = tmp_path / "t.csv"
    path.write_bytes("".join(lines).encode("gb18030"))
    monkeypatch.setattr(delimited, "PRESUMED_FROM", 0)
    monkeypatch.setattr(delimited, "BLOCK", 4_096)
    reader = open_table(str(path))
    assert reader.layout.encoding.name == "utf-8"
    assert [row.values for row in reader.rows()][-1] == ("低保", "30")
    assert reader.layout.encoding.name == "gb18030"
    assert reader.notes[0].sentence == "文件编码：GB18030"


@pytest.mark.parametrize("most", [30, 50_000])
def test_values_that_come_in_every_piece_are_fetched_once(tmp_path, monkeypatch, most):
    days = [str(BIRTHS + dt.timedelta(days=at)) for at in range(1_200)]
    path = plain_table(
        tmp_path / "t.csv", 40_000, 日期=lambda at: days[at * 7 % 1_200] if at % 901 else "不详"
    )
    monkeypatch.setattr(quick, "SIZE", 60_000)
    monkeypatch.setattr(known, "_MOST_IN_ALL", most)
    fetched = []
    took = looking.ColumnLooker.take
    monkeypatch.setattr(
        looking.ColumnLooker,
        "take",
        lambda own, found: fetched.append(len(found.values)) or took(own, found),
    )
    by_engine = profiled(path, monkeypatch, is_quick=True)
    assert (sum(fetched) > 6_000) is (most == 30), sum(fetched)
    assert by_engine == profiled(path, monkeypatch, is_quick=False)


def plain_table(path, rows: int = 6_000, **columns):
    lines = [",".join([*columns, "长短"])]
    for at in range(rows):
        cells = [make(at) for make in columns.values()]
        lines.append(",".join([*cells, LONG if at < HEAD_ROWS else "短"]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_only_what_is_odd_is_read_row_by_row(tmp_path, monkeypatch):
    path = plain_table(tmp_path / "t.csv", 40_000, 编码=lambda at: f"A-{at:06d}", 数量=str)
    text = path.read_text("utf-8").splitlines(keepends=True)
    text[20_000] = "broken\n"
    path.write_text("".join(text), encoding="utf-8")
    monkeypatch.setattr(quick, "LEAST_BYTES", 0)
    monkeypatch.setattr(quick, "PARTS", (20_000, 5_000))
    slowly = []
    looked = looking.ColumnLooker.look
    monkeypatch.setattr(
        looking.ColumnLooker,
        "look",
        lambda own, values, lines: slowly.append(len(values)) or looked(own, values, lines),
    )
    found = profiling.profile(open_table(str(path)))
    assert (found.row_count, found.fault_counts) == (39_999, {"ragged_short": 1})
    assert [fault.line for fault in found.faults] == [20_001]
    assert sum(slowly) / 3 < 2_000


def test_many_different_values_are_estimated_as_near_as_row_by_row(tmp_path, monkeypatch):
    path = plain_table(
        tmp_path / "t.csv", 30_000, 编码=lambda at: f"A-{at:06d}", 批次=lambda at: str(at % 900)
    )
    monkeypatch.setattr(looking, "_HASHES", 6_000)
    by_engine, by_row = (profiled(path, monkeypatch, is_quick=each) for each in (True, False))
    for column in by_engine.columns:
        other = by_row.column(column.name)
        assert column.distinct_exact is other.distinct_exact
        assert column.distinct == pytest.approx(other.distinct, rel=0.15)
        # Whether a key is likely follows from the estimate, which is rough with so few hashes kept.
        for each in (column, other):
            assert each.unique == uniqueness(
                rows=each.rows,
                empty=each.null_count,
                distinct=each.distinct,
                exact=each.distinct_exact,
            )
        assert replace(column, distinct=other.distinct, unique=other.unique) == other


def test_values_of_a_kind_that_many_rows_share_are_counted_without_being_read(
    tmp_path, monkeypatch
):
    path = plain_table(tmp_path / "t.csv", 8_000, 号码=people, 电话=lambda at: f"100{at:08d}")
    found = profiled(path, monkeypatch, is_quick=True)
    assert found.about_persons
    assert found.column("号码").kinds == {Kind.PERSON: 8_000}
    assert found.column("电话").kinds == {Kind.PHONE: 8_000}


def test_it_tells_how_far_it_is_and_can_be_stopped(tmp_path, monkeypatch):
    path = plain_table(tmp_path / "t.csv", 6_000, 编码=lambda at: f"A-{at:06d}")
    monkeypatch.setattr(quick, "LEAST_BYTES", 0)
    monkeypatch.setattr(quick, "SIZE", 20_000)
    told = []
    profiling.profile(open_table(str(path)), progress=told.append)
    assert told[-1].rows == 6_000
    assert told[-1].bytes_done == told[-1].bytes_total == path.stat().st_size
    assert len(told) > 3
    seen = []
    with pytest.raises(LoadStopped):
        profiling.profile(open_table(str(path)), progress=lambda p: len(seen.append(p) or seen) < 3)
    assert len(seen) == 3


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_small_files_and_other_encodings_are_left_to_python(tmp_path, monkeypatch, encoding):
    path = tmp_path / "t.csv"
    path.write_bytes("编码,名称\n1,井盖\n".encode(encoding))
    assert not quick.is_quick(open_table(str(path)))
