"""What is written for COPY is what the server says again: the digest of a table rests on it."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.sources.cell_fields import binary_converter
from yitong.data.sources.plans import ClearColumn, converter
from yitong.data.sources.shapes import to_instant

DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(str)
TIMES = st.times().map(str) | st.times().map(lambda time: f"{time:%H:%M:%S}")
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False).map(str) | st.integers().map(str)
CELLS = {
    "C": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    "N": NUMBERS
    | st.sampled_from(
        [
            "-0",
            "-0.00",
            "1E+3",
            "1,234.50",
            "¥0.10",
            "007",
            "1E-90",
            "9" * 101,
            "0." + "0" * 9_000 + "1",
        ]
    ),
    "D": DAYS,
    "T": st.builds("{} {}".format, DAYS, TIMES),
    "L": st.sampled_from(["是", "否", "1", "0", "true"]),
}


SENT_BY = {"C": "textsend", "N": "numeric_send", "D": "date_send", "T": "timestamptz_send", "L": "boolsend"}  # fmt: skip


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


@pytest.mark.django_db
@pytest.mark.parametrize("letter", CELLS)
def test_the_binary_value_is_what_the_server_makes_of_the_text(letter):
    """Every cell is taken or refused by its text; the server sends of it what we would send."""
    printed, value = converter(letter), binary_converter(letter)
    column = ClearColumn("列", letter).postgres_type.partition(" ")[0]
    with connection.cursor() as cursor:

        @given(CELLS[letter])
        def holds(cell):
            try:
                text = printed(cell)
            except ValueError:
                with pytest.raises(ValueError, match=letter):
                    value(cell)
                return
            cursor.execute(f"select {SENT_BY[letter]}(cast(%s as {column}))", [text])
            assert bytes(cursor.fetchone()[0]) == value(cell)

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
