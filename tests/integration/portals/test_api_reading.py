"""What agencies' systems read over HTTP: pages that lose nothing, versions, elements, and "no" as problems."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client as Browser

from tests.factories.agencies import OPERATOR, a_post, staff
from tests.factories.catalogue import people_entry
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.officers import a_draft, a_town, publish, published
from tests.factories.programs import STRANGER, a_machine
from yitong.data.catalogue.actions import amend
from yitong.data.sharing.api import load_purposes

pytestmark = [
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]


@pytest.fixture
def town():
    return a_town()


@pytest.fixture
def machine(town):
    return a_machine(town.requester.agency, "exchange")


def test_a_page_neither_skips_nor_repeats_while_entries_are_filed(town, machine):
    for number in range(5):
        published(town, people_entry(f"救助对象{number}"))
    first = machine.get("resources", limit=2).json()
    published(town, people_entry("后来的"))
    second = machine.browser.get(first["next"], headers=machine.headers).json()
    third = machine.browser.get(second["next"], headers=machine.headers).json()
    named = [row["name"] for page in (first, second, third) for row in page["resources"]]
    assert named == [f"救助对象{number}" for number in (4, 3, 2, 1, 0)]
    assert third["next"] == ""


def test_a_cursor_of_other_filters_or_made_up_is_a_problem(town, machine):
    for number in range(3):
        published(town, people_entry(f"救助对象{number}"))
    cursor = machine.get("resources", limit=1).json()["next"].rpartition("cursor=")[2]
    for asked in ({"cursor": cursor, "q": "救助"}, {"cursor": "MQ"}, {"cursor": "1:x"}):
        answer = machine.get("resources", limit=1, **asked)
        assert answer.status_code == 400, asked
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "api.cursor_invalid"


def test_versions_and_their_differences(town, machine):
    row = published(town)
    changed = replace(row.versions.get(number=1).entry, abstract="按月更新的在保情况")
    amend(code=row.code, proposal=changed, reason="改写摘要", by=town.provider.contact)
    own = a_machine(town.provider.agency, "catalogue")
    assert [
        v["version"] for v in machine.get(f"resources/{row.code}/versions").json()["versions"]
    ] == [1]
    assert [v["version"] for v in own.get(f"resources/{row.code}/versions").json()["versions"]] == [
        2,
        1,
    ]
    assert machine.get(f"resources/{row.code}/versions/2").status_code == 404
    publish(town, row.code)
    said = machine.get(f"resources/{row.code}/differences", since=1, until=2).json()
    assert [(d["change"], d["item"]) for d in said["differences"]] == [("changed", "abstract")]
    whole = machine.get(f"resources/{row.code}/versions/2")
    assert whole.json()["entry"]["abstract"] == "按月更新的在保情况"
    again = machine.browser.get(
        f"/api/resources/{row.code}/versions/2",
        headers=machine.headers | {"If-None-Match": whole["ETag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_draft_is_nobody_elses(town, machine):
    row = a_draft(town)
    own = a_machine(town.provider.agency, "exchange")
    assert own.get(f"resources/{row.code}").status_code == 200
    for path in ("", "/versions", "/differences"):
        answer = machine.get(f"resources/{row.code}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "catalogue.resource_unknown")


def test_elements_are_found_by_their_words_with_source_and_confidence():
    page = STRANGER.get("elements", q="身份证").json()
    found = next(e for e in page["elements"] if e["name"] == "公民身份号码")
    assert found["source"]
    assert found["confidence"] in {"H", "M", "L"}
    whole = STRANGER.get(f"elements/{found['code']}")
    assert whole.json()["grade_reason"]
    held = STRANGER.browser.get(
        f"/api/elements/{found['code']}", headers={"If-None-Match": whole["ETag"]}
    )
    assert held.status_code == 304


def test_all_elements_and_code_tables_are_read_page_by_page():
    for name, listed in (("elements", "elements"), ("code-tables", "code_tables")):
        page = STRANGER.get(name, limit=40).json()
        keys = []
        while True:
            keys += [row.get("code") or row["key"] for row in page[listed]]
            if not page["next"]:
                break
            page = STRANGER.browser.get(page["next"]).json()
        assert keys == sorted(set(keys))
        assert len(keys) == page["total"]


def test_a_code_table_has_its_values():
    table = STRANGER.get("code-tables").json()["code_tables"][0]
    whole = STRANGER.get(f"code-tables/{table['key']}").json()
    assert len(whole["values"]) == table["values"]
    assert STRANGER.get("code-tables/nothing").json()["code"] == "api.code_table_unknown"


def test_matching_proposes_by_heads_and_shapes_and_says_why(machine):
    columns = [
        {"header": "身份证号", "rows": 100, "shapes": {"person": 99}},
        {"header": "备注", "rows": 100, "shapes": {"person": 98, "text": 2}},
    ]
    first, second = machine.post("matches", {"columns": columns}, key="").json()["columns"]
    assert first["elements"][0]["name"] == "公民身份号码"
    assert first["elements"][0]["reasons"]
    assert second["personal"] == "identity"


def test_a_value_has_no_place_in_matching(machine):
    answer = machine.post("matches", {"columns": [{"header": "姓名", "values": ["林甲"]}]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/body/columns/0/values"


def test_who_is_not_known_is_told_how_to_be():
    answer = STRANGER.post("matches", {"columns": [{"header": "姓名"}]})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="yitong"')
    assert answer.json()["remedy"]


def test_a_token_without_the_scope_is_told_which_it_takes(machine):
    answer = machine.get("sources")
    assert (answer.status_code, answer.json()["code"]) == (403, "api.scope_missing")
    assert 'scope="catalogue"' in answer["WWW-Authenticate"]


def test_calls_are_counted_by_caller_and_a_minute_ends_them(machine, monkeypatch, town):
    monkeypatch.setattr(settings, "API_PER_MINUTE", 2)
    left = [machine.get("purposes")["RateLimit"].split(";")[1] for _ in range(2)]
    assert left == ["r=1", "r=0"]
    over = machine.get("purposes")
    assert (over.status_code, over.json()["code"]) == (429, "api.too_many_calls")
    assert 1 <= int(over["Retry-After"]) <= 60
    assert a_machine(town.provider.agency).get("purposes").status_code == 200


def test_purposes_are_for_anyone():
    load_purposes(by=OPERATOR)
    assert "school-admission" in [p["code"] for p in STRANGER.get("purposes").json()["purposes"]]


@pytest.mark.parametrize("path", ["resources/%00", "elements/%00", "nothing"])
def test_an_address_that_is_none_is_a_problem(path):
    answer = STRANGER.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_another_method_is_a_problem_that_says_which_it_takes():
    answer = STRANGER.browser.delete("/api/elements")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert answer.json()["code"] == "method_not_allowed"


def test_a_log_in_by_password_alone_calls_nothing(settings):
    settings.SECOND_FACTOR = "required"
    clerk = staff(a_post(role="clerk"), password="a long enough pass phrase")
    browser = Browser()
    given = {"login": clerk.username, "password": "a long enough pass phrase"}
    browser.post("/account/login/", given)
    answer = browser.get("/api/claims")
    assert (answer.status_code, answer.json()["code"]) == (403, "api.second_factor_wanting")


def test_a_nul_in_what_is_asked_is_a_problem(machine):
    assert STRANGER.browser.get("/api/resources?owner=%00").status_code == 422
    answer = machine.post("matches", None, raw=b'{"columns":[{"header":"\\u0000"}]}')
    assert (answer.status_code, answer.json()["code"]) == (400, "body_unreadable")
