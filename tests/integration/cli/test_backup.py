"""`yitong backup` and `restore` on real servers: what was there is there again, or nothing is."""

import io
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from tests.factories.backups import empty_database, tables_in
from tests.factories.files import CLERK, pdf
from tests.factories.killing import killed
from tests.integration.cli.conftest import Said, ended
from tests.integration.faults.test_disk_full import a_small_disk, filled
from yitong.base.files.api import store
from yitong.base.keys.api import custody
from yitong.base.ledger.models import Entry
from yitong.hosting.api import archive

pytestmark = [pytest.mark.committed, pytest.mark.timeout(300)]
WORDS = "correct horse battery"


@pytest.fixture
def backed_up(cli, tmp_path, settings) -> Path:
    """A node with a file in its store, backed up, and a copy of its keys beside."""
    settings.DATA_DIR = tmp_path / "node"
    store(by=CLERK, name="通知.pdf", stream=io.BytesIO(pdf("通知")))
    said = cli("backup", "--to", tmp_path / "a.tar", "--json")
    assert said.code == 0, said.out + said.err
    (tmp_path / "keys.txt").write_bytes(copy_of_keys())
    return tmp_path / "a.tar"


def copy_of_keys() -> bytes:
    from tests.factories.keys import OPERATOR

    got: list[bytes] = []
    custody.export(passphrase=WORDS, deliver=got.append, by=OPERATOR)
    return got[0]


@pytest.fixture
def restored(program, worker_databases, tmp_path):
    """`restored(file)` starts a restore into an empty database of its own, or goes on with it."""
    databases = {}

    def environment(into: str) -> dict[str, str]:
        if into not in databases:
            databases[into] = stack.enter_context(empty_database(worker_databases))
        return {
            "DATABASE_URL": databases[into],
            "YITONG_DATA": str(tmp_path / into),
            "YITONG_PASSPHRASE": WORDS,
            "YITONG_LANG": "zh",
        }

    def start(*arguments: object, into: str = "new", words: str = WORDS) -> Said:
        known = environment(into) | {"YITONG_PASSPHRASE": words}
        return ended(program("restore", *arguments, "--json", **known))

    start.url = databases.__getitem__
    start.environment = environment
    with ExitStack() as stack:
        yield start


def test_a_backup_is_recorded_before_and_after(cli, backed_up):
    told = Entry.objects.filter(event__startswith="backups.").order_by("pk")
    assert [entry.event for entry in told] == ["backups.started", "backups.made"]
    manifest = archive.open_archive(backed_up).manifest
    assert {entry.facts["backup"] for entry in told} == {manifest.backup}
    assert told[1].facts["files"] == 1
    assert told[0].account.startswith("operator:")


@pytest.mark.slow
def test_it_goes_where_it_is_told_and_never_over_a_file(cli, backed_up, tmp_path):
    assert cli("backup").code == 0
    (found,) = (tmp_path / "node" / "backups").iterdir()
    assert archive.open_archive(found)
    before = backed_up.read_bytes()
    said = cli("backup", "--to", backed_up, "--json")
    assert (said.code, said.fault) == (5, "backup_exists")
    assert backed_up.read_bytes() == before
    said = cli("backup", "--to", tmp_path / "nowhere" / "x.tar", "--json")
    assert (said.code, said.fault) == (1, "file_unwritable")
    assert cli("backup", "--to", tmp_path).code == 0


