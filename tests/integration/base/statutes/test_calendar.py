"""The working calendar and office hours in the database."""

import datetime as dt

import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.statutes import OPERATOR, facts_of
from yitong.base.access.api import NotAllowed
from yitong.base.statutes import api as statutes
from yitong.base.statutes import calendars
from yitong.base.statutes.calendars import seeded_years
from yitong.base.statutes.errors import (
    CalendarIncomplete,
    CalendarWouldUnsettle,
    ClockDoesNotStop,
    DateOutOfReach,
    ExtensionTooLong,
    HoursMalformed,
    UnknownCodeTable,
)
from yitong.base.statutes.models import CalendarYear, SpecialDay
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.workdays import ClockState, DayKind, Segment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]
TODAY = dt.date(2026, 11, 22)
AGENCY = "11890100DM00000135"


def announcement(*, without=(), added=(), status="official"):
    """2027 as it might be announced: the assumed festivals with changes."""
    rows = [f"{day.on},{day.kind},{status},{day.name},通知" for day in seeded_years()[2027].special]
    rows = [row for row in rows if row[:10] not in without]
    return "date,kind,status,name,source\n" + "\n".join([*rows, *added]) + "\n"


ANNOUNCED = announcement(
    without={"2027-02-10"}, added=["2027-02-20,adjusted_on,official,春节,通知"]
)


def load(text):
    (report,) = statutes.load_calendar(text=text, name="安排.csv", by=OPERATOR)
    return report


def test_the_calendar_read_back_is_the_calendar_of_the_release():
    found, seeded = statutes.calendar(), calendars.seeded_calendar()

    assert dict(found.days) == dict(seeded.days)
    assert found.revision
    assert statutes.calendar() is found


def test_an_announcement_makes_the_year_official_and_names_the_days_that_turned():
    before = statutes.calendar()
    report = load(ANNOUNCED)
    after = statutes.calendar()

    assert report.flipped == (dt.date(2027, 2, 10), dt.date(2027, 2, 20))
    assert len(report.changed) == 365
    assert after.revision != before.revision
    assert after.is_workday(dt.date(2027, 2, 10))
    assert after.is_workday(dt.date(2027, 2, 20))
    assert not after.day(dt.date(2027, 6, 1)).is_provisional


def test_the_entry_names_the_changed_days_exactly():
    load(ANNOUNCED)
    (facts,) = facts_of("statutes.calendar_loaded")

    assert facts["flipped"] == ["2027-02-10", "2027-02-20"]
    assert (facts["year"], facts["status"], facts["days"]) == (2027, "official", 365)
    assert (facts["first_changed"], facts["last_changed"]) == ("2027-01-01", "2027-12-31")


def test_loading_the_same_again_changes_nothing_and_records_nothing():
    load(ANNOUNCED)

    assert load(ANNOUNCED).is_unchanged
    assert len(facts_of("statutes.calendar_loaded")) == 1


def test_a_correction_changes_only_the_days_it_names():
    load(ANNOUNCED)
    report = load(ANNOUNCED.replace("2027-02-20", "2027-02-21"))

    assert report.changed == report.flipped == (dt.date(2027, 2, 20), dt.date(2027, 2, 21))


def test_a_due_date_that_crosses_the_year_stops_being_provisional():
    limit = statutes.limit_for("PER-42", region="", on=TODAY)
    assumed = statutes.reckon(limit, dt.date(2027, 1, 28))
    load(ANNOUNCED)
    announced = statutes.reckon(limit, dt.date(2027, 1, 28))

    assert assumed.provisional
    assert not announced.provisional
    assert announced.due_on < assumed.due_on


def test_what_was_announced_is_not_replaced_by_a_guess():
    load(ANNOUNCED)
    with pytest.raises(CalendarWouldUnsettle):
        load(announcement(status="provisional"))


