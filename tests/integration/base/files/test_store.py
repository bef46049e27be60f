"""Taking files in and reading them again."""

import errno
import hashlib
import io
import json
import os
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.factories.files import CLERK, docx, pdf, png, xlsx
from tests.factories.keys import node_keys  # noqa: F401
from yitong.base.files import api as files
from yitong.base.files import vault
from yitong.base.files.errors import (
    EmptyFile,
    FileDamaged,
    Infected,
    MarkedSecret,
    NoSpace,
    TooLarge,
    TypeNotAccepted,
    UnknownFile,
)
from yitong.base.files.jobs import SCHEDULES
from yitong.base.files.models import StoredFile
from yitong.base.files.sealing import CHUNK
from yitong.base.keys import api as keys
from yitong.base.keys.api import KeyDestroyed, Scope
from yitong.kernel.actor import Actor

pytestmark = pytest.mark.committed  # a refusal commits its record by itself

PERSONAL = Scope("resource", "17")
ROWS = "姓名,证件号\n测试员甲,890102199203150020\n".encode()


@pytest.fixture(autouse=True)
def home(node_keys, settings, tmp_path) -> Path:  # noqa: F811
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


def stored(content: bytes, name: str = "名单.csv", **options: object) -> StoredFile:
    return files.store(by=CLERK, name=name, stream=io.BytesIO(content), **options)


def read(sha256: str) -> bytes:
    with files.opened(sha256) as content:
        return content.read()


