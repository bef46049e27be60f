"""Texts that are no rule: every one is refused, quickly, with its place."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.predicates import SCHEMA, joined, plain_clauses
from yitong.kernel.predicates import PredicateRefusal, evaluate, parse

REFUSED = {
    "predicate_not_allowed": [
        "人数 = 7/2", "人数 = 1 -- x", "人数 = 1 /* x */", "人数 = 1; select 1", "人数 in (select 1)", "人数 in 名单",
        "exists(select 1)", "人数 = any(1)", "case when 人数 = 1 then true end", "人数::int = 1", "cast(人数 as int) = 1",
        "try_cast(人数 as int) = 1", "upper(类别) = 'A'", "类别 ilike 'a%'", "类别 like '%a'", "类别 like 'a'", "类别 like '%'",
        "类别 like 'a_%'", "类别 like 'a\\%'", "类别 like 'a%' escape '\\'", "类别 like 类别", "类别 similar to 'a'",
        "类别 ~ 'a'", "类别 rlike 'a'", "类别 glob 'a*'", "人数 = null", "人数 in (1, null)", "低保 is true",
        "低保 is not false", "低保 is unknown", "人数 is distinct from 1", "人数 = 1.5e3", "人数 = 1e5", "人数 = 0x1f",
        "人.人数 = 1", "人数 = ?", "人数 = $1", "人数 = :a", "人数 = @a", "类别 || 'a' = 'b'", "类别 = 'a' 'b'", "人数 % 2 = 1",
        "greatest(1, 人数) = 1", "nvl(人数, 1) = 1", "ifnull(人数, 1) = 1", "current_date = 办理日期", "now() > 办理日期",
        "interval '1' day > 办理日期", "人数 between symmetric 1 and 2", "count(*) > 1", "sum(人数) over () > 1", "人数 = 1 xor 低保",
        "类别 collate \"C\" = 'a'", "人数 = 1 union select 1", "类别[1] = 'a'", "{{ 人数 }} = 1", "人数 = 1 b", "(人数, 类别) = (1, 'a')",
        "人数 <=> 1", "! 低保", "人数 == 1", "date('2024-01-01') = 办理日期", "timestamp '2024-01-01' = 办理日期", "N'a' = 类别",
        "类别 = 'a\u200bb'", "类别 = 'a\u202eb'", "类别 = 'e\u0301'", "类别 = '\ufeff'", "类别 = '\uf900'", "人数\u00a0= 1", "人数 = ²", "人数 = ٣",
        "人数 = 1 # x", "age(出生日期).x = 1", "人数 ?? 1", "*", "人数 = *", "人.* = 1", "# 1", "类别 = 'a\x00'", "人数\x0b= 1",
        "select", "人数 = 1 limit 1", "lower('A') = 类别", "人数 & 1 = 1", "人数 = 1 and exists", "人数 > > 1", "低保 in (true)", "coalesce(人数, null) = 1", "'\ud800' = 类别",
    ],
    "predicate_unreadable": [
        "", "  \n", "'", "\"", "人数 = 'x", "(人数 = 1", "人数 = 1)", "not", "人数 = 1 and", "人数 in ()", "人数＝1", "人数 = 1　", "（人数 = 1）",
        "人数 = “1”", "x'ab' = 类别", "date '2023-02-29' = 办理日期", "date '20240101' = 办理日期", "date 'x' = 办理日期",
        "人数 between 1", "and", "人数 人数 人数", "()(", "date date '2024-01-01' = 办理日期", "DATE 办理日期 = 办理日期", "人 数 = 1",
    ],
    "predicate_mistyped": [
        "1 = 1", "today() = today()", "人数", "true", "人数 + 1", "-人数", "人数 = '1'", "办理日期 = '2024-01-01'", "办理日期 + 1 = 办理日期",
        "办理日期 = 1", "类别 < 'a'", "类别 between 'a' and 'b'", "户籍地 = '890102'", "户籍地 in ('890102')", "户籍地 like '89%'",
        "户籍地 = 居住地", "within(户籍地, '89010')", "within(户籍地, '000000')", "within(户籍地, '８９')", "within(户籍地, 89)",
        "within(类别, '89')", "within(户籍地)", "within(户籍地, 居住地)", "within(户籍地, '89') = true", "人数 = within(户籍地, '89')",
        "age(人数) > 1", "age() > 1", "age(出生日期, 办理日期, 办理日期) > 1", "age(出生日期)", "today(1) > 办理日期",
        "months_between(人数, 人数) > 1", "低保 > true", "低保 = 残疾", "低保 = 1", "人数 = true", "人数 = (低保)",
        "收入 = 3000.5", "收入 > 人数", "收入 + 人数 > 1", "收入 * 收入 > 1", "收入 + 0.5 > 1", "人数 = 1 = 2", "(人数 = 1) = (人数 = 2)",
        "人数 in (人数)", "人数 in ((人数))", "coalesce(1, 2) = 人数", "coalesce(人数, 人数) = 1", "coalesce(人数, 1, 2) = 1",
        "coalesce(人数, 'a') = 1", "coalesce(人数, 1.5) = 1", "coalesce(人数, 99999999999999999999) = 1", "coalesce(户籍地, 'x') = 'x'",
        "coalesce(人数, 1)", "人数 + 1 is null", "age(出生日期) is null", "人数 < 1 is null", "人数 like '1%'",
        "- 类别 = 1", "类别 * 2 = 1", "人数 in ('a')", "人数 between 1 and 'a'", "not 人数", "人数 and 低保", "age(出生日期) or 低保",
    ],
    "predicate_field_unknown": ["年龄 >= 80", "\"\" = 1", "name = 'x'", "RENSHU = 1", "in = 1"],
    "predicate_overflow": [
        "人数 * 人数 * 人数 > 1", "面积 * 面积 * 面积 > 1", "人数 * 1000000000000000000000 > 1",
        "面积 = 99999999999999999999999999999999999999", "人数 in (99999999999999999999999999999999999999, 1.5)",
        "系数 * 0.1234567890123456789012345678901234567 > 1",
    ],
    "predicate_too_large": [
        "人数 = 999999999999999999999999999999999999999", "(" * 30 + "低保" + ")" * 30, "not " * 30 + "低保", "- " * 30 + "人数 = 1",
        "人数 = " + " + ".join(["人数"] * 60), "人数 = 1 " * 4000, "低保 " * 5001, "a" * 1_000_000, "(" * 10_000,
        "人数 in (" + ",".join(["1"] * 1001) + ")", " and ".join(["低保"] * 401), "人数 = " + " * ".join(["1"] * 60),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts]
)
def test_what_is_no_rule_is_refused_by_its_reason(code, text):
    with pytest.raises(PredicateRefusal) as caught:
        parse(text, SCHEMA)
    assert caught.value.code == code, caught.value.say()
    said = caught.value.say()
    assert "{" not in said.removeprefix("规则第").replace("不能用字符 {", "")
    assert caught.value.say_remedy()


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("人数 = 1 and\n  upper(类别) = 'a'", 2, 3),
        ("人数 = 1\nand 年龄 > 3", 2, 5),
        ("人数 = 1 -- x", 1, 8),
        ("人数 = 1 and 类别 = '", 1, 17),
        ("within(户籍地, '89010')", 1, 13),
        ("人数 in (1,\n2,\nnull)", 1, 1),
        ("人数 > 1 or\n\n 人数 = 'x'", 3, 2),
    ],
)
def test_a_refusal_names_the_place(text, line, column):
    with pytest.raises(PredicateRefusal) as caught:
        parse(text, SCHEMA)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert f"第 {line} 行第 {column} 列" in caught.value.say()


def test_a_name_that_is_nearly_right_is_suggested():
    with pytest.raises(PredicateRefusal, match="是不是“出生日期”"):
        parse("出生日 > today()", SCHEMA)


def test_kinds_in_a_reason_are_translated_too():
    with pytest.raises(PredicateRefusal) as caught:
        parse("人数 = 'x'", SCHEMA)
    english = {
        "整数": "a whole number",
        "文字": "text",
        "{left}不能与{right}相比": "{left} beside {right}",
    }
    assert "a whole number beside text" in caught.value.say(lambda text: english.get(text, text))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000, "not " * 10_000 + "低保", "人数 = 1 and " * 70_000, "'" * 1_000_000, "\"" * 19_999, "(" * 24 + "人数 = " + "1+" * 5000,
        "人数 in (" + "1," * 9000, "低保 or " * 2400 + "低保", "人数*" * 2400 + "1 = 1", "a" * 19_999, "\n" * 19_999, "人数 = '" + "一" * 19_000,
        "((((((((((人数" * 400, "coalesce(" * 2000, "age(" * 20 + "出生日期" + ")" * 20 + " > 1",
    ],
)  # fmt: skip
@pytest.mark.timeout(30)  # what grows with the square of the text would need minutes
def test_hostile_texts_are_refused_without_labour(text):
    with pytest.raises(PredicateRefusal):
        parse(text, SCHEMA)


@pytest.mark.timeout(30)
def test_the_longest_rule_that_is_taken_is_read_without_labour():
    options = ",".join(str(number) for number in range(1000))
    text = " or ".join([f"人数 in ({options})"] + ["人数 = 1"] * 399)
    assert len(parse(text, SCHEMA).clauses) == 400


PIECES = st.sampled_from(
    [
        "人数", "类别", "低保", "户籍地", "出生日期", "1", "1.5", "'a'", "'890102'", "'a%'", "date '2024-02-29'", "date", "and", "or", "not",
        "in", "between", "is", "null", "like", "true", "(", ")", ",", "+", "-", "*", "/", "=", "<", ">=", "<>", "age(", "within(", "today()",
        "coalesce(", "months_between(", ";", "--", "/*", "case", "when", "then", "end", "select", "cast(", "as", "::", "'", "\"", "\x00",
        "\u202e", "（", "x", ".", "%", "over", "interval", "[", "]", "{", "$$", "array", "struct", "lambda", "->", ":=", "exists", "1e5", "e'a'",
        "values", "with", "from", "filter", "within group", "escape", "collate", "at time zone", "any", "all", "distinct", "grouping", "if(",
    ]
)  # fmt: skip


@given(
    st.lists(PIECES, max_size=14).map(" ".join)
    | st.text(max_size=40)
    | st.lists(PIECES, max_size=8).map("".join)
)
def test_any_text_is_a_rule_or_a_refusal(text):
    """Never anything else: no other error, whatever is typed."""
    predicate, refusal = read_or_refused(text)
    if refusal is not None:
        assert refusal.say()
        assert 1 <= refusal.line <= text.count("\n") + 1
    else:
        assert evaluate(predicate, {}, on=dt.date(2024, 2, 29)) in {True, False, None}


def read_or_refused(text):
    try:
        return parse(text, SCHEMA), None
    except PredicateRefusal as refusal:
        return None, refusal


@given(joined(plain_clauses(st.just("人数"), st.just("办理日期"))))
def test_white_space_and_letter_case_change_nothing(text):
    wide = text.replace(" ", " \n\t ").replace(" and ", " AND ").replace("not ", "NOT ")
    if "'" not in text and '"' not in text:
        assert parse(wide, SCHEMA) == parse(text, SCHEMA)
