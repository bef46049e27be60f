"""The grants in force as this process knows them: loaded once, changed by NOTIFY, dropped when deaf.

A changed grant holds everywhere within a second. A process that does not hear keeps nothing: its calls
answer 503 until it listens again.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import psycopg
from django.db import Error as DatabaseError
from django.db import connections

from yitong.base.access.api import Decision
from yitong.data.exchange.connections import PerDatabase, Rows, connect
from yitong.data.exchange.errors import RegisterStale
from yitong.data.exchange.rules import RowRule
from yitong.data.sharing.api import Call, GrantRow, active_grants
from yitong.data.sources.api import CopyPlan, RowStatement, row_statement, source_table
from yitong.kernel import clock
from yitong.kernel.errors import Refusal
from yitong.kernel.masking import mask

CHANNEL = "grants"
HEARTBEAT_S = 0.5
RELOAD_S = 30.0
RECONNECT_S = 0.5
START_WAIT_S = 5.0

_log = logging.getLogger(__name__)


Mask = Callable[[str | None], str | None]


@dataclass(frozen=True, slots=True)
class LoadedGrant:
    """A grant with the statement that reads its row; None where the row is read in place."""

    row: GrantRow
    columns: tuple[str, ...]
    statement: RowStatement | None
    masks: Mapping[str, Mask]
    mask_names: Mapping[str, str]
    fields: frozenset[str]
    rule: RowRule | None = None
    decided: dict[Call, Decision] = field(default_factory=dict, repr=False, compare=False)


Held = Mapping[tuple[str, str], Sequence[LoadedGrant]]  # (agency, resource) → grants


def load(row: GrantRow) -> LoadedGrant:
    """With the columns to read: those granted, those that say whom the row is about, those of its rule."""
    table = source_table(row.table_key)
    in_place = table.state == "in_place"
    rule = _rule(row, CopyPlan.from_json(table.plan), in_place=in_place)
    asked = rule.items if rule else ()
    columns = tuple(dict.fromkeys([*(f.name for f in row.fields), *row.subjects, *asked]))
    statement = None if in_place else row_statement(row.table_key, columns)
    names = {item.name: item.mask for item in row.fields}
    masks = {name: partial(mask, covered) for name, covered in names.items()}
    return LoadedGrant(row, columns, statement, masks, names, frozenset(masks), rule)


def _rule(row: GrantRow, plan: CopyPlan, *, in_place: bool) -> RowRule | None:
    if row.rule is None:
        return None
    # Of a stored row the division stands beside its columns, tidied; of one read in place it is a column like others.
    return RowRule(row.rule, row.rule_digest, "" if in_place else plan.region_column or "")


class Register:
    """What one process holds of the register of grants."""

    def __init__(self, info: str) -> None:
        self._info = info
        self._held: Held | None = None
        self._loaded = threading.Event()
        self._stale = threading.Event()
        self._stopped = threading.Event()
        self._heard: Rows | None = None
        self._thread = threading.Thread(target=self._run, name="grants", daemon=True)
        self._thread.start()

    def grants(self, agency: str, client: str, resource: str) -> list[LoadedGrant]:
        """Grants of this resource that the client may use; RegisterStale while the process is deaf."""
        if self._held is None and not self._loaded.wait(START_WAIT_S):
            raise RegisterStale
        if (held := self._held) is None:
            raise RegisterStale
        found = held.get((agency, resource), ())
        return [grant for grant in found if grant.row.client_id in {"", client}]

    def reload(self) -> None:
        """Ask for a fresh load, after a table was swapped under a statement."""
        self._stale.set()

    def stop(self) -> None:
        self._stopped.set()
        if (heard := self._heard) is not None:
            _hang_up(heard)
        self._thread.join(2 * RECONNECT_S)

    @property
    def is_listening(self) -> bool:
        return self._held is not None

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with connect(self._info) as connection:
                    self._heard = connection
                    connection.execute(f"listen {CHANNEL}")
                    self._listen(connection)
            except (psycopg.Error, DatabaseError, OSError):
                if not self._stopped.is_set():
                    _log.warning(
                        "the register of grants is not heard; calls are refused", exc_info=True
                    )
            finally:
                self._held = self._heard = None
                self._loaded.clear()
                connections["default"].close()
            self._stopped.wait(RECONNECT_S)

    def _listen(self, connection: Rows) -> None:
        while not self._stopped.is_set():
            self._load_all(connection)
            until = clock.epoch() + RELOAD_S
            while clock.epoch() < until and not (self._stale.is_set() or self._stopped.is_set()):
                if any(True for _ in connection.notifies(timeout=HEARTBEAT_S, stop_after=1)):
                    break
                connection.execute("select 1")

    def _load_all(self, connection: Rows) -> None:
        self._stale.clear()
        self._held = _by_agency(_loadable(active_grants(connection)))
        self._loaded.set()


def _hang_up(connection: Rows) -> None:
    """End another thread's wait: only its socket can be touched from outside."""
    with (
        suppress(psycopg.Error, OSError),
        socket.socket(fileno=os.dup(connection.fileno())) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)


def _loadable(rows: Iterable[GrantRow]) -> Iterable[LoadedGrant]:
    for row in rows:
        try:
            yield load(row)
        except Refusal:
            # Published before its rows were copied in, or withdrawn since: nothing to read, nothing granted.
            _log.warning("grant %s has no readable table", row.id, exc_info=True)


def _by_agency(grants: Iterable[LoadedGrant]) -> Held:
    held: dict[tuple[str, str], list[LoadedGrant]] = {}
    for grant in grants:
        held.setdefault((grant.row.agency_code, grant.row.resource_code), []).append(grant)
    return held


def register() -> Register:
    """The process's register for the node's database."""
    return _registers.here()


_registers = PerDatabase("yitong-grants", Register, Register.stop)
