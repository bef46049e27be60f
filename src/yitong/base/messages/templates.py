"""What a message says, declared in code: four sentences and the facts that fill their places. Pure.

Facts are plain values of few kinds, so that nothing of a person can get in: no kind takes free text.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from typing import Final

from yitong.base.messages.errors import FactLooksPersonal, FactsDoNotFit
from yitong.base.messages.privacy import looks_personal
from yitong.kernel.codes import parse_credit_code, parse_region_code
from yitong.kernel.declare import Value
from yitong.kernel.errors import Refusal
from yitong.kernel.law import Basis


class FactKind(StrEnum):
    """What may fill a place of a sentence. How it reads is decided when it is read."""

    CODE = (
        "code"  # a number or code: PER-42, 2026-0012; no words, nothing that looks like a person's
    )
    DATE = "date"  # 10月23日（星期五）
    DEADLINE = "deadline"  # a date or instant: 10月23日（星期五）24:00前
    INSTANT = "instant"  # 10月23日 09:12
    COUNT = "count"  # 1,204
    AGENCY = "agency"  # a registered agency by its code; its name is read
    POST = "post"  # a post by its key; its title and agency are read
    REGION = "region"  # a division by its code; its name is read
    BASIS = "basis"  # a citation: kernel.law.Basis
    TERM = "term"  # a sentence of the program's own, such as a duty's name: it stands in the translations


Fact = str | int | dt.date | dt.datetime | Basis
# A kind, or the words from which one is chosen: {"approved": N_("同意")}.
FactType = FactKind | Mapping[str, str]

LARGEST_COUNT: Final = 999_999_999
_KEY: Final = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_0-9]*")
_CODE: Final = re.compile(r"(?=[^\n]*[0-9])[A-Za-z0-9](?:[A-Za-z0-9._/:-]{0,78}[A-Za-z0-9])?")
_WORDY: Final = re.compile(r"[a-z]{2}|[A-Z]{7}")  # names in Latin letters, user names
_CHINESE: Final = re.compile(r"[^\x00-\x7f]+")
_HEX: Final = re.compile(r"[0-9a-f-]{32,}")
_POST: Final = re.compile(r"([0-9A-Z]{18})/[a-z_]{1,24}/[0-9]{1,6}")
_ACT: Final = re.compile(
    r"[\u4e00-\u9fff（）()、]{2,60}(?:法|法典|条例|规定|办法|细则|规则|规程|规范|决定|意见|通知|方案|标准)"
)
_ARTICLE: Final = re.compile(
    r"[0-9一二三四五六七八九十百零]{1,8}(?:[(（][0-9一二三四五六七八九十]{1,3}[)）])?"
)


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A kind of message. Each sentence is a marked Chinese source string with places named in `facts`.

    `who` did it, `why` the reader is told, `what` happened, `todo` says what the reader can do, and that there is
    nothing to do where that is so. `title` stands alone in a mail's subject; without one it is `what`. An `urgent`
    message does not wait for the end of quiet hours. A key's meaning never changes: another meaning is another key.
    """

    key: str
    who: str
    why: str
    what: str
    todo: str
    facts: Mapping[str, FactType] = field(default_factory=dict)
    title: str = ""
    urgent: bool = False

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError(f"{self.key}: a template's key is <app>.<what happened>")
        if not all((self.who, self.why, self.what, self.todo)):
            raise ValueError(f"{self.key}: say who, why, what happened and what to do next")
        named = set().union(*(_places(sentence) for sentence in self.sentences))
        if named != set(self.facts):
            raise ValueError(f"{self.key}: places and facts differ: {named ^ set(self.facts)}")

    @property
    def sentences(self) -> tuple[str, str, str, str, str]:
        """Title, who, why, what, todo."""
        return (self.title or self.what, self.who, self.why, self.what, self.todo)

    def stored(self, facts: Mapping[str, Fact]) -> dict[str, Value]:
        """The facts as they are kept; refuses any that does not fit, or looks like somebody's."""
        if facts.keys() != self.facts.keys():
            wrong = "、".join(sorted(facts.keys() ^ self.facts.keys()))
            raise FactsDoNotFit(template=self.key, names=wrong)
        return {name: _stored(self, name, value) for name, value in facts.items()}


def _places(sentence: str) -> set[str]:
    found = [
        (name, spec, turn)
        for _, name, spec, turn in Formatter().parse(sentence)
        if name is not None
    ]
    if odd := [name for name, spec, turn in found if spec or turn or not name.isidentifier()]:
        raise ValueError(f"a place is a plain name in braces, not {odd}")
    return {name for name, _, _ in found}


def _stored(template: MessageTemplate, name: str, value: Fact) -> Value:
    kind = template.facts[name]
    if isinstance(kind, FactKind):
        kept = _STORES[kind](value)
    else:
        kept = value if isinstance(value, str) and value in kind else None
    if kept is None:
        found = looks_personal(value) if isinstance(value, str) else None
        if found is not None:
            raise FactLooksPersonal(name=name, kind=found)
        raise FactsDoNotFit(template=template.key, names=name)
    return kept


def _code(value: Fact) -> Value:
    """Letters and digits without words: what looks like a person's is refused by its own name."""
    if not isinstance(value, str) or looks_personal(value) is not None:
        return None
    is_code = _CODE.fullmatch(value) and (_HEX.fullmatch(value) or not _WORDY.search(value))
    return value if is_code else None


def _date(value: Fact) -> Value:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        return None
    return value.isoformat()


def _instant(value: Fact) -> Value:
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        return None
    return value.astimezone(dt.UTC).isoformat(timespec="seconds")


def _deadline(value: Fact) -> Value:
    return _instant(value) if isinstance(value, dt.datetime) else _date(value)


def _count(value: Fact) -> Value:
    """Nine digits at most: a telephone number has more."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= LARGEST_COUNT else None


def _agency(value: Fact) -> Value:
    if not isinstance(value, str):
        return None
    try:
        return parse_credit_code(value).code
    except Refusal:
        return None


def _post(value: Fact) -> Value:
    match = _POST.fullmatch(value) if isinstance(value, str) else None
    return match.group() if match and _agency(match.group(1)) else None


def _region(value: Fact) -> Value:
    if not isinstance(value, str):
        return None
    try:
        return parse_region_code(value).prefix
    except Refusal:
        return None


def _basis(value: Fact) -> Value:
    is_whole = (
        isinstance(value, Basis) and _ACT.fullmatch(value.act) and _ARTICLE.fullmatch(value.article)
    )
    return [value.act, value.article] if is_whole and isinstance(value, Basis) else None


def _term(value: Fact) -> Value:
    """Only the program's own sentences; whether it is one of them `actions` asks the translations."""
    if not isinstance(value, str) or len(value) > 200 or not _CHINESE.search(value):
        return None
    return value if looks_personal(_CHINESE.sub(" ", value)) is None else None


_STORES: Final = {
    FactKind.CODE: _code,
    FactKind.DATE: _date,
    FactKind.DEADLINE: _deadline,
    FactKind.INSTANT: _instant,
    FactKind.COUNT: _count,
    FactKind.AGENCY: _agency,
    FactKind.POST: _post,
    FactKind.REGION: _region,
    FactKind.BASIS: _basis,
    FactKind.TERM: _term,
}
