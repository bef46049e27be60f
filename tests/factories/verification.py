"""A log to tamper with, and what `verify` says of it then."""

from django.db import connection

from tests.factories.ledger import in_order, record_many, tampering
from yitong.base.ledger import api as ledger

SIZE = 600  # two full leaf rows and a part of a third


TABLES = ("ledger_entry", "ledger_leaf", "ledger_tile", "ledger_checkpoint", "ledger_head")


def build() -> None:
    """A log of SIZE entries, signed at three sizes, kept beside: put back it is there sooner than made anew."""
    for upto in (100, 400, SIZE):
        ledger.sequence_all()
        record_many(upto - len(in_order()))
        ledger.sequence_all()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"create table kept_{table} as table {table}")


def put_back() -> None:
    with tampering() as cursor:
        for table in TABLES:
            cursor.execute(f"delete from {table}")
            cursor.execute(f"insert into {table} table kept_{table}")


def faults() -> dict[str, int | None]:
    """The lowest index per kind of fault."""
    found: dict[str, int | None] = {}
    for fault in ledger.verify().faults:
        found.setdefault(fault.code, fault.index)
    return found


def first() -> tuple[int | None, str]:
    fault = ledger.verify().first_fault
    assert fault is not None, "not found"
    return fault.index, fault.code


def tampered(statement: str, *values: object, rows: int = 1) -> dict[str, int | None]:
    """What verify finds after this statement, kind by kind, the first index first; then all is put back."""
    change(statement, *values, rows=rows)
    found = faults()
    put_back()
    return found


def change(statement: str, *values: object, rows: int = 1) -> None:
    with tampering() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == rows
