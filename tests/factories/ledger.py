"""A signer, entries and little logs without a database; and what a test writes into a real ledger."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yitong.base.ledger import api as ledger
from yitong.base.ledger import tree
from yitong.base.ledger.note import key_id, read_checkpoint, signed_checkpoint, verifier_key
from yitong.base.ledger.queries import raw_cursor
from yitong.base.ledger.rules import EntryBody, SealedEntry, seal_entry
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event

AT = dt.datetime(2026, 3, 2, 1, 30, 0, 123456, dt.UTC)
BY = Actor("account:7", "post:7", "11890100DM00000135", "890102")
NOTED = Event("test.noted", "记下{word}", ("word", "count"))


@dataclass(frozen=True)
class ASigner:
    """A key that is the same in every run."""

    name: str = "yitong.test/log"
    seed: bytes = b"s" * 32
    _key: Ed25519PrivateKey = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key", Ed25519PrivateKey.from_private_bytes(self.seed))

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, self.public_key)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def mac(self, message: bytes) -> bytes:
        return hashlib.blake2b(message, key=self.seed, digest_size=16).digest()


def a_body(count: int = 0, **more: object) -> EntryBody:
    parts: dict[str, object] = {
        "at": AT + dt.timedelta(seconds=count),
        "event": "data.used",
        "about": About("resource", f"r{count}"),
        "account": BY.account,
        "post": BY.post,
        "agency": BY.agency,
        "region": BY.region,
        "facts": {"purpose": "school-admission", "found": count, "fields": ["sfzh", "xm"]},
        **more,
    }
    return EntryBody(**parts)  # type: ignore[arg-type]


def a_log(size: int, signer: ASigner) -> list[SealedEntry]:
    return [seal_entry(a_body(i), signer.mac) for i in range(size)]


def a_proof(log: list[SealedEntry], index: int, signer: ASigner) -> dict[str, object]:
    """The document of one entry's proof, put together without the database."""

    def node(height: int, position: int) -> bytes:
        frontier = tree.Frontier()
        for entry in log[position << height : (position + 1) << height]:
            frontier.append(entry.leaf)
        return frontier.root_with()

    root = tree.range_hash(0, len(log), node)
    path = tree.inclusion_path(
        index, len(log), lambda start, end: tree.range_hash(start, end, node)
    )
    return {
        "format": "yitong-ledger-proof/1",
        "entry": log[index].body.document(),
        "salt": log[index].salt.hex(),
        "index": index,
        "size": len(log),
        "path": [each.hex() for each in path],
        "checkpoint": signed_checkpoint(signer, len(log), root).note,
        "verifier_key": verifier_key(signer),
    }


# On a real database -------------------------------------------------------------------------------


def record_one(word: str = "甲", count: int = 0, event: Event = NOTED) -> int:
    """One entry in a transaction of its own; its row id."""
    with transaction.atomic():
        return ledger.record(
            event,
            by=BY,
            about=About("test", f"t{count}"),
            facts={"word": word, "count": count},
        )


def record_many(count: int, event: Event = NOTED, *, at: dt.datetime | None = None) -> list[int]:
    """Many entries by one COPY and one commit, as the gateway's committer writes them."""

    def entry(i: int) -> SealedEntry:
        about, facts = About("test", f"t{i}"), {"word": "乙", "count": i}
        return ledger.prepare(event, by=BY, about=about, facts=facts)

    with transaction.atomic(), clock.frozen(at) if at else nullcontext():
        return ledger.EntryWriter(reserve=0).write(raw_cursor(), [entry(i) for i in range(count)])


@contextmanager
def tampering() -> Iterator[CursorWrapper]:
    """The database as its owner can change it by hand, past the triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry disable trigger user")
        yield cursor
        cursor.execute("alter table ledger_entry enable trigger user")


def ask(question: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


def in_order() -> list[int]:
    """Row ids by index; fails where an index is missing or given twice."""
    rows = ask("select n, size, ids from ledger_leaf order by n")
    assert [n for n, _, _ in rows] == list(range(len(rows)))
    assert all(size == 256 for _, size, _ in rows[:-1])
    assert all(size == len(ids) for _, size, ids in rows)
    return [id_ for _, _, ids in rows for id_ in ids]


def check_consistency() -> int:
    """Every published checkpoint extends every earlier one; how many there are."""
    log = ledger.PublicLog()
    notes = [
        read_checkpoint(note) for (note,) in ask("select note from ledger_checkpoint order by size")
    ]
    for old, new in itertools.pairwise(notes):
        proof = log.consistency_proof(old.size, new.size)
        assert tree.is_consistent(old.size, old.root, new.size, new.root, proof)
    if len(notes) > 2:
        old, new = notes[0], notes[-1]
        proof = log.consistency_proof(old.size, new.size)
        assert tree.is_consistent(old.size, old.root, new.size, new.root, proof)
    return len(notes)


def events_about(kind: str, key: object) -> list[str]:
    """The events about a thing, oldest first, sequenced or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select event from ledger_entry where about_type = %s and about_key = %s order by id",
            [kind, str(key)],
        )
        return [row[0] for row in cursor.fetchall()]
