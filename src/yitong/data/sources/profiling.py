"""Looking at a table once, in constant memory: every value is classified, none is kept but a few samples."""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from yitong.base.files.api import refuse_marks
from yitong.data.sources.distinct import DistinctCount
from yitong.data.sources.errors import LoadStopped
from yitong.data.sources.profiles import ColumnProfile, OnProgress, Progress, TableProfile
from yitong.data.sources.rules import (
    fault_codes,
    is_about_persons,
    share,
    type_letter,
    uniqueness,
)
from yitong.data.sources.shapes import (
    DATES,
    Kind,
    classify,
    exportable,
    shape_of,
    to_date,
    to_number,
)
from yitong.data.sources.tables import FAULTS_KEPT, Batch, Column, Reader, RowFault, note

# Shared out among the columns, so that ten thousand of them need no more memory than ten.
_HASHES: Final = 400_000
_REMEMBERED: Final = 200_000
_SAMPLES: Final = 50
_SMALL_SET: Final = 100


class _Remembered(dict[str, Kind]):
    """Kinds of values seen before, up to a bound: columns of codes and dates repeat theirs."""

    def __init__(self, bound: int) -> None:
        super().__init__({"": Kind.EMPTY})
        self._bound = bound

    def __missing__(self, value: str) -> Kind:
        kind = classify(value)
        if len(self) < self._bound:
            self[value] = kind
        return kind


class _ColumnLooker:
    """Gathers what is known of one column, batch by batch."""

    def __init__(self, column: Column, columns: int) -> None:
        self.column = column
        self.counts: Counter[Kind] = Counter()
        self.lines: dict[Kind, list[int]] = {}
        self.samples: dict[str, None] = {}
        self.longest = 0
        self.lengths: set[int] = set()
        self.low: Any = None
        self.high: Any = None
        self.ranging = True
        self._kinds = _Remembered(max(500, _REMEMBERED // columns))
        self._distinct = DistinctCount(max(256, _HASHES // columns))

    def look(self, values: tuple[str, ...], lines: list[int]) -> None:
        kinds = list(map(self._kinds.__getitem__, values))
        counts = Counter(kinds)
        self.counts.update(counts)
        self._note_lines(kinds, counts, lines)
        different = set(values)
        different.discard("")
        self._distinct.add(different)
        self._note_lengths(different)
        if len(self.samples) <= _SMALL_SET:
            self.samples.update(dict.fromkeys(sorted(different)[: _SMALL_SET + 1]))
        if self.ranging:
            self._note_range(different, counts)

    def _note_lines(self, kinds: list[Kind], counts: Counter[Kind], lines: list[int]) -> None:
        for kind in counts:
            kept = self.lines.setdefault(kind, [])
            if (room := FAULTS_KEPT - len(kept)) > 0 and kind is not Kind.EMPTY:
                found = [line for line, own in zip(lines, kinds, strict=True) if own is kind]
                kept.extend(found[:room])

    def _note_lengths(self, different: set[str]) -> None:
        lengths = set(map(len, different))
        self.longest = max(self.longest, *lengths, 0) if lengths else self.longest
        if len(self.lengths) < 2:
            self.lengths |= lengths

    def _note_range(self, different: set[str], counts: Counter[Kind]) -> None:
        ends = _ends(different, counts)
        if not ends or (self.low is not None and type(self.low) is not type(ends[0])):
            return
        self.low = min(ends) if self.low is None else min(self.low, *ends)
        self.high = max(ends) if self.high is None else max(self.high, *ends)

    def refuse_marks(self) -> None:
        """A column 密级 that names a level in any row: the table lists what must not be here (共享条例 3)."""
        cells = (f"{value}," for value in (self.column.header, *self.samples))
        if "密" in self.column.header:
            refuse_marks("\n".join(cells))

    def result(self, rows: int) -> tuple[ColumnProfile, dict[Kind, str]]:
        distinct, exact = self._distinct.count(), self._distinct.is_exact
        empty = self.counts[Kind.EMPTY]
        letter = type_letter(
            self.counts, longest=self.longest, one_length=len(self.lengths) <= 1, distinct=distinct
        )
        codes = fault_codes(self.counts, letter)
        faults: Counter[str] = Counter()
        for kind, code in codes.items():
            faults[code] += self.counts[kind]
        few = exact and distinct <= _SMALL_SET
        profile = ColumnProfile(
            name=self.column.name,
            header=self.column.header,
            index=self.column.index,
            type_letter=letter,
            rows=rows,
            max_length=self.longest,
            null_count=empty,
            distinct=distinct,
            distinct_exact=exact,
            unique=uniqueness(rows=rows, empty=empty, distinct=distinct, exact=exact),
            kinds=dict(self.counts),
            shapes=tuple(shape for shape, _ in Counter(map(shape_of, self.samples)).most_common(3)),
            faults=dict(faults),
            comment=self.column.comment,
            declared=self.column.declared,
            is_key=self.column.is_key,
            low=_text(self.low),
            high=_text(self.high),
            samples=tuple(self.samples)[:_SAMPLES],
            values=frozenset(self.samples) if few else frozenset(),
        )
        return profile, codes


def _ends(different: set[str], counts: Counter[Kind]) -> tuple[Any, ...]:
    """The least and the greatest of a batch's dates or numbers."""
    convert: Callable[[str], Any] = to_number
    if share(counts, *DATES) > share(counts, Kind.INTEGER, Kind.DECIMAL):
        convert = to_date
    elif not counts[Kind.INTEGER] + counts[Kind.DECIMAL]:
        return ()
    found = [end for end in map(convert, different) if end is not None]
    return (min(found), max(found)) if found else ()


def profile(reader: Reader, *, progress: OnProgress | None = None) -> TableProfile:
    """Read the table (a large database table: a sample of it) and say what it holds."""
    lookers = [_ColumnLooker(column, len(reader.columns)) for column in reader.columns]
    rows = 0
    for batch in reader.batches(reader.profile_limit):
        for looker, values in zip(lookers, zip(*batch.rows, strict=True), strict=True):
            looker.look(values, batch.lines)
        rows += len(batch.rows)
        if any(is_about_persons(looker.counts) for looker in lookers):
            for looker in lookers:
                looker.ranging = False
        if progress and progress(Progress(rows, reader.bytes_done, reader.bytes_total)) is False:
            raise LoadStopped
    reader.check_unchanged()
    for looker in lookers:
        looker.refuse_marks()
    total = reader.row_total()
    return _table_profile(reader, lookers, rows, rows if total is None else total)


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
    reader: Reader, lookers: list[_ColumnLooker], rows: int, total: int
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


def _text(end: object) -> str | None:
    if end is None:
        return None
    return f"{end:f}" if isinstance(end, Decimal) else str(end)
