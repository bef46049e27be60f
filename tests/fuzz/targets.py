"""What is fuzzed: each reader of sources and the reader of rules, as a function of any bytes.

The property is the same for all: a Refusal with words, or a result that holds together; never another exception. Hangs
and memory are bounded from outside. Readers work in small blocks here, so that borders lie everywhere.
"""

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest.mock import patch

from tests.factories.workbooks import MAIN, PACKAGE, RELATIONS
from yitong.base.files import headings, media
from yitong.base.files.api import secrecy_mark
from yitong.data.sources import delimited, encodings, excel, json_lines, packages, parquet
from yitong.data.sources.dictionaries import read_dictionary
from yitong.data.sources.opening import open_table
from yitong.data.sources.tables import FAULT_SENTENCES, Reader, Turned
from yitong.kernel.errors import Refusal
from yitong.kernel.predicates import (
    Field,
    Kind,
    PredicateRefusal,
    Row,
    Schema,
    Words,
    evaluate,
    in_words,
    parse,
    split,
    to_filter,
    to_sql,
    trace,
)

ROW: Final[Row] = {
    "编码": "a1",
    "数量": 3,
    "金额": None,
    "生日": dt.date(1940, 2, 29),
    "区划": "890102",
    "状态": True,
}
SCHEMA: Final = Schema(
    [
        Field("编码", Kind.TEXT), Field("数量", Kind.INTEGER), Field("金额", Kind.MONEY),
        Field("生日", Kind.DATE, sealed=True), Field("区划", Kind.REGION), Field("状态", Kind.BOOLEAN),
    ]
)  # fmt: skip
DAY: Final = dt.date(2026, 11, 22)
# Between the parts of a package, so that what is mutated is XML and not deflated bytes with a check sum.
BETWEEN: Final = b"\n=#=\n"
SHEET_PARTS: Final = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/drawings/drawing1.xml",
    "xl/workbook.xml",
)
WORD_PARTS: Final = ("word/document.xml", "word/header1.xml")


@dataclass(frozen=True)
class Target:
    """`run` takes any bytes; `longest` is how many are worth trying."""

    run: Callable[[bytes], None]
    longest: int


def accepted(opened: Callable[[], Reader]) -> None:
    """A refusal says something, and what is read holds together, twice alike."""
    try:
        reader = opened()
        first = read(reader)
    except Refusal as refusal:
        told(refusal)
        return
    assert by_column(reader) == first, "loading, which reads by the column, takes the same rows"


def read(reader: Reader) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str, str]]]:
    width, at, rows = len(reader.columns), 0, []
    assert width
    assert len({column.name for column in reader.columns}) == width
    for batch in reader.batches():
        assert len(batch.lines) == len(batch.rows)
        for line, cells in zip(batch.lines, batch.rows, strict=True):
            assert line > at, "lines are numbered upwards"
            assert len(cells) == width
            assert not any("\0" in cell for cell in cells)
            at = line
            rows.append((line, cells))
    faults = [(fault.line, fault.column, fault.code) for fault in reader.faults]
    assert {code for *_, code in faults} <= FAULT_SENTENCES.keys()
    assert all(note.sentence for note in reader.notes)
    refused = {line for line, _, code in faults if code != "formula_cell"}
    assert not refused & {line for line, _ in rows}, "a row at fault is not read"
    return rows, faults


def told(refusal: Refusal) -> None:
    assert str(refusal)
    assert refusal.say_remedy()


def by_column(reader: Reader) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str, str]]]:
    rows = []
    for given in reader.rough_batches():
        whole = given if isinstance(given, Turned) else given.turned()
        for part in reader.cut_by_row(given) if whole is None else [whole]:
            for line, *cells in zip(part.lines, *part.columns, strict=True):
                rows.append((line, [cell.decode() for cell in cells]))
    return rows, [(fault.line, fault.column, fault.code) for fault in reader.faults]


@contextmanager
def small_blocks() -> Iterator[None]:
    with ExitStack() as stack:
        for module, name, value in (
            (encodings, "BLOCK", 61),
            (delimited, "BATCH_ROWS", 3),
            (json_lines, "BATCH_ROWS", 3),
            (excel, "BATCH_ROWS", 3),
            (packages, "CHUNK", 97),
            (parquet, "BATCH_ROWS", 3),
        ):
            stack.enter_context(patch.object(module, name, value))
        yield


