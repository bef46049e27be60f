"""Which data element a column holds: what its header says, judged by what its values are.

Pure. Values with check digits decide against any header: a 备注 full of valid person numbers is person numbers,
and a 身份证 full of running numbers is not. A missed piece of personal information does more harm than one too
many, so whatever carries people's numbers is personal, whichever element it is matched to.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from yitong.data.standards.elements import CodeSet, Edition, Element
from yitong.data.standards.headers import HeaderHit, header_hits, words_of
from yitong.kernel.codes import region_code_fault
from yitong.kernel.errors import N_

KIND_NAMES: Final[Mapping[str, str]] = {
    "person": N_("有效的公民身份号码"),
    "person_15": N_("15位的旧身份证号"),
    "credit": N_("有效的统一社会信用代码"),
    "phone": N_("手机号码"),
    "landline": N_("固定电话号码"),
    "email": N_("电子邮箱"),
    "plate": N_("车牌号"),
    "bank_card": N_("校验正确的银行卡号"),
    "name": N_("人名"),
    "address": N_("地址"),
}
# Forms that values have by check digit or by a form that nothing else has.
STRICT: Final = frozenset(
    {"person", "person_15", "credit", "phone", "landline", "email", "plate", "bank_card"}
)
_DATE_KINDS: Final = (
    "date", "date_slash", "date_dot", "date_chinese", "date_8", "datetime", "date_bad", "date_republic",
)  # fmt: skip
_NUMBER_KINDS: Final = ("integer", "decimal", "number_text")
_BASE: Final = {"name": 70, "address": 66}
_BASE_STRICT: Final = 82
_BASE_SET: Final = 74

MANY: Final = 50
NEARLY_ALL: Final = 70
FEW: Final = 20
LEAST_VALUES: Final = 3
LOW: Final = 30
LEAST_POINTS: Final = 20
MOST_MATCHES: Final = 5


class Column(Protocol):
    """What profiling says of a column."""

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> str: ...
    @property
    def comment(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def max_length(self) -> int: ...
    @property
    def unique(self) -> str: ...
    @property
    def kinds(self) -> Mapping[Any, int]: ...
    @property
    def values(self) -> Collection[str]: ...
    @property
    def samples(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class Match:
    """One proposal. `personal` is the element's kind of personal information, or what the values show."""

    code: str
    score: int
    reasons: tuple[str, ...]
    personal: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """How far values speak for an element: a share of a hundred, and what was looked for; None: nothing to test."""

    share: int | None
    sought: str = ""
    strict: bool = False


def matches(column: Column, edition: Edition) -> list[Match]:
    """The best elements for a column, best first; empty where nothing fits."""
    words = words_of(edition.elements)
    hits = header_hits(column.header, words)
    for code, hit in header_hits(column.comment, words).items():
        if code not in hits or hits[code].points < hit.points:
            hits[code] = hit
    ruler = ruling_kind(column)
    found = [
        match
        for element in edition.elements
        if (match := _match(element, column, hits.get(element.code), edition, ruler)).score
        >= LEAST_POINTS
    ]
    return sorted(found, key=lambda match: (-match.score, match.code))[:MOST_MATCHES]


def known(column: Column) -> int:
    return sum(n for kind, n in column.kinds.items() if kind not in {"empty", "null_word", "error"})


def share(column: Column, *kinds: str) -> int:
    count = known(column)
    return sum(column.kinds.get(kind, 0) for kind in kinds) * 100 // count if count else 0


def ruling_kind(column: Column) -> str:
    """The strict kind that most values are of; it rules out whatever else the header says."""
    for kind in sorted(STRICT):
        together = ("person", "person_15") if kind.startswith("person") else (kind,)
        if share(column, *together) >= MANY:
            return "person" if kind.startswith("person") else kind
    return ""


def personal_by_values(column: Column) -> str:
    """The kind of personal information that the values show, whatever the column is called."""
    if any(column.kinds.get(kind) for kind in ("person", "person_15", "person_inside")):
        return "identity"
    if share(column, "bank_card") >= MANY:
        return "finance"
    if share(column, "phone", "phone_inside", "email") >= 1:
        return "contact"
    if share(column, "name") >= NEARLY_ALL:
        return "basic"
    return "property" if share(column, "plate") >= MANY else ""


def _home(element: Element, column: Column) -> str:
    """Addresses where none is expected: somebody's, as long as nothing says whose."""
    expected = element.about_organisation or "address" in element.evidence
    return "basic" if not expected and share(column, "address") >= NEARLY_ALL else ""


