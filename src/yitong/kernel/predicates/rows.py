"""Rows that come as text, as stores and gateways give them: read into the kinds of a rule's fields."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from yitong.kernel.predicates.faults import ValueUnfit
from yitong.kernel.predicates.judging import field_getter
from yitong.kernel.predicates.meanings import written_day
from yitong.kernel.predicates.schema import Field, Kind, RowValue

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}")
_POINTED: Final = re.compile(r"[+-]?[0-9]{1,60}(?:\.[0-9]{1,60})?")
_TRUTHS: Final[Mapping[str, bool]] = {
    "true": True, "t": True, "是": True, "1": True, "false": False, "f": False, "否": False, "0": False,
}  # fmt: skip


def read_row(
    fields: Iterable[Field], texts: Mapping[str, str | None]
) -> tuple[dict[str, RowValue], tuple[Field, ...]]:
    """The row, and the fields whose text cannot be read as their kind: their values are not known."""
    row: dict[str, RowValue] = {}
    unread: list[Field] = []
    for held in fields:
        text = texts.get(held.name)
        value = None if text is None else read_value(held, text)
        if text and value is None:
            unread.append(held)
        row[held.name] = value
    return row, tuple(unread)


def read_value(held: Field, text: str) -> RowValue:
    """One value, or None where the text is none of the field's kind. Empty text is a value of text alone."""
    value = _of_kind(held.kind, text)
    try:
        # The same bounds as in a judgement: what does not fit would be refused there.
        _bounds(held)({held.name: value}, dt.date.min)
    except ValueUnfit:
        return None
    return value


# Made once for each field of a rule: a gateway reads thousands of rows a second.
_bounds: Final = lru_cache(maxsize=4_096)(field_getter)


def _of_kind(kind: Kind, text: str) -> RowValue:
    match kind:
        case Kind.TEXT | Kind.REGION:
            return text
        case Kind.BOOLEAN:
            return _TRUTHS.get(text.strip().lower())
        case Kind.DATE:
            return written_day(text.strip())
        case Kind.DECIMAL:
            return Decimal(text) if _POINTED.fullmatch(text := text.strip()) else None
    return int(text) if _WHOLE.fullmatch(text := text.strip()) else None
