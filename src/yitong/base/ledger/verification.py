"""Recomputes the whole log and names the first row at fault; rebuilds what can be derived."""

import datetime as dt
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from yitong.base.ledger import tree
from yitong.base.ledger.actions import record, signer
from yitong.base.ledger.errors import CheckpointUnreadable
from yitong.base.ledger.events import ENTRY_ERASED, MONTH_DISPOSED, TREE_REBUILT
from yitong.base.ledger.note import Checkpoint, is_signed_by, read_checkpoint
from yitong.base.ledger.queries import StoredEntry, entries_by_id, log_size
from yitong.base.ledger.rules import commitment_of, instant_text, leaf_of, whole_seconds
from yitong.base.ledger.sequencer import LOCK, store_full_tiles
from yitong.base.ledger.tiles import forget_cached_nodes
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

MOST_FAULTS = 100
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: where (index, or None), a stable code, and a sentence."""

    index: int | None
    code: str
    detail: str


@dataclass(slots=True)
class Verification:
    """What was recomputed, and what did not fit. `root` is of the whole log."""

    size: int = 0
    root: bytes = tree.EMPTY_ROOT
    checkpoints: int = 0
    erased: int = 0
    pending: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def first_fault(self) -> Fault | None:
        """The fault with the lowest index; faults without one come last."""
        return min(self.faults, key=lambda f: (f.index is None, f.index or 0), default=None)

    def blame(self, index: int | None, code: str, detail: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(index, code, detail))


@dataclass(frozen=True, slots=True)
class _LeafRow:
    n: int
    ids: Sequence[int]
    seconds: Sequence[int]
    commitments: bytes
    hashes: bytes
    inner: bytes | None

    @property
    def first(self) -> int:
        return self.n * tree.WIDTH

    def commitment(self, place: int) -> bytes:
        return self.commitments[place * 32 : place * 32 + 32]

    def leaf(self, place: int) -> bytes:
        return self.hashes[place * 32 : place * 32 + 32]


def _leaf_rows() -> Iterator[list[_LeafRow]]:
    """Leaf rows in order, sixteen at a time."""
    after = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "select l.n, l.ids, l.seconds, l.commitments, l.hashes, t.inner_nodes "
                "from ledger_leaf l left join ledger_tile t on t.level = 0 and t.n = l.n "
                "where l.n > %s order by l.n limit 16",
                (after,),
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield [
            _LeafRow(
                n,
                ids,
                struct.unpack(f">{len(ids)}q", bytes(seconds)),
                bytes(commitments),
                bytes(hashes),
                None if inner is None else bytes(inner),
            )
            for n, ids, seconds, commitments, hashes, inner in rows
        ]
        after = rows[-1][0]


def entry_faults(stored: StoredEntry, mac: Callable[[bytes], bytes]) -> Iterator[tuple[str, str]]:
    """What of an entry row does not fit itself: (code, detail)."""
    if commitment_of(stored.body, stored.salt) != stored.commitment:
        yield "entry_changed", f"row {stored.id}: its content does not give its commitment"
    elif leaf_of(whole_seconds(stored.body.at), stored.commitment) != stored.leaf:
        yield "entry_changed", f"row {stored.id}: its leaf hash is wrong"
    if mac(stored.commitment) != stored.mac:
        yield "entry_foreign", f"row {stored.id}: not written by this node"


class _Verifier:
    """One pass over the leaves. Holds the frontier, the erasures seen and the missing rows."""

    def __init__(self, kept: Sequence[str]) -> None:
        self.found = Verification()
        self.frontier = tree.Frontier()
        self.mac = signer().mac
        self.before = (0, 0, 0)
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

    def take(self, rows: Sequence[_LeafRow]) -> None:
        stored = entries_by_id(id_ for row in rows for id_ in row.ids)
        for row in rows:
            if row.first != self.found.size:
                self.found.blame(
                    self.found.size,
                    "leaf_missing",
                    f"leaf row {self.found.size // tree.WIDTH} is missing",
                )
            for place, id_ in enumerate(row.ids):
                self._leaf(row, place, stored.get(id_))
            self._grow(row)

    def _leaf(self, row: _LeafRow, place: int, stored: StoredEntry | None) -> None:
        index, commitment = row.first + place, row.commitment(place)
        if leaf_of(row.seconds[place], commitment) != row.leaf(place):
            self.found.blame(index, "leaf_changed", f"the leaf at {index} was changed")
        if stored is None:
            self.missing[index] = row.seconds[place]
            return
        if stored.commitment != commitment or whole_seconds(stored.body.at) != row.seconds[place]:
            self.found.blame(
                index, "entry_swapped", f"row {stored.id} is not the entry of leaf {index}"
            )
        for code, detail in entry_faults(stored, self.mac):
            self.found.blame(index, code, detail)
        if stored.order <= self.before:
            self.found.blame(
                index, "entry_reordered", f"row {stored.id} does not stand in its order"
            )
        self.before = max(self.before, stored.order)
        self._note_removals(stored)

    def _note_removals(self, stored: StoredEntry) -> None:
        facts = stored.body.facts
        if stored.body.event == ENTRY_ERASED.name and isinstance(facts["indexes"], list):
            self.erased.update(int(str(i)) for i in facts["indexes"])
        elif stored.body.event == MONTH_DISPOSED.name:
            self.months.add(str(facts["month"]))

    def _grow(self, row: _LeafRow) -> None:
        end = row.first + len(row.ids)
        for checkpoint in [c for c in self.wanted if row.first < c.size <= end]:
            part = row.hashes[: (checkpoint.size - row.first) * tree.HASH]
            if self.frontier.root_with(part) != checkpoint.root:
                self.found.blame(
                    checkpoint.size - 1,
                    "history_rewritten",
                    f"the log of {checkpoint.size} entries is not the one that was signed",
                )
        self.wanted = [c for c in self.wanted if c.size > end]
        self.found.size = end
        if len(row.ids) < tree.WIDTH:
            self.found.root = self.frontier.root_with(row.hashes)
            return
        inner = tree.inner_nodes(row.hashes)
        if row.inner != inner:
            self.found.blame(row.first, "tile_changed", f"tile 0/{row.n} was changed or is missing")
        self.frontier.append(inner[-tree.HASH :], tree.HEIGHT)
        self.found.root = self.frontier.root_with()

    def finish(self) -> Verification:
        for checkpoint in self.wanted:
            self.found.blame(
                self.found.size,
                "log_shortened",
                f"a checkpoint of {checkpoint.size} entries was signed, the log has {self.found.size}",
            )
        for index, seconds in self.missing.items():
            if index in self.erased or _month(seconds) in self.months:
                self.found.erased += 1
            else:
                self.found.blame(index, "entry_missing", f"the entry of leaf {index} is gone")
        self.found.checkpoints = len(self.signed)
        if log_size() != self.found.size:
            self.found.blame(None, "head_changed", "the sequencer's place does not fit the leaves")
        self._rows_without_leaf()
        return self.found

    def _rows_without_leaf(self) -> None:
        """Rows before the sequencer's place that have no leaf were put in by hand; later ones wait."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                select e.id, (e.epoch, e.xid, e.id) <= (h.epoch, h.xid, h.entry_id)
                from ledger_entry e, ledger_head h
                where not exists (
                    select from (select unnest(ids) as id from ledger_leaf) known where known.id = e.id
                )
                """
            )
            rows = cursor.fetchall()
        for id_, is_late in rows:
            if is_late:
                self.found.blame(None, "entry_inserted", f"row {id_} was inserted behind the log")
        waiting = [id_ for id_, is_late in rows if not is_late]
        self.found.pending = len(waiting)
        for stored in entries_by_id(waiting).values():
            for code, detail in entry_faults(stored, self.mac):
                self.found.blame(None, code, f"{detail} (not yet indexed)")


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
            _allow_long(cursor)
        verifier, size = _Verifier(kept), log_size()
        for rows in _leaf_rows():
            verifier.take(rows)
            if progress:
                progress(verifier.found.size, size)
        return verifier.finish()


def _allow_long(cursor: object) -> None:
    """Reading holds the horizon only while it runs; the role's 30 s are for business transactions."""
    execute = cursor.execute  # type: ignore[attr-defined]
    execute("select count(*) from pg_settings where name = 'transaction_timeout'")
    names = ["statement_timeout", "idle_in_transaction_session_timeout"]
    if cursor.fetchone()[0]:  # type: ignore[attr-defined]
        names.append("transaction_timeout")
    for name in names:
        execute(f"set local {name} = 0")


