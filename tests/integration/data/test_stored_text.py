"""What is written for COPY is what the server prints again: the digest of a table rests on it."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.sources.plans import ClearColumn, converter
from yitong.data.sources.shapes import to_instant

DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(str)
TIMES = st.times().map(str) | st.times().map(lambda time: f"{time:%H:%M:%S}")
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False).map(str) | st.integers().map(str)
CELLS = {
    "C": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    "N": NUMBERS | st.sampled_from(["-0", "-0.00", "1E+3", "1,234.50", "¥0.10", "007"]),
    "D": DAYS,
    "T": st.builds("{} {}".format, DAYS, TIMES),
    "L": st.sampled_from(["是", "否", "1", "0", "true"]),
}


@pytest.mark.django_db
@pytest.mark.parametrize("letter", CELLS)
def test_the_server_prints_what_was_written(letter):
    convert = converter(letter)
    column = ClearColumn("列", letter).postgres_type.partition(" ")[0]
    with connection.cursor() as cursor:
        cursor.execute("set local timezone to 'UTC'; set local datestyle to 'ISO'")

        @given(CELLS[letter])
        def holds(cell):
            try:
                text = convert(cell)
            except ValueError:
                return
            cursor.execute(f"select cast(cast(%s as {column}) as text)", [text])
            printed = cursor.fetchone()[0]
            if letter == "L":
                printed = {"true": "t", "false": "f"}.get(printed)
            assert printed == text

        holds()


@given(
    st.builds(
        "{} {}".format,
        st.dates(dt.date(1800, 1, 1), dt.date(2200, 1, 1)),
        st.times().map("{:%H:%M:%S}".format),
    )
)
def test_an_instant_written_out_is_the_same_by_the_short_way(cell):
    """Zones have had odd seconds before 1901 and summer time until 1991."""
    instant = to_instant(cell).astimezone(dt.UTC)
    assert converter("T")(cell) == f"{instant:%Y-%m-%d %H:%M:%S}+00"
