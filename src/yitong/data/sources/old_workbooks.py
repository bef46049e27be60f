"""The container of xls and doc, and of an xlsx that has a password: told apart by the names in its directory."""

from pathlib import Path
from typing import Final

from yitong.data.sources.errors import NotATable, OldWorkbook, WorkbookLocked
from yitong.kernel.errors import N_

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refuse_old(path: Path, start: bytes, name: str) -> None:
    """The container of xls, and of an xlsx that has a password."""
    if not start.startswith(_OLE):
        return
    with path.open("rb") as stream:
        names = _container_names(stream.read(512), path)
    if "EncryptedPackage" in names:
        raise WorkbookLocked(name=name)
    if {"Workbook", "Book"} & names or path.suffix.lower() in {".xls", ".et"}:
        raise OldWorkbook(name=name, looks_like=N_("旧版 Excel 工作簿（xls）"))
    raise NotATable(name=name, looks_like=N_("旧版 Excel 或 Word 文件（xls、doc）"))


def _container_names(head: bytes, path: Path) -> set[str]:
    """Names in the first sectors of the container's directory (MS-CFB 2.2, 2.6)."""
    if len(head) < 512:
        return set()
    sector = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    at = (int.from_bytes(head[48:52], "little") + 1) * sector
    with path.open("rb") as stream:
        stream.seek(at)
        entries = stream.read(4096)
    names = (entries[place : place + 64] for place in range(0, len(entries), 128))
    return {name.decode("utf-16-le", "replace").partition("\0")[0] for name in names}
