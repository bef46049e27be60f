"""Any sequence of pause, resume, restart, extension and changed calendar, at any times, keeps the invariants."""

import datetime as dt
from contextlib import suppress
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.factories.agencies import OPERATOR
from tests.factories.announcements import announced
from tests.factories.duties import ANSWER, PETITION, Bureau, a_duty, at
from yitong.base.duties import actions, errors, recounts
from yitong.base.duties.clocks import Counting
from yitong.base.duties.expiry import expire_due
from yitong.base.duties.models import DateChange, Duty
from yitong.base.duties.recounts import CALENDAR, Change, note_change
from yitong.base.duties.rules import Extending
from yitong.base.statutes.api import load_calendar
from yitong.kernel import clock
from yitong.kernel.actor import Actor

TIMER = Actor.system("duties")
EXTRA = [dt.date(2027, 3, day) for day in (1, 3, 9, 11, 16, 24)]
REFUSED = (errors.StepNotOpen, errors.AlreadyMissed, errors.ExtendedOnce, errors.DutyClosed)


class Life(RuleBasedStateMachine):
    """Two duties of one bureau, a clock that goes on and sometimes back, and a calendar that changes."""

    bureau: Bureau

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = at("2027-02-24 10:00")
        with clock.frozen(self.now):
            self.ids = [a_duty(self.bureau, kind, start=self.now).pk for kind in (ANSWER, PETITION)]
        self.extra: set[dt.date] = set()
        self.missed: dict[int, dt.datetime] = {}
        self.changes = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def act(self, which, work):
        with clock.frozen(self.now), suppress(*REFUSED):
            work(self.ids[which])

    @rule(hours=st.integers(1, 400))
    def time_passes(self, hours):
        self.now += dt.timedelta(hours=hours)

    @rule(hours=st.integers(1, 60))
    def the_clock_is_set_back(self, hours):
        self.now -= dt.timedelta(hours=hours)

    @rule()
    def the_timer_comes(self):
        with clock.frozen(self.now):
            expire_due(by=TIMER)

    @rule(which=st.integers(0, 1))
    def pause(self, which):
        self.act(which, lambda pk: actions.pause(pk, reason="等材料", by=self.bureau.clerk))

    @rule(which=st.integers(0, 1))
    def resume(self, which):
        self.act(which, lambda pk: actions.resume(pk, reason="已补齐", by=self.bureau.clerk))
        self.a_pause_gives_back_no_more_and_no_less(which)

    @rule(which=st.integers(0, 1))
    def restart(self, which):
        self.act(which, lambda pk: actions.restart(pk, reason="补正", by=self.bureau.clerk))

    @rule(amount=st.integers(1, 10))
    def extend(self, amount):
        given = Extending(amount, "材料多", "文〔2027〕1号", "书面告知")
        self.act(0, lambda pk: actions.extend(pk, given=given, by=self.bureau.reviewer))

    @rule(day=st.sampled_from(EXTRA))
    def the_calendar_changes(self, day):
        self.extra ^= {day}
        before = {row.pk: row for row in Duty.objects.filter(pk__in=self.ids)}
        with clock.frozen(self.now):
            load_calendar(text=announced(self.extra), name="2027.csv", by=OPERATOR)
            self.changes += 1
            note_change(
                Change(CALENDAR, f"tests/{id(self)}/{self.changes}", first_on=day, last_on=day)
            )
            while recounts.recount_some(by=TIMER):
                pass
        for row in Duty.objects.filter(pk__in=self.ids):
            self.only_what_crosses_moves(before[row.pk], row, day)

    def only_what_crosses_moves(self, before, after, day):
        if (
            before.due_on is None
            or before.missed_at
            or not (clock.local(before.started_at).date() <= day <= before.due_on)
        ):
            assert (before.due_at, before.due_on) == (after.due_at, after.due_on)
        elif before.due_at != after.due_at:
            change = DateChange.objects.filter(duty=after).latest("pk")
            assert (change.old_due_at, change.new_due_at) == (before.due_at, after.due_at)

    def a_pause_gives_back_no_more_and_no_less(self, which):
        duty = Duty.objects.get(pk=self.ids[which])
        if duty.state != "running" or not duty.segments or duty.segments[-1][0] != "running":
            return
        counting = Counting()
        course = counting.course(duty)
        bare = counting.timing(replace(course, segments=course.segments[:-2]), ANSWER)
        if bare.due_at is None or duty.missed_at:
            return
        since, until = (
            clock.local(dt.datetime.fromisoformat(s[1])).date() for s in duty.segments[-2:]
        )
        stood = (until - since).days
        longer = counting.days.workdays_between(bare.due_on, duty.due_on)
        assert bare.due_at <= duty.due_at
        if stood == 0:
            assert bare.due_at == duty.due_at
        if duty.unit == "WD":
            assert longer <= max(counting.days.workdays_between(since, until), stood and 1)

    @invariant()
    def what_is_stored_is_what_is_counted(self):
        counting = Counting()
        for duty in Duty.objects.filter(pk__in=self.ids, missed_at__isnull=True):
            timing = counting.timing_of(duty, ANSWER)
            assert (timing.due_at, timing.due_on) == (duty.due_at, duty.due_on)
            assert (duty.state == "paused") == (duty.due_at is None)

    @invariant()
    def a_miss_is_set_once_at_its_instant(self):
        for duty in Duty.objects.filter(pk__in=self.ids, missed_at__isnull=False):
            assert self.missed.setdefault(duty.pk, duty.missed_at) == duty.missed_at == duty.due_at
            assert duty.miss.at == duty.missed_at

    @invariant()
    def somebody_owns_it(self):
        assert not Duty.objects.filter(post="").exists()

    @precondition(lambda self: self.missed)
    @rule()
    def met_after_all(self):
        for pk in list(self.missed):
            self.act(
                self.ids.index(pk),
                lambda n: actions.meet(n, outcome="agreed", by=self.bureau.clerk),
            )
            assert Duty.objects.get(pk=pk).result == "missed"


@pytest.mark.committed
@pytest.mark.furnished("bureau")
@pytest.mark.slow
def test_any_sequence_keeps_the_invariants(bureau):
    with clock.frozen(at("2027-02-24 09:00")):
        load_calendar(text=announced(), name="2027.csv", by=OPERATOR)
    machine = type("LifeThere", (Life,), {"bureau": bureau})
    # Each step is a transaction, so a third of the usual examples.
    few = settings(max_examples=settings().max_examples // 3, stateful_step_count=12)
    run_state_machine_as_test(machine, settings=few)
