"""What is written for each engine: nothing of the rule's text, every value bound, forms that an index serves."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.predicates import FIELDS, SCHEMA, rules
from yitong.kernel.predicates import PredicateRefusal, parse, to_filter, to_sql

ON = dt.date(2024, 2, 29)
FORM = "'^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'"


def written(text, engine="postgresql", *, truth=None, on=ON):
    rule = parse(text, SCHEMA)
    sql = (
        to_sql(rule, engine, on=on)
        if truth is None
        else to_filter(rule, engine, on=on, truth=truth)
    )
    return sql.text, sql.parameters


@pytest.mark.parametrize(
    ("text", "sql", "parameters"),
    [
        ("age(出生日期) >= 80", '("出生日期" <= cast(%s as date))', (dt.date(1944, 2, 29),)),
        ("age(出生日期) < 81", '("出生日期" > cast(%s as date))', (dt.date(1943, 2, 28),)),
        ("age(出生日期) > 79", '("出生日期" <= cast(%s as date))', (dt.date(1944, 2, 29),)),
        ("age(出生日期) <= 79", '("出生日期" > cast(%s as date))', (dt.date(1944, 2, 29),)),
        ("age(出生日期) = 80", '("出生日期" <= cast(%s as date) and "出生日期" > cast(%s as date))', (dt.date(1944, 2, 29), dt.date(1943, 2, 28))),
        ("age(出生日期) <> 80", '("出生日期" > cast(%s as date) or "出生日期" <= cast(%s as date))', (dt.date(1944, 2, 29), dt.date(1943, 2, 28))),
        ("age(出生日期, date '2026-03-31') >= 0", '("出生日期" <= cast(%s as date))', (dt.date(2026, 3, 31),)),
        ("months_between(办理日期, date '2024-03-31') >= 1", '("办理日期" <= cast(%s as date))', (dt.date(2024, 2, 29),)),
        ("收入 <= 300000", '("收入" <= cast(%s as bigint))', (300000,)),
        ("人数 < 99999999999999999999", '("人数" < cast(%s as numeric))', (99999999999999999999,)),
        ("面积 = 1.50", '("面积" = cast(%s as numeric))', (Decimal("1.50"),)),
        ("类别 like '特困%'", 'starts_with("类别", cast(%s as text))', ("特困",)),
        ("低保 = false or 类别 is null", '((not "低保") or ("类别" is null))', ()),
        ("coalesce(低保, true)", 'coalesce("低保", cast(%s as boolean))', (True,)),
        ("人数 * 2 > 1", '((cast("人数" as numeric) * cast(cast(%s as bigint) as numeric)) > cast(%s as bigint))', (2, 1)),
    ],
)  # fmt: skip
def test_a_rule_is_written_for_postgresql(text, sql, parameters):
    assert written(text) == (sql, parameters)


def test_an_age_beyond_the_calendar_is_counted():
    text, parameters = written("age(出生日期) >= 3000")
    assert "extract(year" in text
    assert parameters == (ON, ON, ON, 3000)
    assert "extract(year" in written("age(出生日期) >= 9999999999")[0]
    assert "extract(month" in written("months_between(出生日期, 办理日期) >= 1")[0]
    assert "extract(year" in written("age(出生日期) >= 1.5")[0]


def test_duckdb_gets_types_that_are_wide_enough_and_no_wider():
    assert written("人数 * 2 > 1", "duckdb")[0].startswith('((cast("人数" as hugeint)')
    assert "cast(? as decimal(2, 1))" in written("面积 > 1.5", "duckdb")[0]
    assert "decimal(38, 4)" in written("面积 * 2 > 1.5", "duckdb")[0]
    assert 'cast("系数" as decimal(38, 4))' in written("面积 > 系数", "duckdb")[0]
    assert 'cast("人数" as decimal(38, 0))' in written("- (面积 + 人数) > 1", "duckdb")[0]
    assert "as bigint) + " in written("age(出生日期, 办理日期) + 1 > 人数", "duckdb")[0]


def test_a_division_is_sought_by_a_range_that_an_index_serves():
    text, parameters = written("within(户籍地, '8901')", truth=True)
    assert text == (
        '("户籍地" collate "C" >= cast(%s as text) and "户籍地" collate "C" < cast(%s as text)'
        f' and "户籍地" ~ {FORM})'
    )
    assert parameters == ("8901", "8901:")
    text, parameters = written("within(户籍地, '8901')", "duckdb", truth=True)
    assert text.startswith(
        '(case when starts_with("户籍地", cast(? as text)) then regexp_full_match'
    )
    assert parameters == ("8901",)
    text, parameters = written("within(户籍地, '89')", truth=False)
    assert text == f'(not starts_with("户籍地", cast(%s as text)) and "户籍地" ~ {FORM})'
    assert written("not within(户籍地, '89')", truth=True) == (text, parameters)
    assert written("within(户籍地, '89')")[0].startswith("(case when (")


def test_a_filter_has_its_not_at_the_clauses():
    text, _ = written("not (人数 > 1 and not (低保 or 面积 is null))", truth=True)
    assert text == '(("人数" <= cast(%s as bigint)) or ("低保" or ("面积" is null)))'
    text, _ = written("人数 in (1, 2) or 人数 between 1 and 2", truth=False)
    assert text.startswith('((not ("人数" in (')
    assert ") and (not ((" in text


@given(rules, st.sampled_from(["postgresql", "duckdb"]))
def test_each_place_has_its_value_and_no_text_of_the_rule_is_passed_on(text, engine):
    try:
        rule = parse(text, SCHEMA)
    except PredicateRefusal:
        return
    columns = {field.name: f"c{place}" for place, field in enumerate(FIELDS)}
    sql = to_sql(rule, engine, on=ON, columns=columns)
    assert sql.text.count("?" if engine == "duckdb" else "%s") == len(sql.parameters)
    assert sql.text.isascii()


def test_a_caller_deep_in_the_stack_gets_a_refusal_too():
    def deeper(levels):
        return parse("(((人数 = 1)))", SCHEMA) if not levels else deeper(levels - 1)

    found = set()
    for levels in range(600, 990, 3):
        try:
            found.add(type(deeper(levels)).__name__)
        except PredicateRefusal as refusal:
            found.add(refusal.code)
        except RecursionError:
            break  # before the rule was reached
    assert found <= {"Predicate", "predicate_too_large", "predicate_unreadable"}


def test_the_deepest_rule_needs_no_deep_stack():
    import sys

    deep = "(" * 23 + "人数 = 1" + ")" * 23
    frames = sum(1 for _ in iter_frames(sys._getframe()))
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(frames + 700)
    try:
        assert len(parse(deep, SCHEMA).clauses) == 1
    finally:
        sys.setrecursionlimit(before)


def iter_frames(frame):
    while frame is not None:
        yield frame
        frame = frame.f_back
