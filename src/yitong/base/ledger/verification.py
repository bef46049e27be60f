"""Recomputes the whole log and names the first row at fault.

It trusts nothing that stands in the database but the key outside it: every leaf follows from its entry, every
tile and root from the leaves, every checkpoint from the root of its size.
"""

import datetime as dt
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from django.db import DataError, connection, transaction

from yitong.base.ledger import tree
from yitong.base.ledger.actions import signer
from yitong.base.ledger.errors import CheckpointUnreadable
from yitong.base.ledger.events import ENTRY_ERASED, MONTH_DISPOSED, REMOVALS
from yitong.base.ledger.faults import MOST_FAULTS, Verification, entry_faults
from yitong.base.ledger.leaves import LeafRow, leaf_rows
from yitong.base.ledger.note import Checkpoint, is_signed_by, read_checkpoint
from yitong.base.ledger.queries import (
    StoredEntry,
    allow_long_transaction,
    indexes_of,
    log_size,
    stored_entries,
)
from yitong.base.ledger.rules import instant_text, leaf_of, whole_seconds

Progress = Callable[[int, int], None]

# Rows that the log does not know: those before the sequencer's place were put in by hand, later ones wait.
_ROWS_WITHOUT_LEAF = """
select e.id, (e.epoch, e.xid, e.id) <= (h.epoch, h.xid, h.entry_id), coalesce((
    select l.n * 256 + (
        select count(*) from ledger_entry o
        where o.id = any(l.ids) and (o.epoch, o.xid, o.id) < (e.epoch, e.xid, e.id))
    from ledger_leaf l where (l.first_epoch, l.first_xid, l.first_id) <= (e.epoch, e.xid, e.id)
    order by l.first_epoch desc, l.first_xid desc, l.first_id desc limit 1), 0)
from ledger_entry e, ledger_head h
where not exists (
    select from (select unnest(ids) as id from ledger_leaf) known where known.id = e.id)
"""
# The same commitment twice is a copy of an entry: no two entries have the same salt.
_COPIES = """
select (array_agg(n * 256 + k order by n, k))[2]
from ledger_leaf l
cross join lateral (select l.commitments || ''::bytea as whole offset 0) c
cross join generate_series(0, l.size - 1) k
group by substr(c.whole, k * 32 + 1, 32) having count(*) > 1 order by 1 limit %s
"""
_COPIES_THAT_WAIT = """
select e.id from ledger_entry e where e.id = any(%s) and exists (
    select from ledger_entry o where o.commitment = e.commitment and (o.id, o.at) <> (e.id, e.at))
"""
_ROWS_OF_MONTH = """
select epoch, xid::text, id from ledger_entry
where at >= %s::date::timestamp at time zone 'UTC'
  and at < (%s::date + interval '1 month') at time zone 'UTC' and event <> all(%s)
order by epoch, xid, id limit %s
"""
_UPPER_TILE = "select hashes, inner_nodes from ledger_tile where level = %s and n = %s"


