"""电子证照标识 (GB/T 36904-2018): the OID root, licence type, issuer, serial, version, and a MOD 37,36 check."""

import re
from dataclasses import dataclass
from typing import Final

from stdnum.iso7064 import mod_37_36

from yitong.kernel.codes.credit import credit_code_fault
from yitong.kernel.codes.faults import Fault, InvalidCode, tidy
from yitong.kernel.errors import N_

ROOT: Final = "1.2.156.3005.2"
# Standard: type = definer's credit code (18) + number of the type (3). The serial's length is left open.
_ID: Final = re.compile(
    re.escape(ROOT)
    + r"\.(?P<definer>[0-9A-Z]{18})(?P<type>[0-9A-Z]{3})\.(?P<issuer>[0-9A-Z]{18})"
    + r"\.(?P<serial>[0-9A-Z]{1,64})\.(?P<version>[0-9A-Z]{3})\.(?P<check>[0-9A-Z])"
)


class InvalidLicenceId(InvalidCode):
    """Not a 电子证照标识."""

    code = "invalid_licence_id"
    sentence = N_("电子证照标识有误。")
    sentences = {
        Fault.FORM: N_(
            "电子证照标识应由根标识 1.2.156.3005.2、证照类型代码（21 位）、颁发机构代码（18 位）、"
            "流水号、版本号（3 位）和校验位（1 位）组成，以点分隔。"
        ),
        Fault.EMBEDDED: N_(
            "电子证照标识根标识后第 {segment} 段开头 18 位不是有效的统一社会信用代码。"
        ),
        Fault.CHECK: N_("电子证照标识的校验位与前面各段不符，其中至少有一位有误。"),
    }


@dataclass(frozen=True, slots=True)
class LicenceId:
    """An identifier in its parts; `licence_type` is the 21 characters, the definer's code first."""

    text: str
    definer: str
    licence_type: str
    issuer: str
    serial: str
    version: str
    warnings: tuple[str, ...] = ()


def parse_licence_id(text: str) -> LicenceId:
    identifier = tidy(text)
    match = _ID.fullmatch(identifier)
    if not match:
        raise InvalidLicenceId(Fault.FORM)
    definer, number, issuer, serial, version, check = match.groups()
    for segment, code in enumerate((definer, issuer), start=1):
        if credit_code_fault(code):
            raise InvalidLicenceId(Fault.EMBEDDED, segment=segment)
    if licence_check_digit(definer + number + issuer + serial + version) != check:
        raise InvalidLicenceId(Fault.CHECK)
    return LicenceId(identifier, definer, definer + number, issuer, serial, version)


def licence_check_digit(segments: str) -> str:
    """ISO 7064 MOD 37,36 over the four middle segments without dots; the root is not counted."""
    return mod_37_36.calc_check_digit(segments)


def licence_id(licence_type: str, issuer: str, serial: str, version: str = "001") -> str:
    """Make an identifier from its parts."""
    check = licence_check_digit(licence_type + issuer + serial + version)
    return parse_licence_id(".".join((ROOT, licence_type, issuer, serial, version, check))).text
