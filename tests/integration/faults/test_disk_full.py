"""A full disk: writes are refused in clear words, reads go on, nothing is damaged, and all goes on with space.

As root the data directory stands on a small tmpfs that really fills up. Without root (or where nothing may be
mounted) the server's files get a size limit instead (RLIMIT_FSIZE): for PostgreSQL a table that cannot grow is
the same event, told by EFBIG instead of ENOSPC.
"""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connections
from django.test import Client as Browser
from django.test.utils import override_settings

from tests.factories.agencies import OPERATOR
from tests.factories.fault_node import copy_furnished, django_at, durable
from tests.factories.ledger import ask, in_order, record_many, record_one
from tests.factories.persons import a_person, number_of
from tests.factories.shared_people import shared_people
from tests.factories.sources import csv_file, source_of, things_plan
from yitong.base.keys import api as keys
from yitong.base.ledger import api as ledger
from yitong.data.exchange import api as exchange
from yitong.data.sources.api import clean_leftovers, copy_in, open_table, source_table
from yitong.data.sources.errors import NoRoom
from yitong.data.sources.profiles import OnProgress
from yitong.data.sources.queries import table_digest
from yitong.hosting.api import Cluster, open_cluster

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

SIZE_MIB = 160
ROOM = 256 * 2**10


@contextmanager
def a_small_disk() -> Iterator[Path | None]:
    """A tmpfs, or None where nothing may be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="yitong-full-", dir="/var/tmp"))
    folder.chmod(0o711)
    is_mounted = False
    if os.geteuid() == 0:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m,mode=711", "tmpfs", str(folder)]
        is_mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield folder if is_mounted else None
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def filled(folder: Path, left: int = 0) -> Iterator[None]:
    """Nothing is free any more, or so much."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    if left:
        os.truncate(ballast, ballast.stat().st_size - left)
    yield
    ballast.unlink()


@contextmanager
def limited(cluster: Cluster) -> Iterator[None]:
    """No file of the server may grow beyond what the largest has now.

    A server inherits the limit of whoever starts it, so it is started anew with and without.
    """
    largest = max(path.stat().st_size for path in (cluster.data_dir / "postgres").rglob("*"))
    restarted(cluster, (largest + ROOM, resource.RLIM_INFINITY))
    yield
    restarted(cluster, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def restarted(cluster: Cluster, limit: tuple[int, int]) -> None:
    assert cluster.server is not None
    cluster.server.stop()
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    try:
        cluster.server.start()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)


@pytest.fixture
def on_disk(tmp_path, django_db_blocker):
    """A node, and a block within which its disk is full."""
    with a_small_disk() as small:
        folder = (small or tmp_path_below_var()) / "node"
        copy_furnished(folder)
        try:
            with (
                django_db_blocker.unblock(),
                open_cluster(folder, settings=durable()) as cluster,
                django_at(cluster.url),
                override_settings(YITONG_KEYS=tmp_path / "keys"),
            ):
                keys.initialise(by=OPERATOR)
                try:
                    yield cluster, filled(small) if small else limited(cluster)
                finally:
                    exchange.shut_down()
        finally:
            if small is None:
                shutil.rmtree(folder.parent, ignore_errors=True)


def tmp_path_below_var() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="yitong-limited-", dir="/var/tmp"))
    folder.chmod(0o711)
    return folder


def write_until_refused(write: Callable[[], object]) -> DatabaseError:
    for _ in range(400):
        try:
            write()
        except DatabaseError as error:
            connections["default"].close()
            return error
    raise AssertionError("the disk never filled up")


