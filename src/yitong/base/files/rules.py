"""Marks of secrecy: what of a text or a file's name says that it does not belong here.

共享条例 3 leaves 国家秘密 and 工作秘密 out of what is shared. A mark is a sign that stands by itself («机密★1年», 【内部】,
密级：秘密); a word inside a sentence is none (商业机密, 内部控制, 保守国家秘密). So a level with its star counts anywhere,
a bare mark only where marks are set: in the first lines, alone or bracketed, or as a part of a file's name.
Pure: text in, mark out.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice

# Where a document carries its marks: at the top right, over the title (GB/T 9704). Tables add a few rows.
HEADING_LINES = 40
TITLE_LINES = 6
LONGEST_NAME = 255

_LEVEL = "绝密|機密|絕密|机密|秘密"
_INTERNAL = (
    "仅供内部使用|限内部使用|内部使用|内部资料|内部文件|内部材料|内部刊物|内部参考|内部公开|内部"
    "|工作秘密|国家秘密"
)
_CAUTION = "(?:注意保存|不得外传|请勿外传|严禁外传|妥善保管)"
_PLAIN = {"機密": "机密", "絕密": "绝密"}
# Trade secrets are marked with a star too, and are not the state's.
_OTHERS = "(?<!商业)(?<!技术)(?<!企业)(?<!普通)(?<!核心)"

_STARRED = re.compile(
    rf"(?<![“「『‘]){_OTHERS}({_LEVEL}|内部) ?(?:[★☆⭐✮✯]|\*(?= ?(?:\d|长期|启用|解密|$)))",
    re.MULTILINE,
)
_LABELLED = re.compile(
    rf"(?:密级|保密级别|保密等级|秘密等级|涉密等级|涉密级别)[\t ]*[:：,\t ][\t ]*({_LEVEL}|工作秘密|内部)(?![\u4e00-\u9fff])"
)
_BRACKETED = re.compile(
    rf"[【\[〔〖({{<《「]\s*(?:({_LEVEL})级?|({_INTERNAL})(?:[,，;；\s]*{_CAUTION})?)\s*[】\]〕〗)}}>》」]"
)
_ALONE = re.compile(
    rf"(?:({_LEVEL})(?:级|件|文件|资料)?|({_INTERNAL})(?:[,，;；\s]*{_CAUTION})?)[!！.。:：]?"
)
_AT_EDGE = re.compile(rf"^({_LEVEL})(?=\s+\S)|(?<=\S\s)({_LEVEL})$")
_SECRET_COLUMN = re.compile(r"(?:密级|保密级别|保密等级|秘密等级|涉密等级|涉密级别)")
_LEVEL_CELL = re.compile(rf"(?:{_LEVEL})(?:级)?")

_NOUN = "(?:级|件|文件|资料|材料|名单|数据|档案|报表|报告|清单|附件|图纸|方案|表|稿)"
_IN_NAME = re.compile(
    rf"(?:^|[\s_\-—–·.+#&(（\[【〔《「]|\d){_OTHERS}(?:({_LEVEL}){_NOUN}?|({_INTERNAL}))(?=$|[\s_\-—–·.+#&)）\]】〕》」]|\d)"
)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SPACED = re.compile("(?<=[绝機机秘内工])[ \t\u3000]+(?=[密部作])|(?<=密)[ \t\u3000]+(?=级)")
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])


def secrecy_mark(text: str) -> str | None:
    """The mark that a text's heading carries, or None. A single line that ends like a file's name is read as one."""
    lines = [line.strip() for line in _tidy(text).splitlines()]
    heading = list(islice(filter(None, lines), HEADING_LINES))
    if len(heading) == 1 and len(text) <= LONGEST_NAME and _EXTENSION.search(heading[0]):
        return secrecy_mark_in_name(text)
    if found := _STARRED.search("\n".join(lines)):
        return f"{_plain(found[1])}★"
    return _first(_mark_of_line(line, at) for at, line in enumerate(heading)) or _column_mark(
        heading
    )


def secrecy_mark_in_name(name: str) -> str | None:
    """The mark that is a part of a file's name, or None."""
    stem = _EXTENSION.sub("", _tidy(name).strip())
    if found := _STARRED.search(stem):
        return f"{_plain(found[1])}★"
    found = _BRACKETED.search(stem) or _IN_NAME.search(stem)
    return _plain(found[1] or found[2]) if found else None


def _mark_of_line(line: str, at: int) -> str | None:
    """A bare 内部 is a mark over the title only: further down it is an ordinary word of a table."""
    for found in (
        _LABELLED.search(line),
        _BRACKETED.search(line),
        _ALONE.fullmatch(_only_cell(line)),
    ):
        if found is not None and (mark := _plain(next(filter(None, found.groups())))):
            return mark if mark != "内部" or at < TITLE_LINES or found.re is not _ALONE else None
    found = _AT_EDGE.search(line) if at < TITLE_LINES else None
    return _plain(found[1] or found[2]) if found else None


def _only_cell(line: str) -> str:
    """The only cell of a table's row that is filled, or the line itself."""
    cells = [cell.strip(" \"'") for cell in re.split(r"[,;\t|]", line)]
    filled = list(filter(None, cells))
    return filled[0] if len(filled) == 1 else line


def _column_mark(lines: Sequence[str]) -> str | None:
    """A table with a column 密级 that says so of a row lists what must not be here."""
    rows = [[cell.strip(" \"'") for cell in re.split(r"[,;\t|]", line)] for line in lines]
    for at, header in enumerate(rows):
        columns = [i for i, cell in enumerate(header) if _SECRET_COLUMN.fullmatch(cell)]
        for row in rows[at + 1 :] if columns and len(header) > 1 else ():
            for i in columns:
                if i < len(row) and _LEVEL_CELL.fullmatch(row[i]):
                    return _plain(row[i].removesuffix("级"))
    return None


def _tidy(text: str) -> str:
    """One width, nothing invisible, and no spaces within a mark («机　密»)."""
    return _SPACED.sub("", unicodedata.normalize("NFKC", text).translate(_INVISIBLE))


def _plain(mark: str) -> str:
    return _PLAIN.get(mark, mark)


def _first(marks: Iterable[str | None]) -> str | None:
    return next(filter(None, marks), None)


def clean_name(name: str) -> str:
    """A file's own name: no folders of the sender's machine, nothing that a terminal or a header would obey."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip(" .")
    return shown[-LONGEST_NAME:] or "未命名"
