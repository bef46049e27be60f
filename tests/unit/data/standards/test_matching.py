"""Columns are matched to data elements by header and values; values decide; personal information is not missed."""

import pytest

from tests.factories.columns import PERSONS, Column
from yitong.data.standards.rules import matches
from yitong.data.standards.seed import edition

PEOPLE = [f"8901021992031500{n:02d}" for n in range(100)]


NAMES = ["林晓桐", "王伟", "李静", "张志强", "赵敏", "欧阳文"] * 5
PHONES = [f"100{n:08d}" for n in range(30)]
ADDRESSES = [f"桐花路{n}号3栋201室" for n in range(30)]
DAYS = [f"2026-03-{n + 1:02d}" for n in range(30)]
SERIALS = [str(n) for n in range(30)]
AMOUNTS = [f"{n}.50" for n in range(30)]
MODES = ["在册", "停发"] * 15
CREDIT = ["11890100DM00000135"] * 30
WORDS = ["路面已修复", "等待回访", "材料齐全"] * 10


def best(header: str, given: list[str], **more: str):
    found = matches(Column(header, given, **more), edition())
    return found[0] if found else None


def code(name: str) -> str:
    return next(element.code for element in edition().elements if element.name == name)


@pytest.mark.parametrize(
    ("header", "given", "name"),
    [
        ("公民身份号码", PERSONS, "公民身份号码"),
        ("身份证号", PERSONS, "公民身份号码"),
        ("*身份证号码（必填）", PERSONS, "公民身份号码"),
        ("SFZH", PERSONS, "公民身份号码"),
        ("gmsfhm", PERSONS, "公民身份号码"),
        ("id_card_no", PERSONS, "公民身份号码"),
        ("idCard", PERSONS, "公民身份号码"),
        ("配偶身份证号", PERSONS, "亲属证件号码"),
        ("姓名", NAMES, "姓名"),
        ("申请人姓名", NAMES, "姓名"),
        ("XM", NAMES, "姓名"),
        ("xingming", NAMES, "姓名"),
        ("full_name", NAMES, "姓名"),
        ("监护人姓名", NAMES, "监护人姓名"),
        ("法定代表人", NAMES, "法定代表人姓名"),
        ("性别", ["男", "女"] * 15, "性别"),
        ("xb", ["1", "2"] * 15, "性别"),
        ("gender", ["M", "F"] * 15, "性别"),
        ("民族", ["汉族", "回族"] * 15, "民族"),
        ("出生日期", DAYS, "出生日期"),
        ("csrq", DAYS, "出生日期"),
        ("birth_date", DAYS, "出生日期"),
        ("联系电话", PHONES, "手机号码"),
        ("lxdh", PHONES, "手机号码"),
        ("mobile", PHONES, "手机号码"),
        ("户籍地址", ADDRESSES, "户籍地址"),
        ("现住址", ADDRESSES, "居住地址"),
        ("home_address", ADDRESSES, "居住地址"),
        ("统一社会信用代码", CREDIT, "统一社会信用代码"),
        ("tyshxydm", CREDIT, "统一社会信用代码"),
        ("USCC", CREDIT, "统一社会信用代码"),
        ("单位名称", ["澜宁市水务集团"] * 30, "机构名称"),
        ("行政区划代码", ["890102"] * 30, "行政区划代码"),
        ("有效期止", DAYS, "有效期止"),
        ("发证日期", DAYS, "签发日期"),
        ("补贴金额（元）", AMOUNTS, "补贴金额"),
        ("车牌号", ["云A12345"] * 30, "车牌号"),
        ("银行卡号", ["6200000000000000000"] * 30, "银行账号"),
        ("残疾等级", ["一级", "二级"] * 15, "残疾等级"),
        ("诊断", ["高血压"] * 30, "疾病诊断"),
        ("备注", WORDS, "备注"),
        ("状态", MODES, "状态"),
    ],
)
def test_a_header_with_its_values_finds_its_element(header, given, name):
    found = best(header, given)
    assert (found.code, found.score >= 60) == (code(name), True), found
    assert all("。" not in reason for reason in found.reasons)


@pytest.mark.parametrize(
    "header", ["备注", "说明", "col7", "a", "序号", "金额", "状态", "统一社会信用代码", ""]
)
def test_person_numbers_are_personal_whatever_the_column_is_called(header):
    """A misleading header loses against check digits."""
    found = best(header, PERSONS)
    assert (found.code, found.personal) == (code("公民身份号码"), "identity")
    assert found.score >= 80


@pytest.mark.parametrize(
    ("header", "given", "personal"),
    [
        ("备注", NAMES, "basic"),
        ("字段3", PHONES, "contact"),
        ("内容", [*WORDS[:-1], "本人电话10012345678"], "contact"),
        ("摘要", [*WORDS[:-1], f"证件{PERSONS[0]}"], "identity"),
        ("x", ["6200000000000000000"] * 30, "finance"),
        ("描述", ADDRESSES, "basic"),
        ("f1", ["someone@example.invalid"] * 30, "contact"),
    ],
)
def test_personal_values_under_a_harmless_header_are_not_missed(header, given, personal):
    assert best(header, given).personal == personal


def test_serial_numbers_called_identity_numbers_are_of_low_confidence():
    found = best("身份证", SERIALS)
    assert found.score <= 30
    assert "与列名不符" in "".join(found.reasons)


@pytest.mark.parametrize(
    ("header", "given"),
    [("出生日期", WORDS), ("姓名", AMOUNTS), ("性别", WORDS), ("金额", WORDS), ("手机号码", DAYS)],
)
def test_a_header_that_its_values_contradict_loses_weight(header, given):
    assert best(header, given).score < 60


def test_bare_codes_suggest_nothing_alone():
    assert best("q9", ["1", "2"] * 15) is None


def test_a_comment_of_a_database_counts_like_a_header():
    assert best("f_0012", MODES, comment="参保状态").code == code("参保状态")


def test_an_empty_column_is_matched_by_its_header_and_says_so():
    found = best("身份证号", [""] * 30)
    assert found.code == code("公民身份号码")
    assert "没有足够的值" in found.reasons[-1]


def test_nothing_fits_a_header_of_noise():
    assert best("qqqq", WORDS) is None


@pytest.mark.slow
def test_every_name_and_synonym_finds_its_own_element_by_header_alone():
    """Recall over the register itself: the element named by a header is among the first three."""
    missed = []
    for element in edition().elements:
        for word in (element.name, *element.synonyms):
            found = [match.code for match in matches(Column(word, []), edition())[:3]]
            if element.code not in found:
                missed.append((word, element.name))
    assert not missed


@pytest.mark.slow
def test_personal_elements_are_never_missed_by_header_alone():
    """Whatever names something personal, in Chinese, pinyin or English, is proposed as personal in the first three."""
    missed = [
        word
        for element in edition().elements
        if element.personal
        for word in (element.name, *element.synonyms, *element.latin)
        if len(word) > 2 and not any(m.personal for m in matches(Column(word, []), edition())[:3])
    ]
    assert not missed
