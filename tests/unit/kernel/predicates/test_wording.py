"""Rules in words, and why a rule answers as it does."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.predicates import DAYS, SCHEMA, rows, rules
from yitong.kernel.predicates import (
    PredicateRefusal,
    Tracer,
    Words,
    evaluate,
    in_words,
    parse,
    trace,
)

ON = dt.date(2026, 11, 22)
WORDS = Words(on=ON, region_name={"890102": "青禾县", "890102001": "石桥镇"}.get)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("within(户籍地, '890102') and age(出生日期) >= 80", "户籍地在青禾县以内，并且按出生日期在2026-11-22满80岁"),
        ("not within(户籍地, '8901') or 户籍地 is null", "户籍地不在区划8901以内，或者没有登记户籍地"),
        ("收入 <= 300000 and not 收入 * 12 < 收入 + 150", "家庭月收入不超过3000元，并且家庭月收入乘以12不低于家庭月收入加1.5元"),
        ("收入 in (100, 50) and 收入 between 1 and 100000", "家庭月收入是1元、0.5元之一，并且家庭月收入在0.01元和1000元之间（含）"),
        ("not (低保 and 残疾 = false)", "低保为“否”，或者残疾为“是”"),
        ("低保 or 残疾 and (人数 > 1 or 人数 is not null)", "低保为“是”，或者（残疾为“是”，并且（人数超过1，或者登记了人数））"),
        ("办理日期 >= date '2024-02-29' and 办理日期 <> today()", "办理日期不早于2024-02-29，并且办理日期不是2026-11-22"),
        ("类别 = '一般' and 类别 not in ('a', 'b') and 类别 not like '特%'", "类别是“一般”，并且类别不是“a”、“b”中的任何一个，并且类别不以“特”开头"),
        ("months_between(办理日期, today()) < 6", "从办理日期到2026-11-22不满6个月"),
        ("age(出生日期, 办理日期) > age(办理日期)", "按出生日期在办理日期的周岁数超过按办理日期在2026-11-22的周岁数"),
        ("months_between(办理日期, 出生日期) = 人数", "从办理日期到出生日期的整月数等于人数"),
        ("(人数 + 1) * -人数 <> 15", "（人数加1）乘以负的人数不等于15"),
        ("- (人数 - 2) = -0.5", "负的（人数减2）等于-0.5"),
        ("coalesce(收入, 100) > 0 and coalesce(低保, false)", "家庭月收入（没有登记的按1元算）超过0元，并且低保（没有登记的按否算）为“是”"),
        ("within(coalesce(户籍地, '890102001'), '890102')", "户籍地（没有登记的按石桥镇算）在青禾县以内"),
        ("人数 not between 1 and 2", "人数不在1和2之间"),
        ("人数 in (1,2,3,4,5,6,7,8,9)", "人数是1、2、3、4、5、6、7、8等9项之一"),
        ("300000 >= 收入", "3000元不低于家庭月收入"),
    ],
)  # fmt: skip
def test_a_rule_is_told_in_words(text, said):
    assert in_words(parse(text, SCHEMA), WORDS) == said


def test_without_a_day_it_is_the_day_of_the_matter():
    assert in_words(parse("age(出生日期) < 18", SCHEMA)) == "按出生日期在办理当日不满18岁"


def test_words_are_translated_sentence_by_sentence():
    english = {
        "{left}超过{right}": "{left} is above {right}",
        "，并且": " and ",
        "{value}为“是”": "{value} is yes",
    }
    words = Words(translate=lambda text: english.get(text, text))
    assert in_words(parse("人数 > 1 and 低保", SCHEMA), words) == "人数 is above 1 and 低保 is yes"


RULE = "within(户籍地, '890102') and age(出生日期) >= 80 and (收入 <= 300000 or 低保)"
KNOWN = {"户籍地": "890102001", "出生日期": dt.date(1940, 3, 5), "收入": 200000, "低保": False}


@pytest.mark.parametrize(
    ("row", "value", "decided", "missing"),
    [
        (KNOWN, True, [0, 1, 2], []),
        ({**KNOWN, "收入": None, "低保": True}, True, [0, 1, 3], []),
        ({**KNOWN, "收入": None}, None, [2], ["收入"]),
        ({**KNOWN, "收入": None, "低保": None}, None, [2, 3], ["收入", "低保"]),
        ({**KNOWN, "户籍地": None, "出生日期": dt.date(1999, 1, 1)}, False, [1], []),
        ({**KNOWN, "收入": 999999}, False, [2, 3], []),
        ({**KNOWN, "户籍地": "8901"}, None, [0], []),
        ({}, None, [0, 1, 2, 3], ["户籍地", "出生日期", "收入", "低保"]),
    ],
)
def test_a_trace_names_the_clauses_that_decided(row, value, decided, missing):
    found = trace(parse(RULE, SCHEMA), row, on=ON)
    assert found.value is value
    assert [place for place, step in enumerate(found.steps) if step.decided] == decided
    assert [field.name for field in found.missing] == missing


def test_a_trace_is_told_to_the_person_and_to_the_steward():
    found = trace(
        parse(RULE, SCHEMA), {**KNOWN, "户籍地": "8901", "收入": None, "低保": None}, on=ON
    )
    assert found.tell(WORDS, to_person=True) == [
        "不知道",
        "不知道：户籍地在青禾县以内（户籍地只登记为8901，不足以判断）",
        "不知道：家庭月收入不超过3000元（我们不知道您的家庭月收入）",
        "不知道：低保为“是”（我们不知道您的低保）",
        "符合：按出生日期在2026-11-22满80岁（出生日期：1940-03-05）",
    ]
    assert "没有低保的数据" in found.tell(WORDS)[3]


def test_what_a_row_holds_is_told_like_the_rule():
    rule = parse("户籍地 is not null and 收入 > 1 and 面积 > 1 and not 低保", SCHEMA)
    row = {"户籍地": "890102", "收入": 123450, "面积": Decimal("1E+2"), "低保": False}
    said = " ".join(trace(rule, row, on=ON).tell(WORDS))
    assert "户籍地：青禾县（890102）" in said
    assert "家庭月收入：1234.5元" in said
    assert "面积：100）" in said
    assert "符合：低保为“否”（低保：否）" in said
    assert WORDS.held(SCHEMA.get("人数"), None) == ""


def test_a_trace_shows_no_value_in_its_repr():
    assert "1940" not in repr(trace(parse(RULE, SCHEMA), KNOWN, on=ON))
    assert "1940" not in repr(parse(RULE, SCHEMA))


@given(rules, rows, st.sampled_from(DAYS))
def test_a_trace_answers_as_the_rule_does_and_its_deciders_suffice(text, row, on):
    try:
        predicate = parse(text, SCHEMA)
    except PredicateRefusal:
        return
    found = Tracer(predicate).trace(row, on=on)
    assert found.value is evaluate(predicate, row, on=on)
    assert found.decisive
    assert all("{" not in line for line in found.tell(Words(on=on)))
    if found.value is None:
        assert any(step.value is None for step in found.decisive)