def test_an_announcement_without_national_day_is_refused():
    with pytest.raises(CalendarIncomplete):
        load(announcement(without={"2027-10-01"}))
    assert statutes.calendar().day(dt.date(2027, 10, 1)).kind is DayKind.STATUTORY


def test_two_years_in_one_file_are_two_entries():
    text = ANNOUNCED + "".join(
        f"{on},statutory,official,,通知\n"
        for on in (
            "2028-01-01",
            "2028-05-01",
            "2028-05-02",
            "2028-10-01",
            "2028-10-02",
            "2028-10-03",
        )
    )
    reports = statutes.load_calendar(text=text, name="x.csv", by=OPERATOR)

    assert [report.year for report in reports] == [2027, 2028]
    assert [facts["year"] for facts in facts_of("statutes.calendar_loaded")] == [2027, 2028]


def test_a_release_announces_what_was_assumed_and_never_overrules_an_operator(monkeypatch):
    official = {year: found for year, found in seeded_years().items() if year != 2027}
    load(ANNOUNCED)
    other = calendars.year_of(calendars.read_days(announcement(), "release"))
    monkeypatch.setattr(calendars, "seeded_years", lambda: official | {2027: other})
    statutes.load_register(by=OPERATOR)

    assert statutes.calendar().is_workday(dt.date(2027, 2, 10))


def test_a_release_that_brings_the_announcement_is_an_entry_of_the_calendar(monkeypatch):
    official = calendars.year_of(calendars.read_days(ANNOUNCED, "release"))
    years = dict(seeded_years()) | {2027: official}
    monkeypatch.setattr(calendars, "seeded_years", lambda: years)
    statutes.load_register(by=OPERATOR)

    assert [facts["flipped"] for facts in facts_of("statutes.calendar_loaded")] == [
        ["2027-02-10", "2027-02-20"]
    ]


def test_only_who_keeps_the_node_loads_a_calendar():
    clerk = Actor("account:1", "post:1", AGENCY, "8901")
    with pytest.raises(NotAllowed):
        statutes.load_calendar(text=ANNOUNCED, name="x", by=clerk)
    assert CalendarYear.objects.get(year=2027).status == "provisional"


def test_nothing_of_a_refused_file_stays():
    with pytest.raises(CalendarIncomplete):
        statutes.load_calendar(
            text=ANNOUNCED + "2028-01-01,statutory,official,,通知\n", name="x", by=OPERATOR
        )
    assert not SpecialDay.objects.filter(on__year=2028).exists()


# Office hours ------------------------------------------------------------------------------------


def test_an_agency_without_hours_of_its_own_has_the_usual_ones_and_days_end_at_midnight():
    limit = statutes.limit_for("DSR-21a", region="", on=TODAY)

    assert statutes.tables().own_hours(AGENCY) is None
    found = statutes.reckon(limit, dt.date(2026, 11, 23), agency=AGENCY)
    assert clock.local(found.due).time() == dt.time()


def test_a_day_ends_with_the_hours_that_an_agency_has_set():
    """民法典 203: 有业务时间的，停止业务活动的时间为截止时间."""
    set_hours("2026-11-01", "08:30-12:00,13:00-17:00")
    limit = statutes.limit_for("DSR-21a", region="", on=TODAY)

    found = statutes.reckon(limit, dt.date(2026, 11, 23), agency=AGENCY)
    assert clock.local(found.due) == dt.datetime(2026, 11, 24, 17, tzinfo=clock.ZONE)


def test_new_hours_hold_for_what_begins_after_them():
    """So that what runs already keeps its end, and is computed again to the same."""
    set_hours("2026-11-01", "08:30-17:00")
    set_hours("2026-12-01", "09:00-18:00")
    limit = statutes.limit_for("DSR-21a", region="", on=TODAY)

    ends = [
        clock.local(statutes.reckon(limit, start, agency=AGENCY).due).hour
        for start in (dt.date(2026, 11, 30), dt.date(2026, 12, 1))
    ]
    assert ends == [17, 18]
    assert statutes.tables().own_hours(AGENCY, dt.date(2026, 10, 1)) is None


