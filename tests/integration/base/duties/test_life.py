"""The life of a duty: opened, paused, resumed, begun anew, extended, met, waived; each once, each on record."""

import datetime as dt

import pytest

from tests.factories.agencies import OPERATOR
from tests.factories.duties import (
    ANSWER,
    REPORT,
    SILENCE,
    a_duty,
    a_matter,
    at,
)
from yitong.base.access.api import NotAllowed
from yitong.base.duties import actions, errors
from yitong.base.duties.expiry import expire_due
from yitong.base.duties.models import Duty, Miss
from yitong.base.duties.rules import Extending
from yitong.base.ledger.api import entries_about
from yitong.kernel import clock
from yitong.kernel.declare import About
from yitong.kernel.law import Basis

pytestmark = pytest.mark.furnished("bureau")

MORE = Extending(5, "材料多", "数据局〔2026〕9号", "9月28日书面告知")


def events_of(duty):
    return [entry.event for entry in entries_about(About("duty", str(duty.pk)))][::-1]


def test_a_duty_has_an_owner_a_clock_a_basis_and_an_end(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau)
    assert duty.post == bureau.clerk.post
    assert duty.due_on == dt.date(2026, 10, 15)
    assert duty.basis == Basis("政务数据共享条例", "21")
    assert duty.standing == "statutory"
    assert events_of(duty) == ["duties.opened"]
    with clock.frozen(at("2026-10-14 10:00")):
        met = actions.meet(duty.pk, outcome="agreed", by=bureau.clerk)
    assert (met.state, met.result, met.next_at) == ("met", "on_time", None)
    assert events_of(duty) == ["duties.opened", "duties.met"]


def test_what_is_paused_runs_on_where_it_stopped(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau)
    with clock.frozen(at("2026-09-29 11:30")):
        paused = actions.pause(duty.pk, reason="等补正：使用时限", by=bureau.clerk)
    assert (paused.state, paused.due_at, paused.next_at) == ("paused", None, None)
    with clock.frozen(at("2026-10-09 17:05")):
        resumed = actions.resume(duty.pk, reason="已补齐", by=bureau.clerk)
    assert resumed.due_on == dt.date(2026, 10, 20)  # the day strip of the design
    assert [s[0] for s in resumed.segments] == ["paused", "running"]


def test_the_same_matter_is_owed_once_at_a_time(bureau):
    matter = a_matter()
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau, matter=matter)
        with pytest.raises(errors.DutyOpen) as refused:
            a_duty(bureau, matter=matter)
        assert refused.value.places["duty"] == duty.pk
        actions.meet(matter, outcome="agreed", by=bureau.clerk)
        assert a_duty(bureau, matter=matter).pk != duty.pk


