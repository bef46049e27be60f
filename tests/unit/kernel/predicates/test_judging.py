"""What a row must hold to be judged, and how the answer is found."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.factories.predicates import FIELDS, SCHEMA, STRANGE
from yitong.kernel.predicates import (
    Field,
    Kind,
    PredicateRefusal,
    Schema,
    ValueUnfit,
    evaluate,
    parse,
    read_row,
    read_value,
    split,
    to_sql,
)

ON = dt.date(2026, 11, 22)


def answer(text, **row):
    return evaluate(parse(text, SCHEMA), row, on=ON)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("人数 > 1", {"人数": "2"}),
        ("人数 > 1", {"人数": True}),
        ("人数 > 1", {"人数": 2.0}),
        ("人数 > 1", {"人数": 1 << 63}),
        ("收入 > 1", {"收入": Decimal(2)}),
        ("办理日期 = today()", {"办理日期": "2026-11-22"}),
        ("办理日期 = today()", {"办理日期": dt.datetime(2026, 11, 22, tzinfo=dt.UTC)}),
        ("低保", {"低保": 1}),
        ("类别 = 'a'", {"类别": 1}),
        ("within(户籍地, '89')", {"户籍地": 89}),
        ("面积 > 1", {"面积": "1.5"}),
        ("面积 > 1", {"面积": 1.5}),
        ("面积 > 1", {"面积": Decimal("1.00001")}),
        ("面积 > 1", {"面积": Decimal("1" + "0" * 20)}),
        ("面积 > 1", {"面积": Decimal("1E+999999")}),
        ("面积 > 1", {"面积": Decimal("1E-999999")}),
        ("面积 > 1", {"面积": Decimal("1." + "0" * 200 + "1")}),
        ("面积 > 1", {"面积": Decimal("NaN")}),
        ("面积 > 1", {"面积": Decimal("Infinity")}),
        ("面积 > 1", {"面积": 10**4000}),
    ],
)
def test_a_value_of_another_kind_is_refused_and_not_shown(text, row):
    with pytest.raises(ValueUnfit) as caught:
        answer(text, **row)
    assert str(next(iter(row.values()))) not in caught.value.say()


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (Decimal("1.5"), True),
        (Decimal("1.5000000000"), True),
        (Decimal("0E+999999"), False),
        (Decimal("-0"), False),
        (1, False),
        (2, True),
        (None, None),
    ],
)
def test_a_decimal_is_compared_exactly(value, found):
    assert answer("面积 >= 1.5", 面积=value) is found


def test_a_field_that_the_row_lacks_is_not_known():
    assert answer("人数 > 1") is None
    assert answer("人数 is null") is True


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("人数 + 1 = 4 and 人数 - 1 = 2 and 人数 * 2 = 6", True),
        ("- 人数 = -3", True),
        ("人数 - (人数 - 2) * 2 = 1", True),
        ("面积 * 系数 = 3.75 and 面积 + 系数 - 0.5 = 3.5", True),
        ("收入 * 1.5 = 450", True),
        ("coalesce(系数, 1) = 2.5 and coalesce(低保, true) and coalesce(类别, '无') = '无'", True),
        ("人数 in (1, 2, 3) and 面积 not in (1, 2.5) and 类别 in ('无') is null", None),
        ("人数 between 人数 and 人数 + 1 and 人数 not between 4 and 5", True),
        ("age(办理日期) = 1 and months_between(办理日期, today()) = 14", True),
    ],
)
def test_numbers_and_days_are_calculated(text, found):
    row = {"人数": 3, "面积": Decimal("1.5"), "系数": Decimal("2.50"), "收入": 300}
    row["办理日期"] = dt.date(2025, 9, 22)
    if " is null" in text:
        with pytest.raises(PredicateRefusal):
            parse(text, SCHEMA)
        return
    assert answer(text, **row) is found


def test_sealed_fields_never_reach_sql():
    schema = Schema([Field("姓名", Kind.TEXT, sealed=True), Field("人数", Kind.INTEGER)])
    predicate = parse("姓名 = '甲' and 人数 > 1 and not (人数 > 9 or 姓名 = '乙')", schema)
    with pytest.raises(ValueError, match="split"):
        to_sql(predicate, "duckdb", on=ON)
    parts = split(predicate)
    assert [clause.at for clause in parts.clear.clauses] == [13, 29]
    assert len(parts.sealed.clauses) == 2
    assert predicate.sealed_fields == (schema.get("姓名"),)


def test_a_rule_over_clear_fields_alone_has_no_sealed_part():
    assert split(parse("人数 > 1", SCHEMA)).sealed is None


def test_a_row_of_texts_is_read_into_its_kinds():
    texts = {
        "户籍地": "890102", "出生日期": "1946-11-22", "收入": "-300", "人数": " 3 ", "面积": "1.5000", "类别": "", "低保": "true",
        "残疾": "否", "系数": None,
    }  # fmt: skip
    row, unread = read_row(FIELDS, texts)
    assert unread == ()
    assert row == {
        "户籍地": "890102", "居住地": None, "出生日期": dt.date(1946, 11, 22), "办理日期": None, "收入": -300, "人数": 3,
        "面积": Decimal("1.5000"), "系数": None, "类别": "", STRANGE: None, "低保": True, "残疾": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("出生日期", "1946/11/22"),
        ("出生日期", "1946-02-30"),
        ("出生日期", "1946****"),
        ("人数", "3.0"),
        ("人数", "9223372036854775808"),
        ("人数", "٣"),
        ("面积", "1e5"),
        ("面积", "1.00001"),
        ("低保", "也许"),
    ],
)
def test_a_text_that_cannot_be_read_is_not_known_and_is_named(name, text):
    held = SCHEMA.get(name)
    row, unread = read_row([held], {name: text})
    assert row == {name: None}
    assert unread == (held,)
    assert read_value(held, text) is None


def test_a_schema_says_what_it_has():
    assert len(SCHEMA) == len(FIELDS)
    assert [field.name for field in SCHEMA] == list(SCHEMA.names)
    assert SCHEMA.get("收入").words == "家庭月收入"
    with pytest.raises(ValueError, match="one name"):
        Schema([FIELDS[0], FIELDS[0]])
    with pytest.raises(ValueError, match="has a name"):
        Field("", Kind.TEXT)
    with pytest.raises(ValueError, match="38 digits"):
        Field("x", Kind.DECIMAL, digits=39)
