"""Every committed entry gets one index, once, whoever commits when; and every signed size extends the one before."""

import datetime as dt
import json
import random
import threading
import time
from contextlib import suppress

import psycopg
import pytest
from django.db import connection, transaction

from tests.factories.agencies import OPERATOR
from tests.factories.ledger import (
    ask,
    check_consistency,
    in_order,
    record_many,
    record_one,
)
from yitong.base.ledger import api as ledger
from yitong.base.ledger import sequencer
from yitong.base.ledger.errors import LedgerElsewhere, NotYetSequenced
from yitong.kernel import clock

pytestmark = pytest.mark.usefixtures("empty_ledger")

INSERT = (
    "insert into ledger_entry (at, event, about_type, about_key, account, post, agency, region, facts, "
    "salt, commitment, leaf_hash, mac) select at, event, about_type, about_key, account, post, agency, region, "
    "facts, salt, sha256(commitment), leaf_hash, mac from ledger_entry limit 1 returning id"
)


def all_in_order() -> list[int]:
    return [id_ for (id_,) in ask("select id from ledger_entry order by epoch, xid, id")]


def test_an_entry_has_no_index_until_it_is_sequenced():
    entry_id = record_one()
    with pytest.raises(NotYetSequenced):
        ledger.entry_proof(entry_id)
    ledger.sequence_all()
    assert ledger.entry_proof(entry_id).index == in_order().index(entry_id)


def test_a_late_committer_is_waited_for_and_lands_in_its_order(database_url):
    record_one()
    ledger.sequence_all()
    size = len(in_order())
    with psycopg.connect(database_url) as late:
        (first,) = late.execute(INSERT).fetchone()  # has the lower transaction id, commits last
        early = record_one()
        (second,) = late.execute(INSERT).fetchone()
        assert ledger.sequence_all() == 0, "nothing lies before the transaction that still runs"
        assert len(in_order()) == size
        late.commit()
    assert ledger.sequence_all() == 3
    assert in_order()[size:] == [first, second, early], "by transaction, then by row"


def test_a_transaction_that_gives_up_holds_nothing_back(database_url):
    record_one()
    ledger.sequence_all()
    size = len(in_order())
    with psycopg.connect(database_url) as late:
        late.execute(INSERT)
        kept = record_one()
        assert ledger.sequence_all() == 0
        late.rollback()
    assert ledger.sequence_all() == 1
    assert in_order()[size:] == [kept]


def test_a_page_may_end_inside_a_transaction():
    ledger.sequence_all()
    ids = record_many(700)
    taken = []
    while found := sequencer.sequence(limit=97):
        taken.append(found)
    assert taken == [97] * 7 + [21]
    assert in_order()[-700:] == ids
    ledger.sequence_all()
    assert ledger.verify().ok


@pytest.mark.parametrize("limit", [37, 255, 256, 257, 511, 512, 513])
def test_pages_of_any_size_make_the_same_log(limit):
    record_many(600)
    while sequencer.sequence(limit=limit):
        pass
    ledger.sequence_all()
    assert in_order() == all_in_order()
    assert ledger.verify().ok


def test_only_one_sequencer_works_at_a_time(database_url):
    record_many(10)
    with psycopg.connect(database_url) as other:
        other.execute("select pg_advisory_xact_lock(%s)", (sequencer.LOCK,))
        assert sequencer.sequence() == 0
    assert sequencer.sequence() > 0


