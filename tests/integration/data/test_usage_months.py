"""The usage table by month: a month that came late takes in what was written before it had a place."""

import datetime as dt

import pytest

from tests.factories.ledger import ask
from yitong.data.exchange.jobs import make_months
from yitong.kernel import clock

pytestmark = pytest.mark.django_db

INSERT = "insert into exchange_usage values (decode(repeat('01', 33), 'hex'), %s, %s) returning 1"


def rows(table: str) -> int:
    return ask(f"select count(*) from {table}")[0][0]


def test_rows_of_a_month_without_a_partition_move_into_it():
    at = dt.datetime(2031, 5, 31, 23, 59, tzinfo=dt.UTC)
    ask(INSERT, at, 1)
    ask(INSERT, at + dt.timedelta(minutes=1), 2)
    assert ask("select exchange_make_month('2031-05-20')") == [(True,)]
    assert ask("select exchange_make_month('2031-05-01')") == [(False,)]
    assert (rows("exchange_usage_2031_05"), rows("exchange_usage_default")) == (1, 1)
    assert rows("exchange_usage") == 2


def test_months_are_made_ahead():
    with clock.frozen(dt.datetime(2040, 11, 30, 23, tzinfo=dt.UTC)):
        make_months()
        make_months()
    for month in ("2040_12", "2041_01", "2041_02"):
        assert rows(f"exchange_usage_{month}") == 0
