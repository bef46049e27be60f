"""Looking at a table once, in constant memory: every value is classified, none is kept but a few samples."""

import csv
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

from yitong.data.sources import quick
from yitong.data.sources.errors import LoadStopped
from yitong.data.sources.looking import ColumnLooker, lookers_for, show
from yitong.data.sources.profiles import ColumnProfile, OnProgress, Progress, TableProfile
from yitong.data.sources.rules import fault_codes, is_about_persons
from yitong.data.sources.shapes import Kind, classify, exportable
from yitong.data.sources.tables import Batch, Column, Reader, RowFault, note


def profile(reader: Reader, *, progress: OnProgress | None = None) -> TableProfile:
    """Read the table (a large database table: a sample of it) and say what it holds."""
    try:
        return _profile(reader, progress)
    except quick.NotAsPresumed:
        return _profile(reader, progress)


def _profile(reader: Reader, progress: OnProgress | None) -> TableProfile:
    with _lookers(reader) as (lookers, shown):
        rows = 0
        for some in shown:
            rows += some
            done = Progress(rows, reader.bytes_done, reader.bytes_total)
            if progress and progress(done) is False:
                raise LoadStopped
    reader.check_unchanged()
    for looker in lookers:
        looker.refuse_marks()
    total = reader.row_total()
    return _table_profile(reader, lookers, rows, rows if total is None else total)


@contextmanager
def _lookers(reader: Reader) -> Iterator[tuple[list[ColumnLooker], Iterator[int]]]:
    """A looker for each column, and the numbers of rows that they are shown while one iterates."""
    if quick.is_quick(reader):
        from yitong.data.sources.engine import engine

        with ExitStack() as stack:
            threads = max(1, len(os.sched_getaffinity(0)) // quick.AHEAD)
            several = [
                stack.enter_context(engine(reader.layout.delimiter, threads))
                for _ in range(quick.AHEAD + 2)
            ]
            engines = quick.Engines(several[1:], several[0])
            lookers = lookers_for(reader.presumed_columns, engines.parts.hashes)
            rows = quick.QuickLook(reader, lookers, engines).rows()
            # Closed before the engines are, also where nobody wants the rest of it.
            yield lookers, stack.enter_context(closing(rows))
    else:
        lookers = lookers_for(reader.columns)
        yield lookers, _plainly(reader, lookers)


def _plainly(reader: Reader, lookers: Sequence[ColumnLooker]) -> Iterator[int]:
    for batch in reader.batches(reader.profile_limit):
        show(lookers, batch)
        yield len(batch.rows)


def write_faults(reader: Reader, found: TableProfile, path: Path) -> int:
    """Every fault of the table, not only the first ones, as a CSV of lines, columns and reasons; how many."""
    codes = {
        column.index: fault_codes(column.kinds, column.type_letter) for column in found.columns
    }
    suspects = [column for column in reader.columns if codes[column.index]]
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["行号", "列", "原因代码", "说明"])

        def write(fault: RowFault) -> None:
            nonlocal written
            written += 1
            row = (fault.line, exportable(fault.column), fault.code, exportable(fault.sentence))
            writer.writerow(row)

        with reader.faults.told_to(write):
            for batch in reader.batches(reader.profile_limit):
                for fault in _faults_of(batch, suspects, codes):
                    write(fault)
    return written


def _faults_of(
    batch: Batch, suspects: list[Column], codes: dict[int, dict[Kind, str]]
) -> list[RowFault]:
    return [
        RowFault(line, column.name, code)
        for line, row in zip(batch.lines, batch.rows, strict=True)
        for column in suspects
        if (code := codes[column.index].get(classify(row[column.index])))
    ]


def _table_profile(
    reader: Reader, lookers: list[ColumnLooker], rows: int, total: int
) -> TableProfile:
    results = [looker.result(rows) for looker in lookers]
    about_persons = any(is_about_persons(column.kinds) for column, _ in results)
    counts: Counter[str] = Counter(reader.faults.counts)
    faults = list(reader.faults)
    for looker, (column, codes) in zip(lookers, results, strict=True):
        counts.update(column.faults)
        faults += [
            RowFault(line, column.name, code)
            for kind, code in codes.items()
            for line in looker.lines[kind]
        ]
    notes = reader.notes
    if total > rows + reader.faults.rows_refused:
        notes = (*notes, note("sampled", sampled=rows, total=total))
    return TableProfile(
        name=reader.name,
        row_count=total,
        columns=tuple(_without_range(column) if about_persons else column for column, _ in results),
        faults=tuple(sorted(faults, key=lambda fault: (fault.line, fault.column))),
        fault_counts=dict(counts),
        notes=notes,
        rows_seen=rows,
        about_persons=about_persons,
    )


def _without_range(column: ColumnProfile) -> ColumnProfile:
    """In a table about people the least and the greatest value are somebody's."""
    return replace(column, low=None, high=None)
