"""How many calls a caller has left in a minute, counted over all of the node's processes."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from yitong.base.access.api import pace
from yitong.kernel import clock

NOON = dt.datetime(2026, 9, 1, 4, 0, 12, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_a_minute_s_calls_are_used_up_and_come_back_with_the_next():
    with clock.frozen(NOON):
        turns = [pace.take("client:a", 2) for _ in range(3)]
        assert [(turn.left, turn.is_over) for turn in turns] == [(1, False), (0, False), (0, True)]
        assert {turn.seconds for turn in turns} == {48}
        assert not pace.take("client:b", 2).is_over
    with clock.frozen(NOON + dt.timedelta(seconds=48)):
        assert pace.take("client:a", 2) == pace.Turn(left=1, seconds=60, is_over=False)


@pytest.mark.django_db
def test_counters_that_stand_still_are_forgotten():
    with clock.frozen(NOON):
        pace.take("address:192.0.2.7", 9)
    with clock.frozen(NOON + dt.timedelta(hours=2)):
        pace.take("client:a", 9)
        pace.forget_idle()
        with connection.cursor() as cursor:
            cursor.execute("select who from access_pace")
            assert cursor.fetchall() == [("client:a",)]


@pytest.mark.committed
def test_calls_at_once_are_all_counted(database_url):
    def call(_turn: int) -> bool:
        try:
            return pace.take("client:a", 30).is_over
        finally:
            connections.close_all()

    before = int(clock.epoch()) // 60
    with ThreadPoolExecutor(8) as pool:
        over = list(pool.map(call, range(40)))
    if int(clock.epoch()) // 60 == before:  # else the minute ended meanwhile
        assert over.count(True) == 10
