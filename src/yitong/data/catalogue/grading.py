"""Grades and kinds of personal information by GB/T 43697-2024 and PIPL 28, as the catalogue uses them. Pure.

Which harm of whom leads to which grade is data of `standards` (seed/harms.csv, seed/grades.csv); here the highest
result of all items wins (6.6).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from yitong.kernel.errors import N_


class Grade(StrEnum):
    """核心, 重要 and the four sub-levels of 一般 (annex H), from low to high."""

    GENERAL_1 = "general_1"
    GENERAL_2 = "general_2"
    GENERAL_3 = "general_3"
    GENERAL_4 = "general_4"
    IMPORTANT = "important"
    CORE = "core"


GRADES = tuple(Grade)
GRADE_NAMES: Mapping[Grade, str] = {
    Grade.GENERAL_1: N_("一般1"),
    Grade.GENERAL_2: N_("一般2"),
    Grade.GENERAL_3: N_("一般3"),
    Grade.GENERAL_4: N_("一般4"),
    Grade.IMPORTANT: N_("重要"),
    Grade.CORE: N_("核心"),
}


def highest(grades: Iterable[Grade]) -> Grade:
    """综合确定级别 (6.6): the highest wins; nothing at all is public."""
    return max(grades, key=GRADES.index, default=Grade.GENERAL_1)


class PersonalKind(StrEnum):
    """Kinds of personal information (GB/T 43697 annex B), with those that PIPL 28 calls sensitive."""

    IDENTITY = "identity"  # 身份号码 and other numbers that single a person out
    BASIC = "basic"  # 姓名, 性别, 出生日期, 住址
    CONTACT = "contact"
    WORK = "work"  # 教育, 职业, 参保
    PROPERTY = "property"
    HEALTH = "health"
    BIOMETRIC = "biometric"
    FINANCE = "finance"
    LOCATION = "location"
    BELIEF = "belief"
    STATUS = "status"  # 特定身份
    CHILD = "child"  # 不满十四周岁


PERSONAL_NAMES: Mapping[PersonalKind, str] = {
    PersonalKind.IDENTITY: N_("身份标识"),
    PersonalKind.BASIC: N_("基本资料"),
    PersonalKind.CONTACT: N_("联系方式"),
    PersonalKind.WORK: N_("教育工作"),
    PersonalKind.PROPERTY: N_("财产"),
    PersonalKind.HEALTH: N_("医疗健康"),
    PersonalKind.BIOMETRIC: N_("生物识别"),
    PersonalKind.FINANCE: N_("金融账户"),
    PersonalKind.LOCATION: N_("行踪轨迹"),
    PersonalKind.BELIEF: N_("宗教信仰"),
    PersonalKind.STATUS: N_("特定身份"),
    PersonalKind.CHILD: N_("不满十四周岁未成年人"),
}
SENSITIVE = frozenset(
    {
        PersonalKind.HEALTH,
        PersonalKind.BIOMETRIC,
        PersonalKind.FINANCE,
        PersonalKind.LOCATION,
        PersonalKind.BELIEF,
        PersonalKind.STATUS,
        PersonalKind.CHILD,
    }
)


def least_grade(kind: PersonalKind) -> Grade:
    """What values of a kind weigh where no 数据元 says more: 特别严重 harm for sensitive ones, else 严重."""
    return Grade.GENERAL_4 if kind in SENSITIVE else Grade.GENERAL_3
