"""One text, one meaning: for any rule and any row, one person's answer, DuckDB's and PostgreSQL's are the same."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import duckdb
import psycopg
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.factories.predicates import (
    DAYS,
    FIELDS,
    SCHEMA,
    TYPES,
    plain_rows,
    plain_rules,
    rows,
    rules,
)
from yitong.kernel.predicates import (
    Kind,
    PredicateRefusal,
    Schema,
    evaluate,
    parse,
    split,
    to_filter,
    to_sql,
)

pytestmark = pytest.mark.committed

COLUMNS = ", ".join(
    '"{}" {}'.format(
        field.name.replace('"', '""'),
        TYPES.get(field.kind, f"decimal({field.digits}, {field.scale})"),
    )
    for field in FIELDS
)


class Engine:
    """A table of rows in one engine, asked by any condition."""

    def __init__(self, name, execute, mark):
        self.name, self._execute, self._mark = name, execute, mark
        self._execute(f"create temp table people (place int, {COLUMNS})", None)

    def fill(self, given):
        self._execute("delete from people", None)
        marks = ", ".join([self._mark] * (len(FIELDS) + 1))
        for place, row in enumerate(given):
            values = (place, *(row[field.name] for field in FIELDS))
            self._execute(f"insert into people values ({marks})", values)

    def answers(self, condition, parameters=None):
        found = self._execute(f"select ({condition}) from people order by place", parameters)
        return [answer for (answer,) in found]


@pytest.fixture
def engines(database_url):
    memory = duckdb.connect(":memory:", config={"memory_limit": "200MB", "threads": 1})

    def in_duckdb(text, parameters):
        return memory.execute(text, list(parameters or ())).fetchall()

    # Its own connection: many examples outlast the node's bound on one transaction.
    with psycopg.connect(database_url, autocommit=True) as connection:

        def in_postgresql(text, parameters):
            found = connection.execute(text, parameters)
            return found.fetchall() if found.description else []

        yield [Engine("duckdb", in_duckdb, "?"), Engine("postgresql", in_postgresql, "%s")]
    memory.close()


def accepted(text):
    try:
        return parse(text, SCHEMA)
    except PredicateRefusal:
        assume(False)


def test_one_person_duckdb_and_postgresql_agree(engines):
    """mechanisms 6: the invariant."""

    @given(rules, st.lists(rows, min_size=1, max_size=6), st.sampled_from(DAYS[:8]))
    @example(
        "age(出生日期) >= 80",
        [{**dict.fromkeys(f.name for f in FIELDS), "出生日期": day} for day in DAYS],
        DAYS[0],
    )
    @example(
        "人数 * 人数 - 人数 > 0",
        [{**dict.fromkeys(f.name for f in FIELDS), "人数": n} for n in (-(1 << 63), (1 << 63) - 1)],
        DAYS[0],
    )
    @example(
        "面积 in (1.5, 99999999999999.9999)",
        [{**dict.fromkeys(f.name for f in FIELDS), "面积": Decimal("1.5000")}],
        DAYS[0],
    )
    def agree(text, given_rows, on):
        predicate = accepted(text)
        expected = [evaluate(predicate, row, on=on) for row in given_rows]
        for engine in engines:
            engine.fill(given_rows)
            sql = to_sql(predicate, engine.name, on=on)
            assert engine.answers(sql.text, sql.parameters) == expected, (engine.name, text)
            for truth in (True, False):
                only = to_filter(predicate, engine.name, on=on, truth=truth)
                found = [answer is True for answer in engine.answers(only.text, only.parameters)]
                assert found == [answer is truth for answer in expected], (engine.name, text, truth)

    agree()


def test_a_plain_rule_means_what_the_engines_themselves_read(engines):
    """Its text put to DuckDB and PostgreSQL as it stands: precedence and unknowns are SQL's own."""

    @given(plain_rules, plain_rows)
    def agree(text, given_rows):
        predicate = accepted(text)
        expected = [evaluate(predicate, row, on=DAYS[0]) for row in given_rows]
        for engine in engines:
            engine.fill(given_rows)
            assert engine.answers(text) == expected, (engine.name, text)

    agree()


@given(rules, rows, st.sampled_from(DAYS[:8]), st.sets(st.sampled_from([f.name for f in FIELDS])))
def test_a_split_rule_is_the_rule(text, row, on, sealed):
    schema = Schema(replace(field, sealed=field.name in sealed) for field in FIELDS)
    try:
        predicate = parse(text, schema)
    except PredicateRefusal:
        assume(False)
    parts = split(predicate)
    assert parts.clear is None or not parts.clear.sealed_fields
    found = [evaluate(part, row, on=on) for part in (parts.clear, parts.sealed) if part]
    together = False if False in found else None if None in found else True
    assert together == evaluate(predicate, row, on=on)


def test_only_the_columns_that_are_named_are_read(engines):
    predicate = parse("人数 > 1", SCHEMA)
    sql = to_sql(predicate, "postgresql", on=dt.date(2026, 11, 22), columns={"人数": 'c"0'})
    assert sql.text == '("c""0" > cast(%s as bigint))'
    assert {field.kind for field in predicate.fields} == {Kind.INTEGER}
