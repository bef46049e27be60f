"""What kinds there are, which roles exclude one another, and what a user name may look like. Pure."""

import datetime as dt
import re
import unicodedata
from collections.abc import Set
from enum import StrEnum
from urllib.parse import urlsplit

from yitong.kernel.errors import N_


class AccountKind(StrEnum):
    """Whose log-in an account is."""

    PERSON = "person"
    STAFF = "staff"
    MACHINE = "machine"


class AgencyKind(StrEnum):
    """What an agency is in the state's order; the values are the words officials use."""

    LOCAL = "块"  # a department of the local government
    LINE = "条"  # 垂直管理, led by its line
    INSTITUTION = "事业"
    PARTY = "党委"
    MASS = "群团"
    ENTERPRISE = "企业"  # 公共服务企业, not 政府部门
    OTHER = "其他"  # 人大, 政协, 法院, 检察院, 监委


class LegalKind(StrEnum):
    """Kinds of legal persons and other organisations (民法典 76, 87, 96, 102)."""

    ENTERPRISE = "enterprise"
    SOLE_TRADER = "sole_trader"  # 个体工商户
    INSTITUTION = "institution"  # 事业单位法人
    SOCIAL = "social_organisation"  # 社会组织: 社会团体, 基金会, 社会服务机构
    SPECIAL = "special"  # 特别法人
    UNINCORPORATED = "unincorporated"  # 非法人组织


class ClientKind(StrEnum):
    """What a client is for: a machine that reads shared data, or a system into which people log in through us."""

    EXCHANGE = "exchange"
    LOG_IN = "log_in"


class DelegationKind(StrEnum):
    """Why someone may act for another."""

    HELPER = "helper"  # 亲友代办, 民法典 161, 165
    GUARDIAN = "guardian"  # 监护人 for a ward, 民法典 23, 34
    HANDLER = "handler"  # a company's 经办人, 民法典 165, 170


class Power(StrEnum):
    """代理事项 that a delegation names (民法典 165)."""

    VIEW = "view"
    APPLY = "apply"
    COLLECT = "collect"
    FOOTPRINT = "footprint"


KIND_WORDS: dict[DelegationKind, str] = {
    DelegationKind.HELPER: N_("亲友代办"),
    DelegationKind.GUARDIAN: N_("监护人代办"),
    DelegationKind.HANDLER: N_("单位经办人"),
}
POWER_WORDS: dict[Power, str] = {
    Power.VIEW: N_("查进度、看结果"),
    Power.APPLY: N_("申请、补材料、撤回"),
    Power.COLLECT: N_("领取证照和文书"),
    Power.FOOTPRINT: N_("看数据足迹（谁用了个人数据；每看一次都有记录）"),
}


def powers_of(kind: DelegationKind) -> frozenset[Power]:
    """Which matters a delegation of this kind may name: an organisation has no personal data to look after."""
    return frozenset(Power) - ({Power.FOOTPRINT} if kind is DelegationKind.HANDLER else set())


class ClientState(StrEnum):
    """A machine client is active until it is revoked; there is no way back."""

    ACTIVE = "active"
    REVOKED = "revoked"


class Role(StrEnum):
    """What a post may do; `access` policies name these."""

    DEPT_HEAD = "dept_head"
    SHARING_HEAD = "sharing_head"
    SHARING_CONTACT = "sharing_contact"
    DATA_REVIEWER = "data_reviewer"
    SECRECY = "secrecy"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"
    AGENCY_ADMIN = "agency_admin"
    CLERK = "clerk"


ROLE_TITLES: dict[Role, str] = {
    Role.DEPT_HEAD: N_("部门负责人"),
    Role.SHARING_HEAD: N_("共享工作机构负责人"),
    Role.SHARING_CONTACT: N_("共享工作机构联络员"),
    Role.DATA_REVIEWER: N_("数据主管部门审核人员"),
    Role.SECRECY: N_("保密员"),
    Role.SYSADMIN: N_("系统管理员"),
    Role.SECADMIN: N_("安全管理员"),
    Role.AUDITOR: N_("审计管理员"),
    Role.AGENCY_ADMIN: N_("单位管理员"),
    Role.CLERK: N_("工作人员"),
}
# 三员 are three persons: whoever holds one of these roles holds neither of the others (GB/T 22239, level 3).
THREE_ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})

