"""What doctor says of a machine."""

import dataclasses
import os
from pathlib import Path

import pytest

from yitong.cli.checks import database, machine
from yitong.cli.checks.check import fail, guarded, ok
from yitong.cli.place import Place
from yitong.hosting.api import ServerStatus
from yitong.kernel import clock
from yitong.kernel.errors import Refusal

WELL = ServerStatus(
    data_dir=Path("/srv/yitong"),
    is_running=True,
    version="18.6",
    address="/srv/yitong/run:5432/yitong",
    locale="UTF8 C C.UTF-8",
    knows_chinese=True,
    disk_free=100 * machine.GIBIBYTE,
    owner=None,
    stale_owner=None,
    is_orphan=False,
)


@pytest.fixture
def place(tmp_path, monkeypatch) -> Place:
    monkeypatch.delenv("YITONG_PROFILE", raising=False)
    (tmp_path / "postgres").mkdir()
    return Place(tmp_path)


def only(checks):
    (check,) = checks
    assert (check.state == "ok") == (check.fix == ""), "what is not well has a fix"
    return check


@pytest.mark.parametrize(("free", "state"), [(0, "fail"), (2, "warn"), (50, "ok")])
def test_a_disk_that_fills_up_is_told_before_it_is_full(free, state):
    status = dataclasses.replace(WELL, disk_free=free * machine.GIBIBYTE)
    assert only(machine.disk(status)).state == state


def test_a_directory_that_a_killed_node_left_is_told(place):
    assert only(machine.directory(place, WELL)).state == "ok"
    assert only(machine.directory(place, dataclasses.replace(WELL, is_orphan=True))).state == "warn"


def test_a_machine_without_a_node_is_told_how_to_make_one(tmp_path):
    place = Place(tmp_path / "none")
    down = dataclasses.replace(WELL, is_running=False, reason="服务器没有运行")
    assert only(machine.directory(place, down)).state == "warn"
    assert only(database.server(place, down)).state == "warn"


def test_a_clock_that_went_back_is_seen_by_files_of_the_future(place):
    assert only(machine.time_of_day(place)).state == "ok"
    future = place.directory / "node.lock"
    future.touch()
    later = clock.now().timestamp() + 3600
    os.utime(future, (later, later))
    assert only(machine.time_of_day(place)).state == "fail"


def test_a_database_that_is_down_has_a_fix_that_fits_who_runs_it(place):
    down = dataclasses.replace(WELL, is_running=False, reason="connection refused")
    own = only(database.server(place, down))
    assert own.state == "fail"
    assert "yitong run" in own.fix
    theirs = only(database.server(Place(place.directory, "postgresql://x/y"), down))
    assert "DATABASE_URL" in theirs.fix


def test_an_old_server_and_one_without_chinese_are_refused(place):
    assert only(database.server(place, WELL)).state == "ok"
    old = dataclasses.replace(WELL, version="13.4 (Debian 13.4-1)")
    assert only(database.server(place, old)).state == "fail"
    assert only(database.locale(WELL)).state == "ok"
    assert only(database.locale(dataclasses.replace(WELL, knows_chinese=False))).state == "fail"


def test_pages_that_do_not_answer_are_told(place):
    place.announce("http://127.0.0.1:9")
    check = only(machine.port(place))
    assert check.state == "fail"
    assert "127.0.0.1:9" in check.detail


class Missing(Refusal):
    code = "missing"
    sentence = "没有密钥。"
    remedy = "恢复密钥。"


def test_a_check_that_cannot_be_made_has_failed_and_the_others_go_on():
    def refused():
        yield ok("first", "好")
        raise Missing

    def broken():
        raise ZeroDivisionError
        yield

    assert list(guarded("keys", refused))[1] == fail("keys", "没有密钥。", "恢复密钥。")
    (found,) = guarded("queue", broken)
    assert (found.state, "ZeroDivisionError" in found.detail) == ("fail", True)


@pytest.fixture
def locale(tmp_path) -> Path:
    """A source tree's folder of translations, compiled."""
    folder = tmp_path / "src" / "yitong" / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    for name in ("django.po", "django.mo"):
        (folder / name).touch()
        os.utime(folder / name, (1000, 1000))
    return folder.parent.parent


def test_translations_that_are_compiled_are_well(locale):
    found = only(machine.translations(locale))
    assert (found.state, found.detail) == ("ok", "译文已编译：en")


def test_translations_that_are_not_compiled_are_a_failure_with_its_fix(locale):
    (locale / "en" / "LC_MESSAGES" / "django.mo").unlink()
    found = only(machine.translations(locale))
    assert found.state == "fail"
    assert "make setup" in found.fix
    (locale.parents[2] / "pyproject.toml").unlink()
    assert "重新安装" in only(machine.translations(locale)).fix


def test_translations_older_than_their_source_are_told_in_a_source_tree_only(locale):
    """An installed package's files have the times of the archive, which say nothing."""
    os.utime(locale / "en" / "LC_MESSAGES" / "django.po", (2000, 2000))
    assert only(machine.translations(locale)).state == "warn"
    (locale.parents[2] / "pyproject.toml").unlink()
    assert only(machine.translations(locale)).state == "ok"


def test_without_any_translation_something_is_amiss(tmp_path):
    assert only(machine.translations(tmp_path / "a" / "b" / "locale")).state == "fail"
