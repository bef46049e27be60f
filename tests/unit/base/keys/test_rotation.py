import json
import logging
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from tests.factories.keys import OPERATOR, node_keys  # noqa: F401
from yitong.base.keys import actions, rotation
from yitong.base.keys.api import (
    KeyDestroyed,
    Scope,
    blind,
    destroy,
    initialise,
    ledger_signer,
    pseudonym,
    rotate_master,
    seal,
    status,
    unseal,
)
from yitong.base.keys.errors import KeyScopeUnknown, KeyStoreMissing, KeyStoreStrange, MasterInUse
from yitong.base.keys.keyring import Keyring, _keyrings, keyring
from yitong.base.keys.models import DataKey
from yitong.base.keys.store import SoftwareKeyStore
from yitong.base.ledger.models import Entry
from yitong.kernel import clock

PEOPLE = Scope("resource", "people")
ROW = {"name": "石桥", "phone": "10012345678"}
in_one_transaction = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]


def events():
    return list(Entry.objects.order_by("id").values_list("event", flat=True))


def another_process():
    """Forget what this process holds, as one that has just started."""
    _keyrings.clear()


@pytest.mark.committed
def test_a_database_with_keys_is_never_given_a_new_store(node_keys, settings, tmp_path):  # noqa: F811
    settings.YITONG_KEYS = tmp_path / "empty"
    with pytest.raises(KeyStoreMissing) as refusal:
        initialise(by=OPERATOR)
    assert "empty" in str(refusal.value)
    assert "不要新建" in refusal.value.say_remedy()
    assert not (tmp_path / "empty").exists()


@pytest.mark.committed
def test_another_nodes_store_is_told_apart(node_keys, settings, tmp_path):  # noqa: F811
    settings.YITONG_KEYS = tmp_path / "other"
    SoftwareKeyStore(tmp_path / "other").create()
    with pytest.raises(KeyStoreStrange):
        initialise(by=OPERATOR)


@pytest.mark.committed
def test_starting_again_makes_nothing_new(node_keys):  # noqa: F811
    before = sorted(file.name for file in node_keys.iterdir())
    another_process()
    assert initialise(by=OPERATOR) is False
    assert sorted(file.name for file in node_keys.iterdir()) == before
    assert events() == ["keys.initialised"]


@pytest.mark.committed
def test_a_store_prepared_by_the_operator_is_taken_over(settings, tmp_path):
    settings.YITONG_KEYS = tmp_path / "prepared"
    prepared = SoftwareKeyStore(tmp_path / "prepared")
    prepared.create()
    assert initialise(by=OPERATOR) is True
    assert ledger_signer().public_key == prepared.public_key()
    assert Entry.objects.get().facts["adopted"] is True


