"""What fuzzing has found, each input cut down to what matters; tried by `make test` for ever."""

from typing import Final, NamedTuple

from tests.fuzz.targets import packed


class Found(NamedTuple):
    """An input, the target that it broke, and what had been wrong."""

    target: str
    content: bytes
    wrong: str


_package = packed({"xl/workbook.xml": b"<workbook/>"})

FOUND: Final = (
    Found(
        "package",
        _package.replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xdc"),
        "a zip file of a version that zipfile does not know",
    ),
    Found(
        "csv",
        "编码,名称\na1,井盖\n".encode("gb18030") + "é桐\n".encode(),
        "a line of UTF-8 that was neither plainly Chinese nor GB18030 was decoded as such",
    ),
)
