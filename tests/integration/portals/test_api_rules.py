"""Rules over HTTP: said in words, tried on a made-up row, counted only for those who have the rows."""

import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_town, published
from tests.factories.programs import a_machine
from tests.factories.shared_people import load_rows, people_csv

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]
RULE = "zt = '在保' and rq >= date '2026-01-15'"


@pytest.fixture
def town(node_keys):  # noqa: F811
    return a_town()


@pytest.fixture
def row(town, tmp_path):
    found = published(town)
    load_rows(found, people_csv(tmp_path, 20), town.provider.agency.code)
    return found


def test_a_rule_is_explained_checked_and_counted(town, row):
    own, other = a_machine(town.provider.agency, "catalogue"), a_machine(town.requester.agency)
    said = other.post(f"resources/{row.code}/rules/explain", {"rule": RULE}, key="").json()
    assert {f["name"]: f["sealed"] for f in said["fields"]} == {"zt": False, "rq": False}
    assert "在保" in said["words"]
    tried = other.post(
        f"resources/{row.code}/rules/check", {"rule": RULE, "row": {"zt": "停保"}}, key=""
    ).json()
    assert tried["answer"] is False
    assert [c["decided"] for c in tried["clauses"] if c["answer"] is False] == [True]
    unsure = other.post(
        f"resources/{row.code}/rules/check", {"rule": RULE, "row": {"zt": "在保"}}, key=""
    ).json()
    assert (unsure["answer"], unsure["missing"]) == (None, ["rq"])
    counted = own.post(f"resources/{row.code}/rules/count", {"rule": RULE}, key="").json()
    assert counted["met"] + counted["unmet"] + counted["unknown"] == counted["total"] == 20
    refused = other.post(f"resources/{row.code}/rules/count", {"rule": RULE}, key="")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_what_is_sealed_is_not_counted(town, row):
    own = a_machine(town.provider.agency, "catalogue")
    answer = own.post(f"resources/{row.code}/rules/count", {"rule": "xm = '林甲子'"}, key="")
    assert (answer.status_code, answer.json()["code"]) == (409, "api.only_sealed")


def test_a_rule_that_cannot_be_read_says_where(town, row):
    answer = a_machine(town.requester.agency).post(
        f"resources/{row.code}/rules/explain", {"rule": "nothing = 1"}, key=""
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "predicate_field_unknown")
