"""One server over one directory: made, attached to, refused."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.integration.hosting.conftest import wait_for
from yitong.hosting import cluster as clusters
from yitong.hosting.api import check_url, open_cluster, server_status
from yitong.hosting.cluster import url_of
from yitong.hosting.errors import (
    DatabaseUnreachable,
    DirectoryTaken,
    LocaleUnfit,
    ServerFailed,
    VersionsDiffer,
)
from yitong.hosting.folder import NodeFolder
from yitong.hosting.rules import role_timeouts
from yitong.hosting.server import Server, postmaster_of


def one(url, statement, *values):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement, values or None).fetchone()[0]


def test_a_first_start_makes_a_database_whose_application_role_is_no_superuser(new_dir, settings):
    with open_cluster(new_dir, settings=settings) as cluster:
        assert cluster.started_here
        with psycopg.connect(cluster.url) as connection:
            role, superuser, may_create, owner = connection.execute(
                "select r.rolname, rolsuper, rolcreatedb or rolcreaterole, d.datdba = r.oid from pg_roles r,"
                " pg_database d where r.rolname = current_user and d.datname = current_database()"
            ).fetchone()
            assert (role, superuser, may_create, owner) == ("yitong", False, False, True)
            for name, value in role_timeouts(connection.info.server_version // 10000).items():
                assert connection.execute("select current_setting(%s)", [name]).fetchone() == (
                    value,
                )
            assert connection.execute("select array_length(show_trgm('石桥'), 1)").fetchone() == (
                3,
            )
            extensions = {
                name for (name,) in connection.execute("select extname from pg_extension")
            }
            assert {"pg_trgm", "btree_gist"} <= extensions
    assert postmaster_of(NodeFolder(new_dir).data) is None


def test_nobody_else_can_reach_the_server(node_dir, settings):
    with open_cluster(node_dir, settings=settings) as cluster:
        folder = NodeFolder(node_dir)
        assert one(cluster.url, "show listen_addresses") == ""
        for path in (folder.data, folder.path / "run", folder.log):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE(node_dir.stat().st_mode) & 0o007 == 0
        for name in ("connection.json", "secrets.json", "node.lock"):
            assert stat.S_IMODE((node_dir / name).stat().st_mode) == 0o600
        socket = cluster.url.partition("?")[2]
        for role in ("yitong", "postgres"):
            with pytest.raises(psycopg.OperationalError, match=r"password|fe_sendauth"):
                psycopg.connect(f"postgresql://{role}:wrong@/yitong?{socket}")


@pytest.mark.slow
def test_the_server_s_log_has_no_value_of_a_failed_statement(node_dir, settings):
    with open_cluster(node_dir, settings=settings) as cluster:
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("create table t (phone text primary key)")
            connection.execute("insert into t values (%s)", ["10012345678"])
            for statement in (
                "insert into t values ('10012345678')",
                "select '10012345678x'::int",
                "selekt 10012345678",
            ):
                with pytest.raises(psycopg.Error):
                    connection.execute(statement)
        logs = list(NodeFolder(node_dir).log.glob("*.log"))
        assert logs
        assert not [path for path in logs if "10012345678" in path.read_text()]


@pytest.mark.slow
def test_a_second_user_attaches_and_the_last_to_leave_stops_the_server(node_dir, settings):
    data = NodeFolder(node_dir).data
    first = open_cluster(node_dir, settings=settings)
    second = open_cluster(node_dir, settings=settings)
    started = first.__enter__()
    attached = second.__enter__()
    assert (started.started_here, attached.started_here) == (True, False)
    assert started.url == attached.url
    first.__exit__(None, None, None)
    assert one(attached.url, "select 1") == 1, "the starter left, a guest still works"
    second.__exit__(None, None, None)
    assert postmaster_of(data) is None
    assert not (node_dir / "connection.json").exists()


@pytest.mark.slow
def test_who_started_the_server_and_left_still_waits_for_its_end(node_dir, settings):
    """It is this process's child: unwaited it would stay a zombie, and Python would complain at its own end."""
    first, second = (
        open_cluster(node_dir, settings=settings),
        open_cluster(node_dir, settings=settings),
    )
    first.__enter__()
    pid = postmaster_of(NodeFolder(node_dir).data).pid
    second.__enter__()
    first.__exit__(None, None, None)
    assert psutil.pid_exists(pid)
    second.__exit__(None, None, None)
    wait_for(lambda: not psutil.pid_exists(pid))


@pytest.mark.slow
def test_several_who_come_at_once_share_one_server(node_dir, settings):
    def work(number):
        with open_cluster(node_dir, settings=settings) as cluster:
            return cluster.started_here, one(cluster.url, "select %s::int", number)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(work, range(8)))
    assert [number for _, number in answers] == list(range(8))
    assert postmaster_of(NodeFolder(node_dir).data) is None


@pytest.mark.slow
def test_two_nodes_stand_side_by_side(node_dir, new_dir, settings):
    with (
        open_cluster(node_dir, settings=settings) as one_node,
        open_cluster(new_dir, settings=settings) as other,
    ):
        with psycopg.connect(one_node.url, autocommit=True) as connection:
            connection.execute("create table only_here ()")
        assert one(other.url, "select to_regclass('only_here')") is None


