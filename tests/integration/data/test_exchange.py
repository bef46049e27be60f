"""The governed read on the real database: nothing leaves before its record, and everyone finds their own."""

import threading

import psycopg
import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from tests.factories.programs import a_machine
from tests.factories.shared_people import post, shared_people
from yitong.base.keys.api import pseudonym
from yitong.base.ledger import api as ledger
from yitong.data.exchange import api as exchange
from yitong.data.exchange.errors import UseUnknown
from yitong.data.sharing import endings

pytestmark = [
    pytest.mark.committed,
    pytest.mark.furnished("people"),
    pytest.mark.usefixtures("node_keys"),
]


@pytest.fixture
def shared(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        try:
            yield shared_people(tmp_path)
        finally:
            exchange.shut_down()


def uses_of(url: str, number: str) -> list[tuple[str, dict]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select e.event, e.facts from exchange_usage u join ledger_entry e on e.id = u.entry_id "
            "where u.subject = %s order by u.entry_id",
            (pseudonym("person", number),),
        ).fetchall()


def test_one_persons_row_is_answered_masked_and_its_record_is_there(shared, database_url):
    status, headers, answer = shared.call(number_of(2))
    assert status == 200, answer
    (row,) = answer["rows"]
    assert row["sfzh"] == "8901**********" + number_of(2)[-4:]
    assert row["xm"].startswith("林*")
    assert row["zt"] == "在保"
    assert headers["Yitong-Entry"] == str(answer["entry"])
    ((event, facts),) = uses_of(database_url, number_of(2))
    assert event == "data.used"
    assert facts["purpose"] == "school-admission"
    assert number_of(2) not in str(facts)


def test_a_use_shows_one_person_nothing_of_another(shared, database_url):
    shared.call(number_of(2))
    assert uses_of(database_url, number_of(3)) == []


def test_another_purpose_is_refused_recorded_and_answered_without_data(shared, database_url):
    status, _, problem = shared.call(number_of(2), purpose="housing-fund")
    assert status == 403
    assert "rows" not in problem
    assert problem["basis"] == "《政务数据共享条例》第二十五条"
    ((event, facts),) = uses_of(database_url, number_of(2))
    assert (event, facts["reason"]) == ("data.refused", "not_granted")


def test_a_field_beyond_the_grant_is_refused(shared):
    status, _, problem = shared.call(number_of(2), fields=["xm", "lxdh"])
    assert (status, problem["code"]) == (403, "not_granted")
    assert problem["detail"] == "没有给：请求的数据项超出授权范围。"
    assert "sfzh（身份证号）、xm（姓名）、zt（保障状态）。" in problem["remedy"]
    assert "lxdh" not in problem["remedy"]


def test_only_the_asked_fields_leave(shared):
    _, _, answer = shared.call(number_of(2), fields=["zt"])
    assert answer["rows"] == [{"zt": "在保"}]


def test_an_item_may_be_asked_for_by_the_table_s_header_too(shared, database_url):
    status, _, answer = shared.call(number_of(2), fields=["保障状态", "zt"])
    assert status == 200
    assert answer["rows"] == [{"zt": "在保"}]
    ((_, facts),) = uses_of(database_url, number_of(2))
    assert facts["fields"] == ["zt"], "the record names items"


def test_a_header_beyond_the_grant_is_refused_like_its_name(shared):
    assert shared.call(number_of(2), fields=["联系电话"])[0] == 403


def test_asking_for_somebody_who_is_not_there_is_a_use_of_theirs_too(shared, database_url):
    status, _, problem = shared.call(number_of(900))
    assert (status, problem["code"]) == (404, "row_unknown")
    ((event, facts),) = uses_of(database_url, number_of(900))
    assert (event, facts["found"]) == ("data.used", 0)


def test_a_stranger_learns_nothing(shared):
    for token in ("", "x", "x" * 5000):
        status, headers, problem = shared.call(number_of(2), token=token)
        assert (status, problem["code"]) == (401, "token_refused")
        assert headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_that_is_not_for_reading_reads_nothing(shared):
    writer = a_machine(shared.town.requester.agency, "catalogue")
    status, _, problem = shared.call(number_of(2), token=writer.token)
    assert (status, problem["code"]) == (403, "token_not_for_reading")


def test_a_malformed_call_says_what_is_wrong(shared):
    path = f"/gateway/v1/resources/{shared.resource.code}/read"
    for body in (
        b"",
        b"{",
        b"[]",
        b'{"key": 1, "purpose": "p"}',
        b'{"key": "1"}',
        b'{"key": "", "purpose": "p"}',
        b'{"key": "1", "purpose": "p", "limit": 9}',
        b'{"key": "1", "purpose": "p", "fields": "xm"}',
        b'{"key": "' + b"9" * 70_000 + b'"}',
    ):
        status, headers, problem = post(path, body, shared.token)
        assert (status, problem["code"]) == (400, "call_malformed"), body[:40]
        assert headers["Content-Type"] == "application/problem+json"
    status, headers, problem = post(path, b"", shared.token, method="GET")
    assert (status, headers["Allow"], problem["code"]) == (405, "POST", "post_only")


def test_an_ended_grant_holds_everywhere_within_a_second(shared):
    assert shared.call(number_of(2))[0] == 200
    endings.suspend(grant_id=shared.grant.pk, reason="超范围使用", by=shared.town.reviewer)
    deadline = threading.Event()
    for _ in range(20):
        status, _, problem = shared.call(number_of(2))
        if status == 403:
            break
        deadline.wait(0.05)
    assert (status, problem["code"]) == (403, "not_granted")


def test_a_process_that_does_not_hear_of_grants_gives_nothing(shared, database_url):
    assert shared.call(number_of(2))[0] == 200
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name = 'yitong-grants' and datname = current_database()"
        )
    statuses = {shared.call(number_of(2))[0] for _ in range(30)}
    assert statuses <= {200, 503}
    threading.Event().wait(1.5)
    assert shared.call(number_of(2))[0] == 200


