"""`yitong keys rotate-master` and `rotate-pseudonyms`: killed wherever it is, it goes on; who reads notices nothing."""

import signal
import threading
import time

import pytest
from django.db import connections

from tests.factories.killing import killed
from tests.factories.persons import number_of
from tests.factories.shared_people import shared_people
from yitong.base.keys.api import Scope, seal, unseal
from yitong.base.keys.keyring import _keyrings
from yitong.base.ledger.models import Entry
from yitong.data.exchange.api import shut_down

pytestmark = [pytest.mark.committed, pytest.mark.timeout(300)]
SCOPES = [Scope("resource", f"t{n}") for n in range(6)]

STAGES = {
    "the new master is there and not recorded": (
        "from yitong.base.keys.store import SoftwareKeyStore as s; s.create_master = after(s.create_master)"
    ),
    "recorded, nothing wrapped anew": """
def change():
    from yitong.base.keys import rotation
    rotation.rewrap = die
prepared(change)
""",
    "in the middle of a chunk": """
def change():
    from yitong.base.keys import rotation
    rotation.CHUNK = 3
    rotation._rewrap = after(rotation._rewrap, 5)
prepared(change)
""",
    "between two chunks": """
def change():
    from yitong.base.keys import rotation
    rotation.CHUNK = 2
    rotation._rewrap_chunk = after(rotation._rewrap_chunk, 2)
prepared(change)
""",
}


@pytest.fixture
def sealed(node_keys) -> dict[Scope, bytes]:
    return {scope: seal(scope, {"name": scope.key}, context=b"row") for scope in SCOPES}


@pytest.fixture
def environment(database_url, tmp_path, node_keys) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "YITONG_DATA": str(tmp_path / "node"),
        "YITONG_KEYS": str(node_keys),
    }


def checked(cli, name: str) -> dict[str, str]:
    return next(each for each in cli("doctor", "--json").document["checks"] if each["name"] == name)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.parametrize("stage", STAGES)
def test_a_rotation_killed_at_any_stage_goes_on(cli, sealed, environment, stage):
    assert killed(STAGES[stage], "keys", "rotate-master", "--yes", **environment) == -signal.SIGKILL
    _keyrings.clear()
    for scope, value in sealed.items():
        assert unseal(value, context=b"row") == {"name": scope.key}
    found = checked(cli, "rotation")
    assert found["state"] == "fail"
    assert "rotate-master" in found["fix"]

    said = cli("keys", "rotate-master", "--json")  # nothing new is begun, so nothing is asked
    assert (said.code, said.document["master_version"]) == (0, 2), said.out
    assert said.document["finished_earlier"]
    assert checked(cli, "rotation")["state"] == "ok"
    assert Entry.objects.filter(event="keys.master_created").count() == 1
    assert cli("keys", "status", "--json").document["under_older_master"] == 0
    assert cli("keys", "retire-master", "1", "--yes").code == 0
    _keyrings.clear()
    for scope, value in sealed.items():
        assert unseal(value, context=b"row") == {"name": scope.key}
    assert cli("ledger", "verify").code == 0


def test_the_schedule_finishes_what_was_cut_short(sealed, monkeypatch):
    from yitong.base.keys import jobs, rotation
    from yitong.kernel.actor import Actor

    def stop(**ignored):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "rewrap", stop)
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate_master(by=Actor.operator("tests"))
    assert rotation.is_unfinished()
    monkeypatch.setattr(rotation, "CHUNK", 4)
    (finish,) = (each for each in jobs.SCHEDULES if each.name == "keys.finish_rotation")
    while finish.run():
        pass
    assert not rotation.is_unfinished()


@pytest.mark.slow
def test_governed_reads_go_on_while_the_master_is_rotated_and_retired(cli, tmp_path):
    shared = shared_people(tmp_path)
    over, answers = threading.Event(), []

    def read() -> None:
        while not over.is_set():
            answers.append(shared.call(number_of(2 + len(answers) % 20))[0])
        connections.close_all()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for version in (2, 3, 4):
            assert cli("keys", "rotate-master", "--yes").code == 0
            assert cli("keys", "retire-master", version - 1, "--yes").code == 0
            seen = len(answers)
            while len(answers) < seen + 4:  # under the new master too, however slow the machine
                assert any(reader.is_alive() for reader in readers)
                time.sleep(0.01)
    finally:
        over.set()
        for reader in readers:
            reader.join()
        shut_down()
    assert set(answers) == {200}


@pytest.mark.slow
def test_after_a_rotation_of_pseudonyms_rows_and_footprints_are_still_found(cli, tmp_path):
    shared = shared_people(tmp_path)
    try:
        assert shared.call(number_of(3))[0] == 200
        said = cli("keys", "rotate-pseudonyms", "--json")
        assert said.fault == "confirmation_needed"
        said = cli("keys", "rotate-pseudonyms", "--yes", "--json")
        assert (said.code, said.document) == (0, {"pseudonym_version": 2})
        status, _, answer = shared.call(number_of(3))
        assert (status, len(answer["rows"])) == (200, 1)
        assert cli("keys", "status", "--json").document["pseudonym_versions"] == [2, 1]
    finally:
        shut_down()
