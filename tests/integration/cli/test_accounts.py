"""`yitong accounts`, and the second factor of `yitong login`."""

import io

import pytest

from tests.factories.agencies import a_post, an_agency, staff
from tests.factories.authenticators import with_authenticator
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from yitong.base.identity.models import Account

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

PASSWORD = "澜江大道上的石桥 1987"


@pytest.fixture
def typed(monkeypatch):
    def pipe(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return pipe


def test_an_account_from_its_opening_to_its_end(cli, typed):
    agency = an_agency("澜宁市民政局")
    made = cli("accounts", "create", "zhoumin", "--agency", agency.name, "--json")
    assert made.code == 0, made.out
    assert made.document["agency"] == agency.code
    reset = cli("accounts", "reset", "zhoumin", "--yes", "--json").document
    assert len(reset["password"]) >= 12
    typed("周敏", number_of(77))
    assert cli("accounts", "holder", "zhoumin", "--json").document["has_holder"]
    locked = cli("accounts", "lock", "zhoumin", "--reason", "离职", "--json")
    assert locked.document["state"] == "locked"
    assert cli("accounts", "lock", "zhoumin", "--reason", "离职", "--json").code == 5
    assert cli("accounts", "unlock", "zhoumin", "--json").document["state"] == "active"
    assert "周敏" in cli("accounts", "show", "zhoumin").out


def test_accounts_are_listed_by_what_is_asked(cli):
    agency = an_agency("澜宁市民政局")
    holder = staff(a_post(agency))
    a_person(2)
    everybody = cli("accounts", "list", "--json").document
    assert {row["username"] for row in everybody} == {holder.username, "citizen2"}
    (only,) = cli("accounts", "list", "--kind", "person", "--json").document
    assert only["username"] == "citizen2"
    (only,) = cli("accounts", "list", "--agency", agency.name, "--json").document
    assert only["username"] == holder.username
    assert cli("accounts", "list", "--state", "locked", "--json").document == []
    assert number_of(2) not in cli("accounts", "list").out


def test_what_is_not_there_exits_3_and_what_cannot_be_says_why(cli):
    assert cli("accounts", "show", "nobody", "--json").code == 3
    assert cli("accounts", "create", "890102199203150020", "--json").fault == "invalid_username"
    assert cli("accounts", "list", "--agency", "没有这个局", "--json").code == 3
    assert cli("accounts", "lock", "nobody").code == 2, "the reason is asked for"


def test_a_clerk_who_is_logged_in_manages_nobody(cli, typed, settings):
    settings.SECOND_FACTOR = "optional"
    clerk = staff(a_post(role="clerk"), password=PASSWORD)
    other = staff()
    typed(PASSWORD)
    assert cli("login", "--user", clerk.username).code == 0
    assert cli("accounts", "lock", other.username, "--reason", "x", "--json").code == 4
    assert Account.objects.get(pk=other.pk).is_active


def test_the_command_line_asks_for_the_second_factor_too(cli, typed):
    member = staff(a_post(role="clerk"), password=PASSWORD)
    typed(PASSWORD)
    said = cli("login", "--user", member.username, "--json")
    assert (said.code, said.fault) == (4, "second_factor_missing")

    code = with_authenticator(member)
    typed(PASSWORD, "000000")
    assert cli("login", "--user", member.username, "--json").fault == "second_factor_failed"
    now = code()
    typed(PASSWORD, now)
    assert cli("login", "--user", member.username, "--json").code == 0
    assert cli("logout").code == 0
    typed(PASSWORD, now)
    said = cli("login", "--user", member.username, "--json")
    assert said.fault == "second_factor_failed", "a code is good once"


def test_a_log_in_at_the_command_line_is_seen_and_ended_like_any_other(cli, typed, settings):
    settings.SECOND_FACTOR = "optional"
    member = staff(a_post(role="clerk"), password=PASSWORD)
    typed(PASSWORD)
    assert cli("login", "--user", member.username).code == 0
    from yitong.base.identity.api import devices

    (session,) = devices.sessions_of(member)
    assert session.user_agent == "yitong"
    session.end()
    assert cli("accounts", "list", "--json").fault == "login_over"
