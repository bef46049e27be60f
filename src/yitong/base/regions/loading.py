"""Bringing a table of divisions into the database by COPY.

The first load goes straight into the table: the nation has 665,000 rows, so the indexes are dropped before and made
after. A later one goes into a staging table and is compared by three statements.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice

import orjson
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import UniqueConstraint
from psycopg.copy import QueuedLibpqWriter

from yitong.base.regions.editions import Edition
from yitong.base.regions.errors import DivisionMalformed
from yitong.base.regions.models import Region
from yitong.base.regions.pinyin import speller
from yitong.base.regions.rules import Division, bigrams, level_of
from yitong.kernel import clock

Progress = Callable[[int, int], None]  # rows done, rows in all

MANY = 50_000
CHUNK = 2_000
_SYNTAX = frozenset('\\"{}\t\r\n\b\f\v\0')

_STAGE = "create temporary table regions_incoming (like regions_region) on commit drop"
_COPY = """
copy {} (code, level, name, pinyin, initials, bigrams, overlay, replaced_by) from stdin
"""
_RENAMED = """
update regions_region r
set valid_to = %(as_of)s, replaced_by = r.code
from regions_incoming i
where r.valid_to is null and r.overlay = %(overlay)s and i.code = r.code and i.name <> r.name
"""
_GONE = """
update regions_region r
set valid_to = %(as_of)s, replaced_by = coalesce(%(replaced)s::jsonb ->> r.code, '')
where r.valid_to is null and r.overlay = %(overlay)s
  and not exists (select from regions_incoming i where i.code = r.code)
"""
_ADDED = """
insert into regions_region
  (code, level, name, pinyin, initials, bigrams, overlay, valid_from, replaced_by)
select code, level, name, pinyin, initials, bigrams, overlay, %(as_of)s, ''
from regions_incoming i
where not exists (
  select from regions_region r where r.valid_to is null and r.level = i.level and r.code = i.code
)
order by code
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows a load added, renamed and closed."""

    added: int
    renamed: int = 0
    closed: int = 0


def merge(
    divisions: Sequence[Division],
    *,
    overlay: str,
    edition: Edition,
    progress: Progress | None = None,
) -> Changes:
    """Make `divisions` the ones in force: what is gone or renamed is closed on the edition's day, and kept."""
    if Region.objects.filter(overlay=overlay, valid_to=None).exists():
        return _merge_into_rows(divisions, overlay, edition, progress)
    with connection.cursor() as cursor, _indexes_after(len(divisions)):
        _copy(cursor, "regions_region", _lines(divisions, overlay), _told(progress, len(divisions)))
    return Changes(len(divisions))


def _merge_into_rows(
    divisions: Sequence[Division], overlay: str, edition: Edition, progress: Progress | None
) -> Changes:
    places: dict[str, str | date] = {
        "overlay": overlay,
        "as_of": edition.as_of or clock.today(),
        "replaced": orjson.dumps(dict(edition.replacements)).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.execute("alter table regions_incoming alter column id drop not null")
        _copy(
            cursor, "regions_incoming", _lines(divisions, overlay), _told(progress, len(divisions))
        )
        cursor.execute("analyze regions_incoming")
        renamed = _changed(cursor, _RENAMED, places)
        closed = _changed(cursor, _GONE, places)
        added = _changed(cursor, _ADDED, places) - renamed
        cursor.execute("drop table regions_incoming")
    return Changes(added, renamed, closed)


def append_closed(divisions: Sequence[Division]) -> Changes:
    """Add rows that were closed before we knew them; one that is there already stays as it is."""
    fields = ("code", "name", "valid_from", "valid_to")
    known = set(Region.objects.exclude(valid_to=None).values_list(*fields))
    spell = speller().spell
    rows = [
        Region(
            code=division.code,
            level=level_of(division.code),
            name=division.name,
            bigrams=bigrams(division.name),
            valid_from=division.valid_from,
            valid_to=division.valid_to,
            replaced_by=division.replaced_by,
            **spell(division.name, division.code)._asdict(),
        )
        for division in divisions
        if (division.code, division.name, division.valid_from, division.valid_to) not in known
    ]
    Region.objects.bulk_create(rows, batch_size=1000)
    return Changes(len(rows))


@contextmanager
def _indexes_after(rows: int) -> Iterator[None]:
    """For a large load: drop the indexes, and make them again from the whole."""
    if rows < MANY:
        yield
        return
    with connection.cursor() as cursor:
        # One statement of this transaction may take longer than a page's may.
        cursor.execute("set local statement_timeout = 0")
        if cursor.connection.info.server_version >= 170000:
            cursor.execute("set local transaction_timeout = 0")
        cursor.execute("set local maintenance_work_mem = '256MB'")
    keys = [c for c in Region._meta.constraints if isinstance(c, UniqueConstraint)]
    with connection.schema_editor() as editor:
        for index in Region._meta.indexes:
            editor.remove_index(Region, index)
        for key in keys:
            editor.remove_constraint(Region, key)
    yield
    with connection.cursor() as cursor:
        cursor.execute("analyze regions_region")
    with connection.schema_editor() as editor:
        for key in keys:
            editor.add_constraint(Region, key)
        for index in Region._meta.indexes:
            editor.add_index(Region, index)


def _changed(cursor: CursorWrapper, statement: str, places: Mapping[str, str | date]) -> int:
    cursor.execute(statement, places)
    return int(cursor.rowcount)


def _copy(
    cursor: CursorWrapper, table: str, lines: Iterator[str], tell: Callable[[int], None]
) -> None:
    """COPY in blocks of text: a call per row would cost more than the row. Progress is told in rows.

    A thread writes the blocks, so that the next is spelt while the server takes in the last one.
    """
    done = 0
    writer = QueuedLibpqWriter(cursor.cursor)
    with cursor.copy(_COPY.format(table), writer=writer) as copy:
        while block := list(islice(lines, CHUNK)):
            copy.write("".join(block).encode())
            done += len(block)
            tell(done)


def _told(progress: Progress | None, total: int) -> Callable[[int], None]:
    return (lambda done: progress(done, total)) if progress else (lambda _: None)


def _lines(divisions: Sequence[Division], overlay: str) -> Iterator[str]:
    """Rows in COPY's text form, spelt."""
    spell = speller().spell
    for division in divisions:
        code, name = division.code, division.name
        # No place is written with these, and COPY or an array would read them as syntax.
        if not code or not name or not _SYNTAX.isdisjoint(name):
            raise DivisionMalformed(code=code)
        pinyin, initials = spell(name, code)
        pairs = '","'.join(bigrams(name))
        array = f'{{"{pairs}"}}' if pairs else "{}"
        yield f"{code}\t{level_of(code)}\t{name}\t{pinyin}\t{initials}\t{array}\t{overlay}\t\n"
