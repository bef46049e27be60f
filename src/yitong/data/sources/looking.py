"""What is gathered of one column while its table is read: row by row, or from what an engine has counted of a piece.

Both ways end in the same numbers, lines and samples. Every value is classified, none is kept but a few samples.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Final

from yitong.base.files.api import refuse_marks
from yitong.data.sources.distinct import DistinctCount, Hashes, own_hashes
from yitong.data.sources.ends import RANGED, Ends
from yitong.data.sources.profiles import ColumnProfile
from yitong.data.sources.rules import fault_codes, is_about_persons, type_letter, uniqueness
from yitong.data.sources.shapes import Kind, classify, shape_of
from yitong.data.sources.sure_kinds import KINDS
from yitong.data.sources.tables import FAULTS_KEPT, Batch, Column
from yitong.data.sources.tallies import ColumnTally, Plan

# Shared out among the columns, so that ten thousand of them need no more memory than ten.
_HASHES: Final = 400_000
_REMEMBERED: Final = 100_000
_SAMPLES: Final = 50
_SMALL_SET: Final = 100
# One in so many values of a piece of about so many rows differs from the others.
_VARIOUS: Final = 5
_PIECE_ROWS: Final = 200_000
# So many values are fetched again and again in no time.
_FEW: Final = 500


class Room:
    """How many more values all columns of a table may remember beyond what each may in any case."""

    def __init__(self, left: int = _REMEMBERED) -> None:
        self.left = left


class _Remembered(dict[str, Kind]):
    """Kinds of values seen before, up to a bound: columns of codes and dates repeat theirs."""

    def __init__(self, bound: int, room: Room, ends: Ends) -> None:
        super().__init__({"": Kind.EMPTY})
        self.ends: Ends | None = ends
        self._bound = bound
        self._room = room

    def __missing__(self, value: str) -> Kind:
        kind = classify(value)
        if self.ends and kind in RANGED:
            self.ends.see(kind, value)
        if len(self) < self._bound:
            self[value] = kind
        elif self._room.left:
            self._room.left -= 1
            self[value] = kind
        return kind


class ColumnLooker:
    """Gathers what is known of one column, batch by batch or piece by piece."""

    def __init__(self, column: Column, columns: int, room: Room, hashes: Hashes) -> None:
        self.column = column
        self.counts: Counter[Kind] = Counter()
        self.lines: dict[Kind, list[int]] = {}
        self.samples: dict[str, None] = {}
        self.longest = 0
        self.shortest: int | None = None
        self.distinct = DistinctCount(max(256, _HASHES // columns), hashes)
        self._ends = Ends()
        self._kinds = _Remembered(max(500, _REMEMBERED // columns), room, self._ends)

    def look(self, values: tuple[str, ...], lines: list[int]) -> None:
        is_first = not self.counts
        kinds = list(map(self._kinds.__getitem__, values))
        counts = Counter(kinds)
        self.counts.update(counts)
        self._note_lines(kinds, counts, lines)
        different = set(values)
        different.discard("")
        self.distinct.add(different)
        self._note_lengths(map(len, different))
        if self.has_room_for_samples:
            self._sample(sorted(different) if is_first else dict.fromkeys(values))

    def take(self, found: ColumnTally) -> None:
        """The same from what was counted. A table's first batch is always looked at row by row."""
        kinds = self._kinds
        counts: Counter[Kind] = Counter()
        for value, times, _, _ in found.values:
            counts[kinds[value]] += times
        for kind, times in found.known:
            counts[kind] += times
        for sure in found.sure:
            counts[sure.kind] += sure.times
            self._note_lengths((sure.shortest, sure.longest))
            if sure.low is not None and sure.high is not None:
                self._ends.see(sure.kind, sure.low)
                self._ends.see(sure.kind, sure.high)
        self.counts.update(counts)
        self.counts[Kind.EMPTY] += found.empty
        self._note_lengths({len(value) for value, _, _, _ in found.values})
        self.distinct.add_hashes(found.sure_hashes)
        self.distinct.add_hashes([h for _, _, _, h in found.values if h is not None])
        if self.has_room_for_samples:
            in_order = sorted(found.values, key=itemgetter(2))
            self._sample(value for value, _, _, _ in in_order)
        for kind in counts:
            kept = self.lines.setdefault(kind, [])
            if (room := FAULTS_KEPT - len(kept)) > 0:
                values = [value for value, _, _, _ in found.values if kinds[value] is kind]
                kept += found.lines_of(kind, values, room)
        self._tell(found)

    def plan(self) -> Plan:
        """Conditions are worth it where most values are seen once: judging each would take long."""
        rows = self.counts.total()
        kinds: tuple[Kind, ...] = ()
        various = self.distinct.count() * _VARIOUS >= min(rows, _PIECE_ROWS)
        if various and not self.has_room_for_samples:
            kinds = tuple(kind for kind in KINDS if self.counts[kind] * 100 > rows)
        return Plan(
            sure_kinds=kinds,
            mask=self.distinct.mask,
            is_ranging=self._kinds.ends is not None,
            is_sampling=self.has_room_for_samples,
            is_learning=not various and self.distinct.count() >= _FEW,
        )

    @property
    def has_room_for_samples(self) -> bool:
        return len(self.samples) <= _SMALL_SET

    def stop_ranging(self) -> None:
        self._kinds.ends = None

    def _tell(self, found: ColumnTally) -> None:
        if not found.tell:
            return
        by_kind: defaultdict[Kind, list[str]] = defaultdict(list)
        for value, _, _, _ in found.values:
            by_kind[self._kinds[value]].append(value)
        for kind, values in by_kind.items():
            found.tell(kind, values)

    def _note_lines(self, kinds: list[Kind], counts: Counter[Kind], lines: list[int]) -> None:
        for kind in counts:
            kept = self.lines.setdefault(kind, [])
            if (room := FAULTS_KEPT - len(kept)) > 0 and kind is not Kind.EMPTY:
                found = [line for line, own in zip(lines, kinds, strict=True) if own is kind]
                kept.extend(found[:room])

    def _note_lengths(self, lengths: Iterable[int]) -> None:
        if known := set(lengths):
            self.longest = max(self.longest, *known)
            self.shortest = min(known) if self.shortest is None else min(self.shortest, *known)

    def _sample(self, values: Iterable[str]) -> None:
        """Until one more is known than a small set has: then the column is none."""
        for value in values:
            if not self.has_room_for_samples:
                return
            if value:
                self.samples[value] = None

    def refuse_marks(self) -> None:
        """A column 密级 that names a level in any row: the table lists what must not be here (共享条例 3)."""
        cells = (f"{value}," for value in (self.column.header, *self.samples))
        if "密" in self.column.header:
            refuse_marks("\n".join(cells))

    def result(self, rows: int) -> tuple[ColumnProfile, dict[Kind, str]]:
        distinct, exact = self.distinct.count(), self.distinct.is_exact
        empty = self.counts[Kind.EMPTY]
        letter = type_letter(
            self.counts,
            longest=self.longest,
            one_length=self.shortest in {None, self.longest},
            distinct=distinct,
        )
        codes = fault_codes(self.counts, letter)
        faults: Counter[str] = Counter()
        for kind, code in codes.items():
            faults[code] += self.counts[kind]
        few = exact and distinct <= _SMALL_SET
        low, high = self._ends.shown(self.counts) if self._kinds.ends else (None, None)
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
            kinds={kind: count for kind, count in self.counts.items() if count},
            shapes=tuple(shape for shape, _ in Counter(map(shape_of, self.samples)).most_common(3)),
            faults=dict(faults),
            comment=self.column.comment,
            declared=self.column.declared,
            is_key=self.column.is_key,
            low=low,
            high=high,
            samples=tuple(self.samples)[:_SAMPLES],
            values=frozenset(self.samples) if few else frozenset(),
        )
        return profile, codes


def lookers_for(columns: Sequence[Column], hashes: Hashes = own_hashes) -> list[ColumnLooker]:
    """One for each column of a table."""
    room = Room()
    return [ColumnLooker(column, len(columns), room, hashes) for column in columns]


def show(lookers: Sequence[ColumnLooker], batch: Batch) -> None:
    """All columns of some rows, each to its own looker."""
    is_first = not any(looker.counts for looker in lookers)
    for looker, values in zip(lookers, zip(*batch.rows, strict=True), strict=True):
        looker.look(values, batch.lines)
    # Ends would be somebody's, and are not shown in the end. The first rows decide, since they are always seen alike.
    if is_first and any(is_about_persons(looker.counts) for looker in lookers):
        for looker in lookers:
            looker.stop_ranging()
