"""What the made-up city consists of besides its rows: agencies, posts, people, entries of its catalogue."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yitong.demo.rows import HEROINE, HUSBAND, Resident

AGENCIES = Path(__file__).parent / "agencies.csv"
AUTHORITY = "sjj"  # the key of the data authority
REGION = "8901"


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """A row of agencies.csv; `key` is short and Latin where posts are set up, else empty."""

    code: str
    name: str
    short_name: str
    kind: str
    region: str
    government: str
    line: str
    authority: str
    key: str


def agency_rows() -> list[AgencyRow]:
    """Parents stand before their children."""
    with AGENCIES.open(encoding="utf-8", newline="") as lines:
        return [AgencyRow(**row) for row in csv.DictReader(lines)]


# Every department that acts has these four; the authority has a reviewer, the operator three administrators.
POSTS = ("dept_head", "sharing_head", "sharing_contact", "secrecy")
MORE_POSTS: Mapping[str, tuple[str, ...]] = {
    AUTHORITY: ("data_reviewer", "clerk"),
    "mzj": ("agency_admin",),
    "dsj": ("sysadmin", "secadmin", "auditor"),
}


@dataclass(frozen=True, slots=True)
class EntrySpec:
    """An entry of starter content, part C: whose, how shared, how often renewed, in which category."""

    name: str
    owner: str
    share_type: str
    cycle: str
    category: str
    duty: str


ENTRIES = (
    EntrySpec(
        "户籍人口基本信息", "gaj", "conditional", "realtime", "101", "户口登记（户口登记条例）"
    ),
    EntrySpec(
        "居住证信息", "gaj", "conditional", "daily", "101", "居住证制作、发放（居住证暂行条例）"
    ),
    EntrySpec("出生登记信息", "gaj", "conditional", "realtime", "101", "出生登记（户口登记条例）"),
    EntrySpec("婚姻登记信息", "mzj", "conditional", "daily", "101", "婚姻登记（婚姻登记条例）"),
    EntrySpec("最低生活保障对象", "mzj", "conditional", "monthly", "203", "最低生活保障审核确认"),
    EntrySpec("社会保险参保登记", "rsj", "conditional", "daily", "203", "社会保险登记"),
    EntrySpec("基本医保参保信息", "ybj", "conditional", "daily", "202", "基本医疗保险参保登记"),
    EntrySpec("住房公积金缴存", "gjj", "conditional", "daily", "203", "住房公积金缴存管理"),
    EntrySpec("企业登记基本信息", "sjg", "unconditional", "daily", "102", "市场主体登记"),
    EntrySpec("医保定点机构", "ybj", "unconditional", "weekly", "202", "医保定点协议管理"),
    EntrySpec("市政部件普查", "cgj", "unconditional", "quarterly", "209", "城市管理部件普查"),
)


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person with a log-in at the demo."""

    username: str
    resident: Resident


CITIZENS = (Citizen("linxiaotong", HEROINE), Citizen("zhouyuanchuan", HUSBAND))
# Log-ins that are shown on the terminal: agency's key and role.
SHOWN = (
    ("mzj", "sharing_contact"),
    ("mzj", "dept_head"),
    ("mzj", "sharing_head"),
    ("mzj", "agency_admin"),
    (AUTHORITY, "data_reviewer"),
    (AUTHORITY, "clerk"),
    ("rsj", "sharing_head"),
    ("dsj", "secadmin"),
    ("dsj", "auditor"),
)
# Names of made-up officials: a family name and a given name, drawn by their post.
OFFICIALS = tuple("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨")
GIVEN = (
    "立新",
    "建平",
    "晓东",
    "文静",
    "秀兰",
    "志强",
    "海燕",
    "国华",
    "丽娟",
    "永康",
    "春梅",
    "学军",
)


def username_of(key: str, role: str) -> str:
    return f"{key}.{role.replace('_', '-')}"