# Roles that give roles, or look into everything: only the security administrator fills and resets them.
RESERVED_ROLES = THREE_ADMINISTRATORS | {Role.AGENCY_ADMIN}

# A member of staff was identified in person when appointed, which citizens reach with level 4 (实人实名实证).
STAFF_ASSURANCE = 4

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,63}")


def excluded_by(role: Role, held: Set[Role]) -> Role | None:
    """The held role that keeps an account from taking `role`, if any."""
    if role not in THREE_ADMINISTRATORS:
        return None
    return min((held & THREE_ADMINISTRATORS) - {role}, default=None)


LEVEL_WORDS: dict[int, str] = {
    1: N_("未核验"),
    2: N_("自己填报"),
    3: N_("实名"),
    4: N_("实人实名实证"),
    5: N_("数字证书或窗口核验"),
}
# The most that a log-in without the sign-on service proves of a citizen.
LOCAL_LEVEL = 3

MAJORITY = 18  # 民法典 17


def comes_of_age(born: dt.date) -> dt.date:
    """The eighteenth birthday, on which guardianship of a minor ends; of 29 February: 1 March (民法典 202)."""
    year = born.year + MAJORITY
    try:
        return born.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)


def is_in_force(
    *, since: dt.datetime, until: dt.datetime, ended_at: dt.datetime | None, at: dt.datetime
) -> bool:
    """A delegation holds from its beginning to the instant before its end, whichever end is first."""
    return since <= at < min(until, ended_at or until)


def is_username(text: str) -> bool:
    """Lower-case ASCII beginning with a letter: so it can be neither an identity number nor a phone."""
    return _USERNAME.fullmatch(text) is not None


def is_redirect(address: str) -> bool:
    """Whether people may be sent back to this address: https, or this very machine for trying things out."""
    parts = urlsplit(address)
    is_local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    is_plain = (
        not parts.fragment and not parts.username and "*" not in address and "\n" not in address
    )
    return bool(parts.hostname) and (parts.scheme == "https" or is_local) and is_plain


def post_key(agency_code: str, role: Role, number: int) -> str:
    return f"{agency_code}/{role.value}/{number}"


_NAME_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・", "·"))


def normalise_name(text: str) -> str:
    """One writing of a person's name for search: no spaces, one kind of dot (买买提·艾力), full-width letters made plain."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_NAME_DOTS).split())


def normalise_title(text: str) -> str:
    """One writing of an organisation's name: no spaces, brackets as Chinese print has them."""
    return "".join(text.split()).replace("(", "（").replace(")", "）")


def normalise_phone(text: str) -> str | None:
    """Digits alone, without +86; None if it cannot be a phone."""
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86")
    return digits if re.fullmatch(r"[0-9]{7,15}", digits) else None


_MAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


def normalise_mail(text: str) -> str | None:
    """A mail address with its domain in lower case; "" for none; None if it cannot be one."""
    plain = text.strip()
    if not plain:
        return ""
    local, _, domain = plain.rpartition("@")
    is_mail = len(plain) <= 254 and _MAIL.fullmatch(plain) and ".." not in plain
    return f"{local}@{domain.lower()}" if is_mail else None


def names_pinyin(name: str) -> str:
    """The pinyin of a name without tones and spaces, as someone would type it to search."""
    from pypinyin import lazy_pinyin  # its phrase table takes half a second to load

    return "".join(lazy_pinyin(name)).replace("·", "").lower()


class Sought(StrEnum):
    """What a text typed to search for a person is."""

    NAME = "name"
    PINYIN = "pinyin"
    NUMBER = "number"
    PHONE = "phone"


def sought(text: str) -> tuple[Sought, str]:
    """What someone typed, and the form under which it is indexed."""
    plain = normalise_name(text)
    if re.fullmatch(r"[0-9]{17}[0-9Xx]|[0-9]{15}", plain):
        return Sought.NUMBER, plain
    if phone := normalise_phone(text):
        return Sought.PHONE, phone
    if plain.isascii():
        return Sought.PINYIN, plain.replace("'", "").lower()
    return Sought.NAME, plain
