"""Reactions on a real ledger: once an entry, replay gives the same state, failures are parked and go on."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.access.api import NotAllowed
from yitong.base.jobs import actions, declared
from yitong.base.jobs.errors import NotParked
from yitong.base.jobs.models import ReactionCursor, ReactionParked
from yitong.base.jobs.queries import status
from yitong.base.ledger.api import record, sequence_all
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About, Event, Reaction, RecordedEntry

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("node_keys")]

OPERATOR = Actor.operator("tests")
OPENED = Event("tests.opened", "开启{n}", ("n",))
CLOSED = Event("tests.closed", "关闭{n}", ("n",))
OTHER = Event("tests.other", "其他")
NAME = "tests.count_opened"


@pytest.fixture(autouse=True)
def as_before():
    schedules, reactions = declared.schedules(), declared.reactions()
    yield
    declared.install(schedules=schedules, reactions=reactions)


@pytest.fixture
def effects(node_keys) -> None:  # noqa: F811
    with connection.cursor() as cursor:
        cursor.execute("create table effect (index bigint primary key, n int not null)")


def take(entry: RecordedEntry) -> None:
    """An effect that is unique by the entry's index, as every reaction's must be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into effect values (%s, %s) on conflict do nothing",
            (entry.index, entry.facts["n"]),
        )


def declare(run: Callable[[RecordedEntry], None] = take) -> Reaction:
    reaction = Reaction(NAME, (OPENED.name, CLOSED.name), run)
    declared.install(schedules=(), reactions=[reaction])
    return reaction


def happen(*events: Event) -> None:
    for number, event in enumerate(events):
        with transaction.atomic():
            facts = {"n": number} if event.fields else {}
            record(event, by=OPERATOR, about=About("test", str(number)), facts=facts)
    sequence_all()


def state() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("select n, index from effect order by index")
        return cursor.fetchall()


def drain() -> int:
    return sum(iter(actions.react, 0))


def test_a_reaction_sees_its_own_events_once_in_order(effects):
    declare()
    happen(OPENED, OTHER, CLOSED, OTHER, OPENED)
    assert drain() == 3
    assert [n for n, _ in state()] == [0, 2, 4]
    assert drain() == 0
    happen(OPENED)
    assert drain() == 1


@pytest.mark.slow
def test_replaying_from_any_cursor_gives_the_same_state(effects):
    """Mechanisms 4: the invariant of reactions."""
    reaction = declare()
    happen(*[OPENED, OTHER, CLOSED] * 20)
    drain()
    expected, last = state(), ReactionCursor.objects.get().index

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        starts=st.lists(st.integers(-1, last), min_size=1, max_size=4),
        limit=st.integers(1, 60),
        is_lost=st.booleans(),
    )
    def replayed(starts: list[int], limit: int, is_lost: bool) -> None:
        if is_lost:
            with connection.cursor() as cursor:
                cursor.execute("truncate effect")
            starts = [*starts, -1]
        for start in starts:
            actions.replay(by=OPERATOR, reaction=NAME, after=start)
            actions.advance(reaction, limit=limit)
        while actions.advance(reaction, limit=limit):
            pass
        assert state() == expected
        assert ReactionCursor.objects.get().index == last

    replayed()


def test_a_failing_entry_is_parked_visibly_and_the_rest_goes_on(effects):
    def choke(entry: RecordedEntry) -> None:
        take(entry)
        if entry.facts["n"] == 1:
            raise ValueError("林小禾 890102199203150020 is in this text")

    declare(choke)
    happen(OPENED, OPENED, OPENED)
    assert drain() == 3
    assert [n for n, _ in state()] == [0, 2], "the failed entry's own effect is undone"
    parked = ReactionParked.objects.get()
    assert parked.error == "builtins.ValueError"
    assert status().parked == 1
    with connection.cursor() as cursor:
        cursor.execute("select about_key, facts::text from ledger_entry where event like 'jobs.%%'")
        ((about, facts),) = cursor.fetchall()
    assert about == NAME
    assert "林小禾" not in facts


def test_a_parked_entry_is_tried_again_on_request(effects):
    broken = [True]

    def choke(entry: RecordedEntry) -> None:
        if entry.facts["n"] == 1 and broken:
            raise ValueError
        take(entry)

    declare(choke)
    happen(OPENED, OPENED, OPENED)
    drain()
    index = ReactionParked.objects.get().index
    assert not actions.retry_parked(by=OPERATOR, reaction=NAME, index=index)
    assert ReactionParked.objects.get().attempts == 2
    broken.clear()
    assert actions.retry_parked(by=OPERATOR, reaction=NAME, index=index)
    assert [n for n, _ in state()] == [0, 1, 2]
    with pytest.raises(NotParked):
        actions.retry_parked(by=OPERATOR, reaction=NAME, index=index)


def test_a_replay_that_goes_well_takes_the_parking_away(effects):
    broken = [True]

    def choke(entry: RecordedEntry) -> None:
        if broken:
            raise ValueError
        take(entry)

    declare(choke)
    happen(OPENED)
    drain()
    actions.replay(by=OPERATOR, reaction=NAME)
    drain()
    assert ReactionParked.objects.get().attempts == 2
    broken.clear()
    actions.replay(by=OPERATOR, reaction=NAME)
    drain()
    assert not ReactionParked.objects.exists()


def test_what_passes_by_itself_is_tried_twice_before_it_is_parked(effects):
    tries: list[int] = []

    def stumble(entry: RecordedEntry) -> None:
        tries.append(entry.index)
        if len(tries) == 1:
            raise OperationalError("deadlock detected")
        take(entry)

    declare(stumble)
    happen(OPENED)
    drain()
    assert len(tries) == 2
    assert len(state()) == 1
    assert not ReactionParked.objects.exists()


def test_a_lost_connection_parks_nothing_and_moves_nothing(effects):
    def cut(entry: RecordedEntry) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(pg_backend_pid())")

    declare(cut)
    happen(OPENED)
    with pytest.raises(OperationalError):
        actions.react()
    connection.close()
    declare()
    assert not ReactionParked.objects.exists()
    assert drain() == 1


def test_a_cursor_that_another_worker_has_is_left_alone(effects, database_url):
    import psycopg

    declare()
    happen(OPENED)
    ReactionCursor.objects.create(name=NAME)
    with psycopg.connect(database_url) as other:
        other.execute("select from jobs_reactioncursor for update")
        assert actions.react() == 0
    assert actions.react() == 1


def test_only_who_may_manage_jobs_replays(effects):
    declare()
    with pytest.raises(NotAllowed):
        actions.replay(by=Actor("account:1", kind="person"), reaction=NAME)
