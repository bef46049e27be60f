"""What a column's values say for or against an element: check digits, forms, code sets, ranges, kinds of value.

Pure. Nothing here keeps a value or puts one into a sentence.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from yitong.data.standards.elements import CodeSet, Edition, Element
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
DATE_KINDS: Final = (
    "date", "date_slash", "date_dot", "date_chinese", "date_8", "datetime", "date_bad", "date_republic",
)  # fmt: skip
NUMBER_KINDS: Final = ("integer", "decimal", "number_text")
NOTHING: Final = frozenset({"empty", "null_word", "error"})
MANY: Final = 50
NEARLY_ALL: Final = 70
_MOST_SEEN: Final = 50


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
class Support:
    """How far values speak for an element: a share of a hundred, and what was looked for; None: nothing to test."""

    share: int | None
    sought: str = ""
    strict: bool = False
    mild: bool = False  # a form: that values look otherwise says little


NO_TEST: Final = Support(None)


class Seen:
    """A column's values as they are asked about again and again: counted and tidied once."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.known = sum(n for kind, n in column.kinds.items() if kind not in NOTHING)
        self.samples = [text for value in column.samples if (text := value.strip())][:_MOST_SEEN]
        self.given = {text for value in column.values if (text := value.strip())}
        self._supports: dict[str, Support] = {}

    def share(self, *kinds: str) -> int:
        """How many of a hundred known values are of these kinds."""
        if not self.known:
            return 0
        return sum(self.column.kinds.get(kind, 0) for kind in kinds) * 100 // self.known

    def count(self, *kinds: str) -> int:
        return sum(self.column.kinds.get(kind, 0) for kind in kinds)

    def ruling_kind(self) -> str:
        """The strict kind that most values are of; it rules out whatever else the header says."""
        for kind in sorted(STRICT):
            together = ("person", "person_15") if kind.startswith("person") else (kind,)
            if self.share(*together) >= MANY:
                return "person" if kind.startswith("person") else kind
        return ""

    def support(self, element: Element, edition: Edition) -> Support:
        """What the values say for an element, by the test it names."""
        test = element.evidence
        if test not in self._supports:
            self._supports[test] = self._tested(test, edition)
        return self._supports[test]

    def _tested(self, evidence: str, edition: Edition) -> Support:
        test, alone = evidence.removeprefix("!"), evidence.startswith("!")
        if not test:
            return NO_TEST
        if test.startswith("set:"):
            return _set_support(self, edition.code_sets[test[4:]], alone=alone)
        if test.startswith("form:"):
            form = edition.forms[test[5:]]
            return Support(self.formed(form.pattern), form.name, mild=True)
        if test in SOFT_TESTS:
            sought, count = SOFT_TESTS[test]
            return Support(count(self), sought)
        kinds = test.split("|")
        return Support(self.share(*kinds), KIND_NAMES[kinds[0]], strict=kinds[0] in STRICT)

    def formed(self, pattern: str) -> int:
        matches = _compiled(pattern).fullmatch
        seen = self.samples
        return sum(matches(value) is not None for value in seen) * 100 // len(seen) if seen else 0

    def misfit(self, element: Element) -> str:
        """What the values are although the element's type means something else; empty where they may be it."""
        letter = element.type_letter
        text = letter in {"C", "M", "G"}
        if text and element.evidence.removeprefix("!") not in _NUMERIC_TEXT:
            if self.share("decimal") >= NEARLY_ALL:
                return N_("小数")
            if self.share(*_SURE_DATES) >= NEARLY_ALL and "time" not in element.format:
                return N_("日期")
        if letter == "L" and self.share("bool") < FEW and len(self.given) > 4:
            return N_("不止两种的值")
        return ""

    def overlong(self, element: Element) -> bool:
        """Whether values are much longer than the element's format has room for."""
        found = _WIDTH.search(element.format)
        return bool(found) and self.column.max_length > 2 * int(found[1]) + 4 if found else False


FEW: Final = 20
_WIDTH: Final = re.compile(r"^C(?:\.\.)?(\d+)$")
_NUMERIC_TEXT: Final = frozenset({"form:longitude", "form:latitude", "form:point", "form:month"})
_ORGANISATION: Final = r".{2,}(?:公司|集团|合作社|中心|局|院|所|社|部|行|厂|店|会|学校|大学|银行)"
_SURE_DATES: Final = ("date", "date_slash", "date_dot", "date_chinese", "datetime")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _set_support(seen: Seen, code_set: CodeSet, *, alone: bool) -> Support:
    """Names of a code set prove it; bare codes such as 1 and 2 only agree with a header."""
    sought = N_("{set}里的值").format(set=code_set.name)
    if not seen.given:
        return Support(0 if seen.known else None, sought)
    names, codes = _forms_of(code_set)
    by_name = len(seen.given & names) * 100 // len(seen.given)
    by_code = len(seen.given & codes) * 100 // len(seen.given)
    if by_name >= by_code:
        return Support(by_name, sought)
    # Codes alone must not suggest an element: None leaves the header's points as they are.
    return Support(None, sought) if alone else Support(by_code, sought)


_Known = tuple[frozenset[str], frozenset[str]]
_KNOWN: Final[dict[int, tuple[CodeSet, _Known]]] = {}


def _forms_of(code_set: CodeSet) -> _Known:
    """How names and codes of a set are written, worked out once for each set."""
    if id(code_set) not in _KNOWN:
        names = frozenset(form for value in code_set.values for form in _written(value.name))
        codes = {form for value in code_set.values for form in (value.code, value.code.lstrip("0"))}
        _KNOWN[id(code_set)] = (code_set, (names, frozenset(codes - {""})))
    return _KNOWN[id(code_set)][1]


def _written(name: str) -> tuple[str, ...]:
    """How a code's name is written: 汉族 and 汉, 男 and 男性."""
    if name.endswith("族") and len(name) > 1:
        return (name, name[:-1])
    return _SEX_FORMS.get(name, (name,))


_SEX_FORMS: Final = {
    "男": ("男", "男性", "M", "m", "Male", "male"),
    "女": ("女", "女性", "F", "f", "Female", "female"),
}


def _ages(seen: Seen) -> int:
    return seen.share("integer") if seen.column.max_length <= 3 else 0


def _serials(seen: Seen) -> int:
    return 100 if seen.column.unique != "no" else 40


def _parties(seen: Seen) -> int:
    """Whoever may hold a right: a person or an organisation."""
    return min(100, seen.share("name") + seen.formed(_ORGANISATION))


def _regions(seen: Seen) -> int:
    good = sum(len(v) in {6, 9, 12} and region_code_fault(v) is None for v in seen.samples)
    return good * 100 // len(seen.samples) if seen.samples else 0


SOFT_TESTS: Final[Mapping[str, tuple[str, Callable[[Seen], int]]]] = {
    "name": (KIND_NAMES["name"], lambda seen: seen.share("name")),
    "party": (N_("人名或者单位名称"), _parties),
    "address": (KIND_NAMES["address"], lambda seen: seen.share("address")),
    "dates": (N_("日期"), lambda seen: seen.share(*DATE_KINDS)),
    "number": (N_("数"), lambda seen: seen.share(*NUMBER_KINDS)),
    "age": (N_("年龄"), _ages),
    "serial": (N_("各行不同的编号"), _serials),
    "region": (N_("行政区划代码"), _regions),
    "bool": (N_("是或否"), lambda seen: seen.share("bool")),
}
