"""统一社会信用代码 (GB 32100-2015, MOD 31) and the 组织机构代码 inside it (GB 11714, MOD 11)."""

import re
from dataclasses import dataclass
from operator import mul
from typing import Final

from yitong.kernel.codes.faults import Fault, InvalidCode, first_outside, tidy
from yitong.kernel.errors import N_

# GB 32100-2015: no I, O, S, V, Z, which are too like 1, 0, 5, U, 2.
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE: Final = {char: value for value, char in enumerate(_ALPHABET)}
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_CODE: Final = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")

# GB 11714: digits and all letters.
_BODY_VALUE: Final = {
    char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}
_BODY_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)

# Registering departments known to us: 1 机构编制 … 9 市场监管, A 军委, N 农业农村, Y 其他.
_DEPARTMENTS: Final = frozenset("123456789ANY")
UNKNOWN_DEPARTMENT: Final = N_("第 1 位登记管理部门代码不在已知范围内，请核对。")


class InvalidCreditCode(InvalidCode):
    """Not a 统一社会信用代码."""

    code = "invalid_credit_code"
    sentence = N_("统一社会信用代码有误。")
    sentences = {
        Fault.LENGTH: N_("统一社会信用代码应为 18 位，现有 {length} 位。"),
        Fault.CHARACTER: N_(
            "统一社会信用代码第 {position} 位的字符不能用（不用字母 I、O、S、V、Z；第 3 至 8 位只用数字）。"
        ),
        Fault.EMBEDDED: N_(
            "统一社会信用代码第 9 至 17 位（组织机构代码）的校验码不符，其中至少有一位有误。"
        ),
        Fault.CHECK: N_("统一社会信用代码第 18 位校验码与前 17 位不符，其中至少有一位有误。"),
    }


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A credit code in its parts. `organisation` is the nine characters of the 组织机构代码, unhyphened."""

    code: str
    department: str
    category: str
    region: str
    organisation: str
    warnings: tuple[str, ...] = ()


def parse_credit_code(text: str) -> CreditCode:
    code = tidy(text)
    if fault := _fault(code):
        raise _refusal(code, fault)
    warnings = () if code[0] in _DEPARTMENTS else (UNKNOWN_DEPARTMENT,)
    return CreditCode(code, code[0], code[1], code[2:8], code[8:17], warnings)


def credit_code_fault(text: str) -> Fault | None:
    """What is wrong, or None; made for columns of millions."""
    return _fault(tidy(text))


def credit_check_digit(first17: str) -> str:
    """GB 32100-2015: MOD 31 over the first seventeen characters."""
    if len(first17) != 17 or not _VALUE.keys() >= set(first17):
        raise ValueError("a check digit is made from 17 characters of the alphabet")
    return _check_digit(first17)


def organisation_check_digit(first8: str) -> str:
    """GB 11714: MOD 11 over the eight characters of the body; ten is X."""
    if len(first8) != 8 or not _BODY_VALUE.keys() >= set(first8):
        raise ValueError("a check digit is made from 8 digits or capitals")
    return _body_check_digit(first8)


def credit_code(department: str, category: str, region: str, body: str) -> str:
    """Make a code from its parts and the eight characters of the body."""
    first17 = f"{department}{category}{region}{body}{organisation_check_digit(body)}"
    return parse_credit_code(first17 + credit_check_digit(first17)).code


def _check_digit(first17: str) -> str:
    return _ALPHABET[-sum(map(mul, _WEIGHTS, map(_VALUE.__getitem__, first17))) % 31]


def _body_check_digit(first8: str) -> str:
    total = sum(map(mul, _BODY_WEIGHTS, map(_BODY_VALUE.__getitem__, first8)))
    return "0123456789X"[-total % 11]


def _fault(code: str) -> Fault | None:
    if not _CODE.fullmatch(code):
        return Fault.CHARACTER if len(code) == 18 else Fault.LENGTH
    if _body_check_digit(code[8:16]) != code[16]:
        return Fault.EMBEDDED
    return None if _check_digit(code[:17]) == code[17] else Fault.CHECK


def _refusal(code: str, fault: Fault) -> InvalidCreditCode:
    places: dict[str, object] = {"length": len(code)}
    if fault is Fault.CHARACTER:
        # Letters of the alphabet are wrong in the region only: there every place wants a digit.
        strict = "".join(
            "*" if 2 <= place < 8 and not "0" <= char <= "9" else char
            for place, char in enumerate(code)
        )
        places["position"] = first_outside(strict, _ALPHABET)
    return InvalidCreditCode(fault, **places)
