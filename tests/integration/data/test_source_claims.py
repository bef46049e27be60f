"""一数一源 (政务数据共享条例 19): one source for an element; a second claim is a conflict that somebody has to decide."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories.catalogue import people_entry
from tests.factories.duties import at
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_town, published
from yitong.base.access.errors import NotAllowed
from yitong.base.duties.models import Duty
from yitong.base.ledger.api import entries_about
from yitong.data.catalogue.holders import holders
from yitong.data.standards import claims, duties, errors
from yitong.data.standards.api import live_claims, source_of
from yitong.data.standards.claims import NewClaim
from yitong.data.standards.models import DataElement, SourceClaim
from yitong.kernel import clock

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]

STATUS = "DE07002"


@pytest.fixture
def town(node_keys):  # noqa: F811
    with clock.frozen(at("2026-09-01 09:00")):
        yield a_town()


def a_claim(office, resource: str = "307001/000001", **more: str) -> SourceClaim:
    new = {
        "element": STATUS,
        "subject": "person",
        "resource": resource,
        "agency": office.agency.code,
        "basis": "社会救助暂行办法 3",
        **more,
    }
    return claims.claim_source(claim=NewClaim(**new), by=office.contact)


def open_duties() -> list[Duty]:
    return list(Duty.objects.filter(kind="standards.decide_source", closed_at__isnull=True))


def test_the_first_claim_is_the_source_at_once(town):
    row = a_claim(town.provider)
    assert (row.state_name, open_duties()) == ("数源", [])
    assert source_of(STATUS, subject="person", region="890102001") == row
    assert source_of(STATUS, subject="org", region="890102") is None
    assert source_of(STATUS, subject="person", region="890121") is None
    assert [e.event for e in entries_about(duties.about_claim(row))] == ["standards.source_claimed"]


def test_a_second_claim_opens_a_duty_of_the_data_authority_with_the_local_promise(town):
    first = a_claim(town.provider)
    second = a_claim(town.requester, "307002/000001", basis="教育法 15")
    (duty,) = open_duties()
    assert second.state_name == "有争议"
    assert (duty.agency_id, duty.limit_key) == (town.reviewer.agency, "DSR-19")
    assert (duty.subject, duty.waits) == ("状态", town.requester.agency.name)
    assert source_of(STATUS, subject="person", region="890102") == first
    assert list(live_claims(contested="only")) == [second]


def test_the_authority_names_one_and_the_other_is_declined(town):
    first = a_claim(town.provider)
    second = a_claim(town.requester, "307002/000001")
    claims.decide_source(claim_id=second.pk, reason="学籍由教育部门采集", by=town.reviewer)
    first.refresh_from_db()
    assert (first.state_name, first.reason) == ("未被确定为数源", "学籍由教育部门采集")
    assert source_of(STATUS, subject="person", region="890102") == second
    assert Duty.objects.get(kind="standards.decide_source").outcome == "decided"
    with pytest.raises(errors.NothingContested):
        claims.decide_source(claim_id=second.pk, reason="再定一次", by=town.reviewer)


def test_a_quarrel_over_the_function_stops_the_clock_and_is_decided_later(town):
    first = a_claim(town.provider)
    second = a_claim(town.requester, "307002/000001")
    claims.refer_conflict(claim_id=second.pk, reason="职责交叉，请编办明确", by=town.reviewer)
    assert open_duties()[0].state == "paused"
    claims.decide_source(claim_id=first.pk, reason="编办函〔2026〕3号", by=town.reviewer)
    assert open_duties() == []
    with pytest.raises(errors.NothingContested):
        claims.refer_conflict(claim_id=first.pk, reason="又", by=town.reviewer)


def test_what_is_withdrawn_lets_the_other_stand(town):
    first = a_claim(town.provider)
    second = a_claim(town.requester, "307002/000001")
    claims.withdraw_claim(claim_id=first.pk, reason="职责已划转", by=town.provider.contact)
    second.refresh_from_db()
    assert second.state_name == "数源"
    assert Duty.objects.get(kind="standards.decide_source").outcome == "settled"
    with pytest.raises(errors.ClaimOver):
        claims.withdraw_claim(claim_id=first.pk, reason="再撤", by=town.provider.contact)


def test_divisions_side_by_side_each_have_their_source_and_one_above_them_conflicts(town):
    a_claim(town.provider, region="890102")
    assert a_claim(town.requester, region="890121").state == "in_force"
    assert a_claim(town.provider, "307001/000009", region="8901").state == "contested"


def test_deciding_for_a_part_frees_what_only_the_whole_stood_against(town):
    whole = a_claim(town.provider, region="8901")
    part = a_claim(town.requester, "307002/000001", region="890102")
    other = a_claim(town.requester, "307002/000002", region="890121")
    claims.decide_source(claim_id=part.pk, reason="县里采集", by=town.reviewer)
    other.refresh_from_db()
    whole.refresh_from_db()
    assert (other.state, whole.state) == ("in_force", "declined")
    assert open_duties() == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"element": "DE99999"}, errors.UnknownElement),
        ({"subject": "dog"}, errors.SubjectUnknown),
        ({"basis": " "}, errors.ClaimNeedsWords),
    ],
)
def test_a_claim_that_cannot_be_judged_is_refused(town, change, refusal):
    with pytest.raises(refusal):
        a_claim(town.provider, **change)
    assert not SourceClaim.objects.exists()


def test_a_claim_is_made_once_and_of_elements_in_force(town):
    a_claim(town.provider)
    with pytest.raises(errors.ClaimedAlready):
        a_claim(town.provider)
    DataElement.objects.filter(code="DE07009").update(retired=True)
    with pytest.raises(errors.ElementRetired):
        a_claim(town.provider, element="DE07009")
    with pytest.raises(errors.ClaimUnknown):
        claims.withdraw_claim(claim_id=999, reason="无", by=town.provider.contact)


def test_nobody_claims_for_another_agency_nor_decides_his_own_case(town):
    with pytest.raises(NotAllowed):
        claims.claim_source(
            claim=NewClaim(STATUS, "person", "307001/000001", town.provider.agency.code, "办法"),
            by=town.requester.contact,
        )
    row = a_claim(town.provider)
    with pytest.raises(NotAllowed):
        claims.decide_source(claim_id=row.pk, reason="是我", by=town.provider.contact)


def test_the_database_keeps_one_source_by_itself(town):
    row = a_claim(town.provider)
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceClaim.objects.create(
            element=row.element, subject="person", region=row.region, resource="x",
            agency=row.agency, basis="y", state="in_force", claimed_by="z",
        )  # fmt: skip


def test_a_failed_record_undoes_the_claim(town, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(claims.ledger, "record", fail)
    with pytest.raises(RuntimeError):
        a_claim(town.provider)
    assert not SourceClaim.objects.exists()


def test_what_other_resource_already_holds_an_element_is_told_sources_first(town):
    row = published(town)
    other = published(town, people_entry(name="低保家庭成员"))
    a_claim(town.provider, other.code, element="DE01001")
    viewer = town.requester.contact
    found = holders(["DE01001", "DE01002", "DE99999", ""], viewer=viewer)
    assert [(h.name, h.is_source) for h in found["DE01001"]] == [
        (other.name, True), (row.name, False),
    ]  # fmt: skip
    assert [h.header for h in found["DE01002"]] == ["姓名", "姓名"]
    assert "DE99999" not in found
    beside = holders(["DE01001"], viewer=viewer, beside=other.code)
    assert [h.resource for h in beside["DE01001"]] == [row.code]
