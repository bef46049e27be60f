"""Regions, clients, keys, log-in, doctor: on a real database, good input and bad."""

import io

import pytest

from tests.factories.agencies import a_client, a_post, an_agency, staff
from tests.factories.regions import load_demo, load_nation
from yitong.base.identity.accounts import set_password
from yitong.base.identity.models import Client
from yitong.base.ledger.models import Entry
from yitong.kernel.actor import Actor

pytestmark = [pytest.mark.committed, pytest.mark.timeout(120)]

PASSWORD = "correct horse battery staple"


def last(event: str) -> Entry:
    return Entry.objects.filter(event=event).order_by("-pk").first()


# Regions -----------------------------------------------------------------------------------------


def test_a_division_is_found_by_name_pinyin_and_code(cli):
    load_nation()
    load_demo()
    for text in ("桐花街道", "tonghuajiedao", "890102001", "890102001000"):
        said = cli("regions", "find", text, "--json")
        assert said.code == 0
        assert said.document[0]["name"] == "桐花街道"
    assert said.document[0]["path"][-2] == "听澜区"
    assert "演示区划" in cli("regions", "find", "桐花街道").out


def test_what_is_not_there_is_not_found_with_a_hint(cli):
    said = cli("regions", "find", "不存在的地方", "--json")
    assert (said.code, said.fault) == (3, "region_not_found")
    assert "regions load" in said.document["error"]["remedy"]
    load_nation()
    assert "regions load" not in cli("regions", "find", "不存在的地方").err
    assert cli("regions", "find", "99999999999999").code == 3
    assert cli("regions", "find", "%_' or 1=1").code == 3


# Clients -----------------------------------------------------------------------------------------


def test_a_client_s_secret_is_shown_once_and_works(cli):
    an_agency("澜宁市教育局")
    said = cli("client", "issue", "--agency", "澜宁市教育局", "--name", "招生系统", "--json")
    assert said.code == 0
    assert len(said.document["secret"]) > 30
    assert last("identity.client_issued").account.startswith("operator:")
    again = cli("client", "issue", "--agency", "澜宁市教育局", "--name", "招生系统", "--json")
    assert (again.code, again.fault) == (5, "client_name_taken")
    unknown = cli("client", "issue", "--agency", "澜宁市教育", "--name", "x", "--json")
    assert (unknown.code, unknown.fault) == (3, "unknown_agency")


def test_a_client_is_revoked_only_when_that_is_confirmed(cli):
    client = a_client().client_id
    said = cli("client", "revoke", client, "--json")
    assert (said.code, said.fault) == (4, "confirmation_needed")
    assert Client.objects.get().state == "active"
    assert cli("client", "revoke", client, "--yes").code == 0
    assert Client.objects.get().state == "revoked"
    assert cli("client", "revoke", client, "--yes", "--json").fault == "client_revoked"
    assert cli("client", "revoke", "nobody", "--yes").code == 3


# Keys --------------------------------------------------------------------------------------------


def test_the_state_of_the_keys_is_told_and_a_missing_store_fails(cli, node_keys):
    said = cli("keys", "status", "--json")
    assert (said.code, said.document["ok"]) == (0, True)
    assert said.document["master_versions"] == [1]
    for file in node_keys.iterdir():
        file.unlink()
    assert cli("keys", "status").code == 1


def test_the_master_key_is_replaced_only_when_that_is_confirmed(cli):
    assert cli("keys", "rotate-master", "--json").fault == "confirmation_needed"
    said = cli("keys", "rotate-master", "--yes", "--json")
    assert (said.code, said.document["master_version"]) == (0, 2)
    assert last("keys.master_created").account.startswith("operator:")


# Log-in ------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def one_factor(settings) -> None:
    settings.SECOND_FACTOR = "optional"


