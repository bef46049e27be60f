"""How many stored rows a rule lets through, by the columns that stand in clear. Nothing is opened, no row leaves."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from yitong.data.sources.errors import BadPlan
from yitong.data.sources.plans import CopyPlan
from yitong.data.sources.shelf import SCHEMA
from yitong.kernel.predicates import Field, Kind, Predicate, Sql, to_sql


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Rows for which the rule is met, not met, and not known."""

    met: int
    unmet: int
    unknown: int

    @property
    def total(self) -> int:
        return self.met + self.unmet + self.unknown


def count_by_rule(plan: CopyPlan, predicate: Predicate, *, on: dt.date) -> RuleCount:
    """Count the rows of a loaded table. The rule speaks of clear columns alone, or is split before."""
    read, condition = _asked(plan, predicate, on)
    statement = sql.SQL(
        "select answer, count(*) from (select {condition} as answer from ({read}) as held) as told group by answer"
    ).format(condition=sql.SQL(condition.text), read=read)
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), condition.parameters)
        found = dict(cursor.fetchall())
    return RuleCount(found.get(True, 0), found.get(False, 0), found.get(None, 0))


def keys_by_rule(
    plan: CopyPlan, predicate: Predicate | None, *, on: dt.date, limit: int
) -> list[bytes]:
    """Keys of rows that meet a rule over clear columns (None: of every row), at most `limit`."""
    read, condition = sql.SQL("select key from {}").format(_table(plan)), Sql("true", ())
    if predicate is not None:
        read, condition = _asked(plan, predicate, on)
    statement = sql.SQL(
        "select distinct key from ({read}) as held where {condition} limit {limit}"
    ).format(condition=sql.SQL(condition.text), read=read, limit=sql.Literal(limit))
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), condition.parameters)
        return [bytes(key) for (key,) in cursor.fetchall()]


def _asked(plan: CopyPlan, predicate: Predicate, on: dt.date) -> tuple[sql.Composed, Sql]:
    """The key and the columns that the rule reads, under plain names, and the rule over those.

    The rule's SQL is written by the kernel from its tree; every value of the rule is bound.
    """
    places = {column.name: f"c{place}" for place, column in enumerate(plan.clear)}
    if plan.region_column:
        places[plan.region_column] = "region"  # read at the load, without padding and blanks
    if strange := [held.name for held in predicate.fields if held.name not in places]:
        raise BadPlan(reason=f"数据表里没有“{strange[0]}”列")
    columns = {held.name: f"f{place}" for place, held in enumerate(predicate.fields)}
    chosen = [
        sql.SQL("{} as {}").format(
            _read(held, places[held.name]), sql.Identifier(columns[held.name])
        )
        for held in predicate.fields
    ]
    read = sql.SQL("select {chosen} from {table}").format(
        chosen=sql.SQL(", ").join([sql.Identifier("key"), *chosen]),
        table=_table(plan),
    )
    return read, to_sql(predicate, "postgresql", on=on, columns=columns)


def _table(plan: CopyPlan) -> sql.Identifier:
    return sql.Identifier(SCHEMA, plan.table)


def _read(held: Field, place: str) -> sql.Composable:
    """A stored column as its field: a number that the field cannot hold is not known, as it is for one person."""
    column = sql.Identifier(place)
    if held.kind is not Kind.DECIMAL:
        return column
    return sql.SQL(
        "case when abs({column}) < {most} and scale(trim_scale({column})) <= {scale} then {column} end"
    ).format(
        column=column,
        most=sql.Literal(10 ** (held.digits - held.scale)),
        scale=sql.Literal(held.scale),
    )
