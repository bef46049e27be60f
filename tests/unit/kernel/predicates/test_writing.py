"""The canonical form of a rule: one for all texts that mean one tree, and it reads back as that tree."""

import pytest
from hypothesis import example, given, settings

from tests.factories.predicates import SCHEMA, rules
from yitong.kernel.predicates import PredicateRefusal, parse


@settings(max_examples=150, deadline=None)
@given(rules)
@example("人数 - (3 - 面积) * 2 > 1 - - 人数")
@example("not (低保 or not 残疾) and (人数 = 1 and 人数 = 2)")
@example("coalesce(收入, 0) * 12 between -5 and (收入 + 1) * 2")
def test_the_canonical_form_reads_back_as_the_same_rule(text):
    try:
        rule = parse(text, SCHEMA)
    except PredicateRefusal:
        return
    again = parse(rule.canonical, SCHEMA)
    assert again == rule
    assert (again.canonical, again.digest) == (rule.canonical, rule.digest)


def test_ways_of_writing_one_rule_have_one_digest():
    texts = [
        "within(户籍地, '890102') and age(出生日期) >= 80",
        "WITHIN(户籍地,'890102000000')\nAND age(出生日期, today())>=80",
        "(within(\"户籍地\", '890102')) and (age(出生日期) >= 80)",
    ]
    assert len({parse(text, SCHEMA).digest for text in texts}) == 1
    assert parse(texts[0], SCHEMA).canonical == (
        'within("户籍地", \'890102\') and age("出生日期", today()) >= 80'
    )


def test_another_rule_has_another_digest():
    assert parse("人数 > 3", SCHEMA).digest != parse("人数 >= 3", SCHEMA).digest


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("类别 = '特困'", ["类别"]),
        ("类别 in ('特困') and 低保", ["类别"]),
        ("类别 like '特%' or 人数 is null", ["类别"]),
        ("出生日期 < 办理日期 and 类别 is not null", []),
        ("coalesce(类别, '无') = 类别", ["类别"]),
        ("人数 + 1 > 面积", ["人数", "面积"]),
    ],
)
def test_a_rule_says_of_which_items_it_names_values(text, named):
    assert [held.name for held in parse(text, SCHEMA).named_fields] == named
