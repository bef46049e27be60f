"""When a schedule is due."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.base.jobs.rules import is_cron, latest_due
from yitong.kernel.clock import ZONE

instants = st.datetimes(
    dt.datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    dt.datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
lines = st.sampled_from(
    ["* * * * *", "*/10 * * * *", "17 3 * * *", "0 0 1 * *", "5 4 * * 1", "0 9 29 2 *"]
)


@given(cron=lines, now=instants)
def test_the_latest_due_instant_is_past_and_stays_until_the_next(cron, now):
    due = latest_due(cron, now, ZONE)
    assert due <= now
    assert latest_due(cron, due, ZONE) == due
    assert latest_due(cron, due + dt.timedelta(seconds=59), ZONE) == due
    assert latest_due(cron, due - dt.timedelta(microseconds=1), ZONE) < due


def test_a_line_is_read_in_the_nodes_zone():
    now = dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)  # 09:00 in Shanghai
    assert latest_due("17 3 * * *", now, ZONE) == dt.datetime(2026, 11, 21, 19, 17, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "line", ["", "* * * *", "* * * * * *", "61 * * * *", "a b c d e", "@daily"]
)
def test_what_is_no_cron_line(line):
    assert not is_cron(line)
