"""The auditor's page: every step of an entry with its ledger entry and a proof, and nobody else's page."""

import csv
import io

import pytest

from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import officer
from tests.factories.persons import number_of
from tests.factories.shared_people import shared_people
from yitong.base.identity.models import Account
from yitong.base.ledger.api import sequence_all
from yitong.data.exchange.api import shut_down

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
    pytest.mark.timeout(120),
]


def browser_of(actor):
    account = Account.objects.get(pk=int(actor.account.partition(":")[2]))
    return log_in(account.username)


@pytest.fixture
def people(node_keys, tmp_path):  # noqa: F811
    found = shared_people(tmp_path)
    for number in (3, 4, 900):
        found.call(number_of(number))
    found.call(number_of(3), purpose="sneaky")
    sequence_all()
    yield found
    shut_down()


def test_the_auditor_reads_every_step_and_takes_the_proof_along(people):
    auditor = browser_of(officer(people.town.provider.agency, "auditor"))
    base = f"/bureau/catalogue/{people.resource.pk}/life/"
    page = auditor.get(base).content.decode()
    for words in (
        "编制目录",
        "保密风险评估",
        "审核通过并发布",
        "载入数据表",
        "授权使用",
        "提供部门答复",
    ):
        assert words in page
    assert number_of(3) not in page

    steps = auditor.get(f"{base}export.json").json()["steps"]
    assert [s["at"] for s in steps] == sorted((s["at"] for s in steps), reverse=True)
    kinds = {step["kind"] for step in steps}
    assert kinds >= {"proposal", "assessment", "approval", "request", "grant", "data"}
    proof = auditor.get(f"{base}{steps[0]['entry']}/proof.json")
    assert proof.json()["index"] == steps[0]["ledger_index"]
    assert "attachment" in proof["Content-Disposition"]

    text = b"".join(auditor.get(f"{base}export.csv?kind=grant").streaming_content).decode(
        "utf-8-sig"
    )
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "时间"
    assert {row[6] for row in rows[1:]} == {"sharing.granted"}


def test_uses_are_counted_by_month_and_client_and_opened_one_by_one(people):
    auditor = browser_of(officer(people.town.provider.agency, "auditor"))
    base = f"/bureau/catalogue/{people.resource.pk}/life/"
    answer = auditor.get(base)
    (line,) = answer.context["months"]
    assert (line.agency, line.given, line.refused) == (people.town.requester.agency.name, 3, 1)
    page = auditor.get(f"{base}uses/", {"month": line.month, "client": line.client})
    assert len(page.context["uses"]) == 4
    assert "看不出查的是谁" in page.content.decode()
    use = page.context["uses"][0][0]
    assert auditor.get(f"{base}{use.entry_id}/proof.json").status_code == 200
    assert not auditor.get(f"{base}uses/", {"month": "1999-01"}).context["uses"]


def test_only_the_auditor_of_the_division_comes_in(people):
    base = f"/bureau/catalogue/{people.resource.pk}/life/"
    for actor in (people.town.provider.head, people.town.reviewer, people.town.requester.contact):
        browser = browser_of(actor)
        for path in (base, f"{base}uses/", f"{base}export.csv", f"{base}1/proof.json"):
            assert browser.get(path).status_code == 403
        entry = browser.get(f"/bureau/catalogue/{people.resource.pk}/").content.decode()
        assert "/life/" not in entry


def test_a_proof_of_something_else_is_not_given_out_here(people):
    auditor = browser_of(officer(people.town.provider.agency, "auditor"))
    base = f"/bureau/catalogue/{people.resource.pk}/life/"
    assert auditor.get(f"{base}1/proof.json").status_code == 404
    assert auditor.get(f"{base}99999999/proof.json").status_code == 404
    assert auditor.get(f"{base}export.xml").status_code == 404
