"""How C2SP tlog-tiles writes the number of a tile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.portals.node.ledger_pages import tile_number, tile_path


@pytest.mark.parametrize(
    ("number", "path"),
    [(0, "000"), (67, "067"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_a_number_is_written_in_groups_of_three(number, path):
    assert tile_path(number) == path
    assert tile_number(path) == number


@given(st.integers(0, 10**15))
def test_every_number_has_one_path(number):
    assert tile_number(tile_path(number)) == number


@pytest.mark.parametrize("path", ["x000/067", "67", "0067", "x001/067/", "001/067", "", "x001"])
def test_another_spelling_is_no_path(path):
    assert tile_number(path) is None