def rebuild(*, by: Actor, progress: Progress | None = None) -> Verification:
    """Make leaf hashes, tiles and the sequencer's frontier again from times and commitments."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            _allow_long(cursor)
            cursor.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
            cursor.execute("delete from ledger_tile")
        frontier, size = tree.Frontier(), log_size()
        tail = b""
        for rows in _leaf_rows():
            tail = _rebuild_rows(rows, frontier)
            if progress:
                progress(rows[-1].first + len(rows[-1].ids), size)
        root = frontier.root_with(tail)
        with connection.cursor() as cursor:
            cursor.execute("update ledger_head set frontier = %s", (frontier.to_bytes(),))
        record(
            TREE_REBUILT,
            by=by,
            about=About("ledger", "log"),
            facts={"size": size, "root": root.hex()},
        )
    forget_cached_nodes()
    return verify()


def _rebuild_rows(rows: Sequence[_LeafRow], frontier: tree.Frontier) -> bytes:
    full, tail = [], b""
    for row in rows:
        hashes = b"".join(
            leaf_of(seconds, row.commitment(place)) for place, seconds in enumerate(row.seconds)
        )
        if hashes != row.hashes:
            with connection.cursor() as cursor:
                cursor.execute("update ledger_leaf set hashes = %s where n = %s", (hashes, row.n))
        if len(row.ids) == tree.WIDTH:
            full.append((row.n, hashes))
        else:
            tail = hashes
    for root in store_full_tiles(full) if full else ():
        frontier.append(root, tree.HEIGHT)
    return tail
