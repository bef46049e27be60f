"""政务服务事项 codes (GB/T 39554.1-2020). Keys to be kept as they are: only length and the body inside are looked at."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from yitong.kernel.codes.credit import credit_code_fault
from yitong.kernel.codes.faults import Fault, InvalidCode, tidy
from yitong.kernel.errors import N_


class ItemForm(StrEnum):
    """What a code names, told by its length."""

    BASIC = "basic"  # 基本编码, 12
    IMPLEMENTED = "implemented"  # 实施编码: body 18, one flag, 基本编码 12
    HANDLED = "handled"  # 业务办理项编码: the 实施编码 with a suffix, 36 at most
    LOCAL = (
        "local"  # hyphenated form in use in a province: code, region, number, body, level, sequence
    )


_FORMS: Final = (
    (ItemForm.BASIC, re.compile(r"([0-9A-Z]{12})")),
    (ItemForm.IMPLEMENTED, re.compile(r"(?P<body>[0-9A-Z]{18})[0-9A-Z]([0-9A-Z]{12})")),
    (ItemForm.HANDLED, re.compile(r"(?P<body>[0-9A-Z]{18})[0-9A-Z]([0-9A-Z]{12})[0-9A-Z]{1,5}")),
    (
        ItemForm.LOCAL,
        re.compile(r"([0-9A-Z]{12})-[0-9]{12}-[0-9]{3}-(?P<body>[0-9A-Z]{18})-[0-9]-[0-9]{2}"),
    ),
)


class InvalidItemCode(InvalidCode):
    """Not a code of a 政务服务事项."""

    code = "invalid_item_code"
    sentence = N_("事项编码有误。")
    sentences = {
        Fault.LENGTH: N_(
            "事项编码应为 12 位基本编码、31 位实施编码或 32 至 36 位业务办理项编码，由数字和字母组成；现有 {length} 位。"
        ),
        Fault.EMBEDDED: N_("事项编码中的实施主体代码不是有效的统一社会信用代码。"),
    }


@dataclass(frozen=True, slots=True)
class ItemCode:
    """An item's code: `body` is the credit code of who does it (empty in a 基本编码), `basic` the 12 characters."""

    code: str
    form: ItemForm
    basic: str
    body: str = ""
    warnings: tuple[str, ...] = ()


def parse_item_code(text: str) -> ItemCode:
    code = tidy(text)
    for form, pattern in _FORMS:
        if match := pattern.fullmatch(code):
            body = match.groupdict().get("body", "")
            if body and credit_code_fault(body):
                raise InvalidItemCode(Fault.EMBEDDED)
            basic = next(group for group in match.groups() if group != body)
            return ItemCode(code, form, basic, body)
    raise InvalidItemCode(Fault.LENGTH, length=len(code))
