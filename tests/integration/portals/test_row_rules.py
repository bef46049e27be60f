"""行规则 on the bureau's pages: in words, in numbers, for one person; and a request answered with a rule."""

import pytest

from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from tests.factories.shared_people import shared_people
from yitong.base.identity.models import Account
from yitong.base.ledger.models import Entry
from yitong.data.exchange import api as exchange
from yitong.data.exchange.errors import CountTooLong, TooManyToOpen
from yitong.data.sharing import actions
from yitong.data.sharing.models import ShareRequest
from yitong.data.sharing.rules import Order
from yitong.portals.citizen.uses import uses_in_words

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]
RULE = "rq >= date '2026-01-15' and lxdh is not null"


def browser_of(actor):
    return log_in(Account.objects.get(pk=int(actor.account.partition(":")[2])).username)


@pytest.fixture
def shared(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        try:
            yield shared_people(tmp_path, row_rule=RULE)
        finally:
            exchange.shut_down()


@pytest.fixture
def head(shared):
    return browser_of(shared.town.provider.sharing_head)


def tried(shared, browser, rule, **more):
    return browser.post(
        f"/bureau/catalogue/{shared.resource.pk}/row-rule/",
        {"rule": rule, "act": "explain", **more},
    )


def test_a_grant_s_rule_is_told_in_words_and_counted(shared, head):
    said = head.get(f"/bureau/grants/{shared.grant.pk}/row-rule/").content.decode()
    assert "起始日期不早于2026-01-15，并且登记了联系电话" in said
    assert "最多放行的行" in said
    assert '<span class="figure-value">8</span>' in said
    assert "“联系电话”是密封的，没有打开" in said
    users = head.get(f"/bureau/catalogue/{shared.resource.pk}/users/").content.decode()
    assert "只给：起始日期不早于2026-01-15" in users
    assert not Entry.objects.filter(event="data.judged").exists()


def test_a_rule_is_tried_with_its_fault_at_its_place(shared, head):
    fine = tried(shared, head, "rq >= date '2026-01-15'")
    assert fine.status_code == 200
    said = fine.content.decode()
    assert "<dt>放行的行</dt>" in said
    assert (
        said.index('figure-value">8<') < said.index('figure-value">12<') < said.index("20</span>")
    )
    wrong = tried(shared, head, "zt = '在保'\nand nl >= 80")
    assert wrong.status_code == 422
    assert "<code>and <mark>nl &gt;= 80</mark></code>" in wrong.content.decode()
    assert "规则第 2 行第 5 列" in wrong.content.decode()
    named = tried(shared, head, "xm = '林甲子'")
    assert named.status_code == 422
    assert "等于点名了某个人或单位" in named.content.decode()


def test_one_person_is_told_clause_by_clause_and_finds_the_look(shared, head):
    who = a_person(2)
    asked = {"act": "judge", "key": number_of(2), "purpose": "person-asks"}
    said = head.post(f"/bureau/grants/{shared.grant.pk}/row-rule/", asked).content.decode()
    assert "这一行不放行" in said
    assert said.index("起始日期不早于2026-01-15</th>") < said.index("登记了联系电话</th>")
    assert "起始日期：2026-01-03" in said
    assert "10000000002" not in said, "what is masked in the catalogue is masked here"
    found = exchange.footprint(who.account, exchange.FootprintFilter())
    (use,) = uses_in_words(found.uses)
    assert use.outcome == "judged"
    assert use.why == "答复本人的询问"
    assert use.agency == "澜宁市民政局"
    uses = head.get(f"/bureau/catalogue/{shared.resource.pk}/users/").content.decode()
    assert "提供部门看规则" in uses
    shared.call(number_of(2))
    uses = head.get(f"/bureau/catalogue/{shared.resource.pk}/users/").content.decode()
    assert "规则没有放行" in uses


def test_nobody_is_looked_at_without_a_number_and_a_reason(shared, head):
    answer = head.post(f"/bureau/grants/{shared.grant.pk}/row-rule/", {"act": "judge"})
    assert answer.status_code == 422
    assert "写明要说清哪一个" in answer.content.decode()
    assert "选为什么要看" in answer.content.decode()
    other = {"act": "judge", "key": "12345", "purpose": "rule-check"}
    wrong = head.post(f"/bureau/grants/{shared.grant.pk}/row-rule/", other)
    assert wrong.status_code == 422
    assert not Entry.objects.filter(event="data.judged").exists()


def test_a_look_that_finds_nobody_is_recorded_too(shared, head):
    asked = {"act": "judge", "key": number_of(900), "purpose": "rule-check"}
    said = head.post(f"/bureau/grants/{shared.grant.pk}/row-rule/", asked).content.decode()
    assert "没有这个号码的行" in said
    assert Entry.objects.get(event="data.judged").facts["found"] == 0


def test_a_count_by_opening_is_a_use_of_everybody_opened(shared, head):
    asked = {"act": "open", "purpose": "rule-check"}
    said = head.post(f"/bureau/grants/{shared.grant.pk}/row-rule/", asked).content.decode()
    assert "打开了8行来数" in said
    who = a_person(15)
    assert exchange.footprint(who.account, exchange.FootprintFilter()).total == 1
    kept = a_person(2)
    assert exchange.footprint(kept.account, exchange.FootprintFilter()).total == 0


def test_too_many_rows_are_not_opened(shared, monkeypatch):
    monkeypatch.setattr(exchange.row_looks, "MOST_OPENED", 3)
    asked = exchange.row_looks.Asked(shared.resource, RULE)
    with pytest.raises(TooManyToOpen):
        exchange.row_looks.count_opened(
            asked, purpose="rule-check", by=shared.town.provider.sharing_head
        )
    assert not Entry.objects.filter(event="data.judged").exists()


def test_a_count_that_takes_too_long_says_so(shared, monkeypatch):
    from django.db import connection

    def slow() -> None:
        with connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = '1ms'")
            cursor.execute("select pg_sleep(1)")

    monkeypatch.setattr(exchange.row_looks, "_be_impatient", slow)
    asked = exchange.row_looks.Asked(shared.resource, RULE)
    with pytest.raises(CountTooLong):
        exchange.row_looks.tally(asked, by=shared.town.provider.sharing_head)


def test_the_user_of_a_grant_reads_its_rule_and_counts_nothing(shared):
    user = browser_of(shared.town.requester.sharing_head)
    page = user.get(f"/bureau/grants/{shared.grant.pk}/row-rule/").content.decode()
    assert "起始日期不早于2026-01-15" in page
    assert "只有提供部门的共享工作人员能数" in page
    assert "说清这一行" not in page
    asked = {"act": "judge", "key": number_of(2), "purpose": "rule-check"}
    refused = user.post(f"/bureau/grants/{shared.grant.pk}/row-rule/", asked)
    assert refused.status_code == 403
    assert not Entry.objects.filter(event="data.judged").exists()


def a_request(shared, **more) -> ShareRequest:
    order = Order(
        resource=shared.resource.code,
        client=shared.client_id,
        fields=("身份证号", "保障状态"),
        purpose="service-materials",
        until=shared.grant.until,
        row_rule="zt = '在保'",
        **more,
    )
    made = actions.request_share(order=order, by=shared.town.requester.contact)
    return actions.approve_request(request_id=made.pk, by=shared.town.requester.sharing_head)


def test_a_request_is_agreed_to_with_a_rule_and_delivered(shared, head):
    made = a_request(shared)
    address = f"/bureau/requests/{made.pk}/"
    page = head.get(address).content.decode()
    assert "只给符合规则的行：保障状态是“在保”" in page
    assert '<span class="figure-value">20</span>' in page
    looked = {"act": "explain", "row_rule": "rq >= date '2026-01-20'"}
    said = head.post(f"{address}agree/", looked).content.decode()
    assert "保障状态是“在保”，并且起始日期不早于2026-01-20" in said
    wrong = head.post(f"{address}agree/", {"row_rule": "rq >"})
    assert wrong.status_code == 422
    named = head.post(f"{address}agree/", {"row_rule": "xm = '林甲子'"})
    assert named.status_code == 422
    made.refresh_from_db()
    assert made.state == "submitted"
    assert head.post(f"{address}agree/", {"row_rule": looked["row_rule"]}).status_code == 302
    assert head.post(f"{address}deliver/").status_code == 302
    assert made.grants.get().row_rule == "(zt = '在保') and (rq >= date '2026-01-20')"


def test_looking_at_a_rule_neither_agrees_nor_asks_for_the_masks(shared, head):
    made = a_request(shared, masks={"sfzh": "none"})
    address = f"/bureau/requests/{made.pk}/agree/"
    said = head.post(address, {"act": "explain", "row_rule": "rq is not null"})
    assert said.status_code == 200
    assert head.post(address, {"row_rule": ""}).status_code == 422
