"""The work-bench: one inbox of all duties, its filters and numbers, hand-over with 核对, one page a duty."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.agencies import OPERATOR, a_post, staff
from tests.factories.duties import at, kinds_installed
from tests.factories.duty_city import NOW, a_duty_city
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.duties.models import Duty
from yitong.base.identity.api import appoint
from yitong.base.identity.models import Account
from yitong.kernel import clock

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("city"),
]


@pytest.fixture
def city(node_keys):  # noqa: F811
    with kinds_installed():
        yield a_duty_city()


@pytest.fixture(autouse=True)
def _today(node_keys):  # noqa: F811
    with clock.frozen(at(NOW)):
        yield


def browser_of(actor):
    return log_in(Account.objects.get(pk=int(actor.account.partition(":")[2])).username)


def said(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def subjects(answer) -> list[str]:
    return re.findall(r'class="inbox-subject"><a [^>]*>答复共享申请：([^<]+)<', said(answer))


def test_the_inbox_holds_every_open_duty_in_the_order_it_is_due(city):
    page = browser_of(city.bureau.clerk).get("/work/")
    assert page.status_code == 200
    assert subjects(page) == [
        "不动产登记信息", "基本医保参保信息", "机动车登记信息", "婚姻登记信息", "居住证信息", "窗口让重复打印",
        "社会组织登记",
    ]  # fmt: skip
    text = said(page)
    for words in (
        "已逾期",
        "将到期",
        "计时中",
        "暂停中",
        "10月15日",
        "还剩2个工作日",
        "市生态环境局",
        "法定",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=missed", ["不动产登记信息"]),
        ("state=paused", ["社会组织登记"]),
        ("q=医保", ["基本医保参保信息"]),
        ("group=信访", ["窗口让重复打印"]),
        ("state=today", []),
        ("q=没有这样的", []),
        ("state=nonsense&page=99&duty=x", None),
    ],
)
def test_filters_show_what_their_numbers_say(city, query, expected):
    page = browser_of(city.bureau.clerk).get(f"/work/?{query}")
    assert page.status_code == 200
    if expected is not None:
        assert subjects(page) == expected
        assert f"{len(expected)}件" in said(page) or not expected


@pytest.mark.parametrize(
    "address", ["/work/", "/work/?q=医保", "/work/?scope=agency&state=at_risk&group=共享"]
)
def test_a_page_asks_at_most_twelve_times(city, address):
    browser = browser_of(city.bureau.clerk)
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    assert len(captured) <= 12, "\n".join(query["sql"][:120] for query in captured)


def test_the_preview_says_who_waits_since_when_by_which_rule_and_what_paused(city):
    duty = city.duties["resumed"]
    text = said(browser_of(city.bureau.clerk).get(f"/work/?duty={duty.pk}"))
    preview = text.partition('id="preview"')[2]
    for words in (
        "市生态环境局",
        "9月24日 16:12",
        "《政务数据共享条例》第二十一条",
        "1次，停着的日子不计",
        "一次性告知补充",
    ):
        assert words in preview


def test_a_duty_shows_its_days_its_turns_and_its_article(city):
    text = said(browser_of(city.bureau.clerk).get(f"/work/duties/{city.duties['resumed'].pk}/"))
    for words in (
        "10月20日（星期二）24:00前",
        "收到，时钟开始",
        "暂停计时",
        "继续计时",
        "第三十九条第四项",
        "国庆",
        "停",
    ):
        assert words in text


def test_a_stop_without_an_article_says_the_date_without_it(city):
    duty = city.duties["paused"]
    text = said(browser_of(city.bureau.clerk).get(f"/work/duties/{duty.pk}/"))
    assert "暂停的依据待核实" in text
    assert "2026-10-15" in text


def test_hand_over_is_checked_and_moves_many(city):
    chosen = [city.duties[name].pk for name in ("running", "at_risk")]
    browser = browser_of(city.bureau.clerk)
    asking = browser.get("/work/hand-over/", {"duty": chosen})
    assert "转办2件事？" in said(asking)
    assert Duty.objects.filter(post=city.bureau.colleague.post).count() == 0
    wrong = browser.post("/work/hand-over/", {"duty": chosen, "reason": "调整"})
    assert (wrong.status_code, "选一个接办的岗位" in said(wrong)) == (422, True)
    given = {"duty": chosen, "post": city.bureau.colleague.post, "reason": "调整分工"}
    done = browser.post("/work/hand-over/", given, follow=True)
    assert "转办了2件事" in said(done)
    assert Duty.objects.filter(post=city.bureau.colleague.post).count() == 2


def test_choosing_nothing_is_told(city):
    answer = browser_of(city.bureau.clerk).get("/work/hand-over/")
    assert (answer.status_code, "没有选中要转办的事" in said(answer)) == (400, True)


def test_another_agencys_duty_is_not_there(city):
    stranger = browser_of(city.bureau.mayor)
    assert subjects(stranger.get("/work/")) == []
    assert stranger.get(f"/work/duties/{city.duties['running'].pk}/").status_code == 404


def test_the_authority_allows_more_time_on_a_page_of_its_own(city):
    duty = city.duties["running"]
    address = f"/work/duties/{duty.pk}/extend/"
    given = {"amount": 5, "reason": "材料多", "consent": "数据局〔2026〕10号", "notice": "书面告知"}
    assert browser_of(city.bureau.clerk).post(address, given).status_code == 403
    reviewer = browser_of(city.bureau.reviewer)
    assert "同意延长这件事的时限？" in said(reviewer.get(address))
    too_long = reviewer.post(address, given | {"amount": 11})
    assert (too_long.status_code, "1到10之间" in said(too_long)) == (422, True)
    assert reviewer.post(address, given).status_code == 302
    duty.refresh_from_db()
    assert str(duty.due_on) == "2026-10-23"


def test_reasons_of_a_miss_stand_beside_it(city):
    duty = city.duties["missed"]
    browser = browser_of(city.bureau.clerk)
    answer = browser.post(
        f"/work/duties/{duty.pk}/explain/", {"words": "系统割接，接口停了"}, follow=True
    )
    assert "系统割接，接口停了" in said(answer)


def test_a_post_that_was_left_is_forgotten_and_another_asked_for(city):
    account = Account.objects.get(pk=int(city.bureau.clerk.account.partition(":")[2]))
    browser = browser_of(city.bureau.clerk)
    session = browser.session
    session["bureau_post"] = city.bureau.head.post
    session.save()
    assert browser.get("/work/").status_code == 200
    other = a_post(city.bureau.agency, "secrecy")
    appoint(by=OPERATOR, post=other.key, account=account)
    answer = browser.get("/work/")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/bureau/posts/?next=%2Fwork%2F",
    )


def test_citizens_are_told_where_to_go(node_keys):  # noqa: F811
    answer = log_in(Account.objects.get(pk=staff(password="correct horse 9").pk).username).get(
        "/work/"
    )
    assert answer.status_code == 403
