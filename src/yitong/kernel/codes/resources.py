"""政务信息资源代码 (发改高技〔2017〕1272号): a front part by class, and a sequence behind the stroke.

Provinces publish variants; this is the national form.
"""

import re
from dataclasses import dataclass
from typing import Final

from yitong.kernel.codes.faults import Fault, InvalidCode, tidy
from yitong.kernel.errors import N_

_CODE: Final = re.compile(r"([123])([0-9]{2})([0-9]{3})([0-9]*)/([0-9]+)")
_CATEGORIES: Final = {"1": "基础信息资源", "2": "主题信息资源", "3": "部门信息资源"}


class InvalidResourceCode(InvalidCode):
    """Not a 政务信息资源代码."""

    code = "invalid_resource_code"
    sentence = N_("信息资源代码有误。")
    sentences = {
        Fault.FORM: N_(
            "信息资源代码应为“前段码/顺序码”：前段码为类（1 位，1 至 3）、项（2 位）、目（3 位）和细目，全用数字。"
        ),
    }


@dataclass(frozen=True, slots=True)
class ResourceCode:
    """A resource's code in its parts: 类, 项, 目, 细目 (may be empty), 顺序码."""

    code: str
    category: str
    group: str
    subject: str
    detail: str
    sequence: str
    warnings: tuple[str, ...] = ()

    @property
    def category_name(self) -> str:
        return _CATEGORIES[self.category]


def parse_resource_code(text: str) -> ResourceCode:
    code = tidy(text)
    match = _CODE.fullmatch(code)
    if not match:
        raise InvalidResourceCode(Fault.FORM)
    category, group, subject, detail, sequence = match.groups()
    return ResourceCode(code, category, group, subject, detail, sequence)


def resource_code(front: str, sequence: int, *, width: int = 6) -> str:
    """Make a code from its front part and a running number."""
    return parse_resource_code(f"{front}/{sequence:0{width}d}").code
