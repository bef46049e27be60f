"""What a file is, by its content."""

import io
import zipfile

import pytest

from tests.factories.files import docx, ofd, pdf, png, xlsx, zipped
from yitong.base.files import media
from yitong.base.files.errors import TypeNotAccepted


def kind(content: bytes, name: str = "名单.csv") -> str:
    return media.media_type(content[: media.HEAD], io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (pdf(), media.PDF), (ofd(), media.OFD), (png(), media.PNG), (b"\xff\xd8\xff\xe0JFIF", media.JPEG),
        (xlsx(), media.XLSX), (docx(), media.DOCX),
    ],
)  # fmt: skip
def test_accepted_types_are_known_by_content_whatever_the_name_says(content, expected):
    assert kind(content) == kind(content, "照片.exe") == expected


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ("姓名,电话\n".encode(), "a.csv", "text/csv; charset=utf-8"),
        ("\ufeff姓名,电话\n".encode(), "a.CSV", "text/csv; charset=utf-8"),
        ("姓名,电话\n".encode("gb18030"), "a.csv", "text/csv; charset=gb18030"),
        ("㙍𡌶".encode("gb18030"), "a.txt", "text/plain; charset=gb18030"),
        (b"plain", "readme", "text/plain; charset=utf-8"),
    ],
)
def test_text_is_known_with_its_encoding(content, name, expected):
    assert kind(content, name) == expected


def test_a_character_cut_at_the_end_of_the_beginning_is_no_fault():
    text = "数" * 40_000
    assert kind(text.encode(), "a.csv").endswith("utf-8")
    assert kind(text.encode("gb18030"), "a.csv").endswith("gb18030")


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00", b"\x7fELF\x02", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"GIF89a", b"Rar!\x1a", b"\x1f\x8b\x08",
        "姓名".encode("utf-16"), b"a\x00b", b"\x1b[31mred", zipped({"a.txt": "x"}), b"PK\x03\x04broken",
        docx(extra={"word/vbaProject.bin": "x"}), xlsx(extra={"run.exe": "x"}), b"\xff\xff\xff",
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_what_it_looks_like(content):
    with pytest.raises(TypeNotAccepted) as refused:
        kind(content, "名单.csv")
    assert refused.value.places["looks_like"]
    assert refused.value.remedy


def test_an_encrypted_package_is_refused():
    packed = bytearray(docx())
    packed[6] |= 1
    for at in range(len(packed) - 4):
        if packed[at : at + 4] == b"PK\x01\x02":
            packed[at + 8] |= 1
    with pytest.raises(TypeNotAccepted):
        kind(bytes(packed))


def test_a_package_of_very_many_parts_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("xl/workbook.xml", "")
        for at in range(10_001):
            packed.writestr(f"{at}", "")
    with pytest.raises(TypeNotAccepted):
        kind(content.getvalue())
