"""我的数据足迹 as pages: what a person reads, what she takes along, and what nobody else sees."""

import csv
import io
import json
import subprocess
import sys

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tests.factories.agencies import a_post, staff
from tests.factories.footprints import log_in, used, watched
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person
from yitong.data.exchange.api import answer_not_sent, shut_down
from yitong.data.sharing.models import Grant

pytestmark = [
    pytest.mark.committed,
    pytest.mark.furnished("people"),
    pytest.mark.usefixtures("node_keys"),
]


@pytest.fixture
def lin(tmp_path):
    yield watched(tmp_path)
    shut_down()


def page(lin, query: str = "", **headers: str) -> str:
    return lin.browser.get(f"/my/footprint/{query}", **headers).content.decode()


def test_a_use_is_told_as_a_sentence_with_what_was_given(lin):
    used(lin)
    said = page(lin)
    assert "澜宁市教育局取得了您的<strong>最低生活保障对象</strong>" in said
    assert "办理义务教育入学" in said
    assert "身份证号（只显示前后各四位）、姓名（只显示首尾字）、保障状态；没有给联系电话" in said
    assert "澜宁市民政局 · 最低生活保障对象" in said
    assert "已记录，可验证" in said
    assert "第十八条第一款、第三十五条" in said


def test_what_was_given_is_told_by_the_record_and_not_by_todays_grant(lin):
    used(lin)
    Grant.objects.update(masks={})
    assert "身份证号（只显示前后各四位）、姓名（只显示首尾字）" in page(lin)


def test_a_use_is_shown_before_it_has_its_number_and_says_so(lin):
    lin.people.call(lin.person.number)
    said = page(lin)
    assert "正在入账" in said
    assert "proof.json" not in said


def test_a_refused_call_says_why_and_that_nothing_was_given(lin):
    used(lin, purpose="marketing")
    said = page(lin)
    assert "要查您的<strong>最低生活保障对象</strong>，没有给" in said
    assert "说明的目的与批准的目的不符" in said
    assert "没有给出任何数据" in said
    assert "marketing" not in said, "a caller's own words never reach the person"


def test_an_answer_that_never_left_is_no_data_given(lin):
    _, _, answer = lin.people.call(lin.person.number)
    answer_not_sent(answer["entry"], "the line broke")
    said = page(lin)
    assert "数据没有送出" in said
    assert "只显示前后各四位" not in said


def test_pages_hold_ten_and_the_figures_count_all(lin):
    used(lin, 12)
    first, second = page(lin), page(lin, "?page=2")
    assert first.count('<article class="entry">') == 10
    assert "第1–10条，共12条" in first
    assert "再看2条" in first
    assert second.count('<article class="entry">') == 2
    assert lin.browser.get("/my/footprint/?page=9").status_code == 302


def test_an_unknown_filter_is_no_filter(lin):
    used(lin)
    assert page(lin, "?period=1;drop&agency=x&page=-1").count('<article class="entry">') == 1
    assert "这里没有记录" in page(lin, f"?agency={'0' * 18}")


def test_a_longer_footprint_asks_no_more_queries(lin):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(lin)
        # The key ring compares itself with the table by the clock, not by the page.
        return len([query for query in asked if "keys_" not in query["sql"]])

    used(lin)
    few = queries()
    used(lin, 9)
    assert queries() <= few
    assert few <= 30


def test_a_proof_is_downloaded_and_holds_off_line(lin, tmp_path):
    used(lin)
    address = page(lin).split("proof.json")[0].rpartition('"')[2] + "proof.json"
    answer = lin.browser.get(address)
    assert answer["Content-Disposition"].startswith('attachment; filename="yitong-proof-')
    (tmp_path / "proof.json").write_bytes(answer.content)
    (tmp_path / "verify.py").write_bytes(Browser().get("/ledger/verify_proof.py").content)
    ran = subprocess.run(
        [sys.executable, "-I", tmp_path / "verify.py", tmp_path / "proof.json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert lin.person.number not in ran.stdout


def test_nobody_elses_use_can_be_opened(lin):
    used(lin)
    entry = page(lin).partition("/proof.json")[0].rpartition("/")[2]
    a_person(5, name="陈一")
    stranger = log_in("citizen5")
    assert stranger.get(f"/my/footprint/{entry}/proof.json").status_code == 404
    assert stranger.get(f"/my/footprint/{entry}/question/").status_code == 404
    assert "还没有部门用过您的数据" in stranger.get("/my/footprint/?period=all").content.decode()


def test_how_to_ask_is_said_honestly(lin):
    used(lin)
    entry = page(lin).partition("/proof.json")[0].rpartition("/")[2]
    said = lin.browser.get(f"/my/footprint/{entry}/question/").content.decode()
    assert "还不能在网上提交" in said
    assert "12345" in said
    assert "向澜宁市教育局提出" in said
    assert '<form method="post"' not in said.partition("<main")[2].partition("</main>")[0]


def test_everything_can_be_taken_along(lin):
    used(lin, 11)
    table = lin.browser.get("/my/footprint/export.csv")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(rows) == 12
    assert rows[1][1:4] == ["澜宁市教育局", "最低生活保障对象", "取得"]
    document = json.loads(lin.browser.get("/my/footprint/export.json").content)
    assert len(document["uses"]) == 11
    assert document["uses"][0]["outcome"] == "received"
    assert lin.person.number not in table.content.decode()


def test_without_a_log_in_one_is_sent_to_it_and_comes_back():
    answer = Browser().get("/my/footprint/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/my/footprint/"


def test_a_working_account_has_no_footprint():
    official = log_in(staff(a_post(role="clerk")).username)
    answer = official.get("/my/footprint/")
    assert answer.status_code == 403
    assert "工作账号没有个人的数据足迹" in answer.content.decode()


def test_nothing_of_it_is_kept_by_a_browser_or_proxy(lin):
    assert "no-store" in lin.browser.get("/my/footprint/")["Cache-Control"]
