"""What a file that is no text table looks like, told from its first bytes, so that the refusal can say it."""

from typing import Final

from yitong.kernel.errors import N_

_MAGIC: Final = (
    (b"PK\x03\x04", N_("Excel 工作簿（xlsx）、Word 文档或压缩包（zip）")),
    (b"PK\x05\x06", N_("空的压缩包（zip）")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", N_("旧版 Excel 或 Word 文件（xls、doc）")),
    (b"%PDF", N_("PDF 文件")),
    (b"PAR1", N_("Parquet 文件")),
    (b"SQLite format 3\x00", N_("SQLite 数据库")),
    (b"\x89PNG", N_("图片（PNG）")),
    (b"\xff\xd8\xff", N_("图片（JPEG）")),
    (b"GIF8", N_("图片（GIF）")),
    (b"\x1f\x8b", N_("压缩文件（gzip）")),
    (b"7z\xbc\xaf\x27\x1c", N_("压缩文件（7z）")),
    (b"Rar!\x1a\x07", N_("压缩文件（rar）")),
    (b"\xfd7zXZ\x00", N_("压缩文件（xz）")),
    (b"BZh", N_("压缩文件（bzip2）")),
    (b"\x28\xb5\x2f\xfd", N_("压缩文件（zstd）")),
    (b"\x7fELF", N_("程序文件")),
    (b"MZ\x90", N_("程序文件（exe）")),
    (b"\xff\xfe", N_("UTF-16 编码的文本（Excel 的“Unicode 文本”）")),
    (b"\xfe\xff", N_("UTF-16 编码的文本")),
    (b"{\\rtf", N_("RTF 文档")),
    (b"<!DOCTYPE", N_("网页（HTML）")),
    (b"<html", N_("网页（HTML）")),
    (b"<?xml", N_("XML 文件")),
)
# Bytes that no text table has: control characters but tab, line ends, form feed and the old end-of-file mark.
_CONTROL: Final = bytes(set(range(32)) - {9, 10, 12, 13, 26})
_TOO_MANY: Final = 100  # one in so many
_STRAY: Final = 8  # a few stray ones make bad rows, not another kind of file


def binary_kind(start: bytes) -> str | None:
    """A name for the kind of file, or None where it may be text."""
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in _MAGIC:
        if start.startswith(magic) or plain.startswith(magic):
            return kind
    controls = len(start) - len(start.translate(None, _CONTROL))
    if controls > max(_STRAY, len(start) // _TOO_MANY):
        return N_("二进制文件")
    return None
