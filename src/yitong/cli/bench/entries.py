"""A million committed entries, written by the very function that the gateway's committer writes with."""

from django.db import connection, transaction

from yitong.base.ledger import api as ledger
from yitong.cli.bench.result import Progress
from yitong.cli.bench.throwaway import BY
from yitong.kernel.declare import About, Event

HAPPENED = Event("bench.happened", "第{number}件", ("number", "purpose", "fields"))
BATCH = 5_000


def write_entries(count: int, progress: Progress) -> None:
    """`count` entries in transactions of BATCH."""
    for start in range(0, count, BATCH):
        batch = [prepared_entry(number) for number in range(start, min(start + BATCH, count))]
        with transaction.atomic():
            connection.ensure_connection()
            with connection.connection.cursor() as cursor:
                ledger.EntryWriter(reserve=0).write(cursor, batch)
        if start % 100_000 == 0:
            progress(f"entries {start + len(batch)}/{count}")
    with connection.cursor() as cursor:
        cursor.execute("analyze ledger_entry")


def prepared_entry(number: int) -> ledger.SealedEntry:
    return ledger.prepare(
        HAPPENED,
        by=BY,
        about=About("bench", str(number)),
        facts={"number": number, "purpose": "school-admission", "fields": ["sfzh", "xm", "zt"]},
        region="890102",
    )


def forget_order() -> None:
    """Undo the sequencing of a throw-away log, so that the next round does it again."""
    with connection.cursor() as cursor:
        cursor.execute("truncate ledger_leaf, ledger_tile, ledger_checkpoint")
        cursor.execute(
            "update ledger_head set size = 0, xid = '0', entry_id = 0, frontier = '', horizon = '0'"
        )
