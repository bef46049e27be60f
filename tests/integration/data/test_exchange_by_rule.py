"""Rows by rule on the real database: what the rule keeps back is as if it were not there, and the record says it was."""

import psycopg
import pytest

from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from tests.factories.shared_people import shared_people
from yitong.base.keys.api import pseudonym
from yitong.data.exchange import api as exchange
from yitong.data.sources.api import row_statement
from yitong.portals.citizen.uses import uses_in_words

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.furnished("town"),
]
RULE = "rq >= date '2026-01-13' and lxdh is not null"


@pytest.fixture
def shared(tmp_path, django_db_blocker):
    with django_db_blocker.unblock():
        try:
            yield shared_people(tmp_path, row_rule=RULE)
        finally:
            exchange.shut_down()


def facts_of(url: str, number: str) -> list[tuple[str, dict]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select e.event, e.facts from exchange_usage u join ledger_entry e on e.id = u.entry_id "
            "where u.subject = %s order by u.entry_id",
            (pseudonym("person", number),),
        ).fetchall()


def test_a_row_that_meets_the_rule_is_given_without_what_only_the_rule_reads(shared, database_url):
    status, _, answer = shared.call(number_of(15))
    assert status == 200, answer
    assert set(answer["rows"][0]) == {"sfzh", "xm", "zt"}
    ((event, facts),) = facts_of(database_url, number_of(15))
    assert (event, facts["found"], facts["kept_back"]) == ("data.used_by_rule", 1, 0)
    assert facts["rule"] == shared.grant.row_rule_digest


def test_a_row_that_is_kept_back_is_answered_like_one_that_is_not_there(shared, database_url):
    kept = shared.call(number_of(2))
    absent = shared.call(number_of(900))
    assert (kept[0], kept[2]["code"]) == (404, "row_unknown")
    assert (kept[0], kept[1], kept[2]) == (absent[0], absent[1], absent[2])
    ((_, here),) = facts_of(database_url, number_of(2))
    ((_, nowhere),) = facts_of(database_url, number_of(900))
    assert (here["found"], here["kept_back"]) == (0, 1)
    assert (nowhere["found"], nowhere["kept_back"]) == (0, 0)
    assert here["digest"] == nowhere["digest"]


def test_what_is_not_known_is_not_given(shared, database_url):
    plan = row_statement(shared.resource.table_key).plan
    place = [column.name for column in plan.clear].index("rq")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'update shared_rows."{plan.table}" set c{place} = null')
    assert shared.call(number_of(15))[0] == 404
    ((_, facts),) = facts_of(database_url, number_of(15))
    assert (facts["found"], facts["kept_back"]) == (0, 1)


def test_the_person_reads_by_which_rule_a_row_was_given_or_kept(shared):
    who = a_person(15), a_person(2)
    shared.call(number_of(15))
    shared.call(number_of(2))
    said = []
    for person in who:
        found = exchange.footprint(person.account, exchange.FootprintFilter())
        said += uses_in_words(found.uses)
    given, kept = said
    rule = "起始日期不早于2026-01-13，并且登记了联系电话"
    assert ("只给这些行", rule) in [(row.term, row.value) for row in given.rows]
    assert given.outcome == "received"
    assert kept.outcome == "kept_back"
    assert kept.nothing_left
    assert "授权的规则没有放行" in kept.title
    assert ("只给这些行", rule) in [(row.term, row.value) for row in kept.rows]
