"""Headers are cut into the words they are made of, in whatever script they are written."""

import pytest

from yitong.data.standards.headers import header_hits, personal_word, words_of
from yitong.data.standards.seed import edition
from yitong.data.standards.words import Lexicon, latin_words, plain_header

LEXICON = Lexicon(edition().concepts)
CODES = {element.name: element.code for element in edition().elements}


def texts(words) -> list[str]:
    return [word.text for word in words]


def concepts(words) -> list[str]:
    return [word.keys[0] for word in words]


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        ("*身份证号（必填）", "身份证号"),
        ("3.户籍地址", "户籍地址"),
        ("（1）姓名", "姓名"),
        ("金额（元）：", "金额"),
        ("ＩＤ Ｎｏ", "idno"),
        ("（元）", "元"),
    ],
)
def test_what_forms_add_is_left_out(header, plain):
    assert plain_header(header).strip("()") == plain


@pytest.mark.parametrize("header", ["applicantIdNo", "APPLICANT_ID_NO", "applicant id no"])
def test_all_ways_to_join_english_words_are_one(header):
    assert latin_words(header) == ["applicant", "id", "no"]


def test_chinese_is_cut_by_the_longest_known_words():
    assert texts(LEXICON.cut_chinese("出生证明签发日期")) == ["出生", "证明", "签发", "日期"]
    assert texts(LEXICON.cut_chinese("犇犇号码")) == ["犇", "犇", "号码"]


def test_words_of_one_meaning_have_one_concept():
    assert concepts(LEXICON.cut_chinese("领证时间")) == concepts(
        LEXICON.cut_chinese("发证日期")
    ) or (concepts(LEXICON.cut_chinese("签发时间")) == concepts(LEXICON.cut_chinese("发证日期")))


def test_pinyin_is_cut_into_words_and_noise_is_no_pinyin():
    assert texts(LEXICON.cut_pinyin("hujidizhi")) == ["huji", "dizhi"]
    assert LEXICON.cut_pinyin("qwrtzz") == []


def test_abbreviated_english_is_known_by_its_consonants():
    (word,) = LEXICON.english(["nmbr"])
    assert "号" in word.keys


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("户籍详址", "户籍地址"),
        ("参保起始时间", "参保日期"),
        ("hu_ji_di_zhi", "户籍地址"),
        ("date_of_birth", "出生日期"),
        ("birthDt", "出生日期"),
        ("hjdz", "户籍地址"),
        ("brsjh", "手机号码"),
        ("领取人的姓名", "姓名"),
    ],
)
def test_headers_in_other_words_are_understood(header, name):
    hits = header_hits(header, words_of(edition()))
    first = sorted(hits, key=lambda code: -hits[code].points)[:3]
    assert CODES[name] in first
    assert header in hits[CODES[name]].reason


def test_another_head_weighs():
    """出生日期 and 出生地 share a word and are not the same."""
    hits = header_hits("出生日子", words_of(edition()))
    assert hits[CODES["出生日期"]].points > hits[CODES["出生地"]].points + 15


@pytest.mark.parametrize(("header", "word"), [("患者主诉", "患者"), ("patient_note", "patient")])
def test_words_that_speak_of_people_are_found(header, word):
    assert personal_word(header, words_of(edition())) == word


def test_words_of_things_do_not_speak_of_people():
    assert personal_word("设备编号", words_of(edition())) == ""
    assert header_hits("", words_of(edition())) == {}
