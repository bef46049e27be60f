import os
import threading

import pytest

from yitong.base.keys.errors import (
    KeyDestroyed,
    KeyStoreDamaged,
    KeyStoreMissing,
    KeyStoreStrange,
    KeyStoreUnsafe,
    MasterInUse,
)
from yitong.base.keys.rules import Algorithm
from yitong.base.keys.store import SoftwareKeyStore, Wrapped

AES = Algorithm.AES_256_GCM


@pytest.fixture
def store(tmp_path):
    made = SoftwareKeyStore(tmp_path / "keys")
    made.create()
    return made


def fresh(store):
    """As another process sees it: nothing remembered."""
    return SoftwareKeyStore(store._directory)


def wrapped(store, key=b"k" * 32, context=b"ctx", share=""):
    return store.wrap(key, algorithm=AES, context=context, share=share)


def unwrapped(store, value, context=b"ctx", share=""):
    return store.unwrap(value, algorithm=AES, context=context, share=share)


def test_files_are_readable_by_their_owner_only(store):
    assert store._directory.stat().st_mode & 0o777 == 0o700
    files = list(store._directory.iterdir())
    assert {file.name for file in files} == {
        "ledger-check.key",
        "ledger-signing.key",
        "master-0001.key",
    }
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_file_that_others_may_read_is_refused_with_the_command_that_mends_it(store, mode):
    (store._directory / "master-0001.key").chmod(mode)
    with pytest.raises(KeyStoreUnsafe) as refusal:
        wrapped(fresh(store))
    assert f"{mode:04o}" in str(refusal.value)
    assert "chmod 0600" in refusal.value.say_remedy()
    assert f"{mode:04o}" in store.fault()


def test_a_directory_that_others_may_enter_is_refused(store):
    store._directory.chmod(0o755)
    with pytest.raises(KeyStoreUnsafe, match="0755"):
        fresh(store).mac(b"")


def test_a_link_in_place_of_a_key_is_refused(store, tmp_path):
    master = store._directory / "master-0001.key"
    master.rename(tmp_path / "elsewhere")
    master.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyStoreUnsafe):
        wrapped(fresh(store))


@pytest.mark.parametrize(
    "content", ["", "yitong-key-1 abcd 00", "x" * 100, "yitong-key-1 " + "0" * 64 + " 0"]
)
def test_a_damaged_key_file_is_named(store, content):
    (store._directory / "master-0001.key").write_text(content)
    with pytest.raises(KeyStoreDamaged, match=r"master-0001\.key"):
        wrapped(fresh(store))
    assert "master-0001.key" in store.fault()


def test_creating_again_changes_nothing(store):
    before = {file.name: file.read_bytes() for file in store._directory.iterdir()}
    fresh(store).create()
    assert {file.name: file.read_bytes() for file in store._directory.iterdir()} == before


def test_a_start_that_was_cut_short_is_finished_with_the_keys_it_had(store):
    public = store.public_key()
    (store._directory / "master-0001.key").unlink()
    again = fresh(store)
    assert not again.exists()
    again.create()
    assert again.exists()
    assert again.public_key() == public


def test_many_starts_at_once_make_one_set_of_keys(tmp_path):
    stores = [SoftwareKeyStore(tmp_path / "keys") for _ in range(8)]
    threads = [threading.Thread(target=made.create) for made in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({made.public_key() for made in stores}) == 1
    assert len({made.mac(b"m") for made in stores}) == 1
    assert unwrapped(stores[0], wrapped(stores[7])) == b"k" * 32


def test_wrapping_binds_the_context(store):
    with pytest.raises(KeyStoreStrange):
        unwrapped(store, wrapped(store), context=b"another")


def test_another_nodes_store_opens_nothing(store, tmp_path):
    other = SoftwareKeyStore(tmp_path / "other")
    other.create()
    with pytest.raises(KeyStoreStrange):
        unwrapped(other, wrapped(store))


def test_without_its_share_a_key_is_gone(store):
    share = store.create_share()
    value = wrapped(store, share=share)
    assert unwrapped(fresh(store), value, share=share) == b"k" * 32
    with pytest.raises(KeyStoreStrange):
        unwrapped(store, value)
    store.destroy_share(share)
    with pytest.raises(KeyDestroyed):
        unwrapped(store, value, share=share)


def test_a_share_cannot_name_another_file(store):
    with pytest.raises(ValueError, match="hexadecimal"):
        store.destroy_share("../../etc/passwd")


def test_old_masters_open_until_they_are_removed(store):
    old = wrapped(store)
    assert store.create_master() == 2
    new = wrapped(store)
    assert (old.master_version, new.master_version) == (1, 2)
    assert unwrapped(fresh(store), old) == unwrapped(fresh(store), new)
    store.remove_master(1)
    with pytest.raises(KeyStoreStrange, match="第1版"):
        unwrapped(store, old)
    with pytest.raises(MasterInUse):
        store.remove_master(2)


def test_a_missing_store_says_where_it_should_be(tmp_path):
    store = SoftwareKeyStore(tmp_path / "keys")
    assert not store.exists()
    for use in (lambda: wrapped(store), store.public_key, lambda: store.mac(b"")):
        with pytest.raises(KeyStoreMissing, match=str(tmp_path / "keys")):
            use()
    with pytest.raises(KeyStoreMissing):
        unwrapped(store, Wrapped(1, b"x" * 60))


def test_no_representation_shows_a_key(store):
    secrets = [file.read_text().split()[1] for file in store._directory.iterdir()]
    assert not any(secret in repr(store) for secret in secrets)


def test_keys_survive_being_half_written(store, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        store.create_master()
    monkeypatch.undo()
    assert store.master_versions() == (1,)
    assert not list(store._directory.glob(".new-*"))
    assert store.fault() is None