@pytest.mark.committed
def test_first_use_from_many_threads_makes_one_key(node_keys):  # noqa: F811
    sealed = []

    def first_use():
        sealed.append(seal(PEOPLE, ROW, context=b"1"))
        connections.close_all()

    threads = [threading.Thread(target=first_use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert DataKey.objects.count() == 1
    assert [unseal(value, context=b"1") for value in sealed] == [ROW] * 8
    assert events().count("keys.data_key_created") == 1


@pytest.mark.committed
def test_a_key_of_a_rolled_back_transaction_is_never_used(node_keys):  # noqa: F811
    with transaction.atomic():
        seal(PEOPLE, ROW, context=b"1")
        transaction.set_rollback(True)
    assert DataKey.objects.count() == 0
    sealed = seal(PEOPLE, ROW, context=b"1")
    another_process()
    assert unseal(sealed, context=b"1") == ROW


@pytest.mark.committed
def test_master_rotation_rewraps_everything_and_the_old_master_can_go(node_keys, monkeypatch):  # noqa: F811
    monkeypatch.setattr(rotation, "CHUNK", 3)
    scopes = [Scope("resource", str(n)) for n in range(8)]
    sealed = [seal(scope, ROW, context=b"1") for scope in scopes]
    person = pseudonym("person", "890102199203150020")
    with pytest.raises(MasterInUse):
        rotation.retire_master(version=1, by=OPERATOR)
    assert rotate_master(by=OPERATOR) == 2
    assert status().under_older_master == 0
    another_process()
    rotation.retire_master(version=1, by=OPERATOR)
    another_process()
    assert status().ok
    assert status().master_versions == (2,)
    assert [unseal(value, context=b"1") for value in sealed] == [ROW] * 8
    assert pseudonym("person", "890102199203150020") == person
    assert events().count("keys.rewrapped") == 3
    with pytest.raises(MasterInUse):
        rotation.retire_master(version=2, by=OPERATOR)


@pytest.mark.committed
@pytest.mark.slow
def test_readers_and_writers_go_on_while_the_master_is_rotated(node_keys):  # noqa: F811
    sealed = {n: seal(Scope("resource", str(n)), ROW, context=b"1") for n in range(20)}
    faults, stop = [], threading.Event()

    def use(first):
        n = first
        while not stop.is_set():
            n += 10
            try:
                assert unseal(sealed[n % 20], context=b"1") == ROW
                assert unseal(seal(Scope("app", str(n)), ROW, context=b""), context=b"") == ROW
            except Exception as fault:  # noqa: BLE001 - the test wants every kind
                faults.append(fault)
        connections.close_all()

    threads = [threading.Thread(target=use, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for version in (1, 2, 3):
        rotate_master(by=OPERATOR)
        rotation.rewrap(by=OPERATOR)
        rotation.retire_master(version=version, by=OPERATOR)
    stop.set()
    for thread in threads:
        thread.join()
    another_process()
    assert faults == []
    assert status().unopened == ()
    assert status().master_versions == (4,)


@pytest.mark.committed
def test_another_process_stops_using_a_destroyed_key_within_a_second(node_keys, monkeypatch):  # noqa: F811
    now = [clock.epoch()]
    monkeypatch.setattr(clock, "epoch", lambda: now[0])
    sealed = seal(PEOPLE, ROW, context=b"1")
    other = Keyring(SoftwareKeyStore(node_keys))
    assert other.key(DataKey.objects.get().pk).open(sealed, b"1")
    destroy(scope=PEOPLE, by=OPERATOR, reason="场景到期")
    now[0] += 1
    with pytest.raises(KeyDestroyed):
        other.key(DataKey.objects.get().pk)


@pytest.mark.committed
def test_a_restored_older_backup_does_not_bring_a_destroyed_key_back(node_keys):  # noqa: F811
    """The wrapped key of the backup is whole, the master is there: without the share it opens nothing."""
    sealed = seal(PEOPLE, ROW, context=b"1")
    backup = DataKey.objects.get()
    destroy(scope=PEOPLE, by=OPERATOR, reason="场景到期")
    DataKey.objects.all().delete()
    backup.save(force_insert=True)
    another_process()
    with pytest.raises(KeyDestroyed):
        unseal(sealed, context=b"1")
    assert status().unopened == (f"resource:people#{backup.pk}",)


@pytest.mark.committed
def test_a_destruction_cut_short_by_a_crash_is_finished(node_keys, monkeypatch):  # noqa: F811
    seal(PEOPLE, ROW, context=b"1")
    with monkeypatch.context() as crash:
        crash.setattr(actions, "_destroy_shares", lambda shares: None)
        destroy(scope=PEOPLE, by=OPERATOR, reason="场景到期")
    assert len(list(node_keys.glob("share-*"))) == 1
    assert actions.sweep(by=OPERATOR) == 1
    assert not list(node_keys.glob("share-*"))
    assert actions.sweep(by=OPERATOR) == 0
    assert events()[-1] == "keys.destruction_finished"


class TestInOneTransaction:
    pytestmark = in_one_transaction

    def test_a_rotated_scope_seals_anew_and_still_opens_the_old(self):
        old, index = seal(PEOPLE, ROW, context=b"1"), blind(PEOPLE, "phone", "1")
        rotation.rotate_scope(scope=PEOPLE, by=OPERATOR)
        new = seal(PEOPLE, ROW, context=b"1")
        assert old[:9] != new[:9]
        assert unseal(old, context=b"1") == unseal(new, context=b"1") == ROW
        assert blind(PEOPLE, "phone", "1") == index

    def test_only_a_scope_with_a_living_key_can_be_rotated(self):
        with pytest.raises(KeyScopeUnknown, match="resource:people"):
            rotation.rotate_scope(scope=PEOPLE, by=OPERATOR)
        seal(PEOPLE, ROW, context=b"1")
        destroy(scope=PEOPLE, by=OPERATOR, reason="场景到期")
        with pytest.raises(KeyDestroyed):
            rotation.rotate_scope(scope=PEOPLE, by=OPERATOR)

    def test_destroying_ends_old_and_new_keys_and_the_blind_index(self):
        old = seal(PEOPLE, ROW, context=b"1")
        blind(PEOPLE, "phone", "1")
        rotation.rotate_scope(scope=PEOPLE, by=OPERATOR)
        assert destroy(scope=PEOPLE, by=OPERATOR, reason="场景到期") == 3
        with pytest.raises(KeyDestroyed):
            unseal(old, context=b"1")
        with pytest.raises(KeyDestroyed):
            blind(PEOPLE, "phone", "1")
        assert not DataKey.objects.exclude(wrapped=b"").exists()

    def test_every_act_is_recorded_and_no_record_carries_a_key(self, node_keys):  # noqa: F811
        seal(PEOPLE, ROW, context=b"1")
        rotation.rotate_scope(scope=PEOPLE, by=OPERATOR)
        destroy(scope=PEOPLE, by=OPERATOR, reason="场景到期")
        assert events() == [
            "keys.initialised",
            "keys.data_key_created",
            "keys.data_key_rotated",
            "keys.scope_destroyed",
        ]
        text = json.dumps(list(Entry.objects.values_list("facts", "about_key")), ensure_ascii=False)
        secrets = [file.read_text().split()[1] for file in node_keys.glob("*.key")]
        assert not any(secret in text for secret in secrets)
        assert "石桥" not in text

    def test_a_failed_record_undoes_the_change(self, monkeypatch):
        seal(PEOPLE, ROW, context=b"1")

        def fail(*_, **__):
            raise ZeroDivisionError

        monkeypatch.setattr(actions.ledger, "record", fail)
        with pytest.raises(ZeroDivisionError):
            destroy(scope=PEOPLE, by=OPERATOR, reason="场景到期")
        assert DataKey.objects.get().state == "active"

    def test_the_database_allows_one_active_key_of_a_scope(self):
        seal(PEOPLE, ROW, context=b"1")
        row = DataKey.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)

    def test_the_database_allows_no_destroyed_key_that_is_still_there(self):
        seal(PEOPLE, ROW, context=b"1")
        with pytest.raises(IntegrityError), transaction.atomic():
            DataKey.objects.update(state="destroyed")

    def test_neither_logs_nor_representations_show_a_key(self, caplog):
        with caplog.at_level(logging.DEBUG):
            seal(PEOPLE, ROW, context=b"1")
            pseudonym("person", "890102199203150020")
            held = keyring().key(DataKey.objects.get().pk)
        shown = caplog.text + repr(held) + repr(keyring()) + repr(keyring().pseudonym_keys())
        assert held.secret.hex() not in shown
        assert repr(held.secret) not in shown
        assert repr(bytes(DataKey.objects.get().wrapped)) not in repr(held)

    def test_status_tells_doctor_what_it_needs(self, node_keys, settings):  # noqa: F811
        seal(PEOPLE, ROW, context=b"1")
        found = status()
        assert found.ok
        assert found.place == str(node_keys)
        assert found.data_keys == {"active": 1}
        assert found.pseudonym_versions == (1,)
        (node_keys / "master-0001.key").chmod(0o644)
        assert "0644" in status().fault

    def test_the_ledgers_signer_is_named_after_its_key_unless_the_node_has_a_name(self, settings):
        settings.YITONG_NODE = ""
        signer = ledger_signer()
        assert signer.name.startswith("yitong-")
        assert (len(signer.key_id), len(signer.public_key)) == (4, 32)
        assert (len(signer.sign(b"m")), len(signer.mac(b"m"))) == (64, 16)
        settings.YITONG_NODE = "lanning.example/ledger"
        assert ledger_signer().name == "lanning.example/ledger"
        assert ledger_signer().key_id != signer.key_id


@pytest.mark.django_db
def test_status_of_a_node_that_never_started(settings, tmp_path):
    settings.YITONG_KEYS = tmp_path / "none"
    found = status()
    assert not found.ok
    assert not found.exists
    assert not found.initialised
    with connection.cursor() as cursor:
        cursor.execute("select 1")
