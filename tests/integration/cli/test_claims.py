"""`yitong claims`: who says to be the source of what, and what the authority decides (共享条例 19)."""

import pytest

from tests.factories.claims import NUMBER, a_quarrel
from tests.factories.duties import at
from yitong.cli import node as nodes
from yitong.data.standards.models import SourceClaim
from yitong.kernel import clock

pytestmark = [
    pytest.mark.committed,
    pytest.mark.furnished("town"),
    pytest.mark.timeout(120),
]


@pytest.fixture
def quarrel(node_keys):
    with clock.frozen(at("2026-09-01 09:00")):
        yield a_quarrel()


@pytest.fixture
def acting(monkeypatch):
    """Let commands act as an officer: as after `yitong login`."""

    def as_officer(actor) -> None:
        monkeypatch.setattr(nodes.Node, "actor", property(lambda _node: actor))

    return as_officer


def test_claims_are_listed_found_and_shown_with_what_stands_against_them(cli, quarrel):
    said = cli("claims", "list", "--json")
    assert (said.code, said.document["total"]) == (0, 2)
    assert [c["state"] for c in said.document["claims"]] == ["contested", "in_force"]
    found = cli("claims", "list", "--state", "contested", "--text", "教育局", "--json").document
    assert [c["claim"] for c in found["claims"]] == [quarrel.second.pk]
    assert "共 2 条" in cli("claims", "list").out
    shown = cli("claims", "show", quarrel.second.pk, "--json").document
    assert [c["claim"] for c in shown["against"]] == [quarrel.first.pk]
    assert [c["limit"] for c in shown["clocks"]] == ["DSR-19"]
    assert "登记" in shown["course"][0]["words"]
    assert "澜宁市民政局" in cli("claims", "show", quarrel.second.pk).out
    assert cli("claims", "show", 999_999, "--json").code == 3


def test_a_page_goes_on_after_the_last_number(cli, quarrel):
    first = cli("claims", "list", "--limit", "1", "--json").document
    assert first["after"] == quarrel.second.pk
    rest = cli("claims", "list", "--after", first["after"], "--json").document
    assert ([c["claim"] for c in rest["claims"]], rest["after"]) == ([quarrel.first.pk], None)


def test_a_department_claims_and_withdraws_and_the_authority_answers(cli, quarrel, acting):
    make = ("claims", "make", quarrel.other.code, "--element", "DE01002", "--subject", "person")
    basis = ("--basis", "教育法 15", "--json")
    assert cli(*make, *basis).code == 4  # an operator speaks for no department
    acting(quarrel.town.requester.contact)
    made = cli(*make, *basis)
    assert (made.code, made.document["state"]) == (0, "in_force")
    assert cli(*make, *basis).code == 5
    answer = ("claims", "answer", quarrel.second.pk, "--reason", "教育法写明", "--json")
    assert cli(*answer).code != 0  # nobody said yes
    assert cli(*answer, "--yes").code == 4
    acting(quarrel.town.reviewer)
    referred = cli(*answer, "--refer", "--yes")
    assert (referred.code, referred.document["state"]) == (0, "contested")
    decided = cli(*answer, "--yes")
    assert (decided.code, decided.document["state"]) == (0, "in_force")
    assert SourceClaim.objects.get(pk=quarrel.first.pk).state == "declined"
    assert cli(*answer, "--yes").code == 5
    acting(quarrel.town.requester.contact)
    gone = cli("claims", "withdraw", quarrel.second.pk, "--reason", "职责移交", "--yes")
    assert gone.code == 0
    assert "已撤回" in gone.out


def test_what_does_not_exist_is_said(cli, quarrel, acting):
    acting(quarrel.town.provider.contact)
    make = (
        "claims",
        "make",
        quarrel.resource.code,
        "--subject",
        "person",
        "--basis",
        "x",
        "--json",
    )
    assert cli(*make, "--element", "DE99999").code == 3
    other = ("claims", "make", "没有的", "--subject", "person", "--basis", "x", "--element", NUMBER)
    assert cli(*other, "--json").code == 3
