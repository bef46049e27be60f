"""The file of a backup: whole or not there, and every changed byte is found and named."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.backups import a_manifest, an_archive, stored_files
from yitong.hosting.api import archive
from yitong.hosting.errors import (
    ArchiveExists,
    ArchiveFormatUnknown,
    ArchiveIncomplete,
    ArchiveTampered,
    ArchiveUnreadable,
    HostingRefusal,
)
from yitong.hosting.manifest import checkpoint_size


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return an_archive(tmp_path_factory.mktemp("archive") / "a.tar")


def test_what_was_written_is_read_again(made):
    found = archive.open_archive(made)
    assert found.checkpoint.startswith("yitong-test\n3\n")
    assert b"".join(found.database()) == b"dump" * 1000
    stored = {member.name: b"".join(content) for member, content in found.stored()}
    assert sorted(map(bytes, stored.values())) == sorted(stored_files())
    assert found.manifest.parts["files"].count == len(stored_files())


def test_any_tar_lists_it(made):
    import tarfile

    with tarfile.open(made) as file:
        names = file.getnames()
    assert names[0] == "database.dump"
    assert names[-2:] == ["manifest.json", "manifest.sig"]


def test_it_is_closed_to_others(made):
    assert made.stat().st_mode & 0o777 == 0o600


@given(at=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_one_changed_byte_anywhere_is_found(made, at, flip):
    content = bytearray(made.read_bytes())
    place = int(at * len(content))
    content[place] ^= flip
    changed = made.with_name("changed.tar")
    changed.write_bytes(content)
    # The name of the format is read before the signature: a flip there makes it one that nobody knows.
    with pytest.raises((ArchiveTampered, ArchiveIncomplete, ArchiveFormatUnknown)):
        archive.open_archive(changed)


@pytest.mark.parametrize(
    "part", ["database.dump", "checkpoint.txt", "manifest.json", "manifest.sig", "files/"]
)
def test_the_changed_part_is_named(made, part):
    content = bytearray(made.read_bytes())
    with made.open("rb") as file:
        member = next(m for m in archive._members(file, made) if m.name.startswith(part))
    content[member.at] ^= 1
    changed = made.with_name("named.tar")
    changed.write_bytes(content)
    with pytest.raises(ArchiveTampered) as refused:
        archive.open_archive(changed)
    named = "manifest.json" if part == "manifest.sig" else member.name
    assert named in refused.value.say()


@given(kept=st.floats(0, 1, exclude_max=True))
def test_one_that_was_cut_is_incomplete(made, kept):
    content = made.read_bytes()
    cut = made.with_name("cut.tar")
    cut.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(HostingRefusal):
        archive.open_archive(cut)


def test_another_signature_is_refused(tmp_path):
    stranger = Ed25519PrivateKey.generate()
    path = an_archive(tmp_path / "b.tar", sign=stranger.sign)
    with pytest.raises(ArchiveTampered, match=r"manifest\.json"):
        archive.open_archive(path)


def test_a_part_that_is_missing_or_twice_is_refused(tmp_path):
    with pytest.raises(ArchiveIncomplete):
        archive.open_archive(an_archive(tmp_path / "c.tar", without="checkpoint.txt"))
    with pytest.raises(ArchiveTampered):
        archive.open_archive(an_archive(tmp_path / "d.tar", twice="checkpoint.txt"))


def test_what_is_no_backup_is_said_to_be_none(tmp_path):
    path = tmp_path / "x"
    with pytest.raises(ArchiveUnreadable):
        archive.open_archive(path)
    with pytest.raises(ArchiveUnreadable):
        archive.open_archive(tmp_path)
    for content in (b"", b"hello", os.urandom(5000), bytes(10_000)):
        path.write_bytes(content)
        with pytest.raises((ArchiveIncomplete, ArchiveTampered)):
            archive.open_archive(path)


def test_another_format_is_told_by_its_name(tmp_path):
    path = an_archive(tmp_path / "e.tar", format="yitong-backup-9")
    with pytest.raises(ArchiveFormatUnknown, match="yitong-backup-9"):
        archive.open_archive(path)


def test_nothing_is_written_over_another_file(tmp_path):
    path = an_archive(tmp_path / "f.tar")
    before = path.read_bytes()
    with pytest.raises(ArchiveExists):
        an_archive(path)
    with archive.ArchiveWriter(tmp_path / "g.tar") as writer:
        (tmp_path / "g.tar").write_bytes(b"somebody was quicker")
        with pytest.raises(ArchiveExists):
            writer.finish(b"{}", b"")
    assert path.read_bytes() == before
    assert (tmp_path / "g.tar").read_bytes() == b"somebody was quicker"


def test_one_that_is_stopped_leaves_nothing(tmp_path):
    def broken():
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), archive.ArchiveWriter(tmp_path / "h.tar") as writer:
        writer.part(archive.DATABASE, broken())
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_is_swept_and_a_living_one_is_not(tmp_path):
    dead = tmp_path / ".old.tar.1.half"
    dead.write_bytes(b"half")
    with archive.ArchiveWriter(tmp_path / "i.tar"):
        assert not dead.exists()
        with archive.ArchiveWriter(tmp_path / "j.tar"):
            assert len(list(tmp_path.glob(".*.half"))) == 2


def test_a_damaged_file_of_the_store_is_no_part_of_a_backup(tmp_path):
    damaged = tmp_path / ("ab" * 32)
    damaged.write_bytes(b"not this")
    with pytest.raises(ArchiveTampered), archive.ArchiveWriter(tmp_path / "k.tar") as writer:
        writer.stored(damaged)


def test_a_part_of_ten_gibibytes_has_a_header():
    header = archive._header("database.dump", 10 << 30)
    assert archive._member(header, 512, Path("x")).size == 10 << 30


@given(st.text())
def test_the_size_of_a_checkpoint_is_its_second_line(text):
    assert checkpoint_size(f"name\n17\n{text}\n") == 17
    checkpoint_size(text)


def test_a_loss_is_what_a_newer_checkpoint_proves():
    manifest = a_manifest()
    assert manifest.lost([]) == 0
    assert manifest.lost(["yitong-test\n2\nx\n"]) == 0
    assert manifest.lost(["yitong-test\n2\nx\n", "yitong-test\n10\nx\n"]) == 7