def test_sequencing_that_fails_half_way_leaves_no_trace(monkeypatch):
    ledger.sequence_all()
    before = ask("select * from ledger_head"), ask("select count(*) from ledger_leaf")
    record_many(300)
    monkeypatch.setattr(sequencer, "_write_head", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sequencer.sequence()
    monkeypatch.undo()
    assert (ask("select * from ledger_head"), ask("select count(*) from ledger_leaf")) == before
    ledger.sequence_all()
    assert in_order() == all_in_order()
    assert ledger.verify().ok


class Crowd:
    """Writers that commit at random, some late, some never; two sequencers beside them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.committed: list[int] = []
        self.faults: list[BaseException] = []
        self.stop = threading.Event()
        self._lock = threading.Lock()

    def write(self, seed: int) -> None:
        chosen = random.Random(seed)
        while not self.stop.is_set():
            ids = []
            holds, gives_up = chosen.random() < 0.15, chosen.random() < 0.2
            with transaction.atomic():
                for i in range(chosen.randint(1, 8)):
                    if chosen.random() < 0.2:
                        with suppress(ZeroDivisionError), transaction.atomic():
                            record_one()
                            raise ZeroDivisionError
                    ids.append(record_one(count=i))
                    if holds:
                        time.sleep(chosen.random() * 0.08)
                transaction.set_rollback(gives_up)
            if not gives_up:
                with self._lock:
                    self.committed += ids

    def sequence(self, seed: int) -> None:
        chosen = random.Random(seed)
        while not self.stop.is_set():
            sequencer.sequence(limit=chosen.choice([3, 50, 300, 65_536]), sign_now=True)
            time.sleep(chosen.random() * 0.01)

    def run(self, seconds: float, writers: int = 6, sequencers: int = 2) -> None:
        work = [self.write] * writers + [self.sequence] * sequencers
        threads = [
            threading.Thread(target=self._keep, args=(part, self.random.random())) for part in work
        ]
        for thread in threads:
            thread.start()
        self.stop.wait(seconds)
        self.stop.set()
        for thread in threads:
            thread.join()

    def _keep(self, part, seed) -> None:
        try:
            part(seed)
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            self.faults.append(error)
            self.stop.set()
        finally:
            connection.close()


@pytest.mark.slow
def test_whoever_commits_when_every_entry_gets_one_index():
    crowd = Crowd(20261122)
    crowd.run(2.0)
    assert crowd.faults == []
    ledger.sequence_all()
    found = in_order()
    assert len(found) == len(set(found)), "no entry twice"
    assert set(crowd.committed) <= set(found), "none lost"
    assert found == all_in_order(), "none that was rolled back, and in the order of transactions"
    assert len(crowd.committed) > 100, "the test must have tried"
    assert check_consistency() > 10
    verified = ledger.verify()
    assert (verified.faults, verified.pending, verified.size) == ([], 0, len(found))


def test_the_sequencer_of_the_worker_runs_until_it_is_told_to_stop():
    stop = threading.Event()
    thread = threading.Thread(target=ledger.run_sequencer, args=(stop, 0.01))
    thread.start()
    try:
        ids = [record_one(count=i) for i in range(20)]
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not set(ids) <= set(in_order()):
            time.sleep(0.02)
    finally:
        stop.set()
        thread.join()
    assert set(ids) <= set(in_order())


def test_a_size_is_signed_at_most_once_a_second_and_never_forgotten():
    record_one()
    sequencer.sequence()
    signed = ask("select count(*) from ledger_checkpoint")
    record_one()
    sequencer.sequence()
    assert ask("select count(*) from ledger_checkpoint") == signed, "within the second"
    time.sleep(sequencer.CHECKPOINT_EVERY_S)
    assert sequencer.sequence() == 0
    ((newest,),) = ask("select max(size) from ledger_checkpoint")
    assert newest == len(in_order()), "an idle round signs what is left"


# The plan -----------------------------------------------------------------------------------------


def nodes_of(plan: dict) -> list[dict]:
    return [plan, *(inner for part in plan.get("Plans", ()) for inner in nodes_of(part))]


def test_a_size_signed_by_a_clock_that_was_ahead_keeps_no_later_one_waiting():
    with clock.frozen(clock.now() + dt.timedelta(days=365)):
        record_one()
        ledger.sequence_all()
    for later in (0, 5):
        with clock.frozen(clock.now() + dt.timedelta(seconds=later)):
            record_one()
            sequencer.sequence()
            sequencer.sequence()
        health = ledger.health()
        assert health.signed_size == health.size


@pytest.mark.slow
def test_the_hundredth_page_is_still_read_by_the_index():
    for _ in range(100):
        record_many(40)
        assert sequencer.sequence() >= 40
    record_many(40)
    with transaction.atomic():
        head = sequencer._read_head()
        horizon, _ = sequencer._cluster()
        place = {
            "size": head.size, "epoch": head.epoch, "xid": head.xid, "entry_id": head.entry_id,
            "now_epoch": head.epoch, "horizon": horizon, "limit": sequencer.PAGE,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(sequencer._PLAN)
            cursor.execute("explain (analyze, format json) " + sequencer._PAGE_SQL, place)
            (found,) = cursor.fetchone()
        transaction.set_rollback(True)
    plan = json.loads(found) if isinstance(found, str) else found
    nodes = nodes_of(plan[0]["Plan"])
    entries = [n for n in nodes if str(n.get("Relation Name", "")).startswith("ledger_entry")]
    assert entries
    # The order index of the parent and of its partitions, whatever PostgreSQL calls them.
    order = {
        name
        for (name,) in ask(
            "select relid::regclass::text from pg_partition_tree('ledger_entry_order') "
        )
    }
    for node in entries:
        assert node["Node Type"] in {"Index Scan", "Index Only Scan"}, node
        assert node["Index Name"] in order
        assert "ROW(epoch, xid, id) >" in node["Index Cond"]
        assert node.get("Rows Removed by Filter", 0) == 0
    assert sum(n["Actual Rows"] * n["Actual Loops"] for n in entries) == 40
    assert not [n for n in nodes if n["Node Type"] == "Sort" and "xid" in "".join(n["Sort Key"])], (
        "the index gives the order"
    )


# After a restore into another cluster ---------------------------------------------------------------


def move_elsewhere() -> None:
    """As after a restore: the database is in a cluster whose identity the ledger does not know."""
    with connection.cursor() as cursor:
        cursor.execute("update ledger_head set system_identifier = 1, xid = xid")


def raise_old_xids() -> None:
    """What was written before the restore had higher transaction ids than those of the new cluster."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry disable trigger user")
        cursor.execute("update ledger_entry set xid = (xid::text::bigint + 1000000)::text::xid8")
        cursor.execute("alter table ledger_entry enable trigger user")
        cursor.execute(
            "update ledger_head set xid = (xid::text::bigint + 1000000)::text::xid8 where size > 0"
        )
        cursor.execute(
            "update ledger_leaf set first_xid = (first_xid::text::bigint + 1000000)::text::xid8"
        )


