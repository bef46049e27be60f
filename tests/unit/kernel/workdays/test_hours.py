import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel import clock
from yitong.kernel.workdays import DEFAULT_HOURS, OfficeHours, from_chinese_calendar
from yitong.kernel.workdays.hours import OfficeTime

TIME = OfficeTime(from_chinese_calendar(2026, 2026), DEFAULT_HOURS)
YEAR_2026 = dt.datetime(2026, 1, 1, tzinfo=clock.ZONE)
INSTANTS = st.integers(0, 300 * 24 * 60).map(
    lambda minutes: YEAR_2026 + dt.timedelta(minutes=minutes)
)
AMOUNTS = st.timedeltas(dt.timedelta(), dt.timedelta(hours=60))


@given(INSTANTS, AMOUNTS)
def test_what_is_advanced_has_elapsed(start, amount):
    reached = TIME.advance(start, amount)

    assert TIME.elapsed(start, reached) == amount
    assert reached >= start


@given(INSTANTS, AMOUNTS, AMOUNTS)
def test_elapsed_time_adds_up(start, one, other):
    middle = start + one
    end = middle + other

    assert TIME.elapsed(start, middle) + TIME.elapsed(middle, end) == TIME.elapsed(start, end)


def test_an_office_closes_at_the_end_of_its_last_span():
    assert DEFAULT_HOURS.closing == dt.time(17, 30)


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((dt.time(12), dt.time(9)),),
        ((dt.time(9), dt.time(9)),),
        ((dt.time(9), dt.time(12)), (dt.time(11), dt.time(17))),
    ],
)
def test_spans_are_in_order(spans):
    with pytest.raises(ValueError, match="order"):
        OfficeHours(spans)
