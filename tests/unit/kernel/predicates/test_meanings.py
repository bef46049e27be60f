"""The functions of rules, for every day and every text."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.predicates import CODES, REGIONS, days
from yitong.kernel.masking import age_band
from yitong.kernel.predicates.meanings import (
    latest_start,
    lies_within,
    whole_months,
    whole_years,
    wider_codes,
    written_day,
)


@given(days, days)
def test_years_are_whole_twelves_of_months(first, last):
    assert whole_years(first, last) == whole_months(first, last) // 12


@given(days, days)
def test_an_age_stands_in_its_band(birth, on):
    if birth <= on:
        low = min(whole_years(birth, on) // 10 * 10, 90)
        assert age_band(birth, on).startswith(str(low))


@given(days, days, st.integers(-2000, 2000))
def test_the_latest_start_tells_the_same_as_counting(first, on, months):
    start = latest_start(on, months)
    if start is not None:
        assert (whole_months(first, on) >= months) is (first <= start)


def test_outside_the_calendar_there_is_no_start():
    assert latest_start(dt.date(2026, 11, 22), 12 * 2026) is None
    assert latest_start(dt.date(2026, 11, 22), -12 * 9000) is None


@given(st.sampled_from(REGIONS) | st.text("0123456789x", max_size=13), st.sampled_from(CODES))
def test_a_place_is_inside_outside_or_not_known(code, asked):
    prefix = asked.rstrip("0") if len(asked) in {6, 12} and asked.endswith("00") else asked
    found = lies_within(code, prefix)
    if found:
        assert code.startswith(prefix)
    if found is None:
        assert (
            len(code) not in {2, 4, 6, 9, 12}
            or not code.isdecimal()
            or not code.isascii()
            or code in wider_codes(prefix)
        )


def test_whoever_is_only_known_to_live_in_the_province_may_live_in_the_county():
    assert lies_within("890000", "890102") is None
    assert lies_within("880000", "890102") is False
    assert lies_within("890102001010", "890102") is True


@pytest.mark.parametrize(
    "text",
    ["2024-2-29", "20240229", "2023-02-29", "2024-W09-4", "２０２４-02-29", "", "0000-01-01"],
)
def test_a_day_is_written_in_one_way(text):
    assert written_day(text) is None
    assert written_day("2024-02-29") == dt.date(2024, 2, 29)
