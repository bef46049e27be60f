"""A column's cells become what each cell alone would become."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.sources import cell_fields
from yitong.kernel.codes import InvalidCode

SIGNS = st.sampled_from(["\\", "\\N", "\t", "\b\f\v", "a\nb", '"', "", " ", "字"])
CELLS = {
    "C": SIGNS,
    "M": SIGNS | st.text(st.characters(exclude_categories=["Cs"])),
    "N": st.sampled_from(["1", "0", "007", "1.50", "1,2", "-0", "", "-", "1e3", "x", "٣", "0.00", "9" * 18]),
    "I": st.integers().map(str),
    "D": st.sampled_from(["2026-03-05", "2026/3/5", "2026-02-30", "", "20260305"]),
    "T": st.sampled_from(
        ["2026-03-05 08:01:02", "2026-03-05T08:01:02", "2026-03-05 8:01", "1900-01-01 00:00:00", "", "0000-01-01 00:00:00",
         "0001-01-01 00:00:00", "2026-03-05 24:00:00", "2026-03-05 08:60:00", "2026-02-30 08:00:00", "字" * 13, "-"]
    ),
    "L": st.sampled_from(["是", "否", "1", "x", ""]),
}  # fmt: skip


def one(letter, cell):
    try:
        value = cell_fields.binary_converter(letter)(cell)
    except (ValueError, InvalidCode):
        return b""
    return cell_fields.NULL if value is None else cell_fields.field(value)


@pytest.mark.parametrize("letter", CELLS)
@pytest.mark.parametrize("states", [1, 1 << 12])
def test_a_column_is_written_as_its_cells_are(letter, states, monkeypatch):
    monkeypatch.setattr(cell_fields, "_STATES", states)
    fields = cell_fields.cell_fields(letter)

    @given(st.lists(CELLS[letter]))
    def holds(cells):
        assert fields.of([cell.encode() for cell in cells]) == [one(letter, cell) for cell in cells]

    holds()


@pytest.mark.parametrize("letter", ["I", "C"])
def test_what_is_remembered_of_a_column_is_bounded(monkeypatch, letter):
    monkeypatch.setattr(cell_fields, "_REMEMBERED", 10)
    monkeypatch.setattr(cell_fields, "_STATES", 10)
    fields = cell_fields.cell_fields(letter)
    for start in (0, 50):
        cells = [str(n) for n in range(start, start + 50)]
        assert fields.of([cell.encode() for cell in cells]) == [one(letter, cell) for cell in cells]
        assert len(fields) <= 10


def test_a_number_with_more_digits_than_the_server_keeps_is_refused():
    assert one("N", "0." + "1" * 16_383)
    assert one("N", "0." + "1" * 16_384) == b""


@given(st.lists(st.lists(st.none() | st.binary(), min_size=3, max_size=3)))
def test_rows_are_found_again_by_their_lengths(rows):
    texts = [
        cell_fields.field_count(3)
        + b"".join(cell_fields.NULL if v is None else cell_fields.field(v) for v in row)
        for row in rows
    ]
    joined = b"".join(texts)
    bounds = list(cell_fields.row_bounds(joined))
    assert [joined[start:end] for start, end in bounds] == texts
    assert all(one[1] == other[0] for one, other in pairwise(bounds))