def test_after_a_restore_elsewhere_nothing_is_sequenced_before_it_is_settled():
    record_one()
    move_elsewhere()
    assert ledger.health().is_elsewhere
    with pytest.raises(LedgerElsewhere):
        ledger.sequence_all()


def test_a_restored_ledger_goes_on_though_transaction_ids_begin_anew():
    record_many(300)
    ledger.sequence_all()
    old = in_order()
    waiting = record_many(20)
    raise_old_xids()
    move_elsewhere()
    assert ledger.settle(by=OPERATOR) == 20
    assert not ledger.health().is_elsewhere
    assert in_order() == old + waiting
    new = [record_one(count=i) for i in range(5)]
    assert ledger.sequence_all() == 6, "the five and what settle itself recorded"
    found = in_order()
    assert found[: len(old) + 20] == old + waiting
    assert found[-5:] == new
    ((lowest, highest),) = ask(
        "select min(xid::text::bigint) filter (where epoch = 2), max(xid::text::bigint) filter (where epoch = 1) "
        "from ledger_entry"
    )
    assert lowest < highest
    for entry_id in (old[0], waiting[3], new[-1]):
        proof = ledger.entry_proof(entry_id)
        assert found[proof.index] == entry_id
    assert ledger.verify().faults == []
    assert check_consistency() >= 2
    seen = ledger.sequenced(["test.noted"], after=-1, limit=1000)
    assert [e.entry_id for e in seen][-5:] == new


def test_settling_where_the_ledger_already_is_does_nothing():
    record_one()
    before = ask("select count(*) from ledger_entry")
    assert ledger.settle(by=OPERATOR) == 0
    assert ask("select count(*) from ledger_entry") == before


def test_settling_twice_and_a_second_move():
    for epoch in (2, 3):
        record_many(10)
        raise_old_xids()
        move_elsewhere()
        ledger.settle(by=OPERATOR)
        assert ledger.settle(by=OPERATOR) == 0
        record_one()
        ledger.sequence_all()
        assert ask("select epoch from ledger_head") == [(epoch,)]
        assert ledger.verify().faults == []
    assert in_order() == all_in_order()


def test_a_moved_ledger_with_nothing_new_verifies_at_once():
    record_many(10)
    ledger.sequence_all()
    raise_old_xids()
    move_elsewhere()
    ledger.settle(by=OPERATOR)
    assert ledger.verify().faults == []