def test_when_the_record_cannot_be_written_no_data_leaves(shared, database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "alter table exchange_usage add constraint broken check (false) not valid"
        )
        status, _, problem = shared.call(number_of(2))
        assert (status, problem["code"]) == (503, "record_not_durable")
        assert "rows" not in problem
        connection.execute("alter table exchange_usage drop constraint broken")
    assert uses_of(database_url, number_of(2)) == []
    assert shared.call(number_of(2))[0] == 200


@pytest.mark.furnished("town")
def test_the_rate_holds_for_all_processes_together(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        shared = shared_people(tmp_path, rate_per_minute=7)
        statuses = [shared.call(number_of(2))[0] for _ in range(10)]
        exchange.shut_down()
    assert statuses.count(200) in {7, 8, 9, 10}  # a minute may turn within the ten calls
    assert 429 in statuses or statuses.count(200) > 7


def test_many_calls_at_once_leave_one_record_each(shared, database_url):
    answers: list[int] = []

    def calls():
        answers.extend(shared.call(number_of(2 + i % 20))[0] for i in range(25))

    threads = [threading.Thread(target=calls) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 200
    with psycopg.connect(database_url) as connection:
        (uses,) = connection.execute("select count(*) from exchange_usage").fetchone()
        (entries,) = connection.execute(
            "select count(*) from ledger_entry where event = 'data.used'"
        ).fetchone()
    assert (uses, entries) == (200, 200)
    ledger.sequence_all()
    assert ledger.verify().ok


def test_the_person_sees_who_used_what_and_why_and_takes_a_proof_home(shared):
    who = a_person(2)
    shared.call(number_of(2))
    shared.call(number_of(2), purpose="housing-fund")
    ledger.sequence_all()
    seen = exchange.footprint(who.account, exchange.FootprintFilter())
    assert (seen.total, seen.refused) == (2, 1)
    newest, oldest = seen.uses
    assert (newest.event, oldest.event) == ("data.refused", "data.used")
    assert oldest.agency == shared.town.requester.agency.code
    proof = exchange.use_proof(who.account, oldest.entry_id)
    assert proof["entry"]["facts"]["fields"] == ["sfzh", "xm", "zt"]


def test_nobody_gets_the_proof_of_another_persons_use(shared):
    somebody, other = a_person(2), a_person(3)
    _, _, answer = shared.call(number_of(2))
    ledger.sequence_all()
    assert exchange.use_proof(somebody.account, answer["entry"])
    with pytest.raises(UseUnknown):
        exchange.use_proof(other.account, answer["entry"])
