"""时限怎样起算、停止、延长、届满；地方时限怎样替换全国时限。"""

import datetime as dt
from dataclasses import replace

import pytest

from yitong.base.statutes import rules, seed
from yitong.base.statutes.calendars import seeded_calendar
from yitong.base.statutes.errors import (
    ClockDoesNotStop,
    ExtensionTooLong,
    LimitLaxer,
    LimitNotInForce,
)
from yitong.base.statutes.rules import Register, RegisterRow
from yitong.kernel import clock
from yitong.kernel.law import Basis, Unit
from yitong.kernel.workdays import ClockState, Segment, reckon

CALENDAR = seeded_calendar()
TODAY = dt.date(2026, 11, 22)


def limit(key, on=TODAY):
    return rules.limit_in_force(seed.register(), key, lineage=(), on=on)


def day(text):
    return dt.date.fromisoformat(text)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def due_on(key, start, **more):
    found = reckon(limit(key), day(start), CALENDAR, **more)
    assert found is not None
    return found.due_on.isoformat()


@pytest.mark.parametrize(
    ("start", "key", "expected"),
    [
        ("2026-02-12", "REC-54b", "2026-02-26"),
        ("2026-04-30", "DSR-21a", "2026-05-06"),
        ("2026-09-18", "DSR-26", "2026-10-09"),
        ("2026-09-30", "DSR-22", "2026-11-03"),
        ("2025-08-01", "DSR-26", "2025-08-15"),
        ("2025-09-28", "DSR-22", "2025-10-31"),
    ],
)
def test_working_days_pass_over_holidays_and_count_the_days_worked_for_them(start, key, expected):
    """行政许可法 82, 政务数据共享条例: 工作日不含法定节假日; the vectors of chinesecalendar 1.11.0."""
    assert due_on(key, start) == expected


def test_the_answer_in_time_is_given_before_24_o_clock_of_the_last_day():
    """民法典 203: 期间的最后一日的截止时间为二十四时。"""
    found = reckon(limit("DSR-21a"), day("2026-03-02"), CALENDAR)

    assert found.due == at("2026-03-04T00:00")
    assert found.due_on == day("2026-03-03")


def test_a_comment_period_may_not_end_before_its_thirty_days():
    """重大行政决策程序暂行条例 15: 一般不少于30日。"""
    found = reckon(limit("DEC-15"), day("2026-11-02"), CALENDAR)

    assert found.earliest == at("2026-12-03T00:00")
    assert found.latest is found.kept_until is None


def test_what_leads_to_an_event_is_done_at_the_latest_so_long_before():
    """行政许可法 50: 有效期届满三十日前; 48: 举行听证的七日前, in working days (82)."""
    renewal = reckon(limit("PER-50"), day("2026-12-31"), CALENDAR)
    notice = reckon(limit("PER-47c"), day("2026-10-12"), CALENDAR)

    assert renewal.latest == at("2026-12-02T00:00")
    assert (renewal.due_on, notice.due_on) == (day("2026-12-01"), day("2026-09-24"))


def test_records_are_kept_to_the_corresponding_day_whether_it_is_a_holiday_or_not():
    """政务数据共享条例 29: 保存期限不少于3年; 民法典 202."""
    found = reckon(limit("DSR-29"), day("2025-10-01"), CALENDAR)

    assert found.kept_until == at("2028-10-02T00:00")
    assert not found.provisional


def test_a_day_of_the_year_is_the_next_one_and_does_not_move():
    """政府信息公开条例 49: 每年1月31日前 (in 2027 a Sunday), 每年3月31日前."""
    assert due_on("GID-49a", "2026-11-22") == "2027-01-31"
    assert due_on("GID-49a", "2027-01-31") == "2027-01-31"
    assert due_on("GID-49a", "2027-02-01") == "2028-01-31"
    assert due_on("GID-49b", "2027-02-01") == "2027-03-31"


def test_hours_run_through_the_night_and_holidays():
    """网络数据安全管理条例 10: 24小时内; 民法典 201."""
    found = reckon(limit("SEC-10"), at("2026-09-30T17:30"), CALENDAR)

    assert found.due == at("2026-10-01T17:30")


def test_an_expert_review_stops_the_clock_of_a_permit():
    """行政许可法 45: 所需时间不计算在期限内。"""
    review = [
        Segment(ClockState.PAUSED, day("2026-03-05"), "专家评审"),
        Segment(ClockState.RUNNING, day("2026-03-12")),
    ]

    assert due_on("PER-42", "2026-03-02") == "2026-03-30"
    assert due_on("PER-42", "2026-03-02", segments=review) == "2026-04-07"


def test_a_supplement_begins_the_period_of_an_answer_anew():
    """政府信息公开条例 30: 答复期限自行政机关收到补正的申请之日起计算。"""
    supplement = [Segment(ClockState.RESTARTED, day("2026-03-16"), "补正")]

    assert due_on("GID-33", "2026-03-02", segments=supplement) == due_on("GID-33", "2026-03-16")


def test_an_extension_is_one_and_no_longer_than_the_law_says():
    """行政许可法 42: 可以延长十日; 信访工作条例 34: 不得超过30日."""
    assert due_on("PER-42", "2026-03-02", extended_by=10) == "2026-04-14"
    with pytest.raises(ExtensionTooLong):
        rules.check_extension(limit("PER-42"), 11, has_segments=False)
    with pytest.raises(ExtensionTooLong):
        rules.check_extension(limit("PER-44"), 1, has_segments=False)