@pytest.mark.slow
def test_a_restore_brings_back_everything_and_says_so(
    backed_up, restored, program, tmp_path, node_keys
):
    said = restored(backed_up, "--keys", tmp_path / "keys.txt")
    assert (said.code, said.document["state"]) == (0, "restored"), said
    manifest = archive.open_archive(backed_up).manifest
    assert said.document["ledger_size"] == manifest.ledger_size
    assert not (tmp_path / "new" / "restoring").exists()
    stored = list((tmp_path / "new" / "files").rglob("?" * 64))
    assert [path.name for path in stored] == [
        path.name for path in (tmp_path / "node" / "files").rglob("?" * 64)
    ]
    with psycopg.connect(restored.url("new")) as there:
        (facts,) = there.execute(
            "select facts from ledger_entry where event = 'backups.restored'"
        ).fetchone()
    assert (facts["backup"], facts["lost"]) == (manifest.backup, 0)
    looked = ended(program("doctor", "--json", **restored.environment("new")))
    found = {check["name"]: check["state"] for check in looked.document["checks"]}
    assert looked.document["ok"], looked.document
    assert "restore" not in found
    assert {found[name] for name in ("migrations", "keys", "rotation", "ledger", "backup")} == {
        "ok"
    }
    kept = {file.name for file in (tmp_path / "new" / "keys").iterdir()}
    assert kept >= {file.name for file in node_keys.iterdir()}


@pytest.mark.slow
def test_a_node_is_never_restored_over(backed_up, restored, cli, tmp_path, database_url, program):
    assert restored(backed_up, "--keys", tmp_path / "keys.txt").code == 0
    again = restored(backed_up, "--keys", tmp_path / "keys.txt")
    assert (again.code, again.fault) == (5, "restore_not_empty")
    assert "--data" in again.document["error"]["remedy"]
    (tmp_path / "other" / "files" / "ab").mkdir(parents=True)
    said = restored(backed_up, into="other")
    assert (said.code, said.fault) == (5, "restore_not_empty")
    assert tables_in(restored.url("other")) == 0


@pytest.mark.slow
def test_without_keys_it_says_what_nobody_can_read_and_waits(
    backed_up, restored, program, tmp_path
):
    said = restored(backed_up)
    assert (said.code, said.document["state"]) == (1, "waiting_for_keys")
    assert "文件的名称" in said.document["unreadable"]
    environment = restored.environment("new")
    closed = ended(program("ledger", "verify", "--json", **environment))
    assert (closed.code, closed.fault) == (5, "restore_unfinished")
    assert ended(program("run", "worker", **environment)).code == 5
    looked = ended(program("doctor", "--json", **environment))
    found = {check["name"]: check for check in looked.document["checks"]}
    assert (looked.code, found["restore"]["state"]) == (1, "fail")
    assert "keys import" in found["restore"]["fix"]
    wrong = ended(
        program("keys", "import", tmp_path / "keys.txt", "--json", **environment | {"YITONG_PASSPHRASE": "wrong"})
    )  # fmt: skip
    assert (wrong.code, wrong.fault) == (4, "key_copy_locked")
    done = ended(program("keys", "import", tmp_path / "keys.txt", "--json", **environment))
    assert (done.code, done.document["state"]) == (0, "restored"), done
    assert ended(program("ledger", "verify", "--json", **environment)).document["ok"]


@pytest.mark.slow
def test_an_older_backup_is_exposed_by_a_newer_checkpoint(
    cli, backed_up, restored, program, tmp_path
):
    """Whoever kept the newer checkpoint can prove the loss; accepted, it is recorded."""
    assert cli("keys", "rotate-master", "--yes").code == 0
    (tmp_path / "newer.txt").write_text(cli("ledger", "checkpoint").out)
    options = ["--keys", tmp_path / "keys.txt", "--checkpoint", tmp_path / "newer.txt"]
    said = restored(backed_up, *options)
    assert (said.code, said.fault) == (4, "restore_loses_entries")
    assert tables_in(restored.url("new")) == 0
    said = restored(backed_up, *options, "--yes")
    assert said.code == 0
    assert said.document["lost"] > 0
    verified = program(
        "ledger", "verify", "--json", "--checkpoint", tmp_path / "newer.txt",
        **restored.environment("new"),
    )  # fmt: skip
    found = ended(verified)
    assert found.code == 1
    assert found.document["first_fault"]["code"] in {"log_shortened", "history_rewritten"}