@pytest.mark.slow
def test_a_deep_directory_gets_a_short_socket_and_leaves_nothing_behind(place, furnished, settings):
    deep = place / ("深" * 20) / ("d" * 60)
    deep.mkdir(parents=True)
    folder = deep / "node"
    os.system(f"cp -a '{furnished}' '{folder}'")
    with open_cluster(folder, settings=settings) as cluster:
        assert one(cluster.url, "select 1") == 1
        socket_dir = (folder / "run.link").readlink()
        assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    assert not socket_dir.exists()


@pytest.mark.slow
def test_data_of_another_major_version_are_refused_before_anything_starts(node_dir, settings):
    (NodeFolder(node_dir).data / "PG_VERSION").write_text("13\n")
    with pytest.raises(VersionsDiffer) as refusal, open_cluster(node_dir, settings=settings):
        pass
    assert "13" in str(refusal.value)
    assert "13" in refusal.value.say_remedy()
    assert postmaster_of(NodeFolder(node_dir).data) is None


@pytest.mark.slow
def test_a_database_that_knows_no_chinese_is_refused_at_start(new_dir, settings, monkeypatch):
    """initdb --no-locale, as one would by hand: search would silently find nothing."""
    plain = Server._initdb_options

    def without_locale(self, password_file):
        keep = ("--username", "--pwfile", "--auth", "--encoding", "--no-sync")
        return [
            "--no-locale",
            *(word for word in plain(self, password_file) if word.startswith(keep)),
        ]

    monkeypatch.setattr(Server, "_initdb_options", without_locale)
    with (
        pytest.raises(LocaleUnfit, match="石桥") as refusal,
        open_cluster(new_dir, settings=settings),
    ):
        pass
    assert "C.UTF-8" in refusal.value.say_remedy()
    assert postmaster_of(NodeFolder(new_dir).data) is None, "a refused start leaves nothing running"


@pytest.mark.slow
def test_an_operator_s_database_is_checked_as_well(node_dir, settings):
    with open_cluster(node_dir, settings=settings) as cluster:
        check_url(cluster.url)
        with cluster.server.superuser() as connection:
            connection.execute(
                "create database plain owner yitong template template0 encoding 'UTF8'"
                " lc_collate 'C' lc_ctype 'C'"
            )
        with pytest.raises(LocaleUnfit, match="plain"):
            check_url(url_of(cluster.server, name="plain"))
    with pytest.raises(DatabaseUnreachable):
        check_url(cluster.url)


@pytest.mark.slow
def test_a_first_start_that_was_cut_short_is_begun_again(new_dir, settings):
    (new_dir / "postgres.half" / "base").mkdir(parents=True)
    with open_cluster(new_dir, settings=settings) as cluster:
        assert one(cluster.url, "select 1") == 1


@pytest.mark.slow
def test_a_server_that_cannot_start_says_why_and_frees_the_directory(node_dir, settings):
    (NodeFolder(node_dir).etc / "local.conf").write_text("shared_buffers = 'much'\n")
    with (
        pytest.raises(ServerFailed, match="configuration file"),
        open_cluster(node_dir, settings=settings),
    ):
        pass
    (NodeFolder(node_dir).etc / "local.conf").unlink()
    with open_cluster(node_dir, settings=settings) as cluster:
        assert cluster.started_here


@pytest.mark.slow
def test_the_operator_s_own_settings_win(node_dir, settings):
    (NodeFolder(node_dir).etc / "local.conf").write_text("max_connections = 77\n")
    with open_cluster(node_dir, settings=settings) as cluster:
        assert one(cluster.url, "show max_connections") == "77"


@pytest.mark.slow
def test_doctor_learns_the_state_without_touching_anything(node_dir, settings):
    before = server_status(node_dir)
    assert not before.is_running
    assert before.owner is None
    assert before.reason
    with open_cluster(node_dir, settings=settings):
        during = server_status(node_dir)
        assert during.is_running
        assert during.knows_chinese
        assert "C.UTF-8" in during.locale
        assert during.version
        assert during.owner.pid == os.getpid()
        assert during.disk_free > 0
        assert not during.is_orphan
    assert server_status(Path("/nonexistent/yitong")).disk_free > 0


@pytest.mark.slow
def test_an_owner_that_never_announces_a_server_is_named_in_the_end(
    node_dir, settings, monkeypatch
):
    monkeypatch.setattr(clusters, "_ATTACH_PATIENCE", 0.2)
    lock = clusters.DirectoryLock(NodeFolder(node_dir).lock)
    lock.claim()
    with (
        pytest.raises(DirectoryTaken, match=str(os.getpid())),
        open_cluster(node_dir, settings=settings),
    ):
        pass
    lock.release()


@pytest.mark.slow
def test_a_strict_umask_does_not_shut_the_server_s_user_out(new_dir, settings):
    before = os.umask(0o077)
    try:
        with open_cluster(new_dir / "deeper" / "node", settings=settings) as cluster:
            assert one(cluster.url, "select 1") == 1
    finally:
        os.umask(before)
