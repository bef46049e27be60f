"""Copies of the key store: what comes back is what went out, and only with the passphrase."""

import json

import pytest

from tests.factories.keys import OPERATOR, node_keys  # noqa: F401
from yitong.base.keys.api import Scope, custody, ledger_signer, rotation, seal, status, unseal
from yitong.base.keys.errors import KeyCopyDamaged, KeyCopyLocked, KeysDiffer, PassphraseWeak
from yitong.base.keys.keyring import _keyrings
from yitong.base.ledger.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node_keys")]
WORDS = "correct horse battery"
PEOPLE = Scope("resource", "people")


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """The cost of a guess is not what is tested here."""
    monkeypatch.setattr(custody, "_COST", {"n": 16, "r": 8, "p": 1})


def exported(passphrase: str = WORDS) -> bytes:
    got: list[bytes] = []
    custody.export(passphrase=passphrase, deliver=got.append, by=OPERATOR)
    return got[0]


def elsewhere(settings, tmp_path, name="elsewhere"):
    settings.YITONG_KEYS = tmp_path / name
    _keyrings.clear()
    return settings.YITONG_KEYS


@pytest.mark.parametrize("profile", ["international", "sm"])
def test_a_copy_opens_on_another_machine_what_was_sealed(settings, tmp_path, profile):
    settings.YITONG_CRYPTO = profile
    sealed = seal(PEOPLE, {"name": "石桥"}, context=b"row")
    signer, document = ledger_signer().public_key, exported()
    place = elsewhere(settings, tmp_path)
    copy = custody.take_in(document, passphrase=WORDS)
    assert unseal(sealed, context=b"row") == {"name": "石桥"}
    assert ledger_signer().public_key == signer
    assert copy.keys == len(list(place.glob("*.key")))
    assert place.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in place.iterdir()} == {0o600}
    assert status().ok


def test_no_key_stands_in_the_copy_or_in_the_ledger(node_keys):  # noqa: F811
    seal(PEOPLE, {"name": "石桥"}, context=b"row")
    document = exported().decode()
    entry = Entry.objects.get(event="keys.exported")
    said = document + json.dumps(entry.facts)
    for file in node_keys.iterdir():
        assert file.read_text().split()[1] not in said
    assert WORDS not in said


@pytest.mark.parametrize("words", ["", "correct horse batter", "correct horse battery ", "石桥"])
def test_a_wrong_passphrase_opens_nothing(settings, tmp_path, words):
    document = exported()
    place = elsewhere(settings, tmp_path)
    with pytest.raises(KeyCopyLocked):
        custody.take_in(document, passphrase=words)
    assert not place.exists()


def test_a_short_passphrase_is_not_taken():
    with pytest.raises(PassphraseWeak):
        exported("short")
    assert not Entry.objects.filter(event="keys.exported").exists()


def test_a_changed_copy_is_refused_wherever_it_was_changed(settings, tmp_path):
    document = exported()
    elsewhere(settings, tmp_path)
    head, line, body = document.split(b"\n", 2)
    moved = line.replace(b'"keys": ', b'"keys": 1')
    costly = line.replace(b'"n": 16', b'"n": 1099511627776')
    for changed in (
        b"\n".join([head, moved, body]),
        b"\n".join([head, costly, body]),
        b"\n".join([head, line, body[:-30] + b"\n"]),
        document[:40],
        b"",
        b"hello\n{}\n",
        b"\n".join([head, b"[]", body]),
    ):
        with pytest.raises((KeyCopyLocked, KeyCopyDamaged)):
            custody.take_in(changed, passphrase=WORDS)


def test_other_keys_are_never_written_over(settings, tmp_path):
    document = exported()
    place = elsewhere(settings, tmp_path)
    custody.take_in(document, passphrase=WORDS)
    custody.take_in(document, passphrase=WORDS)  # the same again changes nothing
    from yitong.base.keys.store import SoftwareKeyStore

    before = {file.name: file.read_bytes() for file in place.iterdir()}
    other = elsewhere(settings, tmp_path, "other")
    SoftwareKeyStore(other).create()
    with pytest.raises(KeysDiffer):
        custody.take_in(document, passphrase=WORDS)
    assert {file.name: file.read_bytes() for file in place.iterdir()} == before


def test_an_import_cut_short_is_no_store_and_is_finished_by_the_next(
    settings, tmp_path, monkeypatch
):
    from yitong.base.keys.store import SoftwareKeyStore

    document = exported()
    elsewhere(settings, tmp_path)
    written = SoftwareKeyStore._write

    def fails_at_the_master(self, name, secret):
        if name.startswith("master"):
            raise KeyboardInterrupt
        written(self, name, secret)

    with monkeypatch.context() as patch:
        patch.setattr(SoftwareKeyStore, "_write", fails_at_the_master)
        with pytest.raises(KeyboardInterrupt):
            custody.take_in(document, passphrase=WORDS)
    assert not custody.is_there()
    custody.take_in(document, passphrase=WORDS)
    assert custody.is_there()


def test_what_could_not_be_delivered_is_not_on_record():
    def fails(document):
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        custody.export(passphrase=WORDS, deliver=fails, by=OPERATOR)
    assert not Entry.objects.filter(event="keys.exported").exists()


def test_a_copy_is_current_until_a_key_comes_or_goes():
    assert custody.copy_status().copies == 0
    exported()
    assert custody.copy_status().is_current
    seal(PEOPLE, {"name": "石桥"}, context=b"row")
    assert not custody.copy_status().is_current
    exported()
    assert custody.copy_status().is_current
    rotation.rotate_master(by=OPERATOR)
    assert not custody.copy_status().is_current