def test_everything_an_agency_has_set_can_be_read_the_latest_first():
    set_hours("2026-11-01", "08:30-17:00")
    set_hours("2030-01-01", "09:00-18:00")
    set_hours("2030-01-01", "09:30-18:00")  # the same day again: the last word
    days = statutes.tables()

    assert [(row.since.year, row.basis) for row in days.hours_of(AGENCY)] == [
        (2030, "澜宁市作息规定"),
        (2026, "澜宁市作息规定"),
    ]
    assert days.hours_of(AGENCY)[0].hours == statutes.previews.hours_preview("09:30-18:00")
    assert days.hours_of("nobody") == []
    assert days.agencies_with_hours() == [AGENCY]


def test_hours_leave_an_entry():
    set_hours("2026-11-01", "08:30-17:00")

    assert facts_of("statutes.hours_set") == [
        {"agency": AGENCY, "since": "2026-11-01", "hours": "08:30-17:00", "basis": "澜宁市作息规定"}
    ]


@pytest.mark.parametrize(
    "hours",
    ["", "9-5", "12:00-09:00", "09:00-12:00,11:00-17:00", "09:00", "09:00Z-17:00Z",
     "09:00+08:00-17:00", "T09:00-T17:00", "09:00-24:00", "09:00-17:00,", "０９:00-17:00", "09:00-17:00\n"],
)  # fmt: skip
def test_hours_that_cannot_be_meant_are_refused(hours):
    with pytest.raises(HoursMalformed):
        set_hours("2026-11-01", hours)


def set_hours(since, hours):
    statutes.set_office_hours(
        agency=AGENCY,
        hours=hours,
        since=dt.date.fromisoformat(since),
        basis="澜宁市作息规定",
        by=OPERATOR,
    )


# Asking ------------------------------------------------------------------------------------------


def test_what_the_law_does_not_let_stop_or_extend_is_refused_in_words():
    renewal = statutes.limit_for("PER-50", region="", on=TODAY)
    decision = statutes.limit_for("PER-42", region="", on=TODAY)
    pause = [Segment(ClockState.PAUSED, TODAY)]

    with pytest.raises(ClockDoesNotStop):
        statutes.reckon(renewal, TODAY, segments=pause)
    with pytest.raises(ExtensionTooLong, match="10个工作日"):
        statutes.reckon(decision, TODAY, extended_by=11)
    assert statutes.reckon(decision, TODAY, segments=pause) is None


def test_a_start_beyond_any_law_is_refused_in_words():
    limit = statutes.limit_for("PER-42", region="", on=TODAY)
    with pytest.raises(DateOutOfReach):
        statutes.reckon(limit, dt.date(9999, 12, 20))


def test_asking_costs_one_small_question(django_assert_num_queries):
    limit = statutes.limit_for("PER-42", region="", on=TODAY)
    calendar = statutes.calendar()

    with django_assert_num_queries(1):
        statutes.limit_for("PER-42", region="", on=TODAY)
    with django_assert_num_queries(1):
        statutes.reckon(limit, TODAY)
    with django_assert_num_queries(0):
        statutes.reckon(limit, TODAY, calendar=calendar)


def test_code_tables_say_their_values():
    assert statutes.code_table("rating")["5"] == "非常满意"
    assert len(statutes.code_table("special_procedure")) == 8
    with pytest.raises(UnknownCodeTable):
        statutes.code_table("nix")


def test_the_grounds_that_stop_a_permit_are_the_closed_list_of_the_law():
    """行政许可法 45."""
    titles = {stop.title for stop in statutes.stop_grounds("PER-42")}

    assert titles == set(statutes.code_table("special_procedure").values())
    assert statutes.stop_grounds("DSR-21b") == []
