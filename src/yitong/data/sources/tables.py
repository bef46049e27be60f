"""What a table is while it is read: columns, rows by line number, faults and remarks.

Nothing here knows where the table comes from. Faults name a line, a column and a reason, never a value.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol, cast

from yitong.kernel.declare import Value
from yitong.kernel.errors import N_
from yitong.kernel.hashing import canonical, sha256

FAULTS_KEPT: Final = 1_000

# Why a row is not loaded, or what is worth knowing of it (warnings: the row is loaded).
FAULT_SENTENCES: Final[Mapping[str, str]] = {
    "ragged_short": N_("第{line}行的列数少于表头"),
    "ragged_long": N_("第{line}行的列数多于表头"),
    "mixed_encoding": N_("第{line}行的编码与文件其余部分不同"),
    "undecodable": N_("第{line}行有无法识别的字符编码"),
    "nul": N_("第{line}行含有空字符（NUL）"),
    "quote_open": N_("第{line}行的引号没有结束"),
    "line_too_long": N_("第{line}行过长，无法作为一行读取"),
    "formula_cell": N_("第{line}行“{column}”是公式，取表格软件上次算出的值"),
    "formula_unknown": N_("第{line}行“{column}”是公式而没有算出的值，先用表格软件打开并保存"),
    "field_missing": N_("第{line}行没有字段名，没有采用"),
    "json_broken": N_("第{line}行不是完整的 JSON"),
    "json_not_object": N_("第{line}行不是 JSON 对象（{{…}}）"),
    "person_check": N_("第{line}行“{column}”的公民身份号码无效（校验码或出生日期不符）"),
    "person_15": N_("第{line}行“{column}”是15位旧号，已换算为18位使用"),
    "credit_check": N_("第{line}行“{column}”的统一社会信用代码校验不符"),
    "formula": N_("第{line}行“{column}”像表格公式，按文字保存，导出时会加防护"),
    "type": N_("第{line}行“{column}”与该列的类型不符"),
    "date_shape": N_("第{line}行“{column}”的日期写法与该列多数不同"),
    "number_text": N_("第{line}行“{column}”的数字带千分位、货币符号或全角字符"),
    "date_bad": N_("第{line}行“{column}”的日期不存在"),
    "damaged": N_("第{line}行“{column}”被表格软件改成了科学计数法，原来的数字已丢失"),
    "republic_date": N_("第{line}行“{column}”是民国纪年或农历日期，不能确定公历日期"),
    "error_value": N_("第{line}行“{column}”是表格软件的错误值（如 #N/A）"),
    "key_missing": N_("第{line}行没有主键“{column}”"),
    "key_invalid": N_("第{line}行的主键“{column}”无效"),
    "key_duplicate": N_("第{line}行的主键“{column}”与前面的行重复，只保留先出现的行"),
    "region_invalid": N_("第{line}行“{column}”不是行政区划代码"),
}
WARNINGS: Final = frozenset({"person_15", "formula", "formula_cell", "date_shape", "number_text"})

NOTE_SENTENCES: Final[Mapping[str, str]] = {
    "encoding": N_("文件编码：{encoding}"),
    "encoding_mixed": N_("文件里混有两种编码：以{encoding}为主，其余的行列为问题行"),
    "delimiter": N_("列之间用{delimiter}分隔"),
    "preamble": N_("表头之前的{lines}行（标题或说明）已跳过"),
    "no_header": N_("第一行像数据而不是表头，各列已按“列1、列2…”命名"),
    "header_duplicate": N_("表头“{header}”重复，第{position}列改称“{name}”"),
    "header_empty": N_("第{position}列没有表头，称为“{name}”"),
    "header_only": N_("只有表头，没有数据行"),
    "sheet": N_("读取工作表“{sheet}”"),
    "sheets_hidden": N_("隐藏的工作表没有读取：{sheets}；要读取请写“文件#表名”"),
    "merged": N_("{count}处合并单元格：合并范围内的每一格都取同一个值"),
    "pictures": N_(
        "文件里有{count}张图片，图片上的字不能识别：请打开文件，逐张看有没有密级标志和个人信息"
    ),
    "pictures_on": N_(
        "文件里有{count}张图片（在工作表{sheets}），图片上的字不能识别：请打开文件，逐张看有没有密级标志和个人信息"
    ),
    "nested_text": N_("“{column}”有嵌套的值，按 JSON 文字保存"),
    "nested_left_out": N_("“{column}”没有读取：类型是{declared}，表格的一格只放一个值"),
    "keys_differ": N_("各行的键不完全一样，{columns}列是全部行的并集，没有的键为空"),
    "dictionary": N_("按数据字典登记“{table}”的{fields}个字段，没有数据行"),
    "sampled": N_("只抽取了{sampled}行分析，全表约{total}行"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the source has it; `name` is unique within the table, `header` is what stands there."""

    name: str
    header: str
    index: int
    declared: str = ""
    comment: str = ""
    is_key: bool = False


class Row(NamedTuple):
    """A row with the number of its first line (of a database: its place in what was read)."""

    line: int
    values: tuple[str | None, ...]


class Batch(NamedTuple):
    """Some rows with their line numbers; an empty text means null."""

    lines: list[int]
    rows: list[list[str]]