@pytest.fixture
def typed(monkeypatch):
    """What is piped into the next command."""

    def pipe(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return pipe


def test_after_log_in_commands_act_as_that_post(cli, typed, tmp_path):
    post = a_post(role="secadmin")
    account = staff(post, password=PASSWORD)
    typed(PASSWORD)
    said = cli("login", "--user", account.username, "--json")
    assert said.code == 0, said.out
    assert (said.document["post"], said.document["roles"]) == (post.key, ["secadmin"])
    assert last("identity.logged_in").account == f"account:{account.pk}"
    assert cli("keys", "rotate-master", "--yes").code == 0
    assert last("keys.master_created").account == f"account:{account.pk}"
    assert last("keys.master_created").post == post.key
    (kept,) = (tmp_path / "state" / "yitong").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in kept.read_text()

    assert cli("logout").code == 0
    assert last("identity.logged_out").account == f"account:{account.pk}"
    assert cli("keys", "rotate-master", "--yes").code == 0
    assert last("keys.master_created").account.startswith("operator:")
    assert cli("logout", "--json").fault == "not_logged_in"


def test_a_post_may_do_only_what_is_its_own(cli, typed):
    account = staff(a_post(role="clerk"), password=PASSWORD)
    typed(account.username, PASSWORD)
    assert cli("login").code == 0
    said = cli("keys", "rotate-master", "--yes", "--json")
    assert (said.code, said.fault) == (4, "not_allowed")


def test_a_session_that_ended_never_becomes_the_operator_silently(cli, typed):
    account = staff(a_post(role="secadmin"), password=PASSWORD)
    typed(PASSWORD)
    assert cli("login", "--user", account.username).code == 0
    set_password(by=Actor.operator("tests"), account=account, password=f"{PASSWORD} 2")
    said = cli("keys", "rotate-master", "--yes", "--json")
    assert (said.code, said.fault) == (4, "login_over")
    assert last("keys.master_created") is None
    assert cli("logout").code == 0
    assert cli("keys", "rotate-master", "--yes").code == 0


def test_wrong_passwords_are_refused_and_soon_paused(cli, typed):
    account = staff(a_post(), password=PASSWORD)
    for _ in range(5):
        typed("wrong")
        said = cli("login", "--user", account.username, "--json")
        assert (said.code, said.fault) == (4, "login_failed")
    typed(PASSWORD)
    said = cli("login", "--user", account.username, "--json")
    assert (said.code, said.fault) == (4, "login_paused")
    assert last("identity.login_failed") is not None


def test_a_log_in_without_input_fails_at_once(cli, typed):
    assert cli("login", "--json").fault == "input_missing"
    typed("somebody")
    assert cli("login", "--json").fault == "input_missing"
    account = staff(a_post(), password=PASSWORD)
    typed(PASSWORD)
    assert cli("login", "--user", account.username, "--post", "no/such/1").code == 4


# Doctor ------------------------------------------------------------------------------------------


def test_doctor_looks_at_everything_and_each_finding_has_a_fix(cli, node_keys):
    load_nation()
    said = cli("doctor", "--json")
    found = {check["name"]: check for check in said.document["checks"]}
    assert list(found) == [
        "data", "disk", "clock", "port", "translations", "database", "locale", "migrations", "server_clock",
        "partitions", "keys", "rotation", "key_copy", "policies", "ledger", "backup", "worker", "queue",
        "messages", "regions", "calendar",
    ]  # fmt: skip
    assert all(bool(check["fix"]) != (check["state"] == "ok") for check in found.values())
    well = ("database", "locale", "migrations", "server_clock", "partitions", "keys", "policies")
    assert {found[name]["state"] for name in well} == {"ok"}
    assert found["worker"]["state"] == "warn"
    assert said.document["ok"] == (said.code == 0)
    shown = cli("doctor").out
    assert "→" in shown
    assert "\x1b" not in shown


def test_doctor_names_who_holds_the_ledger_s_horizon(cli, database_url):
    import psycopg
    from django.db import connection, transaction

    from yitong.base.ledger.api import record
    from yitong.kernel.declare import About, Event

    with psycopg.connect(database_url, application_name="forgotten") as holder:
        holder.execute(
            "set transaction_timeout = 0" if holder.info.server_version >= 170000 else "select 1"
        )
        holder.execute("create temporary table t (x int)")
        with connection.cursor() as cursor:
            cursor.execute("alter table ledger_entry disable trigger all")
        with transaction.atomic():
            record(Event("tests.waits", "等"), by=Actor.operator("tests"), about=About("t", "1"))
        from unittest.mock import patch

        with (
            patch("yitong.base.ledger.health.HELD_AFTER_S", -1),
            patch("yitong.cli.checks.parts._WAIT_WARN_S", -1),
        ):
            said = cli("doctor", "--json")
        check = next(c for c in said.document["checks"] if c["name"] == "ledger")
        assert check["state"] == "warn"
        assert "forgotten" in check["detail"]
        assert "pg_terminate_backend" in check["fix"]
