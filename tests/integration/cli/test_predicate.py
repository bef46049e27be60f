"""`yitong predicate`: a rule over a shared table is explained, counted and checked, and nobody's row is opened unasked."""

import datetime as dt
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.db import connections

from tests.factories.persons import number_of
from tests.factories.shared_people import PURPOSE, SharedPeople, shared_people
from yitong.base.ledger.models import Entry
from yitong.data.exchange.api import shut_down
from yitong.data.sources.api import row_statement
from yitong.data.sources.errors import BadPlan
from yitong.kernel.predicates import Field, Kind, Schema, parse

pytestmark = [pytest.mark.committed, pytest.mark.timeout(120), pytest.mark.furnished("town")]

RULE = "zt = '在保' and rq >= date '2026-01-15'"


class Quiet(WSGIRequestHandler):
    def log_message(self, *said) -> None:
        """Addresses and bodies belong into no log."""


@pytest.fixture
def shared(cli, tmp_path) -> SharedPeople:
    found = shared_people(tmp_path, masks={"xm": "none"}, fields=("身份证号", "姓名", "保障状态"))
    yield found
    shut_down()


@pytest.fixture
def gateway(shared, monkeypatch):
    """The node's web application, and the grantee's credentials."""
    from yitong.config.wsgi import application

    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:

        def serve() -> None:
            server.serve_forever(0.05)
            connections.close_all()

        thread = threading.Thread(target=serve)
        thread.start()
        monkeypatch.setenv("YITONG_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("YITONG_CLIENT", shared.client_id)
        monkeypatch.setenv("YITONG_CLIENT_SECRET", shared.secret)
        yield server
        server.shutdown()
        thread.join()


def test_a_rule_is_explained_in_words_with_its_fields(cli, shared):
    said = cli("predicate", "explain", shared.resource.code, f"{RULE} and xm = '林甲子'", "--json")
    assert said.code == 0
    found = said.document
    assert found["words"] == "保障状态是“在保”，并且起始日期不早于2026-01-15，并且姓名是“林甲子”"
    assert found["judged_in_clear"] == "保障状态是“在保”，并且起始日期不早于2026-01-15"
    assert found["judged_after_opening"] == "姓名是“林甲子”"
    assert {item["name"]: item["sealed"] for item in found["fields"]} == {
        "zt": False,
        "rq": False,
        "xm": True,
    }
    assert "林甲子" not in found["sql"]
    shown = cli("predicate", "explain", shared.resource.code, f"{RULE} and xm = '林甲子'")
    assert "打开后再判断" in shown.out
    assert "密封" in shown.out


def test_a_rule_that_is_none_is_refused_with_its_place(cli, shared):
    said = cli("predicate", "explain", shared.resource.code, "zt = '在保' and rq > now()", "--json")
    assert (said.code, said.fault) == (1, "predicate_not_allowed")
    assert "第 1 行第 20 列" in said.document["error"]["sentence"]
    near = cli("predicate", "explain", shared.resource.code, "保障状态 = '在保'")
    assert near.code == 1
    assert "是不是“zt”" in near.err


def test_an_unknown_resource_is_not_found(cli, shared):
    assert cli("predicate", "count", "没有的目录", RULE).code == 3


def test_a_rule_is_read_from_standard_input(cli, shared, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(RULE + "\n"))
    assert cli("predicate", "explain", shared.resource.code, "-", "--json").code == 0
    assert cli("predicate", "explain", shared.resource.code, "-", "--json").fault == "input_missing"


def test_rows_are_counted_by_what_stands_in_clear(cli, shared):
    said = cli("predicate", "count", shared.resource.code, RULE, "--json")
    assert said.code == 0
    found = said.document
    assert (found["met"], found["unmet"], found["unknown"], found["total"]) == (8, 12, 0, 20)
    shown = cli("predicate", "count", shared.resource.code, RULE)
    assert "8 行" in shown.out


def test_with_a_sealed_item_the_count_is_an_upper_bound_and_nothing_is_recorded_as_a_use(
    cli, shared
):
    before = Entry.objects.filter(event="data.used").count()
    said = cli("predicate", "count", shared.resource.code, f"{RULE} and xm = '林甲子'", "--json")
    assert (said.document["met"], said.document["at_most"]) == (None, 8)
    assert said.document["judged_after_opening"] == ["xm"]
    assert "最多放行" in cli("predicate", "count", shared.resource.code, f"{RULE} and xm = 'x'").out
    only = cli("predicate", "count", shared.resource.code, "xm = '林甲子'", "--json")
    assert (only.code, only.fault) == (4, "only_sealed")
    assert Entry.objects.filter(event="data.used").count() == before


def test_numbers_that_a_field_cannot_hold_are_not_known_to_a_count_either(cli, shared):
    statement = row_statement(shared.resource.table_key)
    strange = parse("x > 1", Schema([Field("x", Kind.DECIMAL)]))
    with pytest.raises(BadPlan):
        statement.count(strange, on=dt.date(2026, 11, 22))
    in_county = parse("within(qh, '890102')", Schema([Field("qh", Kind.REGION)]))
    found = statement.count(in_county, on=dt.date(2026, 11, 22))
    assert (found.met, found.total) == (20, 20)


def test_a_made_up_row_is_checked_with_its_trace(cli, shared):
    said = cli(
        "predicate", "check", shared.resource.code, RULE, "--set", "zt=在保", "--set", "rq=2026/1/2", "--json",
    )  # fmt: skip
    assert said.code == 0
    found = said.document
    assert found["answer"] is None
    assert found["unread"] == ["rq"]
    assert found["missing"] == ["rq"]
    assert found["clauses"][0] == {
        "words": "保障状态是“在保”",
        "answer": True,
        "decided": False,
        "seen": {"zt": "在保"},
    }
    shown = cli("predicate", "check", shared.resource.code, RULE, "--set", "zt=停保")
    assert shown.out.startswith("不符合\n不符合：保障状态是“在保”（保障状态：停保）")
    assert "没有起始日期的数据" in shown.out


@pytest.mark.parametrize(
    "options",
    [[], ["--set", "nonsense"], ["--set", "x=1"], ["--key", "1"], ["--key", "1", "--set", "zt=1"]],
)
def test_check_wants_a_row_or_a_key_with_a_purpose(cli, shared, options):
    assert cli("predicate", "check", shared.resource.code, RULE, *options).code == 2


def test_one_person_is_checked_through_the_gateway_and_the_use_is_recorded(cli, shared, gateway):
    rule = "zt = '在保' and xm like '林%'"
    said = cli(
        "predicate", "check", shared.resource.code, rule, "--key", number_of(3), "--purpose", PURPOSE, "--json",
    )  # fmt: skip
    assert said.code == 0, said.out + said.err
    assert said.document["answer"] is True
    used = Entry.objects.get(pk=said.document["entry"])
    assert used.event == "data.used"
    assert used.facts["fields"] == ["zt", "xm"]
    shown = cli(
        "predicate",
        "check",
        shared.resource.code,
        rule,
        "--key",
        number_of(3),
        "--purpose",
        PURPOSE,
    )
    assert "使用记录" in shown.out


def test_an_item_that_the_grant_lacks_is_refused_by_the_gateway(cli, shared, gateway):
    said = cli(
        "predicate", "check", shared.resource.code, RULE, "--key", number_of(3), "--purpose", PURPOSE, "--json",
    )  # fmt: skip
    assert said.code == 4


@pytest.fixture
def ruled(cli, tmp_path) -> SharedPeople:
    found = shared_people(tmp_path, row_rule=RULE, fields=("身份证号", "姓名", "保障状态", "rq"))
    yield found
    shut_down()


def test_the_rule_of_a_grant_is_explained_counted_and_checked(cli, ruled):
    number = str(ruled.grant.pk)
    explained = cli("predicate", "explain", "--grant", number, "--json").document
    assert (explained["rule"], explained["grant"]) == (RULE, ruled.grant.pk)
    assert explained["digest"] == ruled.grant.row_rule_digest
    assert cli("predicate", "count", "--grant", number, "--json").document["met"] == 8
    made_up = ["--set", "zt=停保", "--json"]
    assert cli("predicate", "check", "--grant", number, *made_up).document["answer"] is False


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--grant", "{grant}", "表", RULE], 2), ([], 2), (["表"], 2), (["--grant", "999999"], 3)],
)
def test_a_rule_is_named_by_a_grant_or_by_resource_and_text(cli, ruled, options, code):
    given = [option.format(grant=ruled.grant.pk) for option in options]
    assert cli("predicate", "explain", *given).code == code


def test_a_grant_without_a_rule_says_so(cli, shared):
    said = cli("predicate", "count", "--grant", str(shared.grant.pk), "--json")
    assert (said.code, said.fault) == (1, "sharing.grant_unruled")
