"""Rows of the made-up city: the same for the same seed, nobody's. Region 8901…, phones 100…, numbers not allotted."""

import csv
import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yitong.kernel.codes import credit_code, person_number

SEED = 20261013
PEOPLE = 400
FIRMS = 200
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = (
    "晓",
    "志",
    "文",
    "建",
    "丽",
    "秀",
    "海",
    "云",
    "桐",
    "岚",
    "宁",
    "川",
    "雨",
    "禾",
    "青",
    "松",
)
COUNTIES = {
    "890102": ("听澜区", "桐花街道", "桐花路"),
    "890103": ("望岫区", "青枫街道", "建设路"),
    "890121": ("临溪县", "柳塘镇", "柳塘街"),
    "890122": ("青岫县", "青岫镇", "青岫路"),
    "890181": ("石渡市", "石渡镇", "运河路"),
}


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who does not exist."""

    number: str
    name: str
    sex: str
    born_on: dt.date
    county: str
    address: str
    phone: str


HEROINE = Resident(
    "890102199203150020", "林晓桐", "女", dt.date(1992, 3, 15), "890102",
    "澜宁市听澜区桐花街道桐花路18号6栋301室", "10012345678",
)  # fmt: skip
HUSBAND = Resident(
    person_number("890103", dt.date(1990, 8, 7), 11), "周远川", "男", dt.date(1990, 8, 7), "890103",
    "澜宁市听澜区桐花街道桐花路18号6栋301室", "10012345679",
)  # fmt: skip


def residents() -> list[Resident]:
    """The heroine and her husband first, then everyone else."""
    chance = random.Random(SEED)  # noqa: S311 - a made-up city, not a secret
    return [HEROINE, HUSBAND, *(_resident(chance, number) for number in range(PEOPLE))]


def _resident(chance: random.Random, number: int) -> Resident:
    county = chance.choice(list(COUNTIES))
    district, town, road = COUNTIES[county]
    born_on = dt.date(1940, 1, 1) + dt.timedelta(days=chance.randrange(26_000))
    is_woman = chance.random() < 0.5
    sequence = 30 + number * 2 % 960 + (0 if is_woman else 1)
    return Resident(
        number=person_number(county, born_on, sequence),
        name=chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2)))),
        sex="女" if is_woman else "男",
        born_on=born_on,
        county=county,
        address=f"澜宁市{district}{town}{road}{number % 200 + 1}号{number % 30 + 1}栋{100 + number}室",
        phone=f"100{number:08d}",
    )


Rows = Iterator[Sequence[object]]


def _population() -> Rows:
    for number, one in enumerate(residents()):
        yield (
            one.number, one.name, one.sex, "汉族", one.born_on, one.address, f"{one.county}-{number // 3:05d}",
            "户主" if number % 3 == 0 else "配偶", "在册", one.county,
        )  # fmt: skip


def _residence() -> Rows:
    for number, one in enumerate(residents()[::3]):
        issued = dt.date(2024, 1, 1) + dt.timedelta(days=number)
        until = issued + dt.timedelta(days=365)
        yield f"JZ890100{number:08d}", one.number, one.name, one.address, issued, until, one.county


def _births() -> Rows:
    people = residents()
    for number in range(120):
        born_on = dt.date(2026, 1, 1) + dt.timedelta(days=number * 2)
        mother, father = (
            people[(0, 2 + 2 * number)[number > 0]],
            people[(1, 3 + 2 * number)[number > 0]],
        )
        child = person_number(mother.county, born_on, 20 + number)
        yield (
            child, f"{father.name[0]}小{GIVEN[number % len(GIVEN)]}", f"Y89{number:07d}",
            mother.number, father.number, born_on + dt.timedelta(days=9), mother.county,
        )  # fmt: skip


def _marriages() -> Rows:
    people = residents()
    pairs = zip(people[::2], people[1::2], strict=False)
    for number, (one, other) in enumerate(pairs):
        on = dt.date(2015, 5, 20) + dt.timedelta(days=number * 11)
        yield (
            f"J890102-{on.year}-{number:06d}", other.name, other.number, one.name, one.number,
            "结婚", on, one.county,
        )  # fmt: skip


def _allowances() -> Rows:
    for number, one in enumerate(residents()[5::4]):
        yield (
            f"DB{number:06d}",
            one.number,
            number % 4 + 1,
            f"{600 + number * 7}.00",
            dt.date(2026, 1, 1),
            one.county,
        )


def _insurance() -> Rows:
    for number, one in enumerate(residents()):
        yield (
            one.number,
            one.name,
            "企业职工基本养老保险",
            "参保缴费" if number % 7 else "暂停缴费",
            number % 240,
            one.county,
        )


def _health() -> Rows:
    for number, one in enumerate(residents()):
        kind = "职工基本医疗保险" if number % 3 else "城乡居民基本医疗保险"
        yield one.number, one.name, kind, "正常参保", one.county, 2026


def _fund() -> Rows:
    for number, one in enumerate(residents()[::2]):
        yield (
            one.number,
            one.name,
            "正常" if number % 9 else "封存",
            number % 180,
            f"{8000 + number * 31}.00",
            one.county,
        )


def _firms() -> Rows:
    people = residents()
    for number in range(FIRMS):
        code = credit_code("9", "1", "890100", f"DM{500000 + number:06d}")
        yield (
            code, f"澜宁{GIVEN[number % 16]}{GIVEN[number * 7 % 16]}{number:03d}有限公司（演示）", "有限责任公司",
            people[number].name, 50 + number, people[number].address, "存续",
        )  # fmt: skip


def _pharmacies() -> Rows:
    for number in range(60):
        yield (
            f"H8901{number:05d}",
            f"澜宁市第{number + 1}诊所（演示）",
            "定点医疗机构",
            "有效",
            "890102",
        )


def _parts() -> Rows:
    for number in range(300):
        yield (
            f"890102001{number:07d}",
            ("井盖", "路灯", "护栏")[number % 3],
            "市城市管理局",
            "完好",
            "890102",
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table that an agency keeps: its columns and where its rows come from."""

    columns: tuple[str, ...]
    make: Callable[[], Rows]

    def write(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(self.columns)
            writer.writerows(self.make())


TABLES: Mapping[str, Table] = {
    "户籍人口基本信息": Table(
        ("公民身份号码", "姓名", "性别", "民族", "出生日期", "户籍地址", "户号", "与户主关系", "状态", "区划代码"),
        _population,
    ),
    "居住证信息": Table(
        ("居住证号", "公民身份号码", "姓名", "居住地址", "签发日期", "签注有效期", "区划代码"), _residence
    ),
    "出生登记信息": Table(
        ("新生儿公民身份号码", "姓名", "出生医学证明编号", "母亲公民身份号码", "父亲公民身份号码", "登记日期", "区划代码"),
        _births,
    ),
    "婚姻登记信息": Table(
        ("登记字号", "男方姓名", "男方身份证号", "女方姓名", "女方身份证号", "登记类型", "登记日期", "区划代码"), _marriages
    ),
    "最低生活保障对象": Table(
        ("证号", "公民身份号码", "保障人数", "保障金额", "起始日期", "区划代码"), _allowances
    ),
    "社会保险参保登记": Table(
        ("公民身份号码", "姓名", "险种", "参保状态", "缴费月数", "区划代码"), _insurance
    ),
    "基本医保参保信息": Table(
        ("公民身份号码", "姓名", "参保类型", "参保状态", "区划代码", "缴费年度"), _health
    ),
    "住房公积金缴存": Table(
        ("公民身份号码", "姓名", "缴存状态", "连续月数", "账户余额", "区划代码"), _fund
    ),
    "企业登记基本信息": Table(
        ("统一社会信用代码", "企业名称", "企业类型", "法定代表人姓名", "注册资本", "住所", "登记状态"), _firms
    ),
    "医保定点机构": Table(("机构编码", "机构名称", "类别", "状态", "区划代码"), _pharmacies),
    "市政部件普查": Table(("部件编码", "部件类别", "权属单位", "状态", "区划代码"), _parts),
}  # fmt: skip
