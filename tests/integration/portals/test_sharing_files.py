"""A steward's file on the page: from upload to filed draft, stopped and gone on with, corrected and learnt from."""

import csv
import io
import threading
import time

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from tests.factories.catalogue import people_entry
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_draft, a_town, assess, published
from tests.factories.uploads import HEADERS, looked_at, people_csv
from tests.factories.workbooks import workbook
from yitong.base.identity.models import Account
from yitong.base.jobs.api import run_worker
from yitong.base.ledger.models import Entry
from yitong.data.catalogue import editing, filing, procedure, uploads
from yitong.data.catalogue.models import Resource, Upload
from yitong.data.catalogue.reading import work
from yitong.data.sources.api import source_table
from yitong.data.sources.errors import NothingToLoad

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


def browser_of(actor):
    account = Account.objects.get(pk=int(actor.account.partition(":")[2]))
    return log_in(account.username)


@pytest.fixture
def town(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return a_town()


@pytest.fixture
def contact(town):
    return town.provider.contact


def hand_in(browser, content=None, name="低保名单.csv", kind="table"):
    file = SimpleUploadedFile(name, people_csv() if content is None else content)
    return browser.post("/bureau/share/", {"file": file, "kind": kind})


def form_of(page):
    """What the browser would send back if nothing were touched."""
    form = page.context["form"]
    said = {"revision": str(page.context["revision"])}
    for one in (*form.items.values(), form.entry):
        for bound in one:
            value = bound.value()
            if isinstance(value, bool):
                said |= {bound.html_name: "on"} if value else {}
            elif value is not None:
                said[bound.html_name] = value
    return said


def test_a_file_becomes_a_submitted_entry_with_its_rows(town, contact):
    browser = browser_of(contact)
    sent = hand_in(browser)
    row = Upload.objects.get()
    assert sent["Location"] == f"/bureau/share/{row.pk}/"
    assert "排队等后台处理" in browser.get(sent["Location"]).content.decode()
    work(row.pk)
    assert browser.get(f"/bureau/share/{row.pk}/progress.json").json()["next"] == (
        f"/bureau/share/{row.pk}/1/"
    )
    page = browser.get(f"/bureau/share/{row.pk}/1/")
    said = page.content.decode()
    assert "身份号码无效1，第8行" in said
    assert "把握大" in said
    form = form_of(page) | {"i3-why": "", "duty": "最低生活保障审核确认", "then": "file"}
    saved = browser.post(f"/bureau/share/{row.pk}/1/", form)
    assert saved["Location"] == f"/bureau/share/{row.pk}/1/file/", saved.content.decode()[:3000]
    assert "报送“低保名单”？" in browser.get(saved["Location"]).content.decode()
    filed = browser.post(saved["Location"], {"wish": "accept"})
    assert filed.status_code == 302
    work(row.pk)
    row.refresh_from_db()
    assert row.state == "closed"
    assert row.sha256 == ""
    entry = Resource.objects.get()
    assert (entry.state, entry.duty) == ("approval", "最低生活保障审核确认")
    assert row.tables.get().loaded["rows"] == 29
    assert "已成为目录" in browser.get(f"/bureau/share/{row.pk}/").content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [("机密★名单.csv", people_csv()), ("名单.csv", "密级：秘密\n".encode() + people_csv())],
)
def test_a_mark_of_secrecy_is_neither_taken_nor_kept(contact, settings, name, content):
    answer = hand_in(browser_of(contact), content, name)
    assert answer.status_code == 422
    assert "不属于可以共享的政务数据" in answer.content.decode()
    assert not Upload.objects.exists()
    assert not [p for p in (settings.DATA_DIR / "files").rglob("*") if p.is_file()]
    assert Entry.objects.filter(event="files.secret_refused").count() == 1


def test_a_file_that_is_too_large_or_missing_is_said_beside_the_field(contact, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 1 << 20)
    browser = browser_of(contact)
    answer = hand_in(browser, b"x" * (1 << 21))
    assert answer.status_code == 422
    assert "文件超过1 MiB" in answer.content.decode()
    said = browser.post("/bureau/share/", {"kind": "table"}).content.decode()
    assert "选一个要共享的文件" in said
    assert not Upload.objects.exists()


def test_a_form_without_its_token_is_refused(contact):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(Account.objects.get(pk=int(contact.account.partition(":")[2])))
    assert hand_in(browser).status_code == 403
    assert not Upload.objects.exists()


def test_other_posts_and_departments_are_kept_out(town, contact):
    row = looked_at(contact)
    assert browser_of(town.provider.head).get("/bureau/share/").status_code == 403
    other = browser_of(town.requester.contact)
    for path in ("", "1/", "1/file/", "1/faults.csv", "progress.json"):
        assert other.get(f"/bureau/share/{row.pk}/{path}").status_code == 404
    assert "低保名单" not in other.get("/bureau/share/").content.decode()


