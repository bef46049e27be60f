"""A steward's file on the page: from upload to filed draft, stopped and gone on with, corrected and learnt from."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_town
from tests.factories.uploads import people_csv
from yitong.base.identity.models import Account
from yitong.data.catalogue.models import Resource, Upload
from yitong.data.catalogue.reading import work

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]


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
