"""What a single cell looks like: one kind for each value, told by its form and its check digits.

A cell of a million-row file passes here once, so forms are told by one regular expression and only what looks
like an identifier is checked. Nothing here keeps a value.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from yitong.kernel import clock
from yitong.kernel.codes import credit_code_fault, person_number_fault


class Kind(StrEnum):
    """Kinds of value, stable: profiles and proposals count by them."""

    EMPTY = "empty"
    NULL_WORD = "null_word"
    INTEGER = "integer"
    DECIMAL = "decimal"
    NUMBER_TEXT = "number_text"  # 1,234.50  ¥12  １２
    CODE = "code"  # digits that are no amount: leading zeros, very long
    DATE = "date"  # 2026-03-05
    DATE_SLASH = "date_slash"
    DATE_DOT = "date_dot"
    DATE_CHINESE = "date_chinese"  # 2026年3月5日
    DATE_8 = "date_8"  # 20260305
    DATE_BAD = "date_bad"  # 2026-02-30
    DATE_REPUBLIC = "date_republic"  # 民国八十一年, 农历
    DATETIME = "datetime"
    BOOL = "bool"
    PERSON = "person"
    PERSON_15 = "person_15"
    PERSON_BAD = "person_bad"
    CREDIT = "credit"
    CREDIT_BAD = "credit_bad"
    PHONE = "phone"
    LANDLINE = "landline"
    BANK_CARD = "bank_card"
    EMAIL = "email"
    PLATE = "plate"
    FORMULA = "formula"
    ERROR = "error"  # #N/A
    DAMAGED = "damaged"  # 8.90102E+17: a spreadsheet made a number of it
    PERSON_INSIDE = "person_inside"  # a number within a sentence
    PHONE_INSIDE = "phone_inside"
    NAME = "name"
    ADDRESS = "address"
    TEXT = "text"


DATES: Final = frozenset(
    {Kind.DATE, Kind.DATE_SLASH, Kind.DATE_DOT, Kind.DATE_CHINESE, Kind.DATE_8}
)
NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER_TEXT, Kind.DATE_8})
NULL_WORDS: Final = frozenset(
    {
        "NULL",
        "null",
        "Null",
        "(null)",
        "\\N",
        "None",
        "NaN",
        "nan",
        "N/A",
        "n/a",
        "-",
        "--",
        "—",
        "——",
        "/",
    }
)
TRUE_WORDS: Final = frozenset({"是", "true", "True", "TRUE", "Y", "y", "yes", "Yes", "YES"})
FALSE_WORDS: Final = frozenset({"否", "false", "False", "FALSE", "N", "n", "no", "No", "NO"})

_CREDIT_SIGN: Final = "0-9A-HJ-NPQRTUWXY"
_ASCII_FORM: Final = re.compile(
    rf"""
     (?P<person>[0-9]{{17}}[0-9Xx])
    |(?P<phone>(?:\+?86[- ]?)?1(?:00|[3-9][0-9])[0-9]{{8}})  # 100… only made-up people have
    |(?P<digits>[0-9]+)
    |(?P<decimal>[+-]?(?:0|[1-9][0-9]{{0,17}})?\.[0-9]+|[+-](?:0|[1-9][0-9]{{0,17}}))
    |(?P<date>[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}})
    |(?P<datetime>[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}[ T][0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)
    |(?P<grouped>\$?[+-]?[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?|\$[+-]?[0-9]+(?:\.[0-9]+)?)
    |(?P<damaged>[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{{1,3}})
    |(?P<credit>(?:[{_CREDIT_SIGN}]{{2}}[0-9]{{6}}[{_CREDIT_SIGN}]{{10}}))
    |(?P<landline>0[0-9]{{2,3}}-[0-9]{{7,8}})
    |(?P<email>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)
    |(?P<error>\#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|\#+))
    """,
    re.VERBOSE,
)
# The first sign of a number plate.
PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CHINESE_FORM: Final = re.compile(
    rf"""
     (?P<date>[0-9]{{4}}年[0-9]{{1,2}}月[0-9]{{1,2}}日?)
    |(?P<grouped>[¥￥]?[+-]?[0-9]{{1,3}}(?:,[0-9]{{3}})*(?:\.[0-9]+)?元?|[¥￥]?[+-]?[0-9]+(?:\.[0-9]+)?元?)
    |(?P<plate>[{PROVINCES}][A-Z][A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳])
    """,
    re.VERBOSE,
)
_WRAPPERS: Final = frozenset("'=")
_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_ELEVEN_SIGNS: Final = re.compile("[0-9](?:[ -]?[0-9]){10}")
_PARTS: Final = re.compile(r"[0-9]+")
_FORMULA: Final = re.compile(
    r"=(?!=).+|@[A-Za-z]+\(.*|[+-].*[(!|].*|[+-]\s*\$?[A-Za-z]{1,3}\$?[0-9]+.*", re.DOTALL
)
_QUOTED_FORMULA: Final = re.compile(r'="([^"]*)"')
_REPUBLIC: Final = re.compile(r"民国|农历|正月|腊月|初[一二三四五六七八九十]$")
_PERSON_INSIDE: Final = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_PHONE_INSIDE: Final = re.compile(r"(?<![0-9])1(?:00|[3-9][0-9])[0-9]{8}(?![0-9])")
_SPACED: Final = re.compile(r"[0-9]{3,}(?:[ -][0-9Xx]+)+")
_NAME: Final = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u4e00-\u9fff]{1,12}(?:[·•．][\u4e00-\u9fff]{1,12})+"
)
_ADDRESS: Final = re.compile(
    r"[省市区县旗镇乡道村][^，。；]*[路街巷里村组号栋幢楼元室苑园区]|[路街巷弄村组][^，。；]{0,12}[0-9一二三四五六七八九十]+[号组弄]|[0-9](?:号楼|栋|幢|单元)"
)
# The commonest surnames, by far most of the population; and two-character ones.
SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关"
    "苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁"
    "瞿戚丘古米池滕晋苑邬臧畅宫嵇仇蔺冷卓花连仲郎臣鄢闻储牧喻岑苍隆肖闫付代娄蒲简敖麦尚楼冼"
)
_TWO_SURNAMES: Final = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "端木",
    "南宫",
)
# Words that end in these are places, bodies and things, not people.
NOT_NAMES: Final = frozenset(
    "省市区县镇乡村路街局部院厅委办所站队会处科室校园厂店组类型号证费款额率期度级况称式法型等是否有无"
)
_HAN_BUT_PLATES: Final = SURNAMES - set("云鲁苏甘蒙贵宁")
_WORDS: Final = (
    {"": Kind.EMPTY}
    | dict.fromkeys(NULL_WORDS, Kind.NULL_WORD)
    | dict.fromkeys(TRUE_WORDS, Kind.BOOL)
    | dict.fromkeys(FALSE_WORDS, Kind.BOOL)
)


def tidy_cell(value: str) -> str:
    """Without what spreadsheets put around numbers to keep them text: spaces, tabs, an apostrophe, a formula of text."""
    text = value.strip()
    if text[:1] in _WRAPPERS:
        if text[1:2].isdigit() and text[0] == "'":
            return text[1:]
        if quoted := _QUOTED_FORMULA.fullmatch(text):
            return quoted.group(1).strip()
    return text


def classify(value: str) -> Kind:
    text = tidy_cell(value)
    if text.isascii():
        form = _ASCII_FORM.fullmatch(text)
    else:
        form = None if text[0] in _HAN_BUT_PLATES else _CHINESE_FORM.fullmatch(text)
    if form is not None:
        return _BY_FORM[form.lastgroup or ""](text)
    return _of_text(text)


def is_formula(value: str) -> bool:
    """Whether a spreadsheet would calculate this cell."""
    text = value.lstrip()
    return bool(_FORMULA.match(text)) and not _QUOTED_FORMULA.fullmatch(text)


def exportable(value: str) -> str:
    """The value as it may be written to a file that a spreadsheet opens: never a formula (CWE-1236)."""
    return f"'{value}" if value[:1] in "=+-@\t\r" and not _is_number(value) else value


_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", re.ASCII)


def to_date(value: str) -> dt.date | None:
    """The day that a cell in any of the known shapes names."""
    text = tidy_cell(value)
    try:
        if text[4:5] == text[7:8] == "-" and len(text) == 10:
            return dt.date.fromisoformat(text)
        if len(text) == 8 and text.isdecimal():
            return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
        year, month, day = _PARTS.findall(text)
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def to_instant(value: str) -> dt.datetime | None:
    """The instant; without an offset, in the node's zone (Asia/Shanghai unless set)."""
    text = tidy_cell(value)
    if _INSTANT.fullmatch(text):
        try:
            return dt.datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)
        except ValueError:
            return None
    day, _, time = text.replace("T", " ").partition(" ")
    date = to_date(day)
    if date is None:
        return None
    try:
        clock_time = dt.time.fromisoformat(
            time.rjust(len(time) + (time[1:2] == ":"), "0") or "00:00"
        )
    except ValueError:
        return None
    instant = dt.datetime.combine(date, clock_time)
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.ZONE)


def to_number(value: str) -> Decimal | None:
    text = unicodedata.normalize("NFKC", tidy_cell(value)).replace(",", "").strip("¥$元 ")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def to_bool(value: str) -> bool | None:
    text = tidy_cell(value)
    if text in TRUE_WORDS or text == "1":
        return True
    return False if text in FALSE_WORDS or text == "0" else None


def shape_of(value: str) -> str:
    """The form without the content: digits 9, Latin a, Chinese 汉, with runs counted."""
    signs = [
        "9" if c.isdecimal() else "a" if c.isascii() and c.isalpha() else "汉" if c.isalpha() else c
        for c in value[:64]
    ]
    runs: list[list[str | int]] = []
    for sign in signs:
        if runs and runs[-1][0] == sign:
            runs[-1][1] = int(runs[-1][1]) + 1
        else:
            runs.append([sign, 1])
    return "".join(f"{sign}{count if count != 1 else ''}" for sign, count in runs)


# Twice each digit, its own digits added: 7 → 14 → 5.
_DOUBLED: Final = str.maketrans("0123456789", "0246813579")


def is_luhn(digits: str) -> bool:
    """ISO/IEC 7812: the check digit of bank cards."""
    summed = sum(digits[-2::-2].translate(_DOUBLED).encode()) + sum(digits[-1::-2].encode())
    return (summed - len(digits) * ord("0")) % 10 == 0


def _is_number(value: str) -> bool:
    return classify(value) in {Kind.INTEGER, Kind.DECIMAL, Kind.PHONE}


def _person(text: str) -> Kind:
    if person_number_fault(text) is None:
        return Kind.PERSON
    if credit_code_fault(text) is None:
        return Kind.CREDIT
    if text[-1].isdecimal() and text[0] in "3456" and is_luhn(text):
        return Kind.BANK_CARD
    return Kind.PERSON_BAD if to_date(text[6:14]) and "1900" <= text[6:10] <= "2100" else Kind.CODE


def _digits(text: str) -> Kind:
    length = len(text)
    if length == 8 and "1900" <= text[:4] <= "2100" and to_date(text):
        return Kind.DATE_8
    if length == 15 and person_number_fault(text) is None:
        return Kind.PERSON_15
    if length in (16, 17, 19) and text[0] in "3456" and is_luhn(text):
        return Kind.BANK_CARD
    if (text[0] == "0" and length > 1) or length > 18:
        return Kind.CODE
    return Kind.INTEGER


_SIGNS: Final = {"-": Kind.DATE, "/": Kind.DATE_SLASH, ".": Kind.DATE_DOT, "年": Kind.DATE_CHINESE}


def _date(text: str) -> Kind:
    return _SIGNS[text[4]] if to_date(text) else Kind.DATE_BAD


def _always(kind: Kind) -> Callable[[str], Kind]:
    return lambda _: kind


_BY_FORM: Final[dict[str, Callable[[str], Kind]]] = {
    "person": _person,
    "phone": _always(Kind.PHONE),
    "digits": _digits,
    "decimal": lambda text: Kind.DECIMAL if "." in text else Kind.INTEGER,
    "grouped": _always(Kind.NUMBER_TEXT),
    "damaged": _always(Kind.DAMAGED),
    "date": _date,
    "datetime": lambda text: Kind.DATETIME if to_instant(text) else Kind.DATE_BAD,
    "credit": lambda text: Kind.CREDIT_BAD if credit_code_fault(text) else Kind.CREDIT,
    "landline": _always(Kind.LANDLINE),
    "email": _always(Kind.EMAIL),
    "error": _always(Kind.ERROR),
    "plate": _always(Kind.PLATE),
}


def _of_text(text: str) -> Kind:
    if len(text) < 8 and text in _WORDS:
        return _WORDS[text]
    if text[0] in "=+-@" and _FORMULA.match(text):
        return Kind.FORMULA
    return _of_long_text(text) if text.isascii() else _of_chinese_text(text)


def _of_chinese_text(text: str) -> Kind:
    if len(text) < 26 and _NAME.fullmatch(text):
        return Kind.NAME if _is_name(text) else Kind.TEXT
    if _WIDE.search(text):
        kind = classify(unicodedata.normalize("NFKC", text))
        return Kind.NUMBER_TEXT if kind in NUMBERS else kind
    return _of_long_text(text)


def _of_long_text(text: str) -> Kind:
    if _ELEVEN_SIGNS.search(text):
        if _SPACED.fullmatch(text):
            kind = classify(re.sub("[ -]", "", text))
            return kind if kind in {Kind.PERSON, Kind.PHONE, Kind.BANK_CARD} else Kind.TEXT
        inside = _inside(text)
        if inside is not None:
            return inside
    if text.isascii():
        return Kind.TEXT
    if len(text) <= 20 and _REPUBLIC.search(text):
        return Kind.DATE_REPUBLIC
    return Kind.ADDRESS if _ADDRESS.search(text) else Kind.TEXT


def _inside(text: str) -> Kind | None:
    """Whether a sentence carries somebody's number."""
    if any(person_number_fault(found) is None for found in _PERSON_INSIDE.findall(text)):
        return Kind.PERSON_INSIDE
    return Kind.PHONE_INSIDE if _PHONE_INSIDE.search(text) else None


def _is_name(text: str) -> bool:
    if any(dot in text for dot in "·•．"):
        return True
    if text[-1] in NOT_NAMES:
        return False
    return text.startswith(_TWO_SURNAMES) or (text[0] in SURNAMES and len(text) <= 3)