class Turned(NamedTuple):
    """A batch by the column: cells in UTF-8, an empty one means null."""

    lines: Sequence[int]
    columns: Sequence[Sequence[bytes]]


class Uncut(Protocol):
    """Rows that are still to be cut into columns, here or in another process."""

    def turned(self) -> Turned | None:
        """None where they have to be read row by row."""


def turned(batch: Batch) -> Turned:
    return Turned(batch.lines, [_encoded(cells) for cells in zip(*batch.rows, strict=True)])


def _encoded(cells: Sequence[str]) -> list[bytes]:
    """Joined, encoded and cut again: a fifth of the time of doing it cell by cell."""
    found = "\0".join(cells).encode().split(b"\0")
    return found if len(found) == len(cells) else [cell.encode() for cell in cells]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row, or worth a warning."""

    line: int
    column: str
    code: str

    @property
    def sentence(self) -> str:
        return FAULT_SENTENCES[self.code].format(line=self.line, column=self.column)

    @property
    def is_warning(self) -> bool:
        return self.code in WARNINGS


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on the table as a whole."""

    code: str
    places: tuple[tuple[str, object], ...] = ()

    @property
    def sentence(self) -> str:
        return NOTE_SENTENCES[self.code].format(**dict(self.places))


def note(code: str, **places: object) -> Note:
    return Note(code, tuple(places.items()))


@dataclass
class FaultList:
    """Every fault counted, the first of each kind kept: a million bad rows cost no more memory than a thousand."""

    kept_at_most: int = FAULTS_KEPT
    counts: Counter[str] = field(default_factory=Counter)
    kept: list[RowFault] = field(default_factory=list)
    _listener: Callable[[RowFault], None] | None = None
    _kept_counts: Counter[str] = field(default_factory=Counter)

    def add(self, line: int, column: str, code: str) -> None:
        self.counts[code] += 1
        if self._listener:
            self._listener(RowFault(line, column, code))
        if self._kept_counts[code] < self.kept_at_most:
            self._kept_counts[code] += 1
            self.kept.append(RowFault(line, column, code))

    def merge(self, other: "FaultList") -> None:
        self.counts.update(other.counts)
        self.kept.extend(other.kept)

    def clear(self) -> None:
        self.counts.clear()
        self.kept.clear()
        self._kept_counts.clear()

    @contextmanager
    def told_to(self, listener: Callable[[RowFault], None]) -> Iterator[None]:
        """Within the block every fault is told, kept or not."""
        self._listener = listener
        try:
            yield
        finally:
            self._listener = None

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def rows_refused(self) -> int:
        return sum(count for code, count in self.counts.items() if code not in WARNINGS)

    def __iter__(self) -> Iterator[RowFault]:
        return iter(self.kept)


class Reader(ABC):
    """A table that can be read again and again from its beginning, in constant memory.

    `faults` belongs to the last reading. `profile_limit` bounds how many rows a profile looks at (None: all).
    """

    kind: Literal["file", "postgresql", "mysql"]
    name: str
    columns: tuple[Column, ...]
    notes: tuple[Note, ...] = ()
    profile_limit: int | None = None
    bytes_total: int = 0
    bytes_done: int = 0

    def __init__(self) -> None:
        self.faults = FaultList()

    @abstractmethod
    def batches(self, limit: int | None = None) -> Iterator[Batch]:
        """Rows in their order, some thousand at a time; sets `faults` anew."""

    def rough_batches(self) -> Iterator[Turned | Uncut]:
        """All of `batches` by the column, some of it perhaps uncut yet."""
        return map(turned, self.batches())

    def cut_by_row(self, rows: Uncut) -> Iterator[Turned]:
        """Uncut rows of this reader that cannot be cut as a whole."""
        raise TypeError(f"{self} gives no rows uncut: {type(rows)}")

    def rows(self) -> Iterator[Row]:
        for batch in self.batches():
            for line, values in zip(batch.lines, batch.rows, strict=True):
                yield Row(line, tuple(value or None for value in values))

    def row_total(self) -> int | None:
        """How many rows the table has, where the source can say so without being read."""
        return None

    def check_unchanged(self) -> None:  # noqa: B027 - a source that reads one snapshot has nothing to check
        """Refuse where the source has changed since it was opened and can tell so."""

    def fingerprint(self) -> str:
        """Differs when the table does; of a table that stays where it is, when its columns do."""
        columns = [[c.name, c.declared, c.comment, c.is_key] for c in self.columns]
        return sha256(canonical(cast("Value", columns))).hex()


def unique_names(headers: Sequence[str]) -> tuple[list[str], list[Note]]:
    """Names for columns: empty headers are numbered, the second 姓名 becomes 姓名_2; each is told."""
    names: list[str] = []
    notes: list[Note] = []
    taken = {header for header in headers if header}
    used: Counter[str] = Counter()
    for position, header in enumerate(headers, start=1):
        name = header or f"列{position}"
        used[name] += 1
        while used[name] > 1 or (not header and name in taken):
            candidate = f"{header or f'列{position}'}_{max(used[name], 2)}"
            if candidate not in taken:
                name = candidate
                break
            used[name] += 1
        if not header:
            notes.append(note("header_empty", position=position, name=name))
        elif name != header:
            notes.append(note("header_duplicate", header=header, position=position, name=name))
        taken.add(name)
        names.append(name)
    return names, notes
