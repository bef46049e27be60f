"""A file that was handed in: sealed on the disk, worked on, stopped, gone on with, refused, let go; and what is learnt."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.factories.agencies import OPERATOR
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_town
from tests.factories.uploads import (
    HEADERS,
    handed_in,
    looked_at,
    people_csv,
    people_rows,
    two_sheets,
)
from yitong.base.files.api import StoredFile
from yitong.base.ledger.models import Entry
from yitong.data.catalogue import editing, filing, reading, upload_work, uploads
from yitong.data.catalogue.at_hand import at_hand
from yitong.data.catalogue.corrections import Edit, choice_of
from yitong.data.catalogue.errors import ProposalMoved, ProtectionLowered, UploadBusy, UploadUnknown
from yitong.data.catalogue.models import Lesson, Upload
from yitong.data.sources.api import open_table, profile
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal

pytestmark = [
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


@pytest.fixture
def town(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return a_town()


@pytest.fixture
def contact(town):
    return town.provider.contact


def change(table, header, **items):
    """An edit of one field."""
    field = next(field for field in table.entry.fields if field.header == header)
    return Edit({field.name: replace(choice_of(field), **items)}, {})


def test_nothing_readable_of_a_file_lies_on_the_disk(contact, settings):
    handed_in(contact)
    content = b"".join(p.read_bytes() for p in settings.DATA_DIR.rglob("*") if p.is_file())
    assert content
    number, name = people_rows()[0][:2]
    assert number.encode() not in content
    assert name.encode() not in content


def test_a_file_is_opened_in_memory_and_gone_with_the_block(contact):
    row = handed_in(contact, name="名单 #1.csv")
    with at_hand(row.sha256) as path:
        assert path.name == "名单 #1.csv"
        assert path.read_bytes() == people_csv()
        folder = path.parent
    assert not folder.exists()


def test_what_is_kept_of_a_table_has_no_value_of_a_row(contact):
    table = looked_at(contact).tables.get()
    kept = f"{table.findings} {table.faults} {table.machine} {table.present}"
    values = {value for row in people_rows() for value in row[:3]}
    assert [value for value in values if value in kept] == []
    assert table.faults[0][:3] == [8, "身份证号", "person_check"]


def test_only_the_sharing_office_of_the_agency_sees_a_file(town, contact):
    row = handed_in(contact)
    assert uploads.upload(row.pk, viewer=town.provider.sharing_head).pk == row.pk
    others = (town.requester.contact, town.provider.head, town.reviewer, OPERATOR)
    for other in others:
        with pytest.raises(UploadUnknown):
            uploads.upload(row.pk, viewer=other)
        with pytest.raises(UploadUnknown):
            uploads.stop(number=row.pk, by=other)
    with pytest.raises(Refusal) as refused:
        handed_in(town.provider.head)
    assert refused.value.code == "not_allowed"
    assert not Upload.objects.exclude(pk=row.pk).exists()


def test_what_is_stopped_before_it_began_is_not_begun_and_goes_on(contact):
    row = handed_in(contact)
    uploads.stop(number=row.pk, by=contact)
    reading.work(row.pk)
    row.refresh_from_db()
    assert (row.state, row.tables.count()) == ("stopped", 0)
    uploads.go_on(number=row.pk, by=contact)
    reading.work(row.pk)
    row.refresh_from_db()
    assert row.state == "read"


def test_a_reading_under_way_stops_where_a_person_asks(contact, monkeypatch):
    row = handed_in(contact, people_csv(9_000))
    monkeypatch.setattr(upload_work, "TOLD_EVERY_S", 0.0)
    told = []

    def stop_after_the_first(job, progress):
        told.append(progress.rows)
        if len(told) == 1:
            uploads.stop(number=row.pk, by=contact)
        return told_as_ever(job, progress)

    told_as_ever = reading.Work.tell
    monkeypatch.setattr(reading.Work, "tell", stop_after_the_first)
    reading.work(row.pk)
    row.refresh_from_db()
    assert row.state == "stopped"
    assert told[0] < 9_000
    assert row.tables.get().state == "chosen"
    monkeypatch.setattr(reading.Work, "tell", told_as_ever)
    uploads.go_on(number=row.pk, by=contact)
    reading.work(row.pk)
    assert row.tables.get().findings["rows"] == 9_000


def test_work_whose_worker_was_killed_is_done_by_the_next(contact, monkeypatch):
    row = handed_in(contact)

    def killed(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "profile", killed)
    with pytest.raises(KeyboardInterrupt):
        reading.work(row.pk)
    row.refresh_from_db()
    assert row.state == "working"
    monkeypatch.undo()
    reading.work(row.pk)
    row.refresh_from_db()
    assert row.state == "read"


def test_of_two_workers_the_later_has_it(contact, monkeypatch):
    row = handed_in(contact)
    seen = []

    def overtaken(reader, progress):
        if not seen:
            seen.append("first")
            reading.work(row.pk)
        return profile(reader, progress=progress)

    monkeypatch.setattr(reading, "profile", overtaken)
    reading.work(row.pk)
    row.refresh_from_db()
    assert row.state == "read"
    assert Entry.objects.filter(event="catalogue.upload_read").count() == 1


def test_silence_is_told_and_can_be_gone_on_with(contact):
    row = handed_in(contact)
    with pytest.raises(UploadBusy):
        uploads.go_on(number=row.pk, by=contact)
    with clock.frozen(clock.now() + dt.timedelta(minutes=3)):
        assert uploads.is_silent(row)
        assert uploads.go_on(number=row.pk, by=contact).state == "waiting"


def test_whoever_left_the_post_works_no_more_and_a_colleague_goes_on(town, contact):
    row = handed_in(contact)
    Upload.objects.filter(pk=row.pk).update(post=town.requester.contact.post)
    reading.work(row.pk)
    row.refresh_from_db()
    assert row.state == "stopped"
    uploads.go_on(number=row.pk, by=town.provider.sharing_head)
    reading.work(row.pk)
    row.refresh_from_db()
    assert row.state == "read"


def test_a_file_that_is_no_table_is_refused_in_words_and_goes_at_once(contact):
    row = looked_at(contact, b'{"a": 1}\n{broken\n', "坏的.jsonl")
    assert row.state in {"read", "refused"}
    row = looked_at(contact, b"\n\n\n", "空的.csv")
    assert (row.state, row.sha256) == ("refused", "")
    assert "空的" in uploads.refusal_of(row).sentence
    assert not StoredFile.objects.filter(scope_key=str(row.pk)).exists()


def test_sheets_are_chosen_and_each_is_proposed(contact):
    row = looked_at(contact, two_sheets(), "两张表.xlsx")
    assert row.state == "choosing"
    uploads.choose(number=row.pk, tables=[2], by=contact)
    reading.work(row.pk)
    assert [(t.name, t.state) for t in row.tables.all()] == [
        ("两张表-城市", "listed"),
        ("两张表-农村", "proposed"),
    ]


def test_a_proposal_is_corrected_on_the_record_and_not_over_a_colleague(town, contact):
    table = looked_at(contact).tables.get()
    place = (table.upload_id, 1)
    editing.correct(place=place, edit=change(table, "保障类别", element=""), revision=0, by=contact)
    edit = change(table, "保障类别", mask="year")
    with pytest.raises(ProposalMoved):
        editing.correct(place=place, edit=edit, revision=0, by=town.provider.sharing_head)
    (recorded,) = Entry.objects.filter(event="catalogue.proposal_corrected")
    assert recorded.post == contact.post


def test_protection_is_not_lowered_without_a_reason(contact):
    table = looked_at(contact).tables.get()
    with pytest.raises(ProtectionLowered, match="姓名"):
        editing.correct(
            place=(table.upload_id, 1),
            edit=change(table, "姓名", mask="none"),
            revision=0,
            by=contact,
        )


def test_the_next_file_of_the_same_headers_takes_the_corrections_over(town, contact):
    table = looked_at(contact).tables.get()
    edit = change(
        table, "保障类别", element="", personal="", grade="general_2", mask="none", why="公示"
    )
    editing.correct(place=(table.upload_id, 1), edit=edit, revision=0, by=contact)
    assert not Lesson.objects.exclude(post=contact.post).exists()
    headers = ("姓 名", "身份证号：", "联系电话", "起始日期", "保障类别")
    order = (1, 0, 2, 4, 3)
    rows = [[row[place] for place in order] for row in people_rows(9)]
    lines = "\n".join(",".join(line) for line in (headers, *rows))
    later = looked_at(town.provider.sharing_head, lines.encode(), "12月.csv").tables.get()
    kind = next(field for field in later.entry.fields if field.header == "保障类别")
    assert (kind.element, kind.grade, kind.mask) == ("", "general_2", "none")
    assert later.taught["said"].startswith("按共享工作机构联络员")
    assert later.taught["said"] in kind.reasons
    editing.take_machine(place=(later.upload_id, 1), by=contact)
    later.refresh_from_db()
    assert later.entry == later.machine_entry
    assert not Lesson.objects.exists()


def test_another_agency_learns_nothing_of_it(town, contact):
    table = looked_at(contact).tables.get()
    editing.correct(
        place=(table.upload_id, 1),
        edit=change(table, "起始日期", mask="year"),
        revision=0,
        by=contact,
    )
    other = looked_at(town.requester.contact).tables.get()
    assert (other.taught["count"], other.entry) == (0, other.machine_entry)


def test_the_command_line_takes_the_same_corrections_over(town, contact, tmp_path):
    table = looked_at(contact).tables.get()
    editing.correct(
        place=(table.upload_id, 1),
        edit=change(table, "起始日期", mask="year"),
        revision=0,
        by=contact,
    )
    path = tmp_path / "同一张.csv"
    path.write_bytes(people_csv(12))
    found = filing.proposed(profile(open_table(str(path))), owner=town.provider.agency.name)
    assert found.count == 1
    assert next(f.mask for f in found.entry.fields if f.header == HEADERS[4]) == "year"


def test_files_that_nobody_goes_on_with_go_with_their_key(contact):
    row = looked_at(contact)
    assert uploads.expire(by=Actor.system("schedules")) == 0
    with clock.frozen(clock.now() + uploads.KEPT + dt.timedelta(minutes=1)):
        assert uploads.expire(by=Actor.system("schedules")) == 1
    row.refresh_from_db()
    assert (row.state, row.sha256) == ("closed", "")
    assert not StoredFile.objects.filter(scope_key=str(row.pk)).exists()
    assert Entry.objects.filter(event="keys.scope_destroyed").exists()
    (closed,) = Entry.objects.filter(event="catalogue.upload_closed")
    assert closed.facts["reason"] == "到期没有处理"


def test_an_agency_has_only_so_many_files_at_a_time(contact, monkeypatch):
    monkeypatch.setattr(uploads, "MOST", 1)
    handed_in(contact)
    with pytest.raises(Refusal) as refused:
        handed_in(contact)
    assert refused.value.code == "catalogue.too_many_uploads"
