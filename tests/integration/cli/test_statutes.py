"""Due dates, the register and the calendar at the command line."""

import pytest

from tests.factories.statutes import facts_of

pytestmark = [
    pytest.mark.committed,
    pytest.mark.timeout(120),
    pytest.mark.usefixtures("node_keys"),
]


def test_a_due_date_says_its_day_article_and_excluded_days(cli):
    said = cli("due", "PER-42", "2026-11-22", "--json")

    assert said.code == 0
    answer = said.document
    assert (answer["due_on"], answer["due"]) == ("2026-12-18", "2026-12-19T00:00:00+08:00")
    assert answer["article"] == "《行政许可法》第四十二条"
    assert answer["provisional"] is False
    assert answer["earliest"] is answer["latest"] is answer["kept_until"] is None
    assert {"on": "2026-12-05", "reason": "weekend", "name": ""} in answer["excluded"]
    assert "2026-12-18 24:00" in cli("due", "PER-42", "2026-11-22").out


@pytest.mark.parametrize(
    ("key", "start", "name", "due_on"),
    [
        ("PER-50", "2026-12-31", "latest", "2026-12-01"),
        ("DEC-15", "2026-11-02", "earliest", "2026-12-02"),
        ("DSR-29", "2026-11-22", "kept_until", "2029-11-22"),
        ("GID-49a", "2026-11-22", "due", "2027-01-31"),
        ("SEC-10", "2026-11-22T17:30", "due", "2026-11-23"),
        ("PER-42", "2019-03-04", "due", "2019-04-01"),
    ],
)
def test_each_kind_has_its_date(cli, key, start, name, due_on):
    answer = cli("due", key, start, "--json").document

    given = [each for each in ("due", "earliest", "latest", "kept_until") if answer[each]]
    assert given == [name]
    assert answer["due_on"] == due_on


def test_a_year_not_announced_is_marked(cli):
    said = cli("due", "PER-42", "2026-12-21", "--json")

    assert said.document["provisional"] is True
    assert "暂定" in cli("due", "PER-42", "2026-12-21").out


def test_a_key_with_several_periods_names_them(cli):
    said = cli("due", "PER-47", "2026-11-22", "--json")

    assert (said.code, said.fault) == (3, "limit_split")
    assert "PER-47a、PER-47b、PER-47c" in said.document["error"]["sentence"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nix", "2026-11-22"), 3),
        (("PER-45", "2026-11-22"), 3),
        (("DSR-21a", "2019-03-04"), 3),
        (("WF-20", "2026-11-22"), 3),
        (("PER-42", "morgen"), 2),
        (("PER-42", "9999-12-20"), 1),
        (("PER-42", "2026-11-22", "--region", "35x"), 1),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_code(cli, arguments, code):
    assert cli("due", *arguments).code == code


def test_a_region_is_asked_for_its_own_limit(cli):
    assert (
        cli("due", "WF-20", "2026-11-22", "--region", "370700", "--json").document["limit_region"]
        == "3707"
    )
    assert cli("due", "PER-42", "2026-11-22", "--region", "350100").code == 0


def test_a_local_limit_is_added_shown_and_asked(cli):
    added = cli(
        "statutes", "add", "DSR-21b", "--region", "350100", "--amount", 5, "--unit", "WD",
        "--act", "福州市政务数据共享办法", "--act-kind", "地方政府规章", "--article", 9, "--from", "2026-01-01",
    )  # fmt: skip
    assert added.code == 0

    shown = cli("statutes", "show", "DSR-21b", "--json").document["limits"]
    assert [(row["region"], row["amount"]) for row in shown] == [("", 10), ("3501", 5)]
    here, there = (
        cli("due", "DSR-21b", "2026-11-23", "--region", code, "--json").document["due_on"]
        for code in ("350100", "350200")
    )
    assert (here, there) == ("2026-11-30", "2026-12-07")
    assert facts_of("statutes.limit_added")[-1]["place"] == "3501"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--act", "查无此法", "--from", "2026-01-01"), 1),
        (("--act", "行政许可法", "--from", "2026-01-01", "--amount", 30), 4),
        (("--act", "行政许可法", "--from", "2026-01-01", "--to", "2025-01-01"), 1),
        (("--act", "行政许可法"), 2),
    ],
)
def test_a_local_limit_that_may_not_be_is_refused(cli, more, code):
    said = cli(
        "statutes", "add", "PER-42", "--region", "3501", "--amount", 5, "--unit", "WD", *more
    )
    assert said.code == code
    assert len(cli("statutes", "show", "PER-42", "--json").document["limits"]) == 1


def test_two_limits_at_once_are_a_conflict_until_the_first_is_ended(cli):
    wanted = (
        "statutes", "add", "PER-42", "--region", "3501", "--amount", 5, "--unit", "WD", "--act", "行政许可法",
    )  # fmt: skip
    end = ("statutes", "end", "PER-42", "--region", "350100", "--on", "2026-06-01")
    assert cli(*wanted, "--from", "2026-01-01").code == 0
    assert cli(*wanted, "--from", "2026-06-01").code == 5
    assert cli(*end).code == 2  # without a reason
    ended = cli(*end, "--reason", "由新办法代替", "--json")
    assert (ended.code, ended.document["valid_to"]) == (0, "2026-06-01")
    assert facts_of("statutes.limit_ended")[-1]["reason"] == "由新办法代替"
    assert cli(*end, "--reason", "由新办法代替").code == 3
    assert cli(*wanted, "--from", "2026-06-01").code == 0


def test_the_register_is_listed_whole_or_of_a_day_and_place(cli):
    whole = cli("statutes", "list", "--json").document
    of_2019 = cli("statutes", "list", "--on", "2019-03-04", "--json").document
    nation = cli("statutes", "list", "--region", "3501", "--json").document

    assert len(whole) > 100
    assert {row["key"] for row in of_2019} >= {"PER-42", "REC-48b"}
    assert "DSR-21a" not in {row["key"] for row in of_2019}
    assert "WF-20" not in {row["key"] for row in nation}
    assert "PER-42" in cli("statutes", "list").out


def test_a_calendar_is_loaded_and_the_days_that_turned_are_said(cli, tmp_path):
    from yitong.base.statutes.calendars import seeded_years

    file = tmp_path / "2027.csv"
    rows = [f"{day.on},{day.kind},{day.name}" for day in seeded_years()[2027].special]
    file.write_text("\n".join(["date,kind,name", *rows, "2027-02-20,adjusted_on,春节"]))
    said = cli("calendar", "load", file, "--json")

    assert said.code == 0
    assert said.document[0]["flipped"] == ["2027-02-20"]
    assert cli("due", "PER-42", "2026-12-21", "--json").document["provisional"] is False
    assert cli("calendar", "load", file, "--json").document[0]["unchanged"] is True


def test_a_calendar_that_cannot_be_meant_is_refused(cli, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text("date,kind\n2027-01-01,feiertag\n")

    said = cli("calendar", "load", file, "--json")
    assert (said.code, said.fault) == (1, "calendar_malformed")
    assert cli("calendar", "load", tmp_path / "nix.csv").code == 2


@pytest.mark.slow
def test_who_only_asks_needs_no_node(program, tmp_path):
    process = program("due", "PER-42", "2026-11-22", "--json", "--data", tmp_path / "nowhere")
    out, err = process.communicate(timeout=60)

    assert process.returncode == 0, err
    assert '"due_on": "2026-12-18"' in out
    assert not (tmp_path / "nowhere").exists()