class _Tiles:
    """Expects every full tile in its turn: those of the leaves, and those above them."""

    def __init__(self, found: Verification) -> None:
        self._found = found
        self._open: dict[int, bytes] = {}  # per level, the hashes of the tile that is not yet full
        self.full: Counter[int] = Counter()
        self.changed: list[int] = []  # leaves that were changed, rising

    def take(self, row: LeafRow) -> bytes:
        """The root of a full leaf row."""
        inner = tree.inner_nodes(row.hashes)
        if row.inner != inner:
            self._blame(0, row.n)
        self.full[0] += 1
        self._above(inner[-tree.HASH :])
        return inner[-tree.HASH :]

    def _above(self, root: bytes) -> None:
        level = 1
        while len(hashes := self._open.pop(level, b"") + root) == tree.WIDTH * tree.HASH:
            inner = tree.inner_nodes(hashes)
            if self._stored(level, self.full[level]) != (hashes, inner):
                self._blame(level, self.full[level])
            self.full[level] += 1
            level, root = level + 1, inner[-tree.HASH :]
        self._open[level] = hashes

    def _stored(self, level: int, n: int) -> tuple[bytes, bytes] | None:
        with connection.cursor() as cursor:
            cursor.execute(_UPPER_TILE, (level, n))
            row = cursor.fetchone()
        return (bytes(row[0] or b""), bytes(row[1])) if row else None

    def _blame(self, level: int, n: int) -> None:
        """A tile does not fit either where one of its leaves was changed: then that leaf is named."""
        shift = tree.HEIGHT * (level + 1)
        index = n << shift
        if (place := bisect_left(self.changed, index)) < len(self.changed):
            leaf = self.changed[place]
            index = leaf if leaf < (n + 1) << shift else index
        self._found.blame(index, "tile_changed", f"tile {level}/{n} was changed or is missing")

    def finish(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select level, count(*) from ledger_tile group by level order by level")
            for level, count in cursor.fetchall():
                if count > self.full[level]:
                    self._found.blame(
                        None, "tile_changed", f"level {level} has tiles that no leaf stands under"
                    )


class _Verifier:
    """One pass over the leaves. Holds the frontier, the erasures seen and the missing rows."""

    def __init__(self, kept: Sequence[str]) -> None:
        self.found = Verification()
        self.frontier = tree.Frontier()
        self.tiles = _Tiles(self.found)
        self.mac = signer().mac
        self.earlier = self.before = (0, 0, 0)
        self.before_at = 0
        self.last: tuple[int, StoredEntry | None] = (0, None)  # row id and row of the last leaf
        self.missing: dict[int, int] = {}
        self.erased: set[int] = set()
        self.months: set[str] = set()
        self.signed = self._published()
        self.wanted = sorted([*self.signed, *map(self._kept, kept)], key=lambda c: c.size)

    def _kept(self, note: str) -> Checkpoint:
        if (checkpoint := self._readable(note)) is None:
            read_checkpoint(note)
            raise CheckpointUnreadable(detail="not signed by this node's key")
        return checkpoint

    def _published(self) -> list[Checkpoint]:
        with connection.cursor() as cursor:
            cursor.execute("select size, root, note from ledger_checkpoint order by size")
            rows = cursor.fetchall()
        checkpoints = []
        for size, root, note in rows:
            checkpoint = self._readable(note)
            if checkpoint is None or checkpoint.size != size or checkpoint.root != bytes(root):
                self.found.blame(size - 1, "checkpoint_changed", f"checkpoint {size} was changed")
            else:
                checkpoints.append(checkpoint)
        return checkpoints

    def _readable(self, note: str) -> Checkpoint | None:
        key = signer()
        try:
            checkpoint = read_checkpoint(note)
        except CheckpointUnreadable:
            return None
        return checkpoint if is_signed_by(note, key.name, key.public_key) else None

    def take(self, rows: Sequence[LeafRow]) -> None:
        stored, unreadable = _rows_of(id_ for row in rows for id_ in row.ids)
        for row in rows:
            if row.first != self.found.size:
                self.found.blame(
                    self.found.size,
                    "leaf_missing",
                    f"leaf row {self.found.size // tree.WIDTH} is missing",
                )
            self._start(row, stored.get(row.ids[0], []))
            for place, id_ in enumerate(row.ids):
                if id_ in unreadable:
                    index = row.first + place
                    self.found.blame(index, "entry_changed", f"row {id_} cannot be read")
                else:
                    self._leaf(row, place, stored.get(id_, []))
            self._grow(row)

    def _start(self, row: LeafRow, first: Sequence[StoredEntry]) -> None:
        """What lists find an entry's index by: the place of the row's first entry."""
        fits = row.start in {e.order for e in first} if first else row.start[2] == row.ids[0]
        if not fits or row.start <= self.before:
            self.found.blame(
                row.first, "leaf_changed", f"leaf row {row.n} does not begin with its first entry"
            )

    def _leaf(self, row: LeafRow, place: int, rows: Sequence[StoredEntry]) -> None:
        index, commitment = row.first + place, row.commitment(place)
        self.last = row.ids[place], rows[0] if rows else None
        if leaf_of(row.seconds[place], commitment) != row.leaf(place):
            self.found.blame(index, "leaf_changed", f"the leaf at {index} was changed")
            self.tiles.changed.append(index)
        if not rows:
            self.missing[index] = row.seconds[place]
            return
        for stored in rows:
            self._entry(index, stored, (row.seconds[place], commitment))
        if len(rows) > 1:
            self.found.blame(
                index, "entry_inserted", f"there are {len(rows)} rows with the id {rows[0].id}"
            )

    def _entry(self, index: int, stored: StoredEntry, leaf: tuple[int, bytes]) -> None:
        faults = list(entry_faults(stored, self.mac))
        if (whole_seconds(stored.body.at), stored.commitment) != leaf:
            faults.append(("entry_swapped", f"row {stored.id} is not the entry of leaf {index}"))
        for code, detail in faults:
            self.found.blame(index, code, detail)
        self._order(index, stored)
        if not faults:
            self._note_removals(stored)

    def _order(self, index: int, stored: StoredEntry) -> None:
        """Of two that stand the wrong way round it is the earlier one where the later one fits without it."""
        wrong: int | None = None
        if stored.order > self.before:
            self.earlier = self.before
        elif stored.order > self.earlier:
            wrong = self.before_at
        else:
            wrong = index
        if wrong is not None:
            self.found.blame(
                wrong, "entry_reordered", f"the entry of leaf {wrong} does not stand in its order"
            )
        if wrong != index:
            self.before, self.before_at = stored.order, index

    def _note_removals(self, stored: StoredEntry) -> None:
        facts = stored.body.facts
        if stored.body.event == ENTRY_ERASED.name and isinstance(facts["indexes"], list):
            self.erased.update(int(str(i)) for i in facts["indexes"])
        elif stored.body.event == MONTH_DISPOSED.name:
            self.months.add(str(facts["month"]))

    def _grow(self, row: LeafRow) -> None:
        for checkpoint in [c for c in self.wanted if row.first < c.size <= row.end]:
            part = row.hashes[: (checkpoint.size - row.first) * tree.HASH]
            if self.frontier.root_with(part) != checkpoint.root:
                self.found.blame(
                    checkpoint.size - 1,
                    "history_rewritten",
                    f"the log of {checkpoint.size} entries is not the one that was signed",
                )
        self.wanted = [c for c in self.wanted if c.size > row.end]
        self.found.size = row.end
        if len(row.ids) < tree.WIDTH:
            self.found.root = self.frontier.root_with(row.hashes)
            return
        self.frontier.append(self.tiles.take(row), tree.HEIGHT)
        self.found.root = self.frontier.root_with()

    def finish(self) -> Verification:
        for checkpoint in self.wanted:
            self.found.blame(
                self.found.size,
                "log_shortened",
                f"a checkpoint of {checkpoint.size} entries was signed, the log has {self.found.size}",
            )
        self._removals()
        self.found.checkpoints = len(self.signed)
        self.tiles.finish()
        self._head()
        self._copies()
        self._rows_without_leaf()
        return self.found

    def _removals(self) -> None:
        """Every leaf without its row must have been removed by law, and what was removed stays away."""
        for index, seconds in self.missing.items():
            if index in self.erased or _month(seconds) in self.months:
                self.found.erased += 1
            else:
                self.found.blame(index, "entry_missing", f"the entry of leaf {index} is gone")
        back = self.erased - self.missing.keys()
        for month in self.months:
            first = f"{month}-01"
            with connection.cursor() as cursor:
                cursor.execute(_ROWS_OF_MONTH, (first, first, list(REMOVALS), MOST_FAULTS))
                orders = [(epoch, int(xid), id_) for epoch, xid, id_ in cursor.fetchall()]
            back |= set(indexes_of(orders).values())
        for index in back:
            self.found.blame(
                index, "entry_returned", f"the entry of leaf {index} was removed by law"
            )

    def _head(self) -> None:
        """The sequencer goes on from here, so what it believes must be what the leaves say."""
        with connection.cursor() as cursor:
            cursor.execute("select size, frontier, epoch, xid::text, entry_id from ledger_head")
            size, frontier, epoch, xid, id_ = cursor.fetchone()
        place, (last_id, last) = (epoch, int(xid), id_), self.last
        if (xid, id_) == ("0", 0) and epoch > self.before[0]:
            fits = True  # settled in another cluster, where nothing has been indexed yet
        elif last is not None:
            fits = place == last.order
        else:
            fits = id_ == last_id and place >= self.before
        if size != self.found.size or bytes(frontier) != self.frontier.to_bytes() or not fits:
            self.found.blame(None, "head_changed", "the sequencer's place does not fit the leaves")

    def _copies(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_COPIES, (MOST_FAULTS,))
            for (index,) in cursor.fetchall():
                self.found.blame(index, "entry_copied", f"leaf {index} repeats an earlier one")

    def _rows_without_leaf(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_ROWS_WITHOUT_LEAF)
            rows = cursor.fetchall()
        for id_, is_late, index in rows:
            if is_late:
                detail = f"row {id_} was inserted behind the log, as if before leaf {index}"
                self.found.blame(index, "entry_inserted", detail)
        waiting = [id_ for id_, is_late, _ in rows if not is_late]
        self.found.pending = len(waiting)
        if waiting:
            self._pending(waiting)

    def _pending(self, ids: list[int]) -> None:
        stored, unreadable = _rows_of(ids)
        for entry in (entry for rows in stored.values() for entry in rows):
            for code, detail in entry_faults(entry, self.mac):
                self.found.blame(None, code, f"{detail} (not yet indexed)")
        with connection.cursor() as cursor:
            cursor.execute(_COPIES_THAT_WAIT, (ids,))
            copies = {id_ for (id_,) in cursor.fetchall()}
        for id_ in sorted(copies):
            self.found.blame(None, "entry_copied", f"row {id_} repeats another (not yet indexed)")
        for id_ in sorted(unreadable):
            self.found.blame(None, "entry_changed", f"row {id_} cannot be read (not yet indexed)")


def _rows_of(ids: Iterable[int]) -> tuple[dict[int, list[StoredEntry]], set[int]]:
    """Rows by id, and the ids of rows whose values no program of ours can have written."""
    wanted, unreadable = list(ids), set()
    try:
        found = stored_entries(wanted)
    except (DataError, ValueError):
        found = []
        for id_ in wanted:
            try:
                found += stored_entries([id_])
            except (DataError, ValueError):
                unreadable.add(id_)
    rows: dict[int, list[StoredEntry]] = {}
    for stored in found:
        rows.setdefault(stored.id, []).append(stored)
    return rows, unreadable


def _month(seconds: int) -> str:
    return instant_text(dt.datetime.fromtimestamp(seconds, dt.UTC))[:7]


def verify(*, kept: Sequence[str] = (), progress: Progress | None = None) -> Verification:
    """Recompute every commitment that still has its row, every leaf, tile and signed root.

    `kept` are notes of checkpoints that somebody published or kept earlier: a history signed anew does not
    fit them. CheckpointUnreadable if one is no checkpoint of this log.
    Runs in one repeatable-read snapshot, so that a node at work does not look wrong.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        allow_long_transaction()
        verifier, size = _Verifier(kept), log_size()
        for rows in leaf_rows():
            verifier.take(rows)
            if progress:
                progress(verifier.found.size, size)
        return verifier.finish()