def test_the_page_stops_goes_on_and_lets_go(contact):
    browser = browser_of(contact)
    place = hand_in(browser)["Location"]
    assert "已停止" in browser.post(f"{place}stop/", follow=True).content.decode()
    assert "排队等后台处理" in browser.post(f"{place}go-on/", follow=True).content.decode()
    browser.post(f"{place}stop/")
    assert "已丢弃" in browser.post(f"{place}discard/", follow=True).content.decode()
    assert Upload.objects.get().state == "closed"
    assert browser.get(f"{place}stop/").status_code == 405


def test_faulty_rows_come_as_a_table_that_runs_no_formula(contact):
    headers = ("=HYPERLINK(1)", *HEADERS[1:])
    row = looked_at(contact, people_csv(headers=headers))
    answer = browser_of(contact).get(f"/bureau/share/{row.pk}/1/faults.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(r["行号"], r["原因代码"], r["是否载入"]) for r in rows] == [
        ("8", "person_check", "不载入")
    ]
    assert rows[0]["列"].startswith("'=")


def test_protection_is_lowered_only_with_words_and_everything_wrong_is_told_at_once(contact):
    row = looked_at(contact)
    browser, place = browser_of(contact), f"/bureau/share/{row.pk}/1/"
    form = form_of(browser.get(place)) | {"i1-mask": "none", "name": ""}
    answer = browser.post(place, form)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "姓名：不再遮盖，写明理由或者改回建议的值" in said
    assert "给这条目录起一个名称" in said
    again = browser.post(place, form | {"name": "低保对象", "i1-why": "依法应当公示"}, follow=True)
    assert "已保存" in again.content.decode()
    entry = row.tables.get().entry
    assert (entry.name, entry.fields[1].mask) == ("低保对象", "none")


def test_a_colleagues_change_meanwhile_is_not_overwritten(town, contact):
    row = looked_at(contact)
    place = f"/bureau/share/{row.pk}/1/"
    mine, other = browser_of(contact), browser_of(town.provider.sharing_head)
    form = form_of(mine.get(place))
    assert other.post(place, form | {"duty": "审核确认"}).status_code == 302
    assert mine.post(place, form | {"duty": "另一项"}).status_code == 409
    assert row.tables.get().entry.duty == "审核确认"


def test_another_data_element_is_written_by_name_and_brings_its_grade(contact):
    row = looked_at(contact)
    browser, place = browser_of(contact), f"/bureau/share/{row.pk}/1/"
    form = form_of(browser.get(place))
    assert (
        "没有“天书”这个数据元" in browser.post(place, form | {"i3-other": "天书"}).content.decode()
    )
    chosen = {"i3-other": "DE01002 姓名", "i3-why": "这一列是人名"}
    assert browser.post(place, form | chosen).status_code == 302
    field = row.tables.get().entry.fields[3]
    assert (field.element, field.mask) == ("DE01002", "name")


def test_the_next_month_says_whose_corrections_it_took_and_one_click_goes_back(contact):
    browser = browser_of(contact)
    place = f"/bureau/share/{looked_at(contact).pk}/1/"
    browser.post(place, form_of(browser.get(place)) | {"i4-mask": "year"})
    later = f"/bureau/share/{looked_at(contact, name='12月.csv').pk}/1/"
    said = browser.get(later).content.decode()
    assert "沿用了以前的更正：" in said
    assert "按共享工作机构联络员" in said
    back = browser.post(f"{later}machine/", follow=True).content.decode()
    assert "已换回系统自己的建议" in back
    assert "沿用了以前的更正：" not in back


def test_a_standing_draft_is_corrected_in_the_same_editor(town, contact):
    row = a_draft(town)
    browser, place = browser_of(contact), f"/bureau/catalogue/{row.pk}/edit/"
    form = form_of(browser.get(place)) | {"i3-grade": "general_3", "then": "file"}
    saved = browser.post(place, form)
    assert saved["Location"] == f"/bureau/catalogue/{row.pk}/"
    row.refresh_from_db()
    assert (row.version, row.fields.all()[3].grade) == (2, "general_3")
    assert browser_of(town.requester.contact).get(place).status_code == 404


def test_a_name_that_is_taken_is_said_before_anything_is_loaded(town, contact):
    published(town, people_entry("低保名单"))
    row = looked_at(contact)
    answer = browser_of(contact).post(f"/bureau/share/{row.pk}/1/file/", {"wish": "accept"})
    assert answer.status_code == 422
    assert "已有同名目录“低保名单”" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "read"


def test_a_load_that_fails_leaves_the_proposal_and_says_why(contact, monkeypatch):
    row = looked_at(contact)
    editing.file(number=row.pk, tables=[1], wish="draft", by=contact)

    def fails(*_args, **_more):
        raise NothingToLoad(name="低保名单", refused=30)

    monkeypatch.setattr(filing, "take_rows", fails)
    work(row.pk)
    row.refresh_from_db()
    table = row.tables.get()
    assert (row.state, table.state) == ("read", "proposed")
    page = browser_of(contact).get(f"/bureau/share/{row.pk}/").content.decode()
    assert uploads.refusal_of(table).sentence in page
    monkeypatch.undo()
    editing.file(number=row.pk, tables=[1], wish="draft", by=contact)
    work(row.pk)
    entry = Resource.objects.get()
    assert (entry.state, entry.version) == ("draft", 1)


