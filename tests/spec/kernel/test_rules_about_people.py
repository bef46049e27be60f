"""Rules about rows: one text, one meaning, and what is not known is never counted as no."""

import datetime as dt

import pytest

from yitong.kernel.predicates import (
    Field,
    Kind,
    PredicateNotAllowed,
    Schema,
    Words,
    evaluate,
    in_words,
    parse,
    trace,
)

SCHEMA = Schema(
    [
        Field("户籍地", Kind.REGION),
        Field("出生日期", Kind.DATE),
        Field("家庭月收入", Kind.MONEY),
        Field("低保", Kind.BOOLEAN),
    ]
)
RULE = parse("within(户籍地, '890102') and age(出生日期) >= 80", SCHEMA)


def aged(birth: str, on: str, years: int) -> bool | None:
    rule = parse(f"age(出生日期) >= {years}", SCHEMA)
    return evaluate(rule, {"出生日期": dt.date.fromisoformat(birth)}, on=dt.date.fromisoformat(on))


def test_a_year_of_age_is_reached_on_the_birthday():
    """民法典 200: 公历年、月、日."""
    assert aged("1946-11-22", "2026-11-22", 80) is True
    assert aged("1946-11-23", "2026-11-22", 80) is False


def test_whoever_is_born_on_29_february_reaches_a_year_of_age_on_1_march_of_a_common_year():
    """民法典 200, 202: the day that a common year lacks has passed when February has."""
    assert aged("2008-02-29", "2026-02-28", 18) is False
    assert aged("2008-02-29", "2026-03-01", 18) is True
    assert aged("2008-02-29", "2024-02-29", 16) is True


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"户籍地": "890102001", "出生日期": dt.date(1940, 3, 5)}, True),
        ({"户籍地": "890103", "出生日期": dt.date(1940, 3, 5)}, False),
        ({"户籍地": None, "出生日期": dt.date(1940, 3, 5)}, None),
        ({"户籍地": "890000", "出生日期": dt.date(1940, 3, 5)}, None),
        ({"户籍地": None, "出生日期": dt.date(1999, 3, 5)}, False),
    ],
)
def test_not_known_is_neither_yes_nor_no(row, answer):
    assert evaluate(RULE, row, on=dt.date(2026, 11, 22)) is answer


def test_the_person_is_told_what_we_do_not_know():
    """个人信息保护法 7, 24: open, and explained."""
    found = trace(RULE, {"出生日期": dt.date(1940, 3, 5)}, on=dt.date(2026, 11, 22))
    assert [field.name for field in found.missing] == ["户籍地"]
    assert "我们不知道您的户籍地" in found.tell(Words(), to_person=True)[1]


def test_a_rule_is_told_in_words_that_an_official_understands():
    words = Words(on=dt.date(2026, 11, 22), region_name={"890102": "青禾县"}.get)
    assert in_words(RULE, words) == "户籍地在青禾县以内，并且按出生日期在2026-11-22满80岁"


def test_money_is_written_in_fen_and_told_in_yuan():
    assert in_words(parse("家庭月收入 <= 300000", SCHEMA)) == "家庭月收入不超过3000元"


@pytest.mark.parametrize(
    "text", ["家庭月收入 / 2 < 1", "低保 is not true", "greatest(1, 家庭月收入) = 1", "低保 = null"]
)
def test_what_engines_read_differently_or_what_hides_the_unknown_is_no_rule(text):
    with pytest.raises(PredicateNotAllowed):
        parse(text, SCHEMA)