def test_a_full_disk_refuses_writes_and_harms_nothing(on_disk, tmp_path):
    cluster, full = on_disk
    shared = shared_people(tmp_path)
    citizen = a_person(2)
    assert shared.call(number_of(2))[0] == 200
    is_disk = cluster.data_dir.parent.is_mount()
    if not is_disk:
        record_many(9_000)  # so that the file which will grow is the largest
    record_many(500)
    ledger.sequence_all()
    size, before = len(in_order()), ask("select count(*) from ledger_entry")
    connections.close_all()
    exchange.shut_down()

    with full:
        refused = write_until_refused(lambda: [record_one(count=i) for i in range(20)])
        if is_disk:  # the limit is told by another number of the operating system
            assert isinstance(refused, OperationalError)
            assert isinstance(refused.__cause__, psycopg.errors.DiskFull)
        kept = ask("select count(*) from ledger_entry")
        answers = [shared.call(number_of(3)) for _ in range(60)]
        statuses = {status for status, *_ in answers}
        assert statuses <= {200, 503}
        assert 503 in statuses, "as long as pages have room a record may still fit"
        for status, _, document in answers:
            if status == 503:
                assert document["code"] == "record_not_durable"
                assert document["detail"] == "使用记录没有写成，所以没有给出数据。"
                assert "rows" not in document
        # Reads go on.
        assert in_order()[:size]
        assert ledger.verify().faults == []
        assert exchange.footprint(citizen.account, exchange.FootprintFilter()).total == 1
        assert ledger.PublicLog().inclusion_proof(5, size)
        assert Browser().get("/ledger/checkpoint").status_code == 200
        assert Browser().get("/").status_code == 200
        assert kept >= before

    exchange.shut_down()
    connections.close_all()
    record_one()
    assert shared.call(number_of(3))[0] == 200
    answered = {document["entry"] for status, _, document in answers if status == 200}
    found = {id_ for (id_,) in ask("select id from ledger_entry where event = 'data.used'")}
    assert answered <= found
    ledger.sequence_all()
    assert ledger.verify().faults == []
    check_every_page(cluster)


def test_a_load_that_fills_the_disk_publishes_nothing_and_is_done_again(on_disk, tmp_path):
    """It ends in the midst of its rows; the server may fall over its own log, and comes back with space."""
    cluster, full = on_disk
    is_disk = cluster.data_dir.parent.is_mount()
    old = csv_file(tmp_path / "old.csv", [["编码", "数量"], ["a", "1"]])
    before = load_things(old)
    rows = ([f"{n:06}{'x' * 400}", str(n)] for n in range(20_000))
    large = csv_file(tmp_path / "large.csv", [["编码", "数量"], *rows])
    stored: list[int] = []

    connections.close_all()
    with filled(cluster.data_dir.parent, left=8 << 20) if is_disk else full:
        with pytest.raises((NoRoom, DatabaseError, psycopg.Error)) as caught:
            load_things(large, lambda progress: stored.append(progress.rows))
        assert stored, "rows were stored before the disk was full"
        if is_disk and cluster.server.is_running():
            assert isinstance(caught.value, NoRoom)
        connections["default"].close()

    if not cluster.server.is_running():  # it fell over its own log; a supervisor starts it again
        restarted(cluster, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    table = source_table("r34")
    assert (table.row_count, bytes(table.digest)) == (1, before)
    assert table_digest("r34") == before
    clean_leftovers(by=OPERATOR)
    assert ask("select count(*) from pg_tables where starts_with(tablename, 'stage_')") == [(0,)]
    assert load_things(large) == table_digest("r34")
    ledger.sequence_all()
    assert ledger.verify().faults == []


def load_things(path: Path, progress: OnProgress | None = None) -> bytes:
    reader, source = open_table(str(path)), source_of(path)
    plan = things_plan()
    return copy_in(plan=plan, reader=reader, source=source, by=OPERATOR, progress=progress).digest


def check_every_page(cluster: Cluster) -> None:
    """Read every row and every index of every table: data checksums are on."""
    bin_dir = cluster.server.programs.bin
    done = subprocess.run(
        [bin_dir / "pg_dump", "--dbname", cluster.url, "--file", "/dev/null"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with cluster.server.superuser("yitong") as connection:
        connection.execute("create extension if not exists amcheck")
        connection.execute(
            "select bt_index_check(c.oid, true) from pg_class c join pg_am a on a.oid = c.relam "
            "where a.amname = 'btree' and c.relkind = 'i' and c.relpersistence = 'p'"
        )
