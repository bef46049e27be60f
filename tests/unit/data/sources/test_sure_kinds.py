"""What SQL is sure of, Python says too."""

import datetime as dt

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yitong.data.sources.shapes import Kind, classify
from yitong.data.sources.sure_kinds import KINDS, number_of_kind, with_reckoned
from yitong.kernel.codes import person_number

DIGITS = st.text("0123456789", min_size=1, max_size=21)
PERSONS = st.builds(
    person_number,
    st.sampled_from(["890102", "890101"]),
    st.dates(dt.date(1890, 1, 1), dt.date(2030, 12, 31)),
    st.integers(0, 999),
)
CHINESE = st.text(
    "王李云鲁欧阳小明市路号区民国初一。，·省委A1１9 -0123456789０", min_size=1, max_size=24
)
FORMS = st.from_regex(
    r"[+-]?[0-9]{1,19}(\.[0-9]{1,20})?|(18|19|20|21)[0-9]{2}[-/.]?[01][0-9][-/.]?[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?)?"
    r"|[1-9][0-9]{0,15}(\.[0-9]{1,15})?[eE]\+?[0-9]{1,2}|[12][0-9]{3}[-/ ][0-9 ]{1,2}-[0-9]{1,2}[ T][0-9 ]{1,2}:[0-9]{2}:[0-9.]{1,5}"
    r"|0[0-9]{2,3}-[0-9]{6,9}|(\+?86[- ]?)?1[03-9][0-9]{9}|[A-Za-z0-9_.@-]{1,20}|[3-6][0-9]{15,18}",
    fullmatch=True,
)
PADDED = st.tuples(
    st.sampled_from(["", " ", "'", "=", "\t"]), FORMS | PERSONS, st.sampled_from(["", " ", "x"])
)
VALUES = st.lists(
    DIGITS | PERSONS | CHINESE | FORMS | PADDED.map("".join) | st.text(max_size=12),
    min_size=1,
    max_size=200,
)
PREPARED = with_reckoned("(select unnest(?::varchar[]) as v)", "v", KINDS)


@pytest.fixture(scope="module")
def database():
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def told(database, values: list[str]) -> list[Kind | None]:
    query = f"select {number_of_kind('v', KINDS)} from {PREPARED}"
    found = database.execute(query, [values]).fetchall()
    return [None if kind is None else KINDS[kind] for (kind,) in found]


@settings(max_examples=20)
@given(values=VALUES)
def test_whatever_a_condition_takes_in_is_of_its_kind(database, values):
    values = [value.replace("\0", "") for value in values]
    alone = ", ".join(number_of_kind("v", [kind]) for kind in KINDS)
    query = f"select {alone} from {PREPARED}"
    for value, places in zip(values, database.execute(query, [values]).fetchall(), strict=True):
        found = {KINDS[place] for place in places if place is not None}
        assert found <= {classify(value)}, value


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("890102199203150020", Kind.PERSON),
        ("10012345678", Kind.PHONE),
        ("30", Kind.INTEGER),
        ("-7", Kind.INTEGER),
        ("0012", Kind.CODE),
        ("6200000000000104728", Kind.CODE),
        ("6200000000000104729", Kind.BANK_CARD),
        ("12.50", Kind.DECIMAL),
        ("2026-03-05", Kind.DATE),
        ("2026-02-30", None),
        ("20260305", Kind.DATE_8),
        ("2026-03-05 08:15:00", Kind.DATETIME),
        ("0990-1234567", Kind.LANDLINE),
        ("someone@example.org", Kind.EMAIL),
        ("林晓桐", Kind.NAME),
        ("桐花街", None),
        ("澜宁市听澜区桐花街道12号3室", Kind.ADDRESS),
        ("第1201号档案编目", Kind.TEXT),
        ("AB-2026-000317", Kind.TEXT),
        ("", None),
    ],
)
def test_what_is_common_is_known(database, value, kind):
    assert told(database, [value]) == [kind]


def test_a_person_whose_check_digit_is_wrong_is_left_to_python(database):
    assert told(database, ["890102199203150021", "890102190013010022"]) == [None, None]


@pytest.mark.parametrize(
    "value",
    [
        "600000000000000e003", "60000000000000000e2", "6.0000000000000000e18", "6e18", "890102199203150e2x",
        "8901021992031500e1", " 2026-3-05 08:15:00", "2026-03-05 08:15:60", "2026-03-05 24:00:00", "2026/03/05",
    ],
)  # fmt: skip
def test_what_the_engine_reads_as_a_number_or_a_day_is_still_what_it_is_written_as(database, value):
    assert told(database, [value]) == [None]