def _match(
    element: Element, column: Column, hit: HeaderHit | None, edition: Edition, ruler: str
) -> Match:
    support = _support(element, column, edition.code_sets)
    points = hit.points if hit else 0
    reasons = [hit.reason] if hit else []
    if known(column) < LEAST_VALUES:
        score = max(0, points - 5)
        reasons.append(N_("没有足够的值可以核对"))
    else:
        odd = (
            bool(points) and element.type_letter in "CM" and share(column, "decimal") >= NEARLY_ALL
        )
        score, said = _judged(element, points, support, ruler=ruler, odd=odd)
        reasons += said
    personal = element.personal or personal_by_values(column) or _home(element, column)
    if personal and not element.personal and score >= LEAST_POINTS:
        reasons.append(N_("值里有个人的号码、电话、姓名或地址，按个人信息对待"))
    return Match(element.code, score, tuple(reasons), personal)


def _judged(
    element: Element, points: int, support: Support, *, ruler: str, odd: bool
) -> tuple[int, list[str]]:
    """The header's points after the values have spoken; `odd`: decimals where a text is meant."""
    if ruler and ruler not in element.evidence:
        reason = N_("多数值是{kind}，与这个含义不符").format(kind=KIND_NAMES[ruler])
        return min(points, LOW), [reason] if points else []
    if support.share is None:
        return (points * 6 // 10, [N_("值是小数，与这个含义不符")]) if odd else (points, [])
    if support.share >= (MANY if support.strict else NEARLY_ALL):
        return _supported(element, points, support)
    if support.share >= FEW or not points:
        return points, []
    reason = N_("只有{share}%的值是{sought}，与列名不符").format(
        share=support.share, sought=support.sought
    )
    return (min(points, LOW) if support.strict else points * 6 // 10), [reason]


def _supported(element: Element, points: int, support: Support) -> tuple[int, list[str]]:
    alone = element.evidence.startswith("!")
    if not points and not alone:
        return 0, []
    reason = N_("{share}%的值是{sought}").format(share=support.share, sought=support.sought)
    if support.strict:
        base = _BASE_STRICT + (support.share or 0) // 20 if alone else 0
        return min(100, max(base, points + 8)), [reason]
    base = _BASE.get(element.evidence.strip("!"), _BASE_SET) if alone else 0
    return min(99, max(base, points + 6)), [reason]


def _support(element: Element, column: Column, code_sets: Mapping[str, CodeSet]) -> Support:
    test = element.evidence.removeprefix("!")
    if test.startswith("set:"):
        return _set_support(column, code_sets[test[4:]], alone=element.evidence.startswith("!"))
    if test in _SOFT_TESTS:
        sought, count = _SOFT_TESTS[test]
        return Support(count(column), sought)
    if not test:
        return Support(None)
    kinds = test.split("|")
    sought = KIND_NAMES[kinds[0]]
    return Support(share(column, *kinds), sought, strict=kinds[0] in STRICT)


def _set_support(column: Column, code_set: CodeSet, *, alone: bool) -> Support:
    """Names of a code set prove it; bare codes such as 1 and 2 only agree with a header."""
    sought = N_("{set}里的值").format(set=code_set.name)
    if not column.values:
        return Support(0 if known(column) else None, sought)
    given = {value.strip() for value in column.values}
    names = {form for value in code_set.values for form in _forms(value.name)}
    by_name = sum(value in names for value in given) * 100 // len(given)
    codes = {form for value in code_set.values for form in (value.code, value.code.lstrip("0"))}
    by_code = sum(value in codes for value in given) * 100 // len(given)
    if by_name >= by_code:
        return Support(by_name, sought)
    # Codes alone must not suggest an element: None leaves the header's points as they are.
    return Support(None, sought) if alone else Support(by_code, sought)


def _forms(name: str) -> tuple[str, ...]:
    """How a code's name is written: 汉族 and 汉, 男 and 男性."""
    if name.endswith("族") and len(name) > 1:
        return (name, name[:-1])
    return _SEX_FORMS.get(name, (name,))


_SEX_FORMS: Final = {
    "男": ("男", "男性", "M", "m", "Male", "male"),
    "女": ("女", "女性", "F", "f", "Female", "female"),
}


def _dates(column: Column) -> int:
    return share(column, *_DATE_KINDS)


def _numbers(column: Column) -> int:
    return share(column, *_NUMBER_KINDS)


def _ages(column: Column) -> int:
    return share(column, "integer") if column.max_length <= 3 else 0


def _serials(column: Column) -> int:
    return 100 if column.unique != "no" else 40


def _regions(column: Column) -> int:
    given = [value.strip() for value in column.samples if value.strip()]
    good = sum(len(value) in {6, 9, 12} and region_code_fault(value) is None for value in given)
    return good * 100 // len(given) if given else 0


_SOFT_TESTS: Final[Mapping[str, tuple[str, Callable[[Column], int]]]] = {
    "name": (KIND_NAMES["name"], lambda column: share(column, "name")),
    "address": (KIND_NAMES["address"], lambda column: share(column, "address")),
    "dates": (N_("日期"), _dates),
    "number": (N_("数"), _numbers),
    "age": (N_("年龄"), _ages),
    "serial": (N_("各行不同的编号"), _serials),
    "region": (N_("行政区划代码"), _regions),
    "bool": (N_("是或否"), lambda column: share(column, "bool")),
}
