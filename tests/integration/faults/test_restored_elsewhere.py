"""A node restored into another cluster is the same node; its backup shows nobody."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.test.utils import override_settings

from tests.factories.fault_node import django_at
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.persons import a_person, number_of
from tests.integration.faults.test_dump import shown, used  # noqa: F401
from yitong.base.backups.api import make
from yitong.base.keys.api import custody
from yitong.base.keys.keyring import _keyrings
from yitong.base.ledger import api as ledger
from yitong.data.exchange import api as exchange
from yitong.hosting import rules
from yitong.hosting.api import archive, dumping, open_cluster
from yitong.kernel.actor import Actor

pytestmark = [
    pytest.mark.committed, pytest.mark.usefixtures("node_keys"), pytest.mark.slow, pytest.mark.faults,
    pytest.mark.timeout(400),
]  # fmt: skip
OPERATOR = Actor.operator("tests")
WORDS = "correct horse battery"


@pytest.fixture
def backup(used, tmp_path, database_url, django_db_blocker) -> Path:  # noqa: F811
    """A backup of the node in which people were shared, uploaded and read; a copy of its keys beside."""
    make(target=tmp_path / "a.tar", by=OPERATOR, progress=lambda done, total: None)
    custody.export(passphrase=WORDS, deliver=(tmp_path / "keys.txt").write_bytes, by=OPERATOR)
    return tmp_path / "a.tar"


def test_neither_backup_nor_copy_of_the_keys_shows_anybody(backup, tmp_path):
    """个人信息保护法 51: the dump is read as text, the rest as it lies."""
    with tarfile.open(backup) as file:
        (tmp_path / "dump").write_bytes(file.extractfile("database.dump").read())
        rest = [file.extractfile(each).read() for each in file if each.name != "database.dump"]
        assert any(each.name.startswith("files/") for each in file), "with what was uploaded"
    dumped_by = archive.open_archive(backup).manifest.versions["pg_dump"]
    program, _version = dumping.find_client("pg_restore", rules.major(dumped_by))
    listed = subprocess.run(
        [program, "--file=-", tmp_path / "dump"], capture_output=True, check=True
    )
    text = listed.stdout.decode()
    assert "COPY public.ledger_entry" in text, "the test must have looked"
    assert "COPY shared_rows." in text
    rest.append((tmp_path / "keys.txt").read_bytes())
    everything = text + b"\n".join(rest).decode(errors="replace")
    assert shown(everything) == []
    for file in (tmp_path / "keys").iterdir():
        assert file.read_text().split()[1] not in everything


def restored(backup: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    known = {k: v for k, v in os.environ.items() if not k.startswith("YITONG_")}
    kept = {k: v for k, v in os.environ.items() if k in {"YITONG_PG_BIN", "YITONG_PG_USER"}}
    return subprocess.run(
        [
            sys.executable, "-m", "yitong.cli", "restore", str(backup), "--data", str(folder),
            "--keys", str(backup.with_name("keys.txt")), "--json",
        ],
        env={**known, **kept, "YITONG_PASSPHRASE": WORDS}, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_it_answers_elsewhere_as_it_did(used, backup, a_place):  # noqa: F811
    """Another cluster, made for it: ledger, one governed read, one footprint."""
    exchange.shut_down()
    folder = a_place / "restored"
    done = restored(backup, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    with (
        open_cluster(folder) as cluster,
        django_at(cluster.url),
        override_settings(YITONG_KEYS=folder / "keys", DATA_DIR=folder),
    ):
        _keyrings.clear()
        try:
            assert ledger.verify().ok
            status, _, answer = used.call(number_of(4))
            assert (status, len(answer["rows"])) == (200, 1)
            ledger.sequence_all()
            assert ledger.verify().ok
            who = a_person(4)
            seen = exchange.footprint(who.account, exchange.FootprintFilter())
            assert len(seen.uses) == 2, "the use before the backup and the one after the restore"
        finally:
            exchange.shut_down()
            _keyrings.clear()


@pytest.fixture
def a_place():
    """A folder which the server's user can enter."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="yitong-elsewhere-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
