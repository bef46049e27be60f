"""Warnings, misses and deemed outcomes: each once, at its instant, however late the node is and wherever its clock jumps."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from tests.factories.agencies import OPERATOR, an_agency
from tests.factories.duties import ANSWER, PETITION, SILENCE, a_duty, at
from yitong.base.duties import actions, errors
from yitong.base.duties.expiry import expire_due
from yitong.base.duties.models import Admonition, Duty, Escalation, Miss
from yitong.base.duties.oversight import appoint_overseer
from yitong.base.duties.rules import Extending
from yitong.base.ledger.api import entries_about
from yitong.base.messages.api import inbox
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About
from yitong.kernel.errors import Refusal
from yitong.kernel.law import Basis

TIMER = Actor.system("duties")


def tick(text: str) -> int:
    with clock.frozen(at(text)):
        return expire_due(by=TIMER)


def told(duty):
    found = entries_about(About("duty", str(duty.pk)))[::-1]
    return [(e.event.partition(".")[2], clock.local(e.at).strftime("%m-%d %H:%M")) for e in found]


def opened(bureau, **more):
    with clock.frozen(at("2026-09-24 16:12")):
        return a_duty(bureau, **more)


@pytest.mark.furnished("bureau")
def test_each_warning_comes_once_at_its_point_and_then_the_miss(bureau):
    duty = opened(bureau)  # 10 workdays, last day 15 October
    for text in (
        "2026-10-09 08:59", "2026-10-09 09:00", "2026-10-09 09:01", "2026-10-13 09:00", "2026-10-14 09:30",
        "2026-10-15 23:59", "2026-10-16 00:00", "2026-10-16 00:01", "2026-10-20 00:00",
    ):  # fmt: skip
        tick(text)
    assert told(duty) == [
        ("opened", "09-24 16:12"),
        ("warned", "10-09 09:00"),
        ("warned", "10-13 09:00"),
        ("warned", "10-14 09:30"),
        ("missed", "10-16 00:00"),
        ("escalated", "10-16 00:00"),
    ]
    duty.refresh_from_db()
    assert duty.missed_at == at("2026-10-16 00:00")
    assert duty.is_open


@pytest.mark.furnished("bureau")
def test_a_node_that_was_down_writes_the_true_time_beside(bureau):
    duty = opened(bureau)
    tick("2026-12-01 07:30")
    tick("2026-12-01 07:31")
    duty.refresh_from_db()
    miss = Miss.objects.get(duty=duty)
    assert (duty.missed_at, miss.at, miss.noted_at) == (
        at("2026-10-16 00:00"), at("2026-10-16 00:00"), at("2026-12-01 07:30"),
    )  # fmt: skip
    assert [event for event, _ in told(duty)].count("missed") == 1
    assert [event for event, _ in told(duty)].count("warned") == 3


@pytest.mark.furnished("bureau")
def test_down_over_new_year(bureau):
    with clock.frozen(at("2026-12-18 10:00")):
        duty = a_duty(bureau, start=at("2026-12-18 10:00"))
    assert duty.due_on.year == 2027
    assert duty.is_provisional
    tick("2027-02-01 08:00")
    duty.refresh_from_db()
    assert duty.missed_at == duty.due_at


@pytest.mark.furnished("bureau")
def test_a_clock_that_jumps_ahead_and_back_judges_once(bureau):
    duty = opened(bureau)
    tick("2027-09-24 16:13")  # a year ahead
    tick("2026-09-24 16:14")  # set right
    tick("2026-10-20 00:00")
    assert [event for event, _ in told(duty)].count("missed") == 1
    assert Miss.objects.count() == 1
    with clock.frozen(at("2026-09-24 10:00")):  # behind the start
        met = actions.meet(duty.pk, outcome="agreed", by=bureau.clerk)
    assert met.result == "missed"


@pytest.mark.furnished("bureau")
def test_a_clock_set_back_behind_a_pause_never_makes_a_segment_run_backwards(bureau):
    duty = opened(bureau)
    with clock.frozen(at("2026-09-28 10:00")):
        actions.pause(duty.pk, reason="等材料", by=bureau.clerk)
    with clock.frozen(at("2026-09-25 10:00")):
        resumed = actions.resume(duty.pk, reason="已补齐", by=bureau.clerk)
    assert resumed.due_on == dt.date(2026, 10, 15)


@pytest.mark.furnished("bureau")
def test_who_comes_before_the_timer_finds_the_miss_and_everybody_is_told(bureau):
    duty = opened(bureau)
    with clock.frozen(at("2026-10-16 00:00")):
        actions.meet(duty.pk, outcome="agreed", by=bureau.clerk)
    tick("2026-10-16 00:01")
    assert [event for event, _ in told(duty)].count("missed") == 1
    assert [message.template for message in inbox(bureau.clerk).messages] == ["duties.missed"]
    assert [message.template for message in inbox(bureau.reviewer).messages] == ["duties.escalated"]


@pytest.mark.furnished("bureau")
def test_the_authority_is_told_of_a_miss_and_a_superior_of_its_own(bureau):
    opened(bureau)
    with clock.frozen(at("2026-09-24 16:12")):
        own = a_duty(bureau, agency=bureau.authority.code, post=bureau.reviewer.post)
    tick("2026-10-16 00:00")
    first, second = Escalation.objects.order_by("duty_id")
    assert (first.agency, first.basis_article) == (bureau.authority, "39")
    assert first.post == bureau.reviewer.post
    assert second.duty_id == own.pk
    assert (second.agency, second.basis_article) == (bureau.government, "41")


@pytest.mark.furnished("bureau")
def test_a_miss_is_proposed_for_urging_and_nobody_has_signed(bureau):
    duty = opened(bureau)
    tick("2026-10-16 00:00")
    proposal = Admonition.objects.get()
    assert (proposal.form, proposal.state, proposal.duties) == ("urge", "proposed", [duty.pk])
    assert proposal.issuer == bureau.authority
    assert proposal.settled_by == ""


@pytest.mark.furnished("bureau")
def test_a_named_overseer_is_told_and_supervision_never_is(bureau):
    office = an_agency("澜宁市信访局", kind="党委")
    watchdog = an_agency("澜宁市监察委员会", kind="其他")
    with pytest.raises(errors.OverseerUnfit):
        appoint_overseer(
            body="petition_office",
            region="890102",
            agency_code=watchdog.code,
            basis="无",
            by=OPERATOR,
        )
    appoint_overseer(
        body="petition_office",
        region="8901",
        agency_code=office.code,
        basis="三定方案",
        by=OPERATOR,
    )
    with clock.frozen(at("2026-03-02 09:00")):
        a_duty(bureau, PETITION, start=at("2026-03-02 09:00"))
    tick("2026-06-01 00:00")
    assert Escalation.objects.get().agency == office


@pytest.mark.furnished("bureau")
def test_what_is_deemed_tells_no_superior(bureau):
    with clock.frozen(at("2026-09-01 09:00")):
        duty = a_duty(bureau, SILENCE, start=at("2026-09-01 09:00"))
    tick("2026-10-20 00:00")
    duty.refresh_from_db()
    assert (duty.state, duty.closed_at, duty.outcome) == (
        "deemed",
        at("2026-09-22 00:00"),
        "agreed",
    )
    assert not Escalation.objects.exists()


@pytest.mark.furnished("bureau")
def test_a_batch_goes_on_where_the_last_one_stopped(bureau):
    for _ in range(5):
        opened(bureau)
    with clock.frozen(at("2026-10-16 00:00")):
        assert [expire_due(by=TIMER, batch=2) for _ in range(4)] == [2, 2, 1, 0]
    assert Miss.objects.count() == 5


def together(*work):
    """Each piece of work in a thread of its own, begun at one moment; what each came to."""
    barrier, results = threading.Barrier(len(work)), []

    def one(piece):
        try:
            connection.ensure_connection()
            barrier.wait()
            results.append(piece())
        except Exception as error:  # noqa: BLE001 - it is the answer
            results.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(piece,)) for piece in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_twenty_officers_act_at_once_and_one_outcome_stands(bureau):
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau, ANSWER)

    def meet(outcome):
        def run():
            with clock.frozen(at("2026-09-25 10:00")):
                return actions.meet(duty.pk, outcome=outcome, by=bureau.clerk).outcome

        return run

    results = together(*(meet("agreed" if n % 2 else "refused") for n in range(20)))
    won = [result for result in results if isinstance(result, str)]
    assert len(won) == 1
    assert results.count(errors.DutyClosed) == 19
    duty.refresh_from_db()
    assert duty.outcome == won[0]
    assert [event for event, _ in told(duty)] == ["opened", "met"]


def acts_on(pk: int, bureau) -> list[Callable[[], Duty]]:
    """Five kinds of acts by four officers each: what an office that does not talk to itself would do."""
    more = Extending(5, "材料多，要逐项核实", "数据局〔2026〕9号", "书面告知需求部门")
    basis = Basis("政务数据共享条例", "21")
    kinds = (
        lambda: actions.meet(pk, outcome="agreed", by=bureau.clerk),
        lambda: actions.waive(pk, basis=basis, reason="申请已撤回", by=bureau.head),
        lambda: actions.pause(pk, reason="等补正", by=bureau.colleague),
        lambda: actions.extend(pk, given=more, by=bureau.reviewer),
        lambda: actions.resume(pk, reason="已补齐", by=bureau.colleague),
    )
    return [kinds[n % len(kinds)] for n in range(20)]


@pytest.mark.committed
@pytest.mark.furnished("bureau")
@pytest.mark.parametrize("moment", ["2026-10-15 23:59", "2026-10-16 00:00"])
def test_twenty_officers_do_five_different_things_at_once_and_one_ends_it(bureau, moment):
    """In the last minute, and in the first one after it, when the timer runs among them."""
    with clock.frozen(at("2026-09-24 16:12")):
        duty = a_duty(bureau, ANSWER)

    def then(act):
        def run():
            with clock.frozen(at(moment)):
                return act()

        return run

    def timer():
        with clock.frozen(at(moment)):
            return expire_due(by=TIMER)

    results = together(*map(then, acts_on(duty.pk, bureau)), timer, timer)
    duty.refresh_from_db()
    assert duty.state in {"met", "waived"}
    happened = Counter(event for event, _ in told(duty))
    assert happened["met"] + happened["waived"] == 1
    assert happened["extended"] <= 1
    assert happened["paused"] - happened["resumed"] in {0, 1}
    refused = [kind for kind in results if isinstance(kind, type)]
    assert all(issubclass(kind, Refusal) for kind in refused), "refused in words, never broken"
    done = happened["met"] + happened["waived"] + happened["extended"] + happened["paused"]
    assert len(refused) == 20 - done - happened["resumed"]
    is_over = moment == "2026-10-16 00:00"
    assert happened["missed"] == Miss.objects.count() == is_over
    if is_over:
        assert (duty.result, happened["extended"], happened["paused"]) == ("missed", 0, 0)


@pytest.mark.committed
@pytest.mark.furnished("bureau")
def test_workers_and_officers_at_once_miss_each_duty_once(bureau):
    duties = []
    with clock.frozen(at("2026-09-24 16:12")):
        duties = [a_duty(bureau) for _ in range(12)]

    def work():
        with clock.frozen(at("2026-10-16 00:00")):
            return sum(iter(lambda: expire_due(by=TIMER, batch=3), 0))

    def meet():
        with clock.frozen(at("2026-10-16 00:00")):
            return [actions.meet(d.pk, outcome="agreed", by=bureau.clerk).result for d in duties]

    together(work, work, work, meet)
    assert Miss.objects.count() == 12
    for duty in duties:
        found = [event for event, _ in told(duty)]
        assert (found.count("missed"), found.count("met")) == (1, 1)
