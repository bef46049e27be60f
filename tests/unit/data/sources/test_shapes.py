"""Kinds of single cells, and what is done with cells that spreadsheets have spoilt."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.sources.shapes import (
    Kind,
    classify,
    exportable,
    is_formula,
    shape_of,
    to_bool,
    to_date,
    to_instant,
    to_number,
)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("890102199203150020", Kind.PERSON),
        (" 890102199203150020\t", Kind.PERSON),
        ("'890102199203150020", Kind.PERSON),
        ('="890102199203150020"', Kind.PERSON),
        ("890102 19920315 0020", Kind.PERSON),
        ("８９０１０２１９９２０３１５００２０", Kind.PERSON),
        ("890102920315002", Kind.PERSON_15),
        ("890102199203150021", Kind.PERSON_BAD),
        ("100000000000000001", Kind.CODE),
        ("8.90102E+17", Kind.DAMAGED),
        ("11890100DM00000135", Kind.CREDIT),
        ("11890100DM00000136", Kind.CREDIT_BAD),
        ("10012345678", Kind.PHONE),
        ("+86 10012345678", Kind.PHONE),
        ("0100-12345678", Kind.LANDLINE),
        ("someone@example.invalid", Kind.EMAIL),
        ("6200000000000000000", Kind.BANK_CARD),
        ("林晓桐", Kind.NAME),
        ("欧阳晓桐", Kind.NAME),
        ("阿卜杜拉·买买提", Kind.NAME),
        ("高新区", Kind.TEXT),
        ("桐花路18号6栋301室", Kind.ADDRESS),
        ("证件890102199203150020已核", Kind.PERSON_INSIDE),
        ("请拨打10012345678", Kind.PHONE_INSIDE),
        ("2026-03-05", Kind.DATE),
        ("2026/3/5", Kind.DATE_SLASH),
        ("2026.03.05", Kind.DATE_DOT),
        ("2026年3月5日", Kind.DATE_CHINESE),
        ("20260305", Kind.DATE_8),
        ("2026-02-30", Kind.DATE_BAD),
        ("民国八十一年三月", Kind.DATE_REPUBLIC),
        ("农历三月初五", Kind.DATE_REPUBLIC),
        ("2026-03-05 08:01:02", Kind.DATETIME),
        ("2026-03-05T08:01:02+08:00", Kind.DATETIME),
        ("12", Kind.INTEGER),
        ("-5", Kind.INTEGER),
        ("0012", Kind.CODE),
        ("12.50", Kind.DECIMAL),
        ("1,234.50", Kind.NUMBER_TEXT),
        ("¥12.5", Kind.NUMBER_TEXT),
        ("１２", Kind.NUMBER_TEXT),
        ("是", Kind.BOOL),
        ("NULL", Kind.NULL_WORD),
        ("", Kind.EMPTY),
        ("   ", Kind.EMPTY),
        ("#N/A", Kind.ERROR),
        ("=SUM(A1:A9)", Kind.FORMULA),
        ("+A1*2", Kind.FORMULA),
        ("@SUM(1)", Kind.FORMULA),
        ("-2+cmd|' /C calc'!A0", Kind.FORMULA),
        ("满意", Kind.TEXT),
    ],
)
def test_a_cell_is_told_by_its_form(value, kind):
    assert classify(value) is kind


@given(st.text(max_size=40))
def test_any_text_has_a_kind_and_a_shape(value):
    assert classify(value) in Kind
    assert isinstance(shape_of(value), str)
    to_date(value), to_instant(value), to_number(value), to_bool(value)


@given(st.text(max_size=40))
def test_what_is_exported_is_never_a_formula(value):
    """CWE-1236: a spreadsheet that opens our file calculates nothing."""
    assert exportable(value)[:1] not in {"=", "@", "\t", "\r"}
    assert not is_formula(exportable(value))


def test_a_negative_number_is_exported_as_it_is():
    assert exportable("-12.5") == "-12.5"
    assert exportable("-A1") == "'-A1"


@pytest.mark.parametrize(
    "value", ["2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日", "20260305"]
)
def test_a_date_in_every_shape_is_one_day(value):
    assert to_date(value) == dt.date(2026, 3, 5)


def test_an_instant_without_offset_is_local():
    assert to_instant("2026-03-05 8:01").utcoffset() == dt.timedelta(hours=8)
    assert to_instant("2026-03-05T00:01:00Z").astimezone(dt.UTC).hour == 0


def test_numbers_as_text_are_numbers():
    assert to_number("¥1,234.50元") == Decimal("1234.50")
    assert to_number("NaN") is None
