"""A worker that is down, or whose clock jumps, across due instants: everything happens once, at its instant.

The worker is a process of its own, started and killed; its clock is moved while it runs, the kernel's or, by faketime,
all that the operating system says of the time.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.factories.duties import ANSWER, SILENCE, Bureau, a_bureau, a_duty, at, kinds_installed
from tests.factories.fault_node import FaultNode
from tests.factories.fault_node import wait_for as _wait_for
from tests.factories.ledger import ask
from tests.factories.shifted import NEEDS_FAKETIME, Shift, faketime_library
from yitong.base.duties.models import Duty, Miss
from yitong.base.ledger import api as ledger
from yitong.base.messages.models import Message
from yitong.kernel import clock

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

ROUNDS_S = 150  # the timer runs each minute, and begins anew where the clock was set back
OPENED = "2026-12-17 10:00"
LAST_DAY, NEW_YEAR = dt.date(2026, 12, 31), "2027-01-01 00:00"


def wait_for(condition: Callable[[], object], what: str) -> None:
    _wait_for(condition, what, ROUNDS_S)


@pytest.fixture(scope="module")
def bureau(node) -> Iterator[Bureau]:
    with kinds_installed():
        with clock.frozen(at("2026-12-01 09:00")):  # in office before the first duty comes
            found = a_bureau()
        yield found


@pytest.fixture
def shift(request, place) -> Shift:
    if getattr(request, "param", "kernel") == "kernel":
        return Shift(place / "shift")
    library = faketime_library()
    if library is None:
        pytest.skip(NEEDS_FAKETIME)  # in `make test-all` that is a failure
    return Shift(place / "shift", library)


both_clocks = pytest.mark.parametrize("shift", ["kernel", "faketime"], indirect=True)


@contextmanager
def working(node: FaultNode, shift: Shift, instant: str, workers: int = 1) -> Iterator[None]:
    """So many workers from this instant of theirs on; killed at the end, as a power cut would."""
    shift.set_to(at(instant))
    names = [f"worker{number}" for number in range(workers)]
    for name in names:
        node.start_as(name, shift.command("run", "worker"))
    try:
        yield
    finally:
        for name in names:
            assert node.running[name].poll() is None, node.said(name)
            node.kill(name)


def opened(bureau: Bureau, kind=ANSWER, start: str = OPENED, **more) -> Duty:
    with clock.frozen(at(start)):
        return a_duty(bureau, kind, start=at(start), **more)


def events_of(duty: Duty) -> Counter[str]:
    """How often each thing happened to a duty; each warning by its point."""
    rows = ask(
        "select event, facts->>'point' from ledger_entry where about_type = 'duty' and about_key = %s",
        str(duty.pk),
    )
    return Counter(point or event.removeprefix("duties.") for event, point in rows)


def told(duty: Duty) -> Counter[str]:
    """How often each thing was said about a duty, to whomever."""
    about = Message.objects.filter(about_type="duty", about_key=str(duty.pk))
    return Counter(about.values_list("template", flat=True))


def settled(duty: Duty) -> bool:
    duty.refresh_from_db()
    return duty.result != ""


def round_of_the_timer(shift: Shift) -> None:
    """Wait until a run of the timer that began under the present clock has ended."""
    began = shift.now()
    wait_for(
        lambda: ask(
            "select 1 from jobs_schedulerun where name = 'duties.expire' and noticed_at >= %s"
            " and noticed_at < %s and finished_at is not null",
            began,
            began + dt.timedelta(minutes=30),
        ),
        "a run of the timer",
    )


ONCE = {"opened": 1, "missed": 1, "escalated": 1}
WARNINGS = {"时限已用一半": 1, "时限已用八成": 1, "还有1个工作日到期": 1}


def test_it_works_through_midnight_and_new_year(node, bureau, shift):
    """Nothing is down: the clock walks over the end of the year while the worker runs."""
    duty = opened(bureau)
    assert duty.due_on == LAST_DAY
    with working(node, shift, "2026-12-31 23:58:45"):
        wait_for(lambda: events_of(duty)["还有1个工作日到期"], "the warnings that were due")
        assert events_of(duty)["missed"] == 0
        wait_for(lambda: settled(duty), "the miss at midnight")
    miss = Miss.objects.get(duty=duty)
    assert miss.at == duty.due_at == at(NEW_YEAR)
    assert dt.timedelta(0) <= miss.noted_at - miss.at < dt.timedelta(seconds=75)
    assert events_of(duty) == ONCE | WARNINGS


@both_clocks
def test_down_over_due_instant_midnight_and_new_year_the_true_time_stands_beside(
    node, bureau, shift
):
    late, silent = opened(bureau), opened(bureau, SILENCE, "2026-12-08 10:00")
    assert silent.due_on < LAST_DAY == late.due_on
    with working(node, shift, "2026-12-28 10:00:45"):
        wait_for(lambda: events_of(late)["时限已用一半"], "the first warnings")
    # Down from 28 December to 12 January.
    with working(node, shift, "2027-01-12 08:30:45", workers=2):
        wait_for(lambda: settled(late) and settled(silent), "what fell due meanwhile")
        round_of_the_timer(shift)
    miss = Miss.objects.get(duty=late)
    assert miss.at == late.missed_at == at(NEW_YEAR)
    assert clock.local(miss.noted_at).date() == dt.date(2027, 1, 12)
    assert events_of(late) == ONCE | WARNINGS
    assert (silent.state, silent.closed_at) == ("deemed", silent.due_at)
    assert clock.local(silent.closed_at).year == 2026
    assert events_of(silent)["deemed"] == 1
    assert events_of(silent)["missed"] == 0
    assert told(late) == {"duties.warned": 1, "duties.missed": 1, "duties.escalated": 1}
    assert told(silent)["duties.deemed"] == 1
    (deemed_at,) = ask(
        "select at from ledger_entry where event = 'duties.deemed' and about_key = %s",
        str(silent.pk),
    )[0]
    assert clock.local(deemed_at).date() == dt.date(2027, 1, 12), "the ledger has the true time"


@both_clocks
def test_a_clock_that_jumps_both_ways_under_running_workers_does_nothing_twice(node, bureau, shift):
    near = opened(bureau, start="2027-01-04 10:00")
    with working(node, shift, "2027-01-12 09:00:45", workers=2):
        wait_for(lambda: events_of(near)["时限已用一半"], "the first warning")
        shift.set_to(at("2028-01-12 09:00:45"))  # a year ahead
        wait_for(lambda: settled(near), "the miss")
        shift.set_to(at("2027-01-12 09:10:45"))  # set right
        later = opened(bureau, start="2027-01-12 09:05")
        round_of_the_timer(shift)
        shift.set_to(at("2026-12-30 23:59:45"))  # and behind, over New Year
        round_of_the_timer(shift)
        shift.set_to(at("2027-02-01 00:00:45"))
        wait_for(lambda: settled(later), "the timer going on as before")
        round_of_the_timer(shift)
    for duty in (near, later):
        miss = Miss.objects.get(duty=duty)
        assert miss.at == duty.due_at
        assert events_of(duty) == ONCE | WARNINGS
        assert told(duty)["duties.missed"] == told(duty)["duties.escalated"] == 1


def test_a_checkpoint_of_a_clock_that_was_ahead_holds_no_later_one_up(node, bureau, shift):
    """What was signed in a wrong future is no reason to sign nothing until then."""
    with working(node, shift, "2029-01-01 00:00:45"):
        opened(bureau, start="2027-02-01 09:00")
        wait_for(is_all_signed, "a checkpoint in the future")
        shift.set_to(at("2027-02-01 09:10"))
        opened(bureau, start="2027-02-01 09:11")
        wait_for(is_all_signed, "a checkpoint of now")
    assert ledger.verify().faults == []


def is_all_signed() -> bool:
    health = ledger.health()
    return health.waiting == 0 and health.signed_size == health.size