def test_a_parquet_file_is_read_where_only_memory_has_it(contact, tmp_path):
    path = tmp_path / "people.parquet"
    (tmp_path / "people.csv").write_bytes(people_csv())
    duckdb.sql(
        f"copy (from read_csv('{tmp_path}/people.csv', all_varchar=true)) to '{path}' (format parquet)"
    )
    row = looked_at(contact, path.read_bytes(), "名单.parquet")
    table = row.tables.get()
    assert (row.state, table.findings["rows"]) == ("read", 30)
    assert table.entry.fields[0].element == "DE01001"


def test_a_dictionary_of_many_tables_becomes_drafts_at_one_click(contact, tmp_path):
    fields = [("表名", "字段名", "中文名", "类型"), ("hjb", "sfzh", "身份证号", "varchar(18)")]
    fields += [
        ("hjb", "xm", "姓名", "varchar(50)"),
        ("qyb", "tyxydm", "统一社会信用代码", "char(18)"),
    ]
    path = workbook(tmp_path / "字典.xlsx", {"字段清单": fields})
    browser = browser_of(contact)
    place = hand_in(browser, path.read_bytes(), "字典.xlsx", kind="dictionary")["Location"]
    number = Upload.objects.get().pk
    work(number)
    assert "2张表都存为草稿" in browser.get(place).content.decode()
    browser.post(f"{place}draft-all/")
    work(number)
    assert [r.state for r in Resource.objects.all()] == ["draft", "draft"]
    assert Upload.objects.get().state == "closed"
    named = Resource.objects.values_list("name", flat=True)
    assert sorted(named) == ["hjb", "qyb"]
    other = hand_in(browser, path.read_bytes(), "字典.xlsx", kind="dictionary")["Location"]
    work(Upload.objects.latest("pk").pk)
    assert "建议已提出" in browser.get(other).content.decode()


@pytest.mark.slow  # a whole worker starts and stops
def test_the_worker_process_runs_what_the_page_queues(contact):
    """The whole way: page, job, worker, and the door that the page's script asks."""
    browser = browser_of(contact)
    place = hand_in(browser)["Location"]
    stop, end = threading.Event(), time.monotonic() + 40
    worker = threading.Thread(target=run_worker, args=(stop,))
    worker.start()
    try:
        while (said := browser.get(f"{place}progress.json").json())["at_work"]:
            assert time.monotonic() < end, said
            time.sleep(0.2)
    finally:
        stop.set()
        worker.join(30)
    assert said["state"] == "read"


def filed(contact, content, name="低保名单.csv", wish="accept"):
    row = looked_at(contact, content, name)
    editing.file(number=row.pk, tables=[1], wish=wish, by=contact)
    work(row.pk)
    row.refresh_from_db()
    return row


def put_in_force(town, entry):
    assess(town, entry.code)
    procedure.approve(code=entry.code, by=town.provider.head)
    procedure.publish(code=entry.code, by=town.reviewer)
    entry.refresh_from_db()


def test_next_months_file_exchanges_the_rows_and_leaves_the_entry(town, contact):
    filed(contact, people_csv(30))
    entry = Resource.objects.get()
    put_in_force(town, entry)
    row = looked_at(contact, people_csv(40))
    browser, place = browser_of(contact), f"/bureau/share/{row.pk}/1/file/"
    said = browser.get(place).content.decode()
    assert "条目不变：只换上新数据" in said
    browser.post(place, {"wish": "draft"})
    work(row.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.version, entry.row_count) == ("published", 1, 39)
    assert source_table(entry.table_key).row_count == 39
    (refreshed,) = Entry.objects.filter(event="catalogue.refreshed")
    assert (refreshed.facts["added"], refreshed.facts["gone"]) == (10, 0)


def test_a_file_with_another_column_becomes_the_next_version_whose_rows_wait(town, contact):
    filed(contact, people_csv(30))
    entry = Resource.objects.get()
    put_in_force(town, entry)
    lines = people_csv(30).decode().splitlines()
    wider = "\r\n".join([f"{lines[0]},登记日期", *(f"{line},2026-02-01" for line in lines[1:])])
    row = looked_at(contact, wider.encode())
    page = browser_of(contact).get(f"/bureau/share/{row.pk}/1/file/").content.decode()
    assert "成为新的一版" in page
    assert "登记日期" in page
    editing.file(number=row.pk, tables=[1], wish="accept", by=contact)
    work(row.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.version, entry.version_in_force) == ("approval", 2, 1)
    assert source_table(f"r{entry.pk}_v2").row_count == 29
    assert source_table(entry.table_key).row_count == 29