_FOLDER: Final = tempfile.TemporaryDirectory(prefix="yitong-fuzz-")


def as_file(name: str, data: bytes) -> str:
    path = Path(_FOLDER.name) / name
    path.write_bytes(data)
    return str(path)


def table(name: str) -> Callable[[bytes], None]:
    """Any bytes as a file of this name."""

    def run(data: bytes) -> None:
        place = as_file(name, data)
        with small_blocks():
            accepted(lambda: open_table(place))

    return run


def packed(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part)
    return content.getvalue()


def book_of(data: bytes) -> bytes:
    """A workbook whose parts are these, the usual ones in the place of those that are missing."""
    given = dict(zip(SHEET_PARTS, data.split(BETWEEN), strict=False))
    return packed({**USUAL, **{name: part for name, part in given.items() if part}})


def run_workbook(data: bytes) -> None:
    place = as_file("book.xlsx", book_of(data))
    with small_blocks():
        accepted(lambda: open_table(place))


def run_upload(data: bytes) -> None:
    """What is looked at of a file that somebody sends: its type, and the words at its top."""
    content = io.BytesIO(data)
    try:
        kind = media.media_type(data[: media.HEAD], content, "文件.csv")
    except Refusal as refusal:
        told(refusal)
        return
    secrecy_mark(headings.heading(data[: media.HEAD], content, kind))


def listed(place: str) -> None:
    try:
        with small_blocks():
            found = read_dictionary(place)
    except Refusal as refusal:
        told(refusal)
        return
    assert found
    for profile in found:
        assert profile.columns
        assert len({column.name for column in profile.columns}) == len(profile.columns)


def run_dictionary(data: bytes) -> None:
    listed(as_file("list.xlsx", book_of(data)))


def run_word(data: bytes) -> None:
    parts = dict(zip(WORD_PARTS, data.split(BETWEEN), strict=False))
    listed(as_file("list.docx", packed({"[Content_Types].xml": b"<Types/>", **parts})))


def run_predicate(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    try:
        rule = parse(text, SCHEMA)
    except PredicateRefusal as refusal:
        told(refusal)
        return
    answer = evaluate(rule, ROW, on=DAY)
    found = trace(rule, ROW, on=DAY)
    assert found.value is answer
    assert found.tell(Words(on=DAY))
    assert in_words(rule)
    assert parse(text, SCHEMA) == rule
    parts = split(rule)
    if parts.clear is not None:
        columns = {field.name: f"c{place}" for place, field in enumerate(parts.clear.fields)}
        for engine in ("postgresql", "duckdb"):
            assert to_sql(parts.clear, engine, on=DAY, columns=columns).text
            assert to_filter(parts.clear, engine, on=DAY, columns=columns).text


_DOCUMENTS: Final = RELATIONS


def _related(*found: tuple[str, str, str]) -> bytes:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{_DOCUMENTS}/{kind}" Target="{target}"/>'
        for key, kind, target in found
    )
    return f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'.encode()


USUAL: Final = {
    "_rels/.rels": _related(("r1", "officeDocument", "xl/workbook.xml")),
    "xl/_rels/workbook.xml.rels": _related(
        ("r1", "worksheet", "worksheets/sheet1.xml"),
        ("r2", "sharedStrings", "sharedStrings.xml"),
        ("r3", "styles", "styles.xml"),
    ),
    "xl/worksheets/_rels/sheet1.xml.rels": _related(("r1", "drawing", "../drawings/drawing1.xml")),
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
    '<sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
}


def named(targets: Sequence[tuple[str, Callable[[bytes], None], int]]) -> dict[str, Target]:
    return {name: Target(run, longest) for name, run, longest in targets}


TARGETS: Final = named(
    [
        ("csv", table("table.csv"), 4_096),
        ("json-lines", table("table.jsonl"), 4_096),
        ("workbook", run_workbook, 8_192),
        ("package", table("table.xlsx"), 8_192),
        ("parquet", table("table.parquet"), 8_192),
        ("word", run_word, 4_096),
        ("dictionary", run_dictionary, 8_192),
        ("upload", run_upload, 8_192),
        ("predicate", run_predicate, 512),
    ]
)
