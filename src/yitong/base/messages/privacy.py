"""What in a text looks like somebody's: identity numbers, telephones, bank cards, mail addresses. Pure.

Better one code too many refused than one number let in: a code with a run of 11, 15 or 18 digits is written
with a letter in it. What only looks at shapes cannot know every name; so facts have no free text at all.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from yitong.kernel.codes import parse_credit_code, parse_person_number
from yitong.kernel.errors import N_, Refusal

PERSON_NUMBER: Final = N_("公民身份号码")
PHONE: Final = N_("电话号码")
BANK_CARD: Final = N_("银行卡号")
MAIL: Final = N_("邮箱地址")
WORDS: Final = N_("姓名、地址或者其他文字")

# Random keys, in which any run of digits may come up: UUIDs and digests.
_RANDOM: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,}"
)
_SPLIT: Final = re.compile(r"[^0-9A-Za-z]+")
_DIGITS: Final = re.compile(r"[0-9]+[Xx]?")
_LANDLINE: Final = re.compile(r"(?<![0-9])(?:010|02[0-9]|0[3-9][0-9]{2})[-_ ]?[0-9]{7,8}(?![0-9])")
# How people group a number. Strokes and points join parts of keys, which mean nothing together.
_DASHES: Final = re.compile(r"(?<=[0-9])[-_ ]+(?=[0-9Xx])")
_CARD_LENGTHS: Final = range(16, 20)


def looks_personal(text: str) -> str | None:
    """What of a person this text seems to hold, in words, or None. Full-width digits count as digits."""
    plain = unicodedata.normalize("NFKC", text)
    if "@" in plain:
        return MAIL
    if not plain.isascii():
        return WORDS
    bare = _RANDOM.sub("", plain)
    if _LANDLINE.search(bare):
        return PHONE
    for run in _runs(bare):
        if found := _number(run):
            return found
    # Written in groups: only what is whole in every digit, since dates and numbers stand in codes as well.
    return next((PERSON_NUMBER for run in _runs(_DASHES.sub("", bare)) if _is_person(run)), None)


def _runs(text: str) -> Iterator[str]:
    """Runs of digits, with an X that closes one; not those inside a credit code."""
    for part in _SPLIT.split(text):
        if not _is_credit_code(part):
            yield from _DIGITS.findall(part)


def _number(run: str) -> str | None:
    digits = run.rstrip("Xx")
    if len(run) == 18 and _is_day(run[6:14]):
        return PERSON_NUMBER
    if len(digits) == 15 and _is_day(f"19{digits[6:12]}"):
        return PERSON_NUMBER
    if len(digits) == 11 and digits[0] == "1":
        return PHONE
    if len(digits) == 13 and digits.startswith("861"):
        return PHONE
    if len(digits) in _CARD_LENGTHS and digits[0] in "456" and _is_luhn(digits):
        return BANK_CARD
    return None


def _is_day(text: str) -> bool:
    """Whether eight digits can be a day on which somebody was born."""
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return 1850 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31


def _is_luhn(digits: str) -> bool:
    odd, even = digits[-1::-2], digits[-2::-2]
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in even)
    return (sum(map(int, odd)) + doubled) % 10 == 0


def _is_person(run: str) -> bool:
    try:
        parse_person_number(run)
    except Refusal:
        return False
    return len(run) == 18


def _is_credit_code(part: str) -> bool:
    try:
        parse_credit_code(part)
    except Refusal:
        return False
    return not _is_person(part)
