"""Small files of the accepted types, made here so that nothing has to be shipped."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape

from yitong.kernel.actor import Actor

CLERK = Actor(account="account:7", post="post:7", agency="11890100DM00000135", region="8901")


def zipped(parts: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return content.getvalue()


def docx(*paragraphs: str, header: str = "", extra: Mapping[str, str] | None = None) -> bytes:
    """A document; each paragraph is cut into two runs, as word processors do."""
    runs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(p[:1])}</w:t></w:r><w:r><w:t>{escape(p[1:])}</w:t></w:r></w:p>'
        for p in paragraphs
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document><w:body>{runs}</w:body></w:document>",
    }
    if header:
        parts["word/header1.xml"] = (
            f"<w:hdr><w:p><w:r><w:t>{escape(header)}</w:t></w:r></w:p></w:hdr>"
        )
    return zipped({**parts, **(extra or {})})


def xlsx(
    rows: Sequence[Sequence[str]] = (),
    sheet: str = "Sheet1",
    extra: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook whose texts are shared strings, as spreadsheets write them."""
    words = list(dict.fromkeys(cell for row in rows for cell in row if cell))
    places = {word: place for place, word in enumerate(words)}
    shared = "".join(f"<si><t>{escape(word)}</t></si>" for word in words)
    lines = "".join(
        "<row>"
        + "".join(
            f'<c r="A1" t="s"><v>{places[cell]}</v></c>' if cell else '<c r="A1"/>' for cell in row
        )
        + "</row>"
        for row in rows
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook><sheets><sheet name="{escape(sheet)}" sheetId="1"/></sheets></workbook>',
            "xl/sharedStrings.xml": f"<sst>{shared}</sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{lines}</sheetData></worksheet>",
            **(extra or {}),
        }
    )


def ofd(*lines: str) -> bytes:
    texts = "".join(f"<ofd:TextCode X='1' Y='2'>{escape(line)}</ofd:TextCode>" for line in lines)
    return zipped(
        {
            "OFD.xml": "<ofd:OFD/>",
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page>{texts}</ofd:Page>",
        }
    )


def pdf(title: str = "") -> bytes:
    digits = title.encode("utf-16-be").hex().upper()
    return f"%PDF-1.7\n1 0 obj\n<< /Title <FEFF{digits}> >>\nendobj\n%%EOF\n".encode()


def png() -> bytes:
    """One white dot."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0\xff")), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
