"""A steward shares a file in a real browser: by keyboard only from the file to the filed draft; every page in every mode."""

import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_draft, a_town
from tests.factories.pages import MODES, PHONE, SEEN, assert_passes
from tests.factories.uploads import HEADERS, handed_in, looked_at, people_csv, two_sheets
from yitong.data.catalogue import uploads
from yitong.data.catalogue.models import Resource, Upload
from yitong.data.catalogue.reading import work

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


@pytest.fixture
def town(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return a_town()


@pytest.mark.parametrize("mode", SEEN)
def test_pages_fit_and_pass_axe(visit, site, town, mode):
    contact = town.provider.contact
    read, waits = looked_at(contact), handed_in(contact, name="等着.csv")
    sheets = looked_at(contact, two_sheets(), "两张表.xlsx")
    stopped = handed_in(contact, name="停下的.csv")
    uploads.stop(number=stopped.pk, by=contact)
    draft = a_draft(town)
    page = visit(contact, PHONE, MODES[mode])
    paths = ["/bureau/share/"]
    paths += [f"/bureau/share/{each.pk}/" for each in (read, waits, sheets, stopped)]
    paths += [f"/bureau/share/{read.pk}/1/", f"/bureau/share/{read.pk}/1/file/"]
    paths += [f"/bureau/catalogue/{draft.pk}/edit/"]
    for path in paths:
        page.goto(site + path)
        assert_passes(page, path, mode)
    page.goto(f"{site}/bureau/share/{read.pk}/1/")
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true })")
    page.select_option("#id_i0-mask", "none")
    page.fill("#id_name", "")
    page.click(".editor-acts .button-primary")
    assert_passes(page, "editor-with-errors", mode)


def focus(page, selector):
    """Go there by the Tab key alone."""
    for _ in range(400):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by keyboard")


def test_a_steward_files_a_draft_by_keyboard_alone(visit, site, town, tmp_path):
    page = visit(town.provider.contact)
    page.goto(f"{site}/bureau/share/")
    focus(page, "input[type=file]")
    file = tmp_path / "低保名单.csv"
    file.write_bytes(people_csv())
    page.wait_for_load_state("networkidle")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(file)
    focus(page, "main button.button-primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-progress]")
    row = Upload.objects.get()
    work(row.pk)
    page.wait_for_url(f"**/bureau/share/{row.pk}/1/")
    focus(page, "[name=i3-mask]")
    page.keyboard.press("Alt+ArrowUp")
    assert page.evaluate("document.activeElement.name") == "i2-mask"
    page.keyboard.press("Home")  # 不遮
    page.keyboard.press("Control+s")
    page.wait_for_selector("#problems")
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.id") == "problems"
    focus(page, ".problems a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "i2-why"
    page.keyboard.type("受理窗口要照着打电话")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=已保存")
    focus(page, "button[name=then][value=file]")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('报送“低保名单”？')")
    focus(page, "button[name=wish][value=accept]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-progress]")
    work(row.pk)
    page.wait_for_selector("text=已成为目录")
    entry = Resource.objects.get()
    assert entry.state == "approval"
    assert entry.fields.get(header=HEADERS[2]).mask == "none"
