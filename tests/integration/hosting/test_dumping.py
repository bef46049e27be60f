"""The database in and out by PostgreSQL's programs, between versions too."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yitong.hosting.api import ServerSettings, dumping, open_cluster
from yitong.hosting.errors import ClientProgramsMissing, DumpFailed

OLDER = sorted(Path("/usr/lib/postgresql").glob("1[56]/bin"))


@pytest.fixture
def filled(node_dir, settings) -> Iterator[str]:
    with open_cluster(node_dir, settings=settings) as cluster:
        with psycopg.connect(cluster.url) as connection:
            connection.execute("create table people (name text)")
            connection.execute("insert into people select '石桥' from generate_series(1, 1000)")
            connection.execute("create index on people using gin (name gin_trgm_ops)")
        yield cluster.url


def major_of(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.info.server_version // 10000


def people_in(url: str) -> int:
    with psycopg.connect(url) as connection:
        if connection.execute("select to_regclass('people')").fetchone()[0] is None:
            return 0
        return connection.execute("select count(*) from people where name = '石桥'").fetchone()[0]


@pytest.mark.slow
def test_what_was_dumped_is_there_again(filled, new_dir, settings):
    content = list(dumping.dump(filled, server_major=major_of(filled)))
    with open_cluster(new_dir, settings=settings) as cluster:
        dumping.restore(cluster.url, content, server_major=major_of(cluster.url))
        assert people_in(cluster.url) == 1000


def test_no_password_is_an_argument(filled, monkeypatch):
    given = []
    started = dumping._started
    monkeypatch.setattr(
        dumping, "_started", lambda argv, *rest: given.append(argv) or started(argv, *rest)
    )
    list(dumping.dump(filled, server_major=major_of(filled)))
    assert given
    assert "PGPASSWORD" in dumping.address_environment(filled)
    assert dumping.address_environment(filled)["PGPASSWORD"] not in str(given)


@pytest.mark.slow
def test_a_dump_that_breaks_off_restores_nothing(filled, new_dir, settings):
    whole = b"".join(dumping.dump(filled, server_major=major_of(filled)))
    with open_cluster(new_dir, settings=settings) as cluster:
        for content in ([whole[:-200]], [b"no dump"], []):
            with pytest.raises(DumpFailed):
                dumping.restore(cluster.url, content, server_major=major_of(cluster.url))
            assert people_in(cluster.url) == 0


def test_a_server_that_does_not_answer_is_said_to():
    with pytest.raises(DumpFailed, match="pg_dump"):
        list(dumping.dump("postgresql://x@127.0.0.1:1/x", server_major=15))


def test_no_programs_for_a_server_of_the_future():
    with pytest.raises(ClientProgramsMissing, match="99"):
        dumping.find_client("pg_dump", 99)


@pytest.mark.slow
@pytest.mark.parametrize("breaks_off", [False, True])
def test_a_newer_dump_goes_into_an_older_server(new_dir, place, monkeypatch, breaks_off):
    """Only the packaged programs are there, and the server is an operator's older one."""
    if not OLDER:
        pytest.skip("no older server's programs here")
    older = ServerSettings(durable=False, bin_dir=OLDER[0])
    monkeypatch.setattr(dumping, "_folders", lambda: iter([dumping.wheel_programs()]))
    with open_cluster(new_dir, settings=older) as cluster:
        with psycopg.connect(cluster.url) as connection:
            connection.execute(
                "create table people as select '石桥' as name, md5(n::text) from generate_series(1, 5000) n"
            )
        version = dumping.find_client("pg_dump", 15)[1]
        whole = b"".join(dumping.dump(cluster.url, server_major=15))
        with psycopg.connect(cluster.url) as connection:
            connection.execute("drop table people")

        def content() -> Iterator[bytes]:
            yield whole[:-500]
            if breaks_off:
                raise KeyboardInterrupt
            yield whole[-500:]

        monkeypatch.setattr(dumping, "_HEAD", 1)
        if breaks_off:
            with pytest.raises(KeyboardInterrupt):
                dumping.restore(cluster.url, content(), server_major=15, dumped_by=version)
            assert people_in(cluster.url) == 0
        else:
            dumping.restore(cluster.url, content(), server_major=15, dumped_by=version)
            assert people_in(cluster.url) == 5000
