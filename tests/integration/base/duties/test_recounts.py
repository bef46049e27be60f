"""A changed calendar, limit or office hours move only what they touch, with the old date and the new on record."""

import datetime as dt
import threading

import pytest
from django.db import connection

from tests.factories.agencies import OPERATOR
from tests.factories.announcements import announced
from tests.factories.duties import DELIVER, REPORT, a_duty, at
from tests.factories.statutes import a_local_limit
from yitong.base.duties import actions, recounts
from yitong.base.duties.expiry import expire_due
from yitong.base.duties.models import DateChange, Duty, Recount
from yitong.base.duties.reactions import REACTIONS
from yitong.base.ledger.api import entries_about, sequence_all, sequenced
from yitong.base.statutes.api import end_limit, load_calendar, set_office_hours
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

TIMER = Actor.system("duties")


def announce() -> None:
    text = announced([dt.date(2027, 2, 11)], [dt.date(2027, 2, 20)])
    load_calendar(text=text, name="2027.csv", by=OPERATOR)


def react() -> int:
    """What the worker does: sequence, hand each entry to its reactions, work the recounts off."""
    sequence_all()
    seen = 0
    for reaction in REACTIONS:
        for entry in sequenced(reaction.events, after=-1, limit=100):
            reaction.run(entry)
            seen += 1
    while recounts.recount_some(by=TIMER, batch=2):
        pass
    return seen


@pytest.fixture
def crossing(bureau):
    """One that crosses the spring festival of 2027, one that ends before it, one that stands, one that is closed."""
    with clock.frozen(at("2027-01-28 10:00")):
        crosses, before = (
            a_duty(bureau, start=at("2027-01-28 10:00"), limit=k) for k in ("DSR-21b", "DSR-21a")
        )
        stands, done = (a_duty(bureau, start=at("2027-01-28 10:00")) for _ in range(2))
        actions.pause(stands.pk, reason="等材料", by=bureau.clerk)
        actions.meet(done.pk, outcome="agreed", by=bureau.clerk)
    return crosses, before, stands, done


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_only_duties_that_cross_changed_days_move_and_old_and_new_are_recorded(crossing):
    crosses, before, stands, done = crossing
    old = crosses.due_on
    assert crosses.is_provisional
    with clock.frozen(at("2027-01-29 09:00")):
        announce()
        assert react() >= 1
    moved = Duty.objects.get(pk=crosses.pk)
    assert moved.due_on == old + dt.timedelta(days=1)
    assert not moved.is_provisional
    change = DateChange.objects.get()
    assert (change.duty, change.old_due_at, change.new_due_at) == (
        moved,
        crosses.due_at,
        moved.due_at,
    )
    facts = entries_about(About("duty", str(moved.pk)))[0].facts
    assert (facts["old_due_on"], facts["due_on"]) == (str(old), str(moved.due_on))
    for other in (before, stands, done):
        again = Duty.objects.get(pk=other.pk)
        assert again.due_on == Duty.objects.get(pk=other.pk).due_on
        assert len(entries_about(About("duty", str(other.pk)))) <= 2
    work = Recount.objects.get()
    assert (work.changed, work.finished_at is not None) == (1, True)


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_reading_the_ledger_again_counts_nothing_twice(crossing):
    with clock.frozen(at("2027-01-29 09:00")):
        announce()
        react()
        react()
    assert Recount.objects.count() == 1
    assert DateChange.objects.count() == 1


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_what_was_paused_counts_with_the_calendar_of_its_return(crossing, bureau):
    stands = crossing[2]
    with clock.frozen(at("2027-01-29 09:00")):
        announce()
        react()
    with clock.frozen(at("2027-01-29 10:00")):
        resumed = actions.resume(stands.pk, reason="已补齐", by=bureau.clerk)
    assert resumed.due_on == Duty.objects.get(pk=crossing[0].pk).due_on + dt.timedelta(days=1)


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_what_is_missed_stays_missed(crossing):
    with clock.frozen(at("2027-02-20 00:00")):
        expire_due(by=TIMER)
        missed = Duty.objects.get(pk=crossing[0].pk)
        announce()
        react()
    assert Duty.objects.get(pk=missed.pk).due_on == missed.due_on
    assert not DateChange.objects.exists()


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_a_local_limit_that_began_before_binds_what_began_under_it(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau)
        other = a_duty(bureau, DELIVER)
        a_local_limit("DSR-21b", amount=5)
        react()
    shorter = Duty.objects.get(pk=duty.pk)
    assert (shorter.due_on, shorter.amount) == (dt.date(2026, 10, 9), 5)
    assert shorter.basis_act == "澜宁市政务数据共享管理办法"
    assert Duty.objects.get(pk=other.pk).due_on == other.due_on


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_a_local_limit_that_ended_gives_way_to_the_nations_for_what_began_since(bureau):
    a_local_limit("DSR-21b", amount=5)
    with clock.frozen(at("2026-09-22 16:12")):
        before = a_duty(bureau, start=at("2026-09-22 16:12"))
    with clock.frozen(at("2026-09-24 16:12")):
        since = a_duty(bureau)
        change = recounts.Change(recounts.LIMIT, "", limit_key="DSR-21b", region="8901")
        assert recounts.all_regions_touched(change) == 2
        end_limit(
            key="DSR-21b", region="8901", on=dt.date(2026, 9, 24), reason="已废止", by=OPERATOR
        )
        react()
    assert Duty.objects.get(pk=before.pk).due_on == before.due_on
    longer = Duty.objects.get(pk=since.pk)
    assert (since.amount, longer.amount) == (5, 10)
    assert longer.due_on == dt.date(2026, 10, 15)
    # Both entries are read at once: by the first recount everything is as the register says now.
    works = recounts.all_regions_recounts()
    assert [(work.whole, work.left) for work in works] == [(2, 0), (2, 0)]
    assert sum(work.work.changed for work in works) == 1


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_office_hours_move_the_end_of_the_last_day(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty, night = a_duty(bureau), a_duty(bureau, REPORT)
        set_office_hours(
            agency=bureau.agency.code, hours="09:00-12:00,14:00-17:00", since=dt.date(2026, 9, 1),
            basis="澜宁市机关作息规定", by=OPERATOR,
        )  # fmt: skip
        react()
    assert Duty.objects.get(pk=duty.pk).due_at == at("2026-10-15 17:00")
    assert Duty.objects.get(pk=night.pk).due_at == night.due_at


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_two_workers_share_the_batches_of_one_recount(bureau):
    with clock.frozen(at("2027-01-28 10:00")):
        for _ in range(20):
            a_duty(bureau, start=at("2027-01-28 10:00"))
    with clock.frozen(at("2027-01-29 09:00")):
        announce()
        sequence_all()
        for reaction in REACTIONS[:1]:
            for entry in sequenced(reaction.events, after=-1, limit=100):
                reaction.run(entry)
    counted = []

    def work():
        try:
            with clock.frozen(at("2027-01-29 09:00")):
                for _ in range(30):
                    counted.append(recounts.recount_some(by=TIMER, batch=3))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work_done = Recount.objects.get()
    assert (work_done.examined, work_done.changed) == (20, 20)
    assert DateChange.objects.count() == 20
