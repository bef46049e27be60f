"""What a file is, by its content: a short list of accepted types, everything else is refused.

A name is only a hint (CSV from plain text); a wrong extension changes nothing. Files with macros, encrypted ones and
the old binary formats of offices are refused: nobody can look into them for marks or malware.
"""

import codecs
import re
import struct
import zipfile
from typing import BinaryIO

from yitong.base.files.errors import TypeNotAccepted
from yitong.kernel.errors import N_

HEAD = 64 * 1024
PDF = "application/pdf"
OFD = "application/ofd"
PNG = "image/png"
JPEG = "image/jpeg"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV, TEXT = "text/csv", "text/plain"
PARQUET = "application/vnd.apache.parquet"

_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"PAR1", PARQUET))
_INSIDE = (("OFD.xml", OFD), ("xl/workbook.xml", XLSX), ("word/document.xml", DOCX))
_KNOWN_OTHERS = (
    (b"\xd0\xcf\x11\xe0", N_("旧版或加密的 Office 文件")),
    (b"MZ", N_("可执行程序")),
    (b"\x7fELF", N_("可执行程序")),
    (b"Rar!", N_("压缩包")),
    (b"7z\xbc\xaf", N_("压缩包")),
    (b"\x1f\x8b", N_("压缩包")),
    (b"GIF8", N_("GIF 图片")),
    (b"\xff\xfe", N_("UTF-16 文本")),
    (b"\xfe\xff", N_("UTF-16 文本")),
)
_MANY_PARTS = 10_000
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def media_type(head: bytes, content: BinaryIO, name: str) -> str:
    """The type of a file with this beginning; `content` can be sought."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _packed_type(content)
    for magic, looks_like in _KNOWN_OTHERS:
        if head.startswith(magic):
            raise TypeNotAccepted(looks_like=looks_like)
    charset = charset_of(head)
    if charset is None:
        raise TypeNotAccepted(looks_like=N_("不认识的二进制文件"))
    kind = CSV if name.lower().endswith((".csv", ".tsv")) else TEXT
    return f"{kind}; charset={charset}"


def charset_of(head: bytes) -> str | None:
    """utf-8 or gb18030 if the bytes are text in it, else None; a character cut at the end is no fault."""
    if _CONTROL.search(head):
        return None
    for charset in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(charset)().decode(head)
        except UnicodeDecodeError:
            continue
        return charset
    return None


def _packed_type(content: BinaryIO) -> str:
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as broken:
        raise TypeNotAccepted(looks_like=N_("损坏的压缩格式")) from broken
    names = {part.filename for part in parts}
    if len(parts) > _MANY_PARTS or any(part.flag_bits & 1 for part in parts):
        raise TypeNotAccepted(looks_like=N_("加密或异常的压缩格式"))
    if any(part.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for part in names):
        raise TypeNotAccepted(looks_like=N_("带宏或程序的文件"))
    for part, kind in _INSIDE:
        if part in names:
            return kind
    raise TypeNotAccepted(looks_like=N_("压缩包"))
