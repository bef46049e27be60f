"""`predicate`: one rule over five million rows in DuckDB, and one person's answer with its trace.

Limit: the same question as somebody who knows the table writes it by hand. Rival: the rule evaluated row by row without
a trace, so that what the explanation costs is seen.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from yitong.cli.bench.result import (
    BenchResult,
    Progress,
    conditions,
    interleaved,
    median,
    seconds,
)
from yitong.kernel.predicates import (
    Field,
    Kind,
    Predicate,
    Row,
    Schema,
    Tracer,
    evaluate,
    parse,
    to_filter,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS: Final = 5_000_000
PEOPLE: Final = 20_000
CHECKED: Final = 20_000
ROUNDS: Final = 7
LEAST_SHARE: Final = 0.8
LEAST_TRACES: Final = 20_000
ON: Final = dt.date(2026, 11, 22)
SCHEMA: Final = Schema(
    [
        Field("region", Kind.REGION),
        Field("birth", Kind.DATE),
        Field("income", Kind.MONEY),
        Field("allowance", Kind.BOOLEAN),
    ]
)
RULE: Final = (
    "within(region, '890102') and age(birth) >= 80 and (income <= 300000 or allowance)"
    " and not (income is null and birth < date '1930-01-01')"
)
BY_HAND: Final = (
    "select count(*) from people where region like '890102%' and birth <= date '1946-11-22'"
    " and (income <= 300000 or allowance) and not (income is null and birth < date '1930-01-01')"
)
_PEOPLE: Final = """
create table people as select
    '8901' || lpad((hash(i) % 12 + 1)::text, 2, '0') || lpad((hash(i + 7) % 30)::text, 3, '0') as region,
    date '1925-01-01' + (hash(i + 1) % 36000)::int as birth,
    case when hash(i + 2) % 10 > 0 then (hash(i + 3) % 1000000)::bigint end as income,
    case when hash(i + 4) % 20 > 0 then hash(i + 5) % 4 = 0 end as allowance
from range({rows}) as numbers(i)
"""


def run(progress: Progress) -> BenchResult:
    predicate = parse(RULE, SCHEMA)
    with _people() as table:
        progress(f"{ROWS:,} rows")
        rows = _first_rows(table)
        tracer = Tracer(predicate)
        sides: dict[str, Callable[[], float]] = {
            "yitong": lambda: ROWS / seconds(lambda: _counted(table, predicate)),
            "by hand": lambda: ROWS / seconds(lambda: table.execute(BY_HAND).fetchall()),
            "traces": lambda: (
                PEOPLE / seconds(lambda: _each(rows, lambda row: tracer.trace(row, on=ON)))
            ),
            "answers": lambda: (
                PEOPLE / seconds(lambda: _each(rows, lambda row: evaluate(predicate, row, on=ON)))
            ),
        }
        interleaved(sides, 1, lambda step: None)  # warm up
        found = interleaved(sides, ROUNDS, progress)
        wrong = _wrong(table, predicate, rows)
    over_all, by_hand, traces, answers = (median(found[name]) for name in sides)
    share = over_all / by_hand
    return BenchResult(
        name="predicate",
        figure=over_all,
        unit="rows/s",
        bar=f"≥ {LEAST_SHARE} of the hand-written SQL and ≥ {LEAST_TRACES:,} traces/s",
        ok=share >= LEAST_SHARE and traces >= LEAST_TRACES and not wrong,
        limit=by_hand,
        ratio_to_limit=share,
        points=[{"side": name, "rounds": values} for name, values in found.items()],
        conditions=conditions(
            rows=ROWS,
            traces_per_second=traces,
            answers_per_second=answers,
            rule=RULE,
            checked=CHECKED,
            wrong=wrong,
        ),
    )


def _each(rows: Sequence[Row], answer: Callable[[Row], object]) -> None:
    """One after the other, as people ask: an answer is given and forgotten."""
    for row in rows:
        answer(row)


def _people() -> "DuckDBPyConnection":
    import duckdb

    table = duckdb.connect(
        config={"memory_limit": "2GB", "max_temp_directory_size": "1GB", "threads": 2}
    )
    table.execute(_PEOPLE.format(rows=ROWS))
    return table


def _counted(table: "DuckDBPyConnection", predicate: Predicate) -> int:
    """As a caller asks: written and bound anew each time."""
    where = to_filter(predicate, "duckdb", on=ON)
    found = table.execute(f"select count(*) from people where {where.text}", where.parameters)  # noqa: S608 - written by us
    return int((found.fetchone() or (0,))[0])


def _first_rows(table: "DuckDBPyConnection") -> Sequence[Row]:
    names = SCHEMA.names
    found = table.execute(f"select {', '.join(names)} from people limit {PEOPLE}")  # noqa: S608 - our own names
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _wrong(table: "DuckDBPyConnection", predicate: Predicate, rows: Sequence[Row]) -> int:
    """How far the ways apart: by rule, by hand, and row by row."""
    by_hand = (table.execute(BY_HAND).fetchone() or (0,))[0]
    where = to_filter(predicate, "duckdb", on=ON)
    some = table.execute(
        f"select {where.text} from (from people limit {CHECKED})",  # noqa: S608 - written by us
        where.parameters,
    ).fetchall()
    apart = sum(
        (answer is True) is not (evaluate(predicate, row, on=ON) is True)
        for (answer,), row in itertools.islice(zip(some, rows, strict=True), CHECKED)
    )
    return apart + abs(_counted(table, predicate) - int(by_hand))
