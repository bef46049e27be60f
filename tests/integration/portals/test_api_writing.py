"""What agencies' systems change over HTTP: once for each key, by whom it is allowed, and with people's steps left to people."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client as Browser

from tests.factories.agencies import OPERATOR
from tests.factories.footprints import log_in
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_town, published
from tests.factories.programs import STRANGER, Machine, a_machine
from yitong.base.identity.models import Account
from yitong.data.catalogue.models import Resource
from yitong.data.sharing.api import load_purposes
from yitong.data.sharing.models import ShareRequest
from yitong.data.standards.api import load_standards
from yitong.data.standards.models import SourceClaim
from yitong.kernel import clock

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]
DRAFT = {
    "name": "临时救助对象",
    "update_cycle": "monthly",
    "columns": [
        {"header": "身份证号", "name": "sfzh", "is_key": True},
        {"header": "姓名"},
        {"header": "救助金额", "type": "N"},
    ],
}
STATUS = "DE07002"


@pytest.fixture
def town(node_keys):  # noqa: F811
    return a_town()


@pytest.fixture
def own(town):
    return a_machine(town.provider.agency, "catalogue", "claims")


def test_a_description_becomes_a_draft_with_reasons(town, own):
    answer = own.post("drafts", DRAFT)
    said = answer.json()
    assert answer.status_code == 201, said
    assert (said["state"], said["version"], said["missing"]) == ("draft", 1, [])
    by_name = {f["name"]: f for f in said["fields"]}
    assert by_name["sfzh"]["personal"] == "identity"
    assert by_name["sfzh"]["is_key"]
    assert by_name["sfzh"]["reasons"]
    row = Resource.objects.get(code=said["resource"])
    assert row.owner == town.provider.agency
    assert row.versions.get(number=1).account == f"client:{own.client_id}"


def test_twenty_submits_with_one_key_have_one_effect(own):
    key = str(uuid.uuid4())
    gate = threading.Barrier(20)

    def send(_turn: int):
        gate.wait()
        try:
            return Machine(own.token, browser=Browser()).post("drafts", DRAFT, key=key)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in done}) == 1
    assert [a["Idempotency-Replayed"] for a in done].count("false") == 1
    assert all(a.json()["code"] == "once_still_running" for a in answers if a not in done)
    assert Resource.objects.count() == 1


def test_a_lost_answer_is_given_again_and_a_key_is_not_used_for_something_else(own):
    first = own.post("drafts", DRAFT, key="k-1")
    again = own.post("drafts", DRAFT, key="k-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    other = own.post("drafts", DRAFT | {"name": "另一个"}, key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "once_key_reused")
    elsewhere = own.post("claims", DRAFT, key="k-1")
    assert elsewhere.status_code == 422


def test_a_refused_request_leaves_its_key_free(own):
    published_word = {"share_type": "withheld"}
    assert own.post("drafts", DRAFT | published_word, key="k-2").status_code == 403
    assert own.post("drafts", DRAFT, key="k-2").status_code == 201


@pytest.mark.parametrize("key", ["", "mit Leerzeichen", "x" * 256])
def test_without_a_key_that_can_be_kept_nothing_happens(own, key):
    answer = own.post("drafts", DRAFT, key=key)
    assert answer.status_code == 400
    assert answer.json()["code"] in {"api.once_key_missing", "once_key_invalid"}
    assert not Resource.objects.exists()


def test_a_small_file_becomes_a_draft_and_its_rows_stay_out(own):
    rows = "身份证号,姓名,保障金额\n890102199203150020,林甲子,600\n12345,林乙丑,700\n"
    file = SimpleUploadedFile("../临时救助.csv", rows.encode())
    answer = own.upload("drafts/file", file, name="临时救助对象")
    said = answer.json()
    assert answer.status_code == 201, said
    assert [f["header"] for f in said["fields"]] == ["身份证号", "姓名", "保障金额"]
    assert "林甲子" not in answer.content.decode()
    assert "890102199203150020" not in answer.content.decode()
    assert Resource.objects.get().source == "临时救助.csv"


def test_what_goes_with_a_file_is_text_that_can_be_kept(own):
    file = SimpleUploadedFile("a.csv", b"a,b\n1,2\n")
    answer = own.upload("drafts/file", file, duty="\x00")
    assert (answer.status_code, answer.json()["code"]) == (422, "parameters_invalid")


def test_a_file_with_a_mark_of_secrecy_is_refused(own):
    file = SimpleUploadedFile("机密名单.csv", "编号,名称\n1,甲\n".encode())
    answer = own.upload("drafts/file", file)
    assert (answer.status_code, answer.json()["code"]) == (403, "marked_secret")
    assert not Resource.objects.exists()


def test_a_draft_is_amended_and_handed_in_by_the_version_that_was_read(town, own):
    code = own.post("drafts", DRAFT).json()["resource"]
    change = {
        "version": 1,
        "reason": "核实",
        "abstract": "每月更新",
        "fields": [{"name": "姓名", "mask": "hidden"}],
    }
    said = own.post(f"drafts/{code}/amendments", change)
    assert said.status_code == 201, said.json()
    assert {f["name"]: f["mask"] for f in said.json()["fields"]}["姓名"] == "hidden"
    stale = own.post(f"drafts/{code}/submission", {"version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "api.version_moved")
    done = own.post(f"drafts/{code}/submission", {"version": 2}).json()
    assert done["state"] == "approval"
    other = a_machine(town.requester.agency, "catalogue")
    assert other.post(f"drafts/{code}/submission", {"version": 2}).status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"update_cycle": "weekly-ish"}, "/body/update_cycle"),
        ({"columns": []}, "/body/columns"),
        ({"name": 5}, "/body/name"),
        ({"owner": "别的局"}, "/body/owner"),
        ({"columns": [{"header": "姓名", "type": "Z"}]}, "/body/columns/0/type"),
    ],
)
def test_a_mistake_is_named_by_its_pointer(own, change, pointer):
    answer = own.post("drafts", DRAFT | change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_token_without_the_scope_writes_nothing(town):
    reader = a_machine(town.provider.agency, "exchange")
    for path in ("drafts", "drafts/x/submission", "share-requests"):
        body = DRAFT if path == "drafts" else {"version": 1}
        answer = reader.post(path, body)
        assert answer.status_code in {403, 422}
    assert reader.post("drafts", DRAFT).json()["code"] == "api.scope_missing"
    assert STRANGER.post("drafts", DRAFT).status_code == 401


def test_a_system_asks_for_data_and_its_head_agrees_before_it_goes_out(town):
    load_purposes(by=OPERATOR)
    row = published(town)
    machine = a_machine(town.requester.agency, "sharing")
    wanted = {
        "resource": row.code,
        "fields": ["身份证号", "保障状态"],
        "purpose": "school-admission",
        "until": clock.today().replace(year=clock.today().year + 1, month=1, day=31).isoformat(),
    }
    answer = machine.post("share-requests", wanted)
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["state"], answer.json()["client"]) == ("internal", machine.client_id)
    assert ShareRequest.objects.get().submitted_at is None
    listed = machine.get("share-requests").json()["requests"]
    assert [r["request"] for r in listed] == [answer.json()["request"]]
    provider = a_machine(town.provider.agency, "sharing")
    assert provider.post("share-requests", wanted).json()["code"] == "sharing.own_data"
    assert machine.get("grants").json() == {"grants": [], "next": ""}


def test_claims_are_made_by_systems_and_decided_by_people(town, own):
    load_standards(by=OPERATOR)
    mine = published(town)
    claim = {
        "element": STATUS,
        "subject": "person",
        "resource": mine.code,
        "basis": "社会救助暂行办法 3",
    }
    first = own.post("claims", claim).json()
    assert (first["state"], first["against"]) == ("in_force", [])
    assert own.post("claims", claim).json()["code"] == "standards_claimed_already"
    rival = a_machine(town.requester.agency, "claims")
    assert rival.post("claims", claim).status_code == 403
    assert own.get("claims", q=first["element_name"]).json()["total"] == 1
    assert own.post(f"claims/{first['claim']}/decision", {"reason": "就是它"}).status_code == 403
    gone = own.post(f"claims/{first['claim']}/withdrawal", {"reason": "职责移交"}).json()
    assert gone["state"] == "withdrawn"
    assert SourceClaim.objects.get().reason == "职责移交"


def test_an_officials_session_writes_with_the_form_token_only(town):
    account = Account.objects.get(pk=int(town.provider.contact.account.partition(":")[2]))
    session = log_in(account.username).cookies["sessionid"].value
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies["sessionid"] = session
    body, key = DRAFT, {"Idempotency-Key": "s-1"}
    without = strict.post("/api/drafts", body, content_type="application/json", headers=key)
    assert (without.status_code, without.json()["code"]) == (403, "api.form_token_missing")
    strict.get("/help/")
    token = "a" * 32
    strict.cookies["csrftoken"] = token
    done = strict.post(
        "/api/drafts",
        body,
        content_type="application/json",
        headers=key | {"X-CSRFToken": token},
    )
    assert done.status_code == 201, done.json()


def test_sources_are_shown_without_their_place(town, own, tmp_path):
    from tests.factories.shared_people import load_rows, people_csv

    row = published(town)
    load_rows(row, people_csv(tmp_path, 5), town.provider.agency.code)
    answer = own.get("sources")
    table = answer.json()["sources"][0]["tables"][0]
    assert (table["state"], table["rows"]) == ("loaded", 5)
    assert str(tmp_path) not in answer.content.decode()
    assert a_machine(town.requester.agency, "catalogue").get("sources").json()["sources"] == []


def test_who_protects_a_field_less_says_why(own):
    code = own.post("drafts", DRAFT).json()["resource"]
    change = {"version": 1, "reason": "核实", "fields": [{"name": "姓名", "mask": "none"}]}
    refused = own.post(f"drafts/{code}/amendments", change)
    assert (refused.status_code, refused.json()["code"]) == (400, "catalogue.protection_lowered")
    change["fields"][0]["why"] = "名单依法公示"
    assert own.post(f"drafts/{code}/amendments", change).status_code == 201
