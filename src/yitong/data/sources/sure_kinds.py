"""Conditions in SQL under which a value is surely of a kind: what they do not know, Python judges.

Each condition implies what `shapes.classify` says and nothing more is asked of it: it may leave values out, never
take a wrong one in. So no two can hold for the same value.
"""

import re
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
# A day that every year has, but the 29th of February. Months have 31 days by turns, with two such in the middle.
_DAY: Final = "({m} between 1 and 12 and {d} between 1 and 30 + (xor({m}, {m} >> 3) & 1) and ({m} <> 2 or {d} <= 28))"
_BIRTH: Final = _DAY.format(m="{birth_month}", d="{birth_day}")
# A number as great as this, of so many signs, has nothing but digits, or an exponent: two zeros at its end then.
_NO_EXPONENT: Final = "(% % 100 <> 0 or not (contains({c}, 'e') or contains({c}, 'E')))"
_PERSON: Final = (
    "{first17} >= 10000000000000000 and {first17} // 10000000 % 10000 >= 1800"
    f" and {_NO_EXPONENT.replace('%', '{first17}', 1)} and {_BIRTH}"
    " and substr('10X98765432', {person_check} + 1, 1) = substr({c}, 18, 1)"
)


def _card(length: int) -> str:
    least = 3 * 10 ** (length - 1)
    return (
        f"strlen({{c}}) = {length} and {{c}} >= '3' and {{c}} < '7' and {{number}} >= {least}"
        f" and {_NO_EXPONENT.replace('%', '{number}', 1)}"
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
    _Case((Kind.PERSON,), _PERSON),
    _Case((Kind.PHONE,), _full(r"(?:\+?86[- ]?)?1(?:00|[3-9][0-9])[0-9]{8}")),
    _Case((Kind.BANK_CARD, Kind.CODE), _card(19), "{luhn} = 0"),
    _Case((Kind.BANK_CARD, Kind.INTEGER), f"{_card(16)} or {_card(17)}", "{luhn} = 0"),
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
    # Written as the engine itself would write it.
    _Case((Kind.DATE,), "strlen({c}) = 10 and {c} >= '1' and try_cast({c} as date)::varchar = {c}"),
    _Case(
        (Kind.DATE_8,),
        _full("(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]")
        + " and "
        + _DAY.format(m="{day_month}", d="{day_day}"),
    ),
    _Case(
        (Kind.DATETIME,),
        "strlen({c}) = 19 and {c} >= '1' and try_cast({c} as timestamp)::varchar = {c}",
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


def _eights(name: str) -> tuple[dict[str, str], ...]:
    """Of a number of eight digits: four numbers of two, in sixteen bits each, and then the tens of each of these."""
    return (
        {f"{name}_fours": f"{{{name}}} + {{{name}}} // 10000 * {2**32 - 10_000}"},
        {f"{name}_pairs": f"{{{name}_fours}} + (({{{name}_fours}} * 5243 >> 19) & {0x7F0000007F}) * {2**16 - 100}"},
        {f"{name}_tens": f"({{{name}_pairs}} * 103 >> 10) & {0xF000F000F000F}"},
    )  # fmt: skip


def _doubled(name: str) -> str:
    """Of each pair: its digits added, the first one doubled and so that it has one digit (but for whole tens)."""
    over = f"((({{{name}_tens}} + {0x3000300030003}) >> 3) & {0x1000100010001})"
    return f"{{{name}_pairs}} - 8 * {{{name}_tens}} + {over}"


# The weights of GB 11643 are powers of two modulo 11: two for each pair, and four times as much for the next, which
# is what the rest by 65,532 makes of its sixteen bits.
_WEIGHED: Final = "(({{{0}_pairs}} - 8 * {{{0}_tens}}) % 65532)"
# What conditions reckon with, once for each value, each step from those before it.
_STEPS: Final[tuple[dict[str, str], ...]] = (
    {
        "first17": "try_cast(case when strlen({c}) = 18 and {c} >= '1' and {c} < ':' then substr({c}, 1, 17) end as bigint)",
        "number": "try_cast({c} as bigint)",
    },
    {
        "birth_month": "{first17} // 100000 % 100",
        "birth_day": "{first17} // 1000 % 100",
        "day_month": "{number} // 100 % 100",
        "day_day": "{number} % 100",
        "person_front": "{first17} // 1000000000 % 100000000",
        "person_back": "{first17} // 10 % 100000000",
        "card_front": "{number} // 10000000000000000",
        "card_middle": "{number} // 100000000 % 100000000",
        "card_back": "{number} % 100000000",
    },
    *(
        {name: expression for each in step for name, expression in each.items()}
        for step in zip(
            *map(
                _eights, ("person_front", "person_back", "card_front", "card_middle", "card_back")
            ),
            strict=True,
        )
    ),
    {
        "person_check": f"(12 * {_WEIGHED.format('person_front')} + 4 * {_WEIGHED.format('person_back')}"
        " + 2 * ({first17} % 10)) % 11",
        # ISO/IEC 7812.
        "luhn": f"({' + '.join(map(_doubled, ('card_front', 'card_middle', 'card_back')))}) % 65535 % 10",
    },
)
_NAMED: Final = re.compile("{(" + "|".join(name for step in _STEPS for name in step) + ")}")
_DAYS: Final = (Kind.DATE, Kind.DATE_8)
_AMOUNTS: Final = (Kind.INTEGER, Kind.DECIMAL)


def number_of_kind(column: str, kinds: Collection[Kind]) -> str:
    """An expression: the place in `KINDS` of the kind that a value surely is of, or null; it may be another kind too."""
    return f"(case {' '.join(_when(column, case) for case in _for(kinds))} end)::utinyint"


def with_reckoned(source: str, column: str, kinds: Collection[Kind]) -> str:
    """A query, and beside its columns those that these conditions want, step by step."""
    wanted = "".join(case.condition + case.first_if for case in _for(kinds))
    steps: list[dict[str, str]] = []
    for step in reversed(_STEPS):
        found = {name: how for name, how in step.items() if f"{{{name}}}" in wanted}
        wanted += "".join(found.values())
        steps.insert(0, found)
    for step in filter(None, steps):
        more = [f"{_on(column, how)} as {column}_{name}" for name, how in step.items()]
        source = f"(select {', '.join(['*', *more])} from {source})"  # noqa: S608 - names of our own
    return source


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
    return _NAMED.sub(rf"{column}_\1", expression.replace("{c}", column))