def test_a_repeated_reaction_finds_what_it_opened(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        first = a_duty(bureau, origin="tests.open/7")
        again = a_duty(bureau, origin="tests.open/7")
    assert first.pk == again.pk
    assert Duty.objects.count() == 1


def test_an_extension_is_one_by_whom_the_act_names_with_consent_and_notice(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau)
    with clock.frozen(at("2026-10-12 10:00")):
        with pytest.raises(NotAllowed):
            actions.extend(duty.pk, given=MORE, by=bureau.head)
        with pytest.raises(errors.ExtensionTooLong):
            actions.extend(duty.pk, given=Extending(11, "a", "b", "c"), by=bureau.reviewer)
        with pytest.raises(errors.ExtensionIncomplete):
            actions.extend(duty.pk, given=Extending(5, "a", "b"), by=bureau.reviewer)
        longer = actions.extend(duty.pk, given=MORE, by=bureau.reviewer)
        assert longer.due_on == dt.date(2026, 10, 22)
        with pytest.raises(errors.ExtendedOnce):
            actions.extend(duty.pk, given=MORE, by=bureau.reviewer)
        met = actions.meet(duty.pk, outcome="agreed", by=bureau.clerk)
    assert met.result == "extended"


def test_a_limit_without_extension_stays(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau, limit="DSR-21a")
        with pytest.raises(errors.NotExtendable):
            actions.extend(duty.pk, given=MORE, by=bureau.reviewer)


def test_a_duty_that_was_done_late_is_missed_at_its_instant_and_met(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau)
    with clock.frozen(at("2026-10-20 09:00")):
        met = actions.meet(duty.pk, outcome="agreed", by=bureau.clerk)
    assert (met.state, met.result) == ("met", "missed")
    assert met.missed_at == at("2026-10-16 00:00")
    assert met.miss.noted_at == at("2026-10-20 09:00")
    assert (met.miss.article_act, met.miss.article) == ("政务数据共享条例", "39(四)")


def test_a_clock_that_has_run_out_is_not_stopped_or_made_longer(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau)
    with clock.frozen(at("2026-10-20 09:00")):
        for act in (actions.pause, actions.restart):
            with pytest.raises(errors.AlreadyMissed):
                act(duty.pk, reason="等材料", by=bureau.clerk)
        with pytest.raises(errors.AlreadyMissed):
            actions.extend(duty.pk, given=MORE, by=bureau.reviewer)


def test_silence_that_the_law_gives_a_meaning_closes_the_duty(bureau):
    with clock.frozen(at("2026-09-01 09:00")):
        duty = a_duty(bureau, SILENCE, start=at("2026-09-01 09:00"))
    with clock.frozen(at("2026-10-20 09:00")):
        with pytest.raises(errors.DutyClosed):
            actions.meet(duty.pk, outcome="agreed", by=bureau.clerk)
        expire_due(by=OPERATOR)
    duty.refresh_from_db()
    assert (duty.state, duty.outcome, duty.result) == ("deemed", "agreed", "deemed")
    assert duty.closed_at == at("2026-09-22 00:00")
    assert not Miss.objects.exists()


def test_hours_run_through_the_night(bureau):
    with clock.frozen(at("2026-09-30 22:00")):
        duty = a_duty(bureau, REPORT, start=at("2026-09-30 22:00"))
    assert duty.due_at == at("2026-10-01 22:00")


def test_a_waiver_needs_an_article_and_a_head(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau)
        with pytest.raises(NotAllowed):
            actions.waive(
                duty.pk, basis=Basis("政务数据共享条例", "27"), reason="撤回", by=bureau.clerk
            )
        with pytest.raises(errors.BasisMissing):
            actions.waive(duty.pk, basis=Basis("", ""), reason="撤回", by=bureau.head)
        waived = actions.waive(
            duty.pk, basis=Basis("政务数据共享条例", "27"), reason="申请已撤回", by=bureau.head
        )
    assert (waived.state, waived.result) == ("waived", "waived")


def test_an_unknown_outcome_or_limit_is_refused(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau)
        with pytest.raises(errors.OutcomeUnknown):
            actions.meet(duty.pk, outcome="maybe", by=bureau.clerk)
        with pytest.raises(errors.LimitNotOfKind):
            a_duty(bureau, limit="DSR-22")
        with pytest.raises(errors.UnknownDuty):
            actions.meet(999_999, outcome="agreed", by=bureau.clerk)
        with pytest.raises(errors.NothingOpen):
            actions.meet(a_matter(ANSWER), outcome="agreed", by=OPERATOR)


def test_a_change_whose_record_fails_is_undone(bureau, monkeypatch):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau)

    def failing(*_args, **_more):
        raise RuntimeError("no ledger")

    monkeypatch.setattr(actions, "record", failing)
    with clock.frozen(at("2026-09-25 09:00")), pytest.raises(RuntimeError):
        actions.pause(duty.pk, reason="等材料", by=bureau.clerk)
    duty.refresh_from_db()
    assert (duty.state, duty.segments) == ("running", [])
