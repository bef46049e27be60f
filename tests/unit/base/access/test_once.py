import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.access import actions
from yitong.base.access.api import KeyReused, OnceKeyInvalid, StillRunning, forget_old_answers, once
from yitong.base.access.models import OnceKey
from yitong.base.ledger.models import Entry
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal

ANNA, BORIS = Actor("client:anna", kind="client"), Actor("client:boris", kind="client")


@pytest.fixture
def effects():
    """A table of its own whose rows are the effects."""
    with connection.cursor() as cursor:
        cursor.execute("create table effect (id bigint generated always as identity)")

    def act():
        with connection.cursor() as cursor:
            cursor.execute("insert into effect default values returning id")
            return cursor.fetchone()[0]

    def count():
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from effect")
            return cursor.fetchone()[0]

    act.count = count
    return act


def submit(effect, key="k1", by=ANNA, request=b"body"):
    with once(key=key, by=by, request=request) as run:
        if run.answer is None:
            run.answer = {"id": effect()}
    return run


@pytest.mark.django_db
def test_a_repeated_request_gets_the_first_answer_and_has_no_effect(effects):
    first, second = submit(effects), submit(effects)
    assert first.answer == second.answer
    assert (first.repeated, second.repeated) == (False, True)
    assert effects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_request_is_refused(effects):
    submit(effects)
    with pytest.raises(KeyReused) as refusal:
        submit(effects, request=b"another body")
    assert refusal.value.kind == "conflict"
    assert effects.count() == 1


@pytest.mark.django_db
def test_keys_of_different_accounts_do_not_meet(effects):
    assert submit(effects, by=ANNA).answer != submit(effects, by=BORIS).answer


@pytest.mark.django_db
def test_a_refused_request_leaves_its_key_free(effects):
    def refused():
        effects()
        raise Refusal

    with pytest.raises(Refusal):
        submit(refused)
    assert effects.count() == 0
    assert not submit(effects).repeated


@pytest.mark.django_db
def test_a_block_without_an_answer_is_undone(effects):
    with pytest.raises(RuntimeError), once(key="k1", by=ANNA, request=b"body"):
        effects()
    assert effects.count() == 0
    assert OnceKey.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "a b", "键", "x" * 256, "a\n"])
def test_a_key_that_cannot_be_kept_is_refused(key, effects):
    with pytest.raises(OnceKeyInvalid):
        submit(effects, key=key)


@pytest.mark.django_db
def test_the_database_keeps_one_answer_a_key():
    row = {"account": "a", "key": "k", "digest": b"", "answer": {}, "at": clock.now()}
    OnceKey.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        OnceKey.objects.create(**row)


def at_once(count, work):
    results, ready = [], threading.Barrier(count)

    def run():
        ready.wait()
        try:
            results.append(work())
        except Refusal as refusal:
            results.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.committed
def test_twenty_parallel_submits_have_one_effect_and_every_caller_learns_of_it(effects):
    results = at_once(20, lambda: submit(effects))
    assert effects.count() == 1
    assert [result.answer for result in results] == [{"id": 1}] * 20
    assert sum(not result.repeated for result in results) == 1


@pytest.mark.committed
def test_a_first_attempt_that_fails_lets_the_next_one_act(effects):
    failed = threading.Event()

    def flaky():
        if not failed.is_set():
            failed.set()
            raise Refusal
        return effects()

    results = at_once(5, lambda: submit(flaky))
    assert effects.count() == 1
    assert sum(isinstance(result, Refusal) for result in results) == 1


@pytest.mark.committed
def test_while_the_first_is_still_running_the_second_is_told_to_come_back(effects, monkeypatch):
    monkeypatch.setattr(actions, "WAIT", "50ms")
    with once(key="k1", by=ANNA, request=b"body") as run:
        (second,) = at_once(1, lambda: submit(effects))
        assert isinstance(second, StillRunning)
        run.answer = {"id": effects()}
    assert submit(effects).answer == run.answer
    with connection.cursor() as cursor:
        cursor.execute("show lock_timeout")
        assert cursor.fetchone()[0] != "50ms"


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_day_and_never_sooner(effects, node_keys):  # noqa: F811
    submit(effects)
    assert forget_old_answers(by=Actor.system("t"), kept_for=dt.timedelta(0)) == 0
    with clock.frozen(clock.now() + dt.timedelta(hours=25)):
        assert forget_old_answers(by=Actor.system("t")) == 1
        assert not submit(effects).repeated
    assert Entry.objects.filter(event="access.once_forgotten").get().facts["keys"] == 1
