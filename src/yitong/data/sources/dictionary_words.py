"""How lists of tables and fields name their columns, types and lengths, in the words that offices use. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from yitong.data.sources.rules import TypeLetter

Role = Literal["table", "table_title", "field", "title", "either", "type", "length", "key", "note"]

_WORDS: Final[Mapping[Role, str]] = {
    "table": "表名 表英文名 英文表名 表代码 表名英文 物理表名 数据表 数据表名 tablename table 表标识",
    "table_title": "表中文名 中文表名 表名中文 表注释 表说明 表名称 数据表名称 资源名称 表中文名称",
    "field": "字段名 字段 字段代码 列名 英文名 英文名称 字段英文名 字段英文名称 英文字段名 字段标识 数据项代码 标识符 短名 代码 "
    "column columnname field fieldname 物理字段名",
    "title": "中文名 中文名称 字段中文名 字段中文名称 中文字段名 数据项名称 数据项 信息项 信息项名称 名称 字段注释 注释 comment 含义 字段含义",
    "either": "字段名称 列名称 name",
    "type": "类型 数据类型 字段类型 type datatype 格式",
    "length": "长度 字段长度 数据长度 length 最大长度 类型长度",
    "key": "主键 是否主键 pk key 主键标识 键",
    "note": "说明 备注 描述 字段说明 字段描述 值域 取值说明 取值范围 remark remarks description 代码说明",
}
_ROLES: Final[Mapping[str, Role]] = {
    word: role for role, words in _WORDS.items() for word in words.split()
}
_NOISE: Final = re.compile(r"[\s*_\-—:：、/\\.。（）()\[\]【】]+")
_TYPES: Final[tuple[tuple[str, TypeLetter], ...]] = (
    (r"datetime|timestamp|日期时间|时间戳|dt[0-9]*", "T"),
    (r"date|日期|日期型|d8|d10|d|年月日", "D"),
    (r"bool|boolean|逻辑|逻辑型|布尔|布尔型|l", "L"),
    (r"(?:big|small|tiny|medium)?int(?:eger)?[0-9]*|整数|整型|长整型|i", "I"),
    (
        r"num|number|numeric|decimal|float[0-9]*|double|doubleprecision|real|money|数值|数值型|数字|数字型|金额|n",
        "N",
    ),
    (r"text|clob|longtext|mediumtext|备注|备注型|长文本|m", "M"),
)
_LENGTH: Final = re.compile(r"[0-9]{1,9}")
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_$]*(?:\.[A-Za-z0-9_$]+)?")
_NUMBERING: Final = re.compile(
    r"^(?:附?表)?\s*[0-9一二三四五六七八九十]+(?:[.\-．、][0-9]+)*[.．、:：)）\s]*"
)
_LABEL: Final = re.compile(r"^(?:数据表|表英文名|表中文名|表名称|表名|表)\s*[:：]\s*")
_YES: Final = frozenset({"是", "y", "yes", "true", "1", "√", "✓", "pk", "pri", "主键", "p", "●"})
LEAST_ROLES: Final = 2


def roles_of(row: Sequence[str]) -> dict[Role, int] | None:
    """Which column is what, if this row is the head of a list of fields."""
    found: dict[Role, int] = {}
    for at, cell in enumerate(row):
        role = _ROLES.get(_plain(cell))
        if role and role not in found:
            found[role] = at
    if "either" in found:
        other: Role = "title" if "field" in found else "field"
        found.setdefault(other, found.pop("either"))
    if "field" not in found and "title" in found:
        found["field"] = found["title"]
    others = set(found) & {"type", "length", "title", "key", "note"}
    return found if "field" in found and len(others) >= LEAST_ROLES - 1 else None


def type_and_length(kind: str, length: str) -> tuple[TypeLetter, int]:
    """`varchar(18)`, `C18`, `N..10,2`, or two columns."""
    plain = unicodedata.normalize("NFKC", kind).strip().lower()
    word = re.split(r"[(\s.,]", plain, maxsplit=1)[0]
    bare = re.sub(r"[0-9]+$", "", word)
    letter: TypeLetter = "C"
    for pattern, wanted in _TYPES:
        if re.fullmatch(pattern, word) or re.fullmatch(pattern, bare):
            letter = wanted
            break
    said = _LENGTH.search(unicodedata.normalize("NFKC", length)) or _LENGTH.search(plain)
    return letter, int(said[0]) if said else 0


def is_yes(cell: str) -> bool:
    return unicodedata.normalize("NFKC", cell).strip().lower() in _YES


def table_names(caption: str) -> tuple[str, str]:
    """The title and the code in a caption such as 表3-2 人口基本信息表（t_rk_jbxx）."""
    text = unicodedata.normalize("NFKC", caption).strip()
    text = _LABEL.sub("", _NUMBERING.sub("", _LABEL.sub("", text)))
    codes = _CODE.findall(text)
    code = max(codes, key=len) if codes else ""
    title = re.sub(r"[(\[【]\s*[)\]】]", "", text.replace(code, "") if code else text)
    return title.strip(" -—:：,，、\t"), code


def _plain(cell: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", cell)).lower()
