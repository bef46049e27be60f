"""An agency's system gets a grant and reads one row over HTTP, as `yitong call` and as curl do."""

import datetime as dt
import io
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.db import connections

from tests.factories.persons import number_of
from tests.factories.shared_people import PURPOSE, SharedPeople, shared_people
from yitong.data.exchange.api import shut_down
from yitong.data.sharing.models import Grant
from yitong.kernel import clock

pytestmark = [pytest.mark.committed, pytest.mark.timeout(120), pytest.mark.furnished("people")]


class Quiet(WSGIRequestHandler):
    def log_message(self, *said) -> None:
        """Addresses and bodies belong into no log."""


@pytest.fixture
def shared(cli, tmp_path) -> SharedPeople:
    found = shared_people(tmp_path)
    yield found
    shut_down()


@pytest.fixture
def node(shared, monkeypatch):
    """The node's web application on a port of its own."""
    from yitong.config.wsgi import application

    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:

        def serve() -> None:
            server.serve_forever(0.05)
            connections.close_all()

        thread = threading.Thread(target=serve)
        thread.start()
        monkeypatch.setenv("YITONG_URL", f"http://127.0.0.1:{server.server_port}")
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def as_client(shared, monkeypatch):
    monkeypatch.setenv("YITONG_CLIENT", shared.client_id)
    monkeypatch.setenv("YITONG_CLIENT_SECRET", shared.secret)


def until() -> str:
    return (clock.today() + dt.timedelta(days=30)).isoformat()


def asked(shared, **changes):
    options = {
        "--to": shared.client_id,
        "--fields": "身份证号,姓名",
        "--purpose": "service-materials",
        "--until": until(),
        **changes,
    }
    return [
        "grant",
        shared.resource.code,
        *(part for pair in options.items() for part in pair),
        "--json",
    ]


def test_an_operator_may_grant_in_a_demo_and_the_grant_says_all_it_is(cli, shared, settings):
    settings.PROFILE = "demo"
    said = cli(*asked(shared, **{"--rate": 60, "--region": "890102"}))
    assert said.code == 0
    found = said.document
    assert (found["state"], found["rate_per_minute"], found["region"]) == ("active", 60, "890102")
    assert found["masks"]["xm"] == "name"
    assert Grant.objects.get(pk=found["grant"]).granted_by.startswith("operator:")


def test_rows_are_given_by_rule_and_said_in_words(cli, shared, settings):
    settings.PROFILE = "demo"
    said = cli(*asked(shared, **{"--rows": "zt = '在保' and age(rq) >= 80"}))
    assert said.code == 0
    found = said.document
    assert found["rows_in_words"] == "保障状态是“在保”，并且按起始日期在办理当日满80岁"
    assert found["rows_digest"] == Grant.objects.get(pk=found["grant"]).row_rule_digest
    wrong = cli(*asked(shared, **{"--rows": "zt = '在保' and nianling >= 80"}))
    assert (wrong.code, wrong.fault) == (1, "predicate_field_unknown")
    assert "第 1 行第 15 列" in wrong.document["error"]["sentence"]


def test_on_a_real_node_an_operator_may_not(cli, shared):
    said = cli(*asked(shared))
    assert (said.code, said.fault) == (4, "not_allowed")
    assert said.document["error"]["basis"]
    assert Grant.objects.count() == 1


def test_what_a_grant_may_not_be_is_refused_with_the_reason(cli, shared, settings):
    settings.PROFILE = "demo"
    for changes, code in (
        ({"--to": "nobody"}, 3),
        ({"--fields": "身份证号,没有的项"}, 1),
        ({"--fields": "姓名"}, 1),
        ({"--purpose": "curiosity"}, 3),
        ({"--until": "2020-01-01"}, 1),
        ({"--region": "8x"}, 1),
        ({"--mask": "姓名=nothing"}, 1),
        ({"--purpose": PURPOSE}, 5),
    ):
        said = cli(*asked(shared, **{"--until": until(), **changes}))
        assert said.code == code, (changes, said.out)
        assert said.document["error"]["remedy"], changes


