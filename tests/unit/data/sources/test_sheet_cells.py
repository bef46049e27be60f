"""From what a cell stores to what the spreadsheet shows."""

import datetime as dt

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.sources.sheet_cells import format_of, shown_number


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("59", "yyyy/m/d", "1900-02-28"),
        ("60", "yyyy/m/d", "1900-02-29"),
        ("61", "yyyy/m/d", "1900-03-01"),
        ("0", "yyyy/m/d", "00:00:00"),
        ("46086.999999", 'yyyy"年"m"月"d"日"', "2026-03-06"),
        ("0.5", "h:mm", "12:00:00"),
        ("1.5", "[h]:mm", "36:00:00"),
        ("-1", "yyyy/m/d", "#NUM!"),
        ("2958466", "yyyy/m/d", "#NUM!"),
        ("0.30000000000000004", "General", "0.3"),
        ("1.1000000000000001", "0.00", "1.1"),
        ("7", "000000", "000007"),
        ("123", "General", "123"),
        ("1E-3", "General", "0.001"),
        ("8.90102199203150E+17", "0", "8.90102199203150E+17"),
        ("890102199203150000", "0", "8.90102199203150E+17"),
        ("100", '"天"', "100"),
        ("100", "[红色]0", "100"),
        ("46086", "m月", "2026-03-05"),
        ("nan", "General", "#NUM!"),
    ],
)
def test_a_stored_number_becomes_what_the_spreadsheet_shows(stored, code, shown):
    assert shown_number(stored, format_of(code)) == shown


@given(days=st.integers(1, 2_958_465), seconds=st.integers(0, 86_399))
def test_dates_are_those_of_another_reader(days, seconds):
    serial = days + seconds / 86_400
    if days == 60:
        return
    expected = openpyxl.utils.datetime.from_excel(serial)
    shown = shown_number(repr(serial), format_of("yyyy-mm-dd hh:mm:ss"))
    assert dt.datetime.fromisoformat(shown) == expected.replace(microsecond=0) or abs(
        dt.datetime.fromisoformat(shown) - expected
    ) < dt.timedelta(seconds=1)
