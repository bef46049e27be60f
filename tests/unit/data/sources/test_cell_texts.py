"""A column's cells become what each cell alone would become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.sources import cell_texts
from yitong.data.sources.plans import converter
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
ESCAPES = str.maketrans(
    {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
)


def one(letter, cell):
    try:
        text = converter(letter)(cell)
    except (ValueError, InvalidCode):
        return b""
    return b"\\N" if text is None else text.translate(ESCAPES).encode()


@pytest.mark.parametrize("letter", CELLS)
def test_a_column_is_written_as_its_cells_are(letter):
    texts = cell_texts.cell_texts(letter)

    @given(st.lists(CELLS[letter]))
    def holds(cells):
        assert list(texts.of([cell.encode() for cell in cells])) == [
            one(letter, cell) for cell in cells
        ]

    holds()


def test_what_is_remembered_of_a_column_is_bounded(monkeypatch):
    monkeypatch.setattr(cell_texts, "_REMEMBERED", 10)
    texts = cell_texts.cell_texts("I")
    assert list(texts.of([b"%d" % n for n in range(99)])) == [b"%d" % n for n in range(99)]
    assert len(texts) <= 10