def on_disk(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def entries(event: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select facts::text from ledger_entry where event = %s order by id", (event,)
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_a_file_lies_under_its_digest_and_comes_back_as_it_was(home):
    file = stored(ROWS)
    digest = hashlib.sha256(ROWS).hexdigest()
    assert (file.sha256, file.size, file.media_type) == (
        digest,
        len(ROWS),
        "text/csv; charset=utf-8",
    )
    assert on_disk(home) == [home / digest[:2] / digest[2:4] / digest]
    assert read(digest) == ROWS
    assert entries("files.stored")[-1] == {
        "media_type": "text/csv; charset=utf-8", "size": len(ROWS), "sealed": False, "again": False,
    }  # fmt: skip


def test_the_senders_name_is_sealed_and_without_the_senders_folders():
    file = StoredFile.objects.get(
        pk=stored(ROWS, name="C:\\Users\\张某某\\测试员甲\x1b身份证.csv").pk
    )
    assert file.name == "测试员甲身份证.csv"
    assert "测试员甲".encode() not in bytes(file.sealed_name)


def test_the_same_content_twice_is_one_file_and_two_entries(home):
    first, second = stored(ROWS, "甲.csv"), stored(ROWS, "乙.csv")
    assert first.pk == second.pk
    assert second.name == "甲.csv"
    assert len(on_disk(home)) == 1
    assert [entry["again"] for entry in entries("files.stored")] == [False, True]


def test_a_stream_past_its_bound_is_refused_and_leaves_nothing(home):
    with pytest.raises(TooLarge):
        stored(b"a" * (2 * 1024 * 1024 + 1), max_bytes=2 * 1024 * 1024)
    assert on_disk(home) == []
    assert stored(b"a" * (2 * 1024 * 1024), max_bytes=2 * 1024 * 1024).size == 2 * 1024 * 1024


def test_an_endless_stream_is_read_no_further_than_the_bound():
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            return b"a" * size

    stream = Endless()
    with pytest.raises(TooLarge):
        files.store(by=CLERK, name="a.txt", stream=stream, max_bytes=1024 * 1024)
    assert stream.given < 1.5 * 1024 * 1024


@pytest.mark.parametrize(("content", "refusal"), [(b"", EmptyFile), (b"MZ\x90\0", TypeNotAccepted)])
def test_nothing_and_programs_are_refused_and_leave_nothing(home, content, refusal):
    with pytest.raises(refusal):
        stored(content)
    assert on_disk(home) == []


@pytest.mark.parametrize(
    ("content", "name", "where"),
    [
        (ROWS, "机密-名单.csv", "name"), ("机密★1年\n姓名\n".encode(), "名单.csv", "text"),
        ("秘密\n姓名".encode("gb18030"), "名单.csv", "text"), (docx("绝密★", "题"), "通知.docx", "text"),
        (xlsx([["内部资料 注意保存"]]), "表.xlsx", "text"), (pdf("机密★"), "文.pdf", "text"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("personal", [None, PERSONAL])
def test_what_is_marked_secret_is_refused_recorded_and_not_kept(
    home, content, name, where, personal
):
    """共享条例 3. The record holds the mark and a reference, neither name nor content nor digest."""
    with pytest.raises(MarkedSecret) as refused:
        stored(content, name, personal=personal)
    assert on_disk(home) == []
    assert not StoredFile.objects.exists()
    facts = entries("files.secret_refused")[-1]
    assert facts == {
        "mark": refused.value.mark, "where": where, "reference": refused.value.reference,
    }  # fmt: skip
    assert str(refused.value.basis) == "《政务数据共享条例》第三条"
    assert "保密员" in refused.value.say_remedy()
    assert refused.value.reference in refused.value.say_remedy()


def test_the_record_of_a_refusal_outlives_the_transaction_that_it_ends():
    with pytest.raises(MarkedSecret) as refused, transaction.atomic():
        files.refuse_marks("机密★1年", by=CLERK)
    files.record_refusal(refusal=refused.value, by=CLERK)
    references = [entry["reference"] for entry in entries("files.secret_refused")]
    assert references.count(refused.value.reference) == 1


def test_a_reader_without_an_actor_refuses_and_its_door_records():
    with pytest.raises(MarkedSecret) as refused:
        files.refuse_marks("名单_内部.csv")
    assert not refused.value.is_recorded
    files.record_refusal(refusal=refused.value, by=CLERK)
    assert entries("files.secret_refused")[-1]["mark"] == "内部"
    files.refuse_marks("商业机密管理", by=CLERK)


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_a_personal_file_lies_sealed_and_comes_back_as_it_was(home, size):
    content = (ROWS * (size // len(ROWS) + 1))[:size]
    file = stored(
        content.decode("utf-8", "ignore").ljust(size)[:size].encode()[:size], personal=PERSONAL
    )
    (path,) = on_disk(home)
    assert b"890102199203150020" not in path.read_bytes()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
    with files.opened(file.sha256) as opened:
        whole = opened.read()
        assert len(whole) == file.size
        for at in (0, size // 2, size - 1):
            opened.seek(at)
            assert opened.read(5) == whole[at : at + 5]


@pytest.mark.slow
def test_packed_types_are_judged_through_the_seal():
    content = xlsx([["姓名", "电话"], *[[f"甲{n}", f"{n}"] for n in range(20_000)]])
    assert len(content) > CHUNK // 2
    file = stored(content, "表.xlsx", personal=PERSONAL)
    assert read(file.sha256) == content


def test_two_personal_files_of_the_same_content_have_nothing_in_common():
    assert stored(ROWS, personal=PERSONAL).sha256 != stored(ROWS, personal=PERSONAL).sha256


def test_destroying_the_scopes_key_destroys_its_files():
    file = stored(ROWS, personal=PERSONAL)
    keys.destroy(scope=PERSONAL, by=Actor.operator("tests"), reason="disposal")
    with pytest.raises(KeyDestroyed):
        read(file.sha256)


@pytest.mark.parametrize("personal", [None, PERSONAL])
@pytest.mark.parametrize("spoil", ["change", "cut", "remove", "replace"])
def test_what_was_changed_on_the_disk_is_not_given_out(personal, spoil):
    file, other = stored(ROWS, personal=personal), stored(b"other", personal=personal)
    path = vault.place_of(file.sha256)
    whole = path.read_bytes()
    match spoil:
        case "change":
            path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        case "cut":
            path.write_bytes(whole[: len(whole) // 2])
        case "remove":
            path.unlink()
        case "replace":
            path.write_bytes(vault.place_of(other.sha256).read_bytes())
    with pytest.raises(FileDamaged):
        files.opened(file.sha256)
    assert files.health().missing == (1 if spoil == "remove" else 0)


def test_an_unknown_digest_is_refused():
    with pytest.raises(UnknownFile):
        files.opened("0" * 64)


def test_a_full_disk_is_refused_in_words_and_leaves_nothing(home, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoSpace) as refused:
        stored(ROWS)
    assert refused.value.kind == "unavailable"
    assert on_disk(home) == []
    assert not StoredFile.objects.exists()


class Suspicious:
    """A scanner that finds one word."""

    name = "suspicious"

    def scan(self, content: io.BufferedIOBase, *, media_type: str) -> str | None:
        return "EICAR" if b"EICAR" in content.read() else None


@pytest.mark.parametrize("personal", [None, PERSONAL])
def test_a_configured_scanner_sees_the_whole_plain_file(home, settings, personal):
    assert files.health().scanner is None
    settings.YITONG_FILE_SCANNER = f"{__name__}.Suspicious"
    assert files.health().scanner == "suspicious"
    assert stored(ROWS, personal=personal).size == len(ROWS)
    kept = len(on_disk(home))
    with pytest.raises(Infected):
        stored(b"a" * 100_000 + b"EICAR", "a.txt", personal=personal)
    assert len(on_disk(home)) == kept
    assert entries("files.infected_refused")[-1]["threat"] == "EICAR"


def test_a_sweep_removes_what_no_row_names_after_a_day(home):
    file = stored(png(), "图.png")
    left = [home / "incoming" / "1234", home / "ab" / "cd" / ("abcd" + "0" * 60)]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    SCHEDULES[0].run()
    assert left[0].exists()
    for path in (*left, vault.place_of(file.sha256)):
        os.utime(path, (0, 0))
    assert files.sweep(by=Actor.system("files")) == 2
    assert on_disk(home) == [vault.place_of(file.sha256)]
    assert entries("files.swept") == [{"removed": 2}]


def test_a_transaction_that_is_undone_leaves_no_row_and_the_file_can_come_again(home):
    class Undone(Exception):
        pass

    def store_and_undo() -> None:
        with transaction.atomic():
            stored(ROWS)
            raise Undone

    with pytest.raises(Undone):
        store_and_undo()
    assert not StoredFile.objects.exists()
    assert read(stored(ROWS).sha256) == ROWS
    assert len(on_disk(home)) == 1
