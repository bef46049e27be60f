"""Calendar files as people make them, good and bad."""

import datetime as dt
import json

import pytest

from yitong.base.statutes.calendar_files import by_year, read_days
from yitong.base.statutes.errors import CalendarMalformed
from yitong.kernel.workdays import DayKind, DayStatus

CSV = "date,kind,status,name,source\n2027-01-01,statutory,official,元旦,国办发明电〔2026〕9号\n2027-01-09,adjusted_on,,,\n"


def test_csv_says_what_each_day_is_and_who_says_so():
    one, other = read_days(CSV, "2027.csv")

    assert (one.on, one.kind, one.name) == (dt.date(2027, 1, 1), DayKind.STATUTORY, "元旦")
    assert one.source == "国办发明电〔2026〕9号"
    assert (other.kind, other.status, other.source) == (
        DayKind.ADJUSTED_ON,
        DayStatus.OFFICIAL,
        "2027.csv",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_offices_are_read_in_their_encodings_and_words(encoding):
    text = "日期,类型,状态,节日\n2027-05-01,法定节日,正式,劳动节\n2027-05-03,调休放假,正式,劳动节\n"

    days = read_days(text.encode(encoding), "安排.csv")
    assert [day.kind for day in days] == [DayKind.STATUTORY, DayKind.ADJUSTED_OFF]


def test_json_may_say_status_and_source_once():
    rows = [{"date": "2027-01-01", "kind": "statutory"}, {"date": "2027-01-02", "kind": "weekend"}]
    document = {"year": 2027, "status": "provisional", "source": "预估", "days": rows}

    days = read_days(json.dumps(document), "x.json")
    assert {day.status for day in days} == {DayStatus.PROVISIONAL}
    assert {day.source for day in days} == {"预估"}
    assert read_days(json.dumps(rows), "x.json")[0].status is DayStatus.OFFICIAL


def test_published_tables_that_only_say_whether_a_day_is_off_are_read():
    rows = [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-09", "isOffDay": False},
        {"name": "", "date": "2027-01-04", "isOffDay": True},
        {"name": "", "date": "2027-01-05", "isOffDay": False},
    ]

    kinds = [day.kind for day in read_days(json.dumps({"days": rows}), "x")]
    assert kinds == [
        DayKind.STATUTORY,
        DayKind.ADJUSTED_OFF,
        DayKind.WORKDAY,
        DayKind.ADJUSTED_ON,
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("date,kind\n", 1),
        ("date,kind\n2027-13-01,statutory\n", 2),
        ("date,kind\n2027-01-01,holiday\n", 2),
        ("date,kind,status\n2027-01-01,statutory,maybe\n", 2),
        ("date,kind\n2027-01-01,statutory\n2027-01-01,statutory\n", 3),
        ("date,kind\n2027-01-01,weekend\n", 2),  # a Friday
        ("date,kind\n2027-01-02,workday\n", 2),  # a Saturday
        ("date,kind\n2027-01-01,adjusted_on\n", 2),
        ("date,kind\n2027-01-02,adjusted_off\n", 2),
        ('{"days": 3}', 1),
        ('{"days": [1]}', 1),
        ('{"days": [{"date": null}]}', 1),
        ("{nix", 1),
        (b"\xff\xff\xff", 1),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_line(text, line):
    with pytest.raises(CalendarMalformed) as refused:
        read_days(text, "x")

    assert refused.value.places["line"] == line


def test_days_are_told_apart_by_year():
    years = by_year(read_days(CSV + "2026-01-01,statutory,,,\n", "x"))

    assert {year: len(days) for year, days in years.items()} == {2026: 1, 2027: 2}
