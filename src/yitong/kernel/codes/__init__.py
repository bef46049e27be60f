"""Identifiers that officials, people and machines pass around: read, check, explain, and make check digits.

Nothing here knows a table of what has been allotted: a code that is formed rightly but unknown (a county that
was dissolved, a person's old region) gets a warning, never a refusal. No refusal repeats what was typed.
"""

from yitong.kernel.codes.credit import (
    CreditCode,
    InvalidCreditCode,
    credit_check_digit,
    credit_code,
    credit_code_fault,
    organisation_check_digit,
    parse_credit_code,
)
from yitong.kernel.codes.faults import Fault, InvalidCode
from yitong.kernel.codes.items import InvalidItemCode, ItemCode, ItemForm, parse_item_code
from yitong.kernel.codes.licences import (
    InvalidLicenceId,
    LicenceId,
    licence_check_digit,
    licence_id,
    parse_licence_id,
)
from yitong.kernel.codes.persons import (
    InvalidPersonNumber,
    PersonNumber,
    Sex,
    are_person_numbers,
    normalise_person_number,
    parse_person_number,
    person_check_digit,
    person_number,
    person_number_fault,
)
from yitong.kernel.codes.regions import (
    InvalidRegionCode,
    RegionCode,
    parse_region_code,
    region_code_fault,
)
from yitong.kernel.codes.resources import (
    InvalidResourceCode,
    ResourceCode,
    parse_resource_code,
    resource_code,
)

__all__ = [
    "CreditCode",
    "Fault",
    "InvalidCode",
    "InvalidCreditCode",
    "InvalidItemCode",
    "InvalidLicenceId",
    "InvalidPersonNumber",
    "InvalidRegionCode",
    "InvalidResourceCode",
    "ItemCode",
    "ItemForm",
    "LicenceId",
    "PersonNumber",
    "RegionCode",
    "ResourceCode",
    "Sex",
    "are_person_numbers",
    "credit_check_digit",
    "credit_code",
    "credit_code_fault",
    "licence_check_digit",
    "licence_id",
    "normalise_person_number",
    "organisation_check_digit",
    "parse_credit_code",
    "parse_item_code",
    "parse_licence_id",
    "parse_person_number",
    "parse_region_code",
    "parse_resource_code",
    "person_check_digit",
    "person_number",
    "person_number_fault",
    "region_code_fault",
    "resource_code",
]