@pytest.mark.parametrize("key", ["PER-50", "DSR-29", "GID-49a"])
def test_a_retention_a_day_before_and_a_day_of_the_year_do_not_stop(key):
    """Only what has to be done within a time, or has to last, has a clock to stop."""
    with pytest.raises(ClockDoesNotStop):
        rules.check_extension(limit(key), 0, has_segments=True)


def test_silence_accepts_from_the_day_the_materials_came():
    """行政许可法 32(四): 逾期不告知的，自收到申请材料之日起即为受理。"""
    found = reckon(limit("PER-32"), day("2026-03-02"), CALENDAR)

    assert (found.limit.outcome, found.due_on) == ("accepted", day("2026-03-09"))
    assert found.deemed_on == day("2026-03-02")


def test_silence_accepts_a_review_from_the_day_the_check_was_over():
    """行政复议法 30: 审查期限届满之日起视为受理。"""
    assert reckon(limit("REC-30"), day("2026-03-02"), CALENDAR).deemed_on == day("2026-03-09")


def test_silence_renews_a_permit_when_it_ends():
    """行政许可法 50: 逾期未作决定的，视为准予延续。"""
    found = reckon(limit("PER-50d"), day("2026-12-31"), CALENDAR)

    assert (found.limit.outcome, found.deemed_on) == ("renewed", day("2026-12-31"))


def test_a_limit_that_is_missed_has_no_effect_of_its_own():
    assert reckon(limit("PER-42"), day("2026-03-02"), CALENDAR).deemed_on is None


def test_the_limit_is_the_one_in_force_on_the_day():
    """行政复议法: ten natural days until 2023, ten working days since (88)."""
    assert limit("REC-48b", day("2023-12-31")).unit is Unit.DAY
    assert limit("REC-48b", day("2024-01-01")).unit is Unit.WORKDAY


def test_before_its_act_a_limit_did_not_bind():
    """政务数据共享条例 44: 自2025年8月1日起施行。"""
    with pytest.raises(LimitNotInForce, match="2025-08-01"):
        limit("DSR-21a", day("2025-07-31"))
    assert limit("DSR-21a", day("2025-08-01")).amount == 1


def test_a_period_into_a_year_without_announcement_is_provisional():
    """全国年节及纪念日放假办法 2, 6: 春节 and its days made up are known; their arrangement is not."""
    found = reckon(limit("PER-42"), day("2027-01-25"), CALENDAR)

    assert found.provisional
    names = {one.on.isoformat(): one.name for one in found.excluded if one.name}
    assert names == {f"2027-02-{number:02}": "春节" for number in range(5, 11)}


def local(key, amount, region="8901", **more):
    pattern = limit(key)
    return RegisterRow(
        replace(pattern, amount=amount, region=region, basis=Basis("本地办法", "3"), **more)
    )


def binding(*rows, key, lineage=("89", "8901")):
    national = seed.register().rows[key]
    return rules.limit_in_force(Register.of((*national, *rows)), key, lineage=lineage, on=TODAY)


def test_a_region_s_stricter_limit_binds_there():
    assert binding(local("DSR-22", 12), key="DSR-22").amount == 12
    assert binding(local("DSR-22", 12), key="DSR-22", lineage=("89", "8902")).amount == 20


def test_the_nearest_region_binds_unless_one_above_it_is_stricter():
    city, province = local("DSR-22", 12), local("DSR-22", 15, region="89")

    assert binding(city, province, key="DSR-22").amount == 12
    assert binding(local("DSR-22", 18), province, key="DSR-22").amount == 15


def test_a_laxer_limit_of_a_region_never_binds():
    assert binding(local("DSR-22", 25), key="DSR-22").amount == 20


@pytest.mark.parametrize(
    ("key", "more", "allowed"),
    [
        ("DSR-22", {"amount": 20}, True),
        ("DSR-22", {"amount": 21}, False),
        (
            "DSR-22",
            {"amount": 20, "unit": Unit.DAY},
            True,
        ),  # so many days never outlast so many workdays
        ("REC-62b", {"amount": 30, "unit": Unit.WORKDAY}, False),
        ("DEC-15", {"amount": 40}, True),  # what has to last may last longer
        ("DEC-15", {"amount": 29}, False),
        ("RP-9", {"amount": 30}, True),  # 居住证暂行条例 9 leaves it to regions
        ("RP-9", {"amount": 31}, False),
        ("PI-46", {"amount": 15}, True),  # 及时: the number is the region's promise
        ("HR-7", {"amount": 28, "unit": Unit.DAY}, True),
        ("HR-7", {"amount": 31, "unit": Unit.DAY}, False),
        ("SEC-10", {"amount": 12}, True),
    ],
)
def test_a_region_may_be_stricter_and_not_laxer(key, more, allowed):
    """地方可以作出更严的规定；法律授权地方规定的，在授权范围内。"""
    above = next(row for row in seed.register().rows[key] if row.is_in_force(TODAY))
    wanted = replace(above.limit, region="8901", extension=None, **more)
    if allowed:
        rules.check_not_laxer(above, wanted)
    else:
        with pytest.raises(LimitLaxer):
            rules.check_not_laxer(above, wanted)


def test_a_region_s_extension_counts_when_strictness_is_compared():
    """10个工作日，可以延长20个工作日，比10个工作日、可以延长10个工作日宽。"""
    above = next(row for row in seed.register().rows["DSR-21b"] if row.is_in_force(TODAY))
    extension = replace(above.limit.extension, amount=20)

    with pytest.raises(LimitLaxer):
        rules.check_not_laxer(above, replace(above.limit, region="8901", extension=extension))
