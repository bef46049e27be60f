"""`yitong catalogue` and `keys destroy`: what an entry is and was, and the end of its data."""

from dataclasses import replace

import pytest
from django.db import connection

from tests.factories.grants import an_order
from tests.factories.persons import number_of
from tests.factories.shared_people import SharedPeople, shared_people
from yitong.base.keys.api import custody
from yitong.base.ledger.models import Entry
from yitong.data.catalogue.api import amend
from yitong.data.exchange.api import shut_down
from yitong.data.sharing.actions import request_share
from yitong.data.sharing.endings import revoke, suspend
from yitong.data.sharing.errors import NothingLeft

pytestmark = [pytest.mark.committed, pytest.mark.timeout(200), pytest.mark.furnished("people")]
WHY = "共享目的已经实现，保存期限届满"


@pytest.fixture
def shared(cli, tmp_path) -> SharedPeople:
    found = shared_people(tmp_path)
    yield found
    shut_down()


def end_grant(shared: SharedPeople) -> None:
    by = shared.town.requester.sharing_head
    revoke(grant_id=shared.grant.pk, cause="purpose_done", reason="审核结束", by=by)


def destroy(cli, shared, *more: str):
    code = shared.resource.code
    said = ("--reason", WHY, "--confirm", code, *more)
    return cli("catalogue", "destroy", code, *said, "--json")


def test_an_entry_is_shown_with_its_versions_and_differences(cli, shared):
    row = shared.resource
    content = row.versions.get(number=1).entry
    fields = (replace(content.fields[0], header="身份号码"), *content.fields[1:-1])
    changed = replace(content, update_cycle="daily", fields=fields)
    amend(
        code=row.code, proposal=changed, reason="改为每日更新", by=shared.town.provider.sharing_head
    )

    shown = cli("catalogue", "show", row.name, "--json").document
    assert (shown["resource"], shown["version"], shown["version_in_force"]) == (row.code, 2, 1)
    assert len(shown["fields"]) == len(content.fields)
    assert not shown["destroyed"]

    listed = cli("catalogue", "versions", row.code, "--json").document["versions"]
    assert [each["version"] for each in listed] == [2, 1]
    assert [each["in_force"] for each in listed] == [False, True]
    assert listed[0]["reason"] == "改为每日更新"

    found = cli("catalogue", "diff", row.code, "--json").document
    assert (found["from"], found["to"]) == (1, 2)
    kinds = {(each["change"], each["field"], each["item"]) for each in found["changes"]}
    assert kinds >= {
        ("changed", content.fields[0].name, "header"),
        ("removed", content.fields[-1].name, None),
        ("changed", None, "update_cycle"),
    }
    back = cli("catalogue", "diff", row.code, "2", "1", "--json").document["changes"]
    assert ("added", content.fields[-1].name) in {(e["change"], e["field"]) for e in back}
    words = cli("catalogue", "diff", row.code, "1", "2").out
    assert f"去掉数据项 {content.fields[-1].name}" in words
    assert "没有差异" in cli("catalogue", "diff", row.code, "1", "1").out
    assert cli("catalogue", "diff", row.code, "1", "9").code == 3
    assert cli("catalogue", "show", "没有这一项").code == 3


def test_destroyed_data_open_nowhere_and_the_call_says_so(cli, shared):
    assert shared.call(number_of(3))[0] == 200
    end_grant(shared)
    said = destroy(cli, shared)
    assert said.code == 0, said.out
    assert said.document["keys"] >= 1
    assert said.document["rows_dropped"] == 20
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_tables where schemaname = 'shared_rows'")
        assert cursor.fetchone() == (0,), "what stood beside the seal in clear is gone too"
    dropped = Entry.objects.get(event="sources.table_dropped")
    assert dropped.facts["rows"] == said.document["rows_dropped"]
    entry = Entry.objects.get(event="data.destroyed")
    assert (entry.facts["resource"], entry.facts["reason"]) == (shared.resource.code, WHY)
    assert Entry.objects.filter(event="keys.scope_destroyed").count() == 1

    status, _, problem = shared.call(number_of(3))
    assert (status, problem["code"]) == (404, "data_destroyed")
    assert "销毁" in problem["detail"]
    assert Entry.objects.filter(event="data.refused").count() == 1
    assert cli("catalogue", "show", shared.resource.code, "--json").document["destroyed"]
    assert "销毁" in cli("catalogue", "show", shared.resource.code).out
    again = destroy(cli, shared)
    assert (again.code, again.fault) == (3, "key_destroyed")
    order = an_order(shared.town, shared.resource)
    with pytest.raises(NothingLeft):
        request_share(order=order, by=shared.town.requester.sharing_head)
    assert cli("doctor", "--json").code in {0, 1}


def test_a_key_gone_under_a_standing_grant_is_said_too(shared):
    """As after the restore of an older backup: the grant is back, the key is not."""
    from tests.factories.agencies import OPERATOR
    from yitong.base.keys.api import Scope
    from yitong.base.keys.api import destroy as destroy_keys

    destroy_keys(scope=Scope("resource", shared.resource.table_key), by=OPERATOR, reason=WHY)
    status, _, problem = shared.call(number_of(3))
    assert (status, problem["code"]) == (404, "data_destroyed")


def test_data_are_not_destroyed_under_a_grant(cli, shared):
    said = destroy(cli, shared)
    assert (said.code, said.fault) == (5, "destruction_grants_stand")
    assert str(shared.grant.pk) in said.document["error"]["sentence"]
    suspend(grant_id=shared.grant.pk, reason="核查", by=shared.town.provider.sharing_head)
    assert destroy(cli, shared).fault == "destruction_grants_stand"
    assert not Entry.objects.filter(event__endswith="destroyed").exists()


def test_the_code_must_be_typed(cli, shared):
    end_grant(shared)
    code = shared.resource.code
    said = cli("keys", "destroy", code, "--reason", WHY, "--json")
    assert (said.code, said.fault) == (4, "confirmation_needed")
    said = cli(
        "keys", "destroy", code, "--reason", WHY, "--confirm", shared.resource.name, "--json"
    )
    assert (said.code, said.fault) == (4, "not_confirmed")
    said = cli("keys", "destroy", code, "--reason", " ", "--confirm", code, "--json")
    assert (said.code, said.fault) == (1, "destruction_unfounded")
    assert cli("keys", "destroy", code).code == 2
    assert not Entry.objects.filter(event="data.destroyed").exists()


def test_copies_of_the_keys_are_named_since_they_hold_it_still(cli, shared):
    from tests.factories.keys import OPERATOR

    custody.export(passphrase="correct horse battery", deliver=lambda _: None, by=OPERATOR)
    end_grant(shared)
    assert destroy(cli, shared).document["copies_to_destroy"] == 1
    found = {each["name"]: each for each in cli("doctor", "--json").document["checks"]}
    assert found["key_copy"]["state"] == "warn"
