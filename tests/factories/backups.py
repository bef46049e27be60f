"""Backups and places to restore them into."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import sql

from tests.database import Databases, drop
from yitong.hosting.api import Manifest, archive

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CHECKPOINT = b"yitong-test\n3\nAAAA\n\n- yitong-test AAAA\n"


def stored_files() -> list[bytes]:
    return [b"one", b"two" * 600, b"x" * 512]


def a_manifest(**different: object) -> Manifest:
    said = {
        "backup": "00112233",
        "made_at": "2026-03-01T00:00:00Z",
        "node": "yitong-test",
        "public_key": KEY.public_key().public_bytes_raw().hex(),
        "profile": "node",
        "versions": {"yitong": "0", "postgresql": "18.1"},
        "migrations": {"ledger": ("0001_initial",)},
        "ledger_size": 3,
        "scopes": {"app:identity": 2},
        "key_print": "00",
    }
    return Manifest(**said | different)


def an_archive(
    path: Path,
    *,
    sign: Callable[[bytes], bytes] = KEY.sign,
    without: str = "",
    twice: str = "",
    **different: object,
) -> Path:
    """A small backup, made by the writer itself; its database is no dump."""
    with archive.ArchiveWriter(path) as writer:
        parts = {archive.DATABASE: writer.part(archive.DATABASE, [b"dump" * 500, b"dump" * 500])}
        for content in stored_files():
            place = path.with_name(hashlib.sha256(content).hexdigest())
            place.write_bytes(content)
            writer.stored(place)
            place.unlink()
        parts[archive.FILES] = writer.files
        for _ in range((without != archive.CHECKPOINT) + (twice == archive.CHECKPOINT)):
            parts[archive.CHECKPOINT] = writer.part(archive.CHECKPOINT, [CHECKPOINT])
        manifest = replace(a_manifest(**different), parts=parts)
        writer.finish(*manifest.signed(sign))
    return path


_made = iter(range(10**6))


@contextmanager
def empty_database(databases: Databases) -> Iterator[str]:
    """A database with nothing in it, as an operator makes one."""
    name = f"yitong_empty_{os.getpid()}_{next(_made)}"
    statement = sql.SQL(
        "create database {} template template0 owner {} encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"
    )
    with databases.admin() as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(databases.owner)))
    try:
        yield databases.url(name)
    finally:
        drop(databases, name)


def tables_in(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("select count(*) from pg_tables where schemaname = 'public'")
        return int(found.fetchone()[0])
