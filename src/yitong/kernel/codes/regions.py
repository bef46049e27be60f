"""行政区划 codes: six digits by GB/T 2260, nine to the 乡级, twelve to the 村级 (statistical code).

Kept as a prefix without padding (province 2, city 4, county 6, town 9, village 12 digits), so that "lies in" is
"starts with". Form only: which codes were in force when is the region table's to say.
"""

import re
from dataclasses import dataclass
from typing import Final

from yitong.kernel.codes.faults import Fault, InvalidCode, first_outside, tidy
from yitong.kernel.errors import N_

_LENGTHS: Final = (2, 4, 6, 9, 12)
_DIGITS: Final = "0123456789"
_CODE: Final = re.compile("|".join(f"[0-9]{{{length}}}" for length in _LENGTHS))
# 乡级 numbers by kind (the statistical office's ranges).
_TOWN_KINDS: Final = ((99, "街道"), (199, "镇"), (399, "乡"), (599, "政企合一单位"))


class InvalidRegionCode(InvalidCode):
    """Not a 行政区划代码."""

    code = "invalid_region_code"
    sentence = N_("行政区划代码有误。")
    sentences = {
        Fault.LENGTH: N_("行政区划代码应为 2、4、6、9 或 12 位，现有 {length} 位。"),
        Fault.CHARACTER: N_("行政区划代码第 {position} 位应为数字。"),
        Fault.FORM: N_("行政区划代码上级为零而下级不为零，或全为零，请核对。"),
    }


@dataclass(frozen=True, slots=True)
class RegionCode:
    """A division: `prefix` is its code without padding, `level` 1 省 2 市 3 县 4 乡 5 村."""

    prefix: str
    level: int

    @property
    def code6(self) -> str:
        """As GB/T 2260 writes it; of a town, its county's."""
        return self.prefix[:6].ljust(6, "0")

    @property
    def code12(self) -> str:
        """As the statistical office writes it."""
        return self.prefix.ljust(12, "0")

    @property
    def town_kind(self) -> str:
        """街道, 镇, 乡 or 政企合一单位 of a code of the 乡级 or below; else empty."""
        if self.level < 4:
            return ""
        number = int(self.prefix[6:9])
        return next((kind for last, kind in _TOWN_KINDS if number <= last), "")


def parse_region_code(text: str) -> RegionCode:
    code = tidy(text)
    if fault := _fault(code):
        raise _refusal(code, fault)
    level = _level(code)
    return RegionCode(code[: _LENGTHS[level - 1]], level)


def region_code_fault(text: str) -> Fault | None:
    """What is wrong, or None; made for columns of millions."""
    return _fault(tidy(text))


def _level(code: str) -> int:
    """The last level whose digits are not all zero; 0 for a code of zeros only."""
    significant = len(code.rstrip("0"))
    return next((level for level, length in enumerate((0, *_LENGTHS)) if significant <= length))


def _fault(code: str) -> Fault | None:
    if not _CODE.fullmatch(code):
        return Fault.CHARACTER if len(code) in _LENGTHS else Fault.LENGTH
    level = _level(code)
    # 县级 may be 00 above a town: 东莞, 中山, 儋州 have none.
    hollow = (
        level == 0
        or code[:2] == "00"
        or (level > 2 and code[2:4] == "00")
        or (level == 5 and code[6:9] == "000")
    )
    return Fault.FORM if hollow else None


def _refusal(code: str, fault: Fault) -> InvalidRegionCode:
    places: dict[str, object] = {"length": len(code)}
    if fault is Fault.CHARACTER:
        places["position"] = first_outside(code, _DIGITS)
    return InvalidRegionCode(fault, **places)
