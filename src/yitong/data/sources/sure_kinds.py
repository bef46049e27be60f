"""Conditions in SQL under which a value is surely of a kind: what they do not know, Python judges.

Each condition implies what `shapes.classify` says and nothing more is asked of it: it may leave values out, never
take a wrong one in. So no two can hold for the same value.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from yitong.data.sources.shapes import NOT_NAMES, PROVINCES, SURNAMES, Kind

_HAN: Final = r"\x{3400}-\x{9fff}"
# Wide signs are read as narrow ones; points stand in names.
_ELSE: Final = r"\x{ff10}-\x{ff19}\x{ff21}-\x{ff3a}\x{ff41}-\x{ff5a}·•．"
_ELEVEN: Final = "[0-9](?:[ -]?[0-9]){10}"
_ADDRESS: Final = (
    "[省市区县旗镇乡道村][^，。；]*[路街巷里村组号栋幢楼元室苑园区]"
    "|[路街巷弄村组][^，。；]{0,12}[0-9一二三四五六七八九十]+[号组弄]|[0-9](?:号楼|栋|幢|单元)"
)


def _full(pattern: str) -> str:
    return f"regexp_full_match({{c}}, '{pattern}')"


def _found(pattern: str) -> str:
    return f"regexp_matches({{c}}, '{pattern}')"


def _ranges(signs: Iterable[int]) -> Iterator[str]:
    """A class of many signs, written by its ranges."""
    start = last = -1
    for sign in sorted(signs):
        if sign != last + 1:
            if start >= 0:
                yield rf"\x{{{start:x}}}-\x{{{last:x}}}"
            start = sign
        last = sign
    yield rf"\x{{{start:x}}}-\x{{{last:x}}}"


_NAME_ENDS: Final = "".join(_ranges(set(range(0x3400, 0xA000)) - {ord(c) for c in NOT_NAMES}))
_NO_PLATE: Final = "".join(_ranges(set(range(0x3400, 0xA000)) - {ord(c) for c in PROVINCES}))
# A day that every year has, but the 29th of February.
_DAY: Final = (
    "({m} between 1 and 12 and ({d} between 1 and 28 or ({d} in (29, 30) and {m} <> 2)"
    " or ({d} = 31 and {m} in (1, 3, 5, 7, 8, 10, 12))))"
)
_BIRTH: Final = _DAY.format(m="({first17} // 100000 % 100)", d="({first17} // 1000 % 100)")
# The weights of GB 11643 are powers of two modulo 11, and the digit at a place is the number shifted there less ten
# times what is above it: so the sum is the number less four times these.
_SHIFTED: Final = " + ".join(f"{2**place} * ({{first17}} // {10**place})" for place in range(1, 17))
_CHECK: Final = f"substr('10X98765432', (2 * ({{first17}} - 4 * ({_SHIFTED})) % 11 + 1)::bigint, 1)"
# ISO/IEC 7812 modulo 10, by what the number is when shifted: each digit but the last, every second one doubled, and
# one more for each that has more than one digit then. It stays below 2^63 for 19 digits that begin with 3 to 6.
_LUHN: Final = (
    "(({number} + "
    + " + ".join(
        f"2 * ({{number}} // {10**odd}) + {{number}} // {5 * 10**odd} + 9 * ({{number}} // {10 ** (odd + 1)})"
        for odd in range(1, 18, 2)
    )
    + ") % 10 = 0)"
)
_WORDS: Final = (
    _full(rf"(?:[{_NO_PLATE}][^{_ELSE}]|[{_HAN}][{_HAN}])[^{_ELSE}]{{2,}}[{_HAN}0-9A-Za-z]")
    + f" and not {_found(_ELEVEN)} and not {_found('民国|农历|正月|腊月|初')}"
)


class _Case(NamedTuple):
    """The kinds that values under a condition can be of, and which of them each is."""

    kinds: tuple[Kind, ...]
    condition: str
    first_if: str = ""


_CASES: Final = (
    # A number of 17 signs that is as great as this has nothing but digits, or an exponent.
    _Case(
        (Kind.PERSON,),
        "length({c}) = 18 and {c} >= '1' and {c} < ':' and {first17} >= 10000000000000000"
        " and not contains({c}, 'e') and not contains({c}, 'E') and {first17} // 10000000 % 10000 >= 1800"
        f" and {_BIRTH} and {_CHECK} = substr({{c}}, 18, 1)",
    ),
    _Case((Kind.PHONE,), _full(r"(?:\+?86[- ]?)?1(?:00|[3-9][0-9])[0-9]{8}")),
    _Case((Kind.BANK_CARD, Kind.CODE), _full("[3-6][0-9]{18}"), _LUHN),
    _Case((Kind.BANK_CARD, Kind.INTEGER), _full("[3-6][0-9]{15,16}"), _LUHN),
    _Case(
        (Kind.INTEGER,),
        _full(
            "[0-9]|[1-9][0-9]{1,6}|[3-9][0-9]{7}|[1-9][0-9]{8,9}|[2-9][0-9]{10}|[1-9][0-9]{11}"
            "|[1-79][0-9]{12}|[1-9][0-9]{13}|[127-9][0-9]{15,16}|[+-](?:0|[1-9][0-9]{0,9})"
        ),
    ),
    _Case(
        (Kind.CODE,),
        _full("0[0-9]{1,13}|0[0-9]{15,16}|0[0-9]{18,}|[1-9][0-9]{19,}|[127-9][0-9]{18}"),
    ),
    _Case((Kind.DECIMAL,), _full(r"[+-]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")),
    _Case(
        (Kind.DATE,),
        _full("[12][0-9]{3}-[01][0-9]-[0-3][0-9]") + " and try_cast({c} as date) is not null",
    ),
    _Case(
        (Kind.DATE_8,),
        _full("(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]")
        + " and "
        + _DAY.format(m="({number} // 100 % 100)", d="({number} % 100)"),
    ),
    _Case(
        (Kind.DATETIME,),
        _full("[12][0-9]{3}-[01][0-9]-[0-3][0-9][ T](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
        + " and try_cast(substr({c}, 1, 10) as date) is not null",
    ),
    _Case((Kind.LANDLINE,), _full("0[0-9]{2,3}-[0-9]{7,8}")),
    _Case((Kind.EMAIL,), _full(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    _Case((Kind.NAME,), _full(f"[{''.join(sorted(SURNAMES))}][{_HAN}]?[{_NAME_ENDS}]")),
    _Case((Kind.ADDRESS, Kind.TEXT), _WORDS, _found(_ADDRESS)),
    # Codes that begin with a letter.
    _Case(
        (Kind.TEXT,),
        f"{_full('[A-Za-z][A-Za-z0-9_-]{6,}')} and length({{c}}) <> 18 and not {_found(_ELEVEN)}",
    ),
)
KINDS: Final = tuple(dict.fromkeys(kind for case in _CASES for kind in case.kinds))
# What conditions reckon with, once for each value.
_RECKONED: Final = {
    "first17": "try_cast(substr({c}, 1, 17) as bigint)",
    "number": "try_cast({c} as bigint)",
}
_DAYS: Final = (Kind.DATE, Kind.DATE_8)
_AMOUNTS: Final = (Kind.INTEGER, Kind.DECIMAL)


def number_of_kind(column: str, kinds: Collection[Kind]) -> str:
    """An expression: the place in `KINDS` of the kind that a value surely is of, or null; it may be another kind too."""
    return f"(case {' '.join(_when(column, case) for case in _for(kinds))} end)::utinyint"


def reckoned(column: str, kinds: Collection[Kind]) -> list[str]:
    """Columns that these conditions want beside the column itself."""
    wanted = "".join(case.condition + case.first_if for case in _for(kinds))
    return [
        f"{_on(column, expression)} as {column}_{name}"
        for name, expression in _RECKONED.items()
        if f"{{{name}}}" in wanted
    ]


def end_of(column: str, kind: str, which: str) -> str:
    """An expression: the least or greatest of the values of one kind, as text, where the kind has ends."""
    amounts, days = (", ".join(str(KINDS.index(k)) for k in some) for some in (_AMOUNTS, _DAYS))
    return (
        f"case when any_value({kind}) in ({days}) then {which}({column})"
        f" else {which}(case when {kind} in ({amounts}) then try_cast({column} as decimal(38, 18)) end)::varchar end"
    )


def _for(kinds: Collection[Kind]) -> list[_Case]:
    return [case for case in _CASES if not set(kinds).isdisjoint(case.kinds)]


def _when(column: str, case: _Case) -> str:
    first, *second = (KINDS.index(kind) for kind in case.kinds)
    then = f"if({case.first_if}, {first}, {second[0]})" if second else str(first)
    return f"when {_on(column, case.condition)} then {_on(column, then)}"


def _on(column: str, expression: str) -> str:
    for name in _RECKONED:
        expression = expression.replace(f"{{{name}}}", f"{column}_{name}")
    return expression.replace("{c}", column)
