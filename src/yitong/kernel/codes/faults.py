"""What can be wrong with a code, and the refusal that says it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import ClassVar, Final

from yitong.kernel.errors import N_, Kind, Refusal


class Fault(StrEnum):
    """Kinds of fault, stable: profiles and reports count by them."""

    LENGTH = "length"
    CHARACTER = "character"
    FORM = "form"
    DATE = "date"
    FUTURE = "future"
    EMBEDDED = "embedded"  # a code inside the code
    CHECK = "check"


class InvalidCode(Refusal):
    """A code that cannot be right as it stands.

    The sentence names the place at fault; it never carries the code (it may be a person's number) nor the
    check digit that would fit, since whoever can ask for the right digit can make up numbers.
    """

    code = "invalid_code"
    kind: ClassVar[Kind] = "invalid"
    sentence = N_("编码有误。")
    remedy = N_("请对照证件或原件逐位核对，改正后再提交。")
    sentences: ClassVar[Mapping[Fault, str]] = {}

    def __init__(self, fault: Fault, **places: object) -> None:
        super().__init__(**places)
        self.fault = fault

    def say(self, translate: Callable[[str], str] = str) -> str:
        return translate(self.sentences[self.fault]).format(**self.places)


# Full-width forms come from Chinese input methods; the meaning is the same.
_NARROW: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def tidy(text: str) -> str:
    """The text without white space, in narrow characters and capitals."""
    if not text.isascii():
        text = text.translate(_NARROW)
        text = "".join(char.upper() if char.isascii() else char for char in text)
    else:
        text = text.upper()
    return "".join(text.split())


def first_outside(text: str, allowed: str) -> int:
    """The position, counted from one as people count, of the first character that is not allowed."""
    return next(place for place, char in enumerate(text, start=1) if char not in allowed)
