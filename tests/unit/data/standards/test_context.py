"""The columns of one table are read in each other's light."""

import datetime as dt

from tests.factories.columns import PERSONS, Column
from yitong.data.standards.context import proposed_together
from yitong.data.standards.queries import match_all, proposals
from yitong.data.standards.seed import edition

CODES = {element.name: element.code for element in edition().elements}
NAMES = ["林晓桐", "王伟", "李静", "张志强", "赵敏"] * 6
CARS = [f"云A1234{n % 10}" for n in range(30)]
WORDS = ["甲", "乙", "丙"] * 10


def named(header: str, given: list[str]) -> Column:
    column = Column(header, given)
    column.name = header
    return column


def test_a_table_says_what_its_unclear_columns_are_about():
    cars = [
        named("车牌号", CARS),
        named("发动机号", [f"EA{n:06d}" for n in range(30)]),
        named("车辆类型", ["小型轿车", "货车"] * 15),
        named("cllb", WORDS),
    ]
    found = match_all(cars)
    assert CODES["车辆类型"] in [match.code for match in found["cllb"]]


def test_what_one_column_surely_is_another_is_less_likely():
    table = [named("姓名", NAMES), named("人名", NAMES)]
    sure, other = proposed_together(table, edition())
    assert sure.matches[0].code == CODES["姓名"]
    assert other.matches


def test_in_a_row_with_somebodys_number_what_nobody_can_read_is_personal():
    """个人信息保护法 4: whatever relates to an identified person."""
    found = proposals([named("身份证号", PERSONS), named("q7", WORDS)])
    assert found["q7"].personal == "basic"
    assert "身份号码" in found["q7"].suspicion.reason


def test_in_a_row_about_things_it_is_not():
    found = proposals([named("设备编号", [str(n) for n in range(30)]), named("q7", WORDS)])
    assert found["q7"].personal == ""


def test_a_known_thing_beside_a_person_stays_what_it_is():
    days = [(dt.date(2026, 1, 1) + dt.timedelta(days=n)).isoformat() for n in range(30)]
    found = proposals([named("身份证号", PERSONS), named("更新时间", days)])
    assert found["更新时间"].personal == ""


def test_a_nearly_as_likely_personal_reading_is_said():
    found = proposals([named("国家和地区", ["中国", "日本"] * 15)])["国家和地区"]
    assert found.personal
    assert "先按个人信息对待" in found.matches[0].reasons[-1] or found.matches[0].personal
