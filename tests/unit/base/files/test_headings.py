"""The words at the top of a file."""

import io
from contextlib import suppress

import pytest

from tests.factories.files import docx, ofd, pdf, png, xlsx
from yitong.base.files import headings, media
from yitong.base.files.errors import TypeNotAccepted
from yitong.base.files.rules import secrecy_mark


def heading(content: bytes) -> str:
    head = content[: media.HEAD]
    kind = media.media_type(head, io.BytesIO(content), "a.txt")
    return headings.heading(head, io.BytesIO(content), kind)


@pytest.mark.parametrize(
    "content",
    [
        "机密★1年\n标题".encode(), "机密★1年\n标题".encode("gb18030"), docx("机密★1年", "标题"),
        docx("标题", header="机密★1年"), xlsx([["机密★1年", ""], ["姓名", "电话"]]), xlsx([["姓名"]], sheet="机密★1年"),
        ofd("机密★1年", "标题"), pdf("机密★1年"),
        b"%PDF-1.4\n<< /Title (\\376\\377\\147\\072\\133\\306\\046\\005) >>",
        "%PDF-1.4\n<dc:title><rdf:Alt><rdf:li>机密★</rdf:li></rdf:Alt></dc:title>".encode(),
    ],
)  # fmt: skip
def test_a_mark_is_seen_in_every_kind_that_has_words(content):
    assert secrecy_mark(heading(content)) == "机密★"


def test_a_workbooks_row_is_a_line_so_that_a_cell_is_no_heading():
    assert heading(xlsx([["姓名", "类型"], ["甲", "内部"]])) == "Sheet1\n姓名\t类型\n甲\t内部"
    assert secrecy_mark(heading(xlsx([["姓名", "类型"], ["甲", "内部"]]))) is None
    assert secrecy_mark(heading(xlsx([["秘密", ""], ["姓名", "类型"]]))) == "秘密"


def test_pictures_have_no_words():
    assert heading(png()) == ""


@pytest.mark.parametrize("broken", [docx("甲")[:-40] + b"\0" * 40, ofd() + b"x"])
def test_a_broken_package_gives_a_refusal_or_nothing_but_never_a_crash(broken):
    with suppress(TypeNotAccepted):
        assert heading(broken) == ""


def test_only_the_beginning_of_a_part_is_unpacked():
    """A part of 120 MB of one letter packs to some hundred KB; looking at it must stay cheap."""
    bomb = docx("题", extra={"word/header1.xml": "<w:p><w:t>" + "甲" * 40_000_000})
    assert len(bomb) < 2_000_000
    assert len(heading(bomb)) < 1_000_000