@pytest.mark.parametrize(
    "part", ["database.dump", "files/", "checkpoint.txt", "manifest.json", "manifest.sig"]
)
@pytest.mark.slow
def test_a_changed_part_is_named_and_nothing_is_touched(backed_up, restored, tmp_path, part):
    content = bytearray(backed_up.read_bytes())
    with backed_up.open("rb") as file:
        member = next(m for m in archive._members(file, backed_up) if m.name.startswith(part))
    content[member.at + member.size // 2] ^= 4
    backed_up.write_bytes(content)
    said = restored(backed_up, "--keys", tmp_path / "keys.txt")
    assert (said.code, said.fault) == (4, "backup_tampered")
    named = "manifest.json" if part == "manifest.sig" else member.name
    assert named in said.document["error"]["sentence"]
    assert not (tmp_path / "new").exists()
    assert tables_in(restored.url("new")) == 0


@pytest.mark.slow
def test_another_nodes_keys_are_refused(backed_up, restored, tmp_path):
    from yitong.base.keys.store import SoftwareKeyStore

    SoftwareKeyStore(tmp_path / "new" / "keys").create()
    said = restored(backed_up)
    assert (said.code, said.fault) == (5, "restore_keys_differ")
    assert tables_in(restored.url("new")) == 0


@pytest.mark.slow
def test_a_wrong_passphrase_restores_nothing(backed_up, restored, tmp_path):
    said = restored(backed_up, "--keys", tmp_path / "keys.txt", words="wrong")
    assert (said.code, said.fault) == (4, "key_copy_locked")
    assert tables_in(restored.url("new")) == 0
    assert restored(backed_up, "--keys", tmp_path / "keys.txt").code == 0


# Releases ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_older_backup_is_brought_up_to_date(cli, restored, tmp_path):
    call_command("migrate", "identity", "0002", verbosity=0)
    assert cli("backup", "--to", tmp_path / "old.tar").code == 0
    (tmp_path / "keys.txt").write_bytes(copy_of_keys())
    assert restored(tmp_path / "old.tar", "--keys", tmp_path / "keys.txt").code == 0
    with psycopg.connect(restored.url("new")) as there:
        applied = "select count(*) from django_migrations where app = 'identity'"
        assert there.execute(applied).fetchone()[0] >= 3


@pytest.mark.slow
def test_a_backup_of_a_later_release_is_refused_untouched(cli, restored, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into django_migrations (app, name, applied) values ('identity', '0999_later', now())"
        )
    assert cli("backup", "--to", tmp_path / "later.tar").code == 0
    said = restored(tmp_path / "later.tar")
    assert (said.code, said.fault) == (5, "restore_program_too_old")
    assert "identity.0999_later" in said.document["error"]["sentence"]
    assert tables_in(restored.url("new")) == 0
    assert not (tmp_path / "new" / "restoring").exists()


# Kills ---------------------------------------------------------------------------------------------

HALF_OF_THE_DATABASE = """
from yitong.hosting import archive, dumping
dumping._HEAD = 1
whole = archive.Archive.database
def half(self):
    content = b"".join(whole(self))
    yield content[:-5000]
    yield content[-5000:-1000]
    time.sleep(1)
    die()
archive.Archive.database = half
"""
AFTER_THE_RECORD = """
from yitong.cli import restoring
filled = restoring._fill_database
def fill(*arguments):
    filled(*arguments)
    from yitong.base.backups import api
    api.conclude = after(api.conclude)
restoring._fill_database = fill
"""
RESTORE_STAGES = {
    "before the first file": "from yitong.hosting import archive; archive.put_file = die",
    "after the first file": "from yitong.hosting import archive; archive.put_file = after(archive.put_file)",
    "in the middle of the database": HALF_OF_THE_DATABASE,
    "after the database": "from yitong.cli import restoring as r; r._fill_database = after(r._fill_database)",
    "after the migrations": "from yitong.cli import restoring as r; r.prepare = after(r.prepare)",
    "after the record": AFTER_THE_RECORD,
}


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.parametrize("stage", RESTORE_STAGES)
def test_a_restore_killed_at_any_stage_goes_on(backed_up, restored, tmp_path, stage):
    """SIGKILL in the middle of each step; the same command then ends as if nothing had been."""
    options = [backed_up, "--keys", tmp_path / "keys.txt"]
    environment = restored.environment("new")
    assert killed(RESTORE_STAGES[stage], "restore", *options, **environment) == -signal.SIGKILL
    assert (tmp_path / "new" / "restoring").exists()
    if "middle" in stage:
        assert tables_in(restored.url("new")) == 0
    said = restored(*options)
    assert (said.code, said.document["state"]) == (0, "restored"), said
    with psycopg.connect(restored.url("new")) as there:
        told = "select count(*) from ledger_entry where event = 'backups.restored'"
        assert there.execute(told).fetchone() == (1,)
    assert not (tmp_path / "new" / "restoring").exists()
    assert list((tmp_path / "new" / "files").rglob(".*")) == []


BACKUP_STAGES = {
    "before the database": "from yitong.hosting import dumping; dumping.find_client = die",
    "after the database": "from yitong.hosting import archive; archive.ArchiveWriter.part = after(archive.ArchiveWriter.part)",
    "before its name": "from yitong.hosting.archive import ArchiveWriter as w; w.finish = die",
    "after its name": "from yitong.hosting.archive import ArchiveWriter as w; w.finish = after(w.finish)",
}


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.parametrize("stage", BACKUP_STAGES)
def test_a_backup_killed_at_any_stage_leaves_no_half_file(
    cli, database_url, tmp_path, stage, node_keys
):
    environment = {
        "DATABASE_URL": database_url,
        "YITONG_DATA": str(tmp_path / "node"),
        "YITONG_KEYS": str(node_keys),
    }
    out = tmp_path / "out"
    out.mkdir()
    code = killed(BACKUP_STAGES[stage], "backup", "--to", out / "a.tar", **environment)
    assert code == -signal.SIGKILL
    assert Entry.objects.filter(event="backups.started").count() == 1
    if (out / "a.tar").exists():
        assert archive.open_archive(out / "a.tar"), "what has its name is whole"
    assert cli("backup", "--to", out / "b.tar").code == 0
    assert not list(out.glob(".*")), "and what was left is swept"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_backup_that_is_stopped_leaves_no_half_file(
    database_url, program, tmp_path, node_keys, number
):
    environment = {
        "DATABASE_URL": database_url,
        "YITONG_DATA": str(tmp_path / "node"),
        "YITONG_KEYS": str(node_keys),
    }
    with psycopg.connect(database_url) as blocking:  # pg_dump waits for this lock
        if blocking.info.server_version >= 170000:
            blocking.execute("set transaction_timeout = 0")
        blocking.execute("lock table catalogue_resource in access exclusive mode")
        process = program("backup", "--to", tmp_path / "a.tar", **environment)
        wait_for(lambda: list(tmp_path.glob(".*.half")) or process.poll() is not None)
        process.send_signal(number)
        said = ended(process)
    assert said.code in {130, 143}, said
    assert not list(tmp_path.glob("*.tar*"))
    assert not list(tmp_path.glob(".*.half"))


def wait_for(condition) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.faults
def test_a_full_disk_is_said_and_leaves_nothing(cli):
    with a_small_disk() as disk:
        if disk is None:
            pytest.skip("only root may mount a small disk")
        with filled(disk):
            said = cli("backup", "--to", disk / "a.tar", "--json")
            assert (said.code, said.fault) == (1, "disk_full")
            assert [path.name for path in disk.iterdir()] == ["ballast"]
        assert cli("backup", "--to", disk / "a.tar").code == 0
        assert archive.open_archive(disk / "a.tar")
