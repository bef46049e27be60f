"""Where a node is, and what its directory says of it."""

import stat
from pathlib import Path

import pytest

from yitong.cli.errors import DirectoryUnfit, NoNode, ProfileDiffers
from yitong.cli.place import Place, place_of


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("YITONG_DATA", "YITONG_PROFILE", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def homes(monkeypatch, tmp_path) -> Path:
    """This user's own nodes are below here."""
    monkeypatch.setattr("yitong.hosting.api.data_dir_default", lambda name="node": tmp_path / name)
    return tmp_path


def a_node(directory: Path) -> Path:
    (directory / "postgres").mkdir(parents=True)
    return directory


def test_the_option_comes_before_the_environment_and_both_before_the_usual_place(
    homes, monkeypatch
):
    assert place_of(None).directory == homes / "node"
    monkeypatch.setenv("YITONG_DATA", "/srv/yitong")
    assert place_of(None).directory == Path("/srv/yitong")
    assert place_of(Path("here")).directory == Path.cwd() / "here"


def test_a_demo_is_taken_only_where_it_is_all_there_is(homes, monkeypatch):
    a_node(homes / "demo")
    assert place_of(None).directory == homes / "demo"
    monkeypatch.setenv("DATABASE_URL", "postgresql:///own")
    assert place_of(None).directory == homes / "node", (
        "its keys must not meet the operator's database"
    )
    monkeypatch.delenv("DATABASE_URL")
    a_node(homes / "node")
    assert place_of(None).directory == homes / "node"


def test_a_directory_without_a_server_is_no_node_unless_the_operator_has_one(tmp_path):
    with pytest.raises(NoNode):
        Place(tmp_path).require()
    Place(tmp_path, "postgresql:///own").require()
    Place(a_node(tmp_path / "n")).require()


def test_the_profile_is_kept_and_a_demo_never_becomes_a_real_node(tmp_path, monkeypatch):
    place = Place(tmp_path / "n")
    assert place.profile == "node"
    monkeypatch.setenv("YITONG_PROFILE", "demo")
    place.furnish()
    monkeypatch.delenv("YITONG_PROFILE")
    assert place.profile == "demo"
    monkeypatch.setenv("YITONG_PROFILE", "node")
    with pytest.raises(ProfileDiffers) as refused:
        assert place.profile
    assert refused.value.kind == "conflict"


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path):
    place = Place(tmp_path / "n")
    place.furnish()
    key = (place.directory / "secret-key").read_text()
    place.furnish()
    assert (place.directory / "secret-key").read_text() == key
    assert len(key.strip()) >= 50
    assert stat.S_IMODE((place.directory / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(place.directory.stat().st_mode) == 0o700
    assert sorted(file.name for file in place.directory.iterdir()) == ["profile", "secret-key"]


def test_a_directory_that_cannot_be_made_is_refused_with_the_reason(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DirectoryUnfit):
        Place(tmp_path / "file" / "n").furnish()


def test_the_address_of_the_pages_is_told_to_other_commands(tmp_path):
    place = Place(tmp_path)
    assert (place.address, place.is_announced) == ("http://127.0.0.1:8000", False)
    place.announce("http://127.0.0.1:8765")
    assert (place.address, place.is_announced) == ("http://127.0.0.1:8765", True)
    place.announce(None)
    assert not place.is_announced
