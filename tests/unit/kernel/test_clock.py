import datetime as dt

import pytest

from yitong.kernel import clock

LATE = dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC)


def test_a_frozen_clock_stands():
    with clock.frozen(LATE):
        assert clock.now() == LATE
        assert clock.epoch() == LATE.timestamp()


def test_the_local_day_begins_eight_hours_before_that_of_utc():
    with clock.frozen(LATE):
        assert clock.today() == dt.date(2026, 11, 23)
        assert clock.today(dt.UTC) == dt.date(2026, 11, 22)
        assert clock.local(LATE).hour == 0


def test_freezing_nests_and_ends():
    with clock.frozen(LATE):
        with clock.frozen(LATE + dt.timedelta(days=1)):
            assert clock.now() == LATE + dt.timedelta(days=1)
        assert clock.now() == LATE
    assert clock.now() > LATE - dt.timedelta(days=365 * 10)
    assert clock.epoch() == pytest.approx(clock.now().timestamp(), abs=5)


def test_freezing_keeps_instants_in_utc():
    with clock.frozen(LATE.astimezone(clock.ZONE)):
        assert clock.now().tzinfo is dt.UTC


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"), clock.frozen(LATE.replace(tzinfo=None)):
        pass