def test_an_unknown_resource_is_not_found(cli, shared, settings):
    settings.PROFILE = "demo"
    words = asked(shared)
    words[1] = "没有的目录"
    assert cli(*words).code == 3


def test_a_client_reads_one_row_masked_as_granted_and_recorded(cli, shared, node, as_client):
    said = cli("call", shared.resource.code, "--key", number_of(3), "--purpose", PURPOSE, "--json")
    assert said.code == 0
    (row,) = said.document["rows"]
    assert number_of(3) not in said.out
    assert "*" in str(row)
    assert said.document["entry"] > 0
    shown = cli("call", shared.resource.code, "--key", number_of(3), "--purpose", PURPOSE)
    assert "账本记录" in shown.out


def test_only_the_asked_items_are_answered(cli, shared, node, as_client):
    said = cli(
        "call", shared.resource.code, "--key", number_of(3), "--purpose", PURPOSE, "--fields", "xm", "--json"
    )  # fmt: skip
    assert said.code == 0
    (row,) = said.document["rows"]
    assert len(row) == 1


@pytest.mark.parametrize(
    ("resource", "purpose", "key", "code"),
    [
        (None, "curiosity", None, 4),
        ("000000/000000", PURPOSE, None, 4),
        (None, PURPOSE, "12345", 1),
    ],
)
def test_what_the_gateway_refuses_is_said_in_its_words(
    resource, purpose, key, code, cli, shared, node, as_client
):
    said = cli(
        "call", resource or shared.resource.code, "--key", key or number_of(3), "--purpose", purpose, "--json"
    )  # fmt: skip
    assert said.code in {code, 3}
    assert said.document["error"]["sentence"]
    assert said.document["error"]["status"] >= 400


def test_a_wrong_secret_is_refused_and_never_an_argument(cli, shared, node, monkeypatch):
    monkeypatch.setenv("YITONG_CLIENT", shared.client_id)
    monkeypatch.setenv("YITONG_CLIENT_SECRET", "wrong")
    said = cli("call", shared.resource.code, "--key", number_of(3), "--purpose", PURPOSE, "--json")
    assert (said.code, said.fault) == (4, "invalid_client")
    help_text = cli("call", "--help").out
    assert "--secret" not in help_text


def test_the_secret_may_come_from_standard_input(cli, shared, node, monkeypatch):
    monkeypatch.setenv("YITONG_CLIENT", shared.client_id)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{shared.secret}\n{number_of(3)}\n"))
    said = cli("call", shared.resource.code, "--key", "-", "--purpose", PURPOSE, "--json")
    assert said.code == 0, said.out
    monkeypatch.setattr("sys.stdin", io.StringIO())
    said = cli("call", shared.resource.code, "--key", "1", "--purpose", PURPOSE, "--json")
    assert (said.code, said.fault) == (1, "input_missing")


def test_a_node_that_does_not_answer_is_told_with_what_to_do(cli, shared, as_client):
    said = cli(
        "call", "r", "--key", "1", "--purpose", PURPOSE, "--url", "http://127.0.0.1:9", "--json"
    )
    assert (said.code, said.fault) == (1, "node_unreachable")
    assert cli("call", "r", "--key", "1", "--purpose", "p", "--url", "file:///etc").code == 2
    assert cli("call", "r", "--key", "1", "--purpose", "p", "--client", "").code in {1, 2}


def test_pages_and_the_gateway_share_one_port(cli, shared, node):
    import urllib.error
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{node.server_port}/") as page:
        assert page.status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(
            f"http://127.0.0.1:{node.server_port}/gateway/v1/resources/x/read", b"{}"
        )
    assert refused.value.code == 401
    assert refused.value.headers["Content-Type"] == "application/problem+json"
    refused.value.close()
