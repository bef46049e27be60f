"""Why a rule answers as it does for one row: every clause, its value, what the row holds, and which clauses decided.

Where the answer is yes, the clauses that made it so decided: all parts of an AND, the first part of an OR that holds;
where it is no, the first part of an AND that fails, all parts of an OR. Where it is not known, those decided that are
not known: telling them would give an answer.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Final, NamedTuple

from yitong.kernel.errors import N_
from yitong.kernel.predicates.judging import Truth, clause_judge
from yitong.kernel.predicates.nodes import (
    And,
    Clause,
    Condition,
    Not,
    Or,
    fields_in,
    values_of,
)
from yitong.kernel.predicates.predicate import Predicate
from yitong.kernel.predicates.schema import Field, Row, RowValue
from yitong.kernel.predicates.wording import Words

MET, UNMET, UNKNOWN = N_("符合"), N_("不符合"), N_("不知道")
TOLD: Final = {True: MET, False: UNMET, None: UNKNOWN}
SEEN: Final = N_("{field}：{value}")
NOT_KNOWN: Final = N_("没有{field}的数据")
NOT_KNOWN_OF_YOU: Final = N_("我们不知道您的{field}")
TOO_COARSE: Final = N_("{field}只登记为{value}，不足以判断")
LINE: Final = N_("{answer}：{clause}（{seen}）")
COMMA: Final = N_("，")

# From the clauses' values: the answer, and the clauses that decided it.
Verdict = tuple[Truth, tuple[int, ...]]
_Weigh = Callable[[Sequence[Truth]], Verdict]


class Step(NamedTuple):
    """One clause: its value, whether it decided, and what the row held. A tuple, since thousands are made a second.

    `contrary` where the rule asks for the clause not to hold: then its contrary is told.
    """

    clause: Clause
    value: Truth
    decided: bool
    contrary: bool
    seen: tuple[tuple[Field, RowValue], ...]

    @property
    def answer(self) -> Truth:
        """What the rule asks for, met or not: the value, or its contrary."""
        return None if self.value is None else self.value is not self.contrary

    def says(self, words: Words) -> str:
        """What the rule asks for."""
        return words.clause(self.clause, truth=not self.contrary)

    def __repr__(self) -> str:
        """Without what the row held: logs see reprs."""
        return f"Step({self.clause!r}, {self.value}, decided={self.decided})"

    def tell(self, words: Words, *, to_person: bool = False) -> str:
        return words.say(
            LINE,
            answer=words.translate(TOLD[self.answer]),
            clause=self.says(words),
            seen=words.translate(COMMA).join(self.shows(words, to_person=to_person)),
        )

    def shows(self, words: Words, *, to_person: bool = False) -> list[str]:
        """What the row held of the fields that the clause reads."""
        told = []
        for held, value in self.seen:
            if value is None:
                sentence = NOT_KNOWN_OF_YOU if to_person else NOT_KNOWN
            else:
                # One value alone that leaves the clause open is a division too wide, or no code.
                sentence = TOO_COARSE if self.value is None and len(self.seen) == 1 else SEEN
            told.append(words.say(sentence, field=held.words, value=words.held(held, value)))
        return told


class Trace(NamedTuple):
    """The answer for one row on a day, with every clause in the order of the text."""

    value: Truth
    on: dt.date
    steps: tuple[Step, ...]

    @property
    def decisive(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.decided)

    @property
    def missing(self) -> tuple[Field, ...]:
        """What we would have to know for an answer."""
        found = {
            held.name: held
            for step in self.decisive
            if step.value is None
            for held, value in step.seen
            if value is None
        }
        return tuple(found.values())

    def tell(self, words: Words, *, to_person: bool = False) -> list[str]:
        """The answer in words: first the clauses that decided, then the others."""
        first = [words.translate(TOLD[self.value])]
        ordered = sorted(self.steps, key=lambda step: not step.decided)
        return first + [step.tell(words, to_person=to_person) for step in ordered]


class Tracer:
    """A rule made ready to be traced: for thousands of rows a second."""

    __slots__ = ("_clauses", "_judges", "_weigh")

    def __init__(self, predicate: Predicate) -> None:
        self._clauses = tuple(
            (place, clause, contrary, _fields(clause))
            for place, (clause, contrary) in enumerate(_asked(predicate.root, contrary=False))
        )
        self._judges = tuple(clause_judge(clause) for _, clause, _, _ in self._clauses)
        self._weigh = _weighing(predicate.root, count())

    def trace(self, row: Row, *, on: dt.date) -> Trace:
        values = [judge(row, on) for judge in self._judges]
        answer, decided = self._weigh(values)
        get = row.get
        steps = [
            Step(
                clause,
                value,
                place in decided,
                contrary,
                tuple([(held, get(name)) for name, held in fields])
                if len(fields) != 1
                else ((fields[0][1], get(fields[0][0])),),
            )
            for (place, clause, contrary, fields), value in zip(self._clauses, values, strict=True)
        ]
        return Trace(answer, on, tuple(steps))


def trace(predicate: Predicate, row: Row, *, on: dt.date) -> Trace:
    """One row's answer and why. For many rows make a Tracer once."""
    return Tracer(predicate).trace(row, on=on)


def _asked(condition: Condition, *, contrary: bool) -> Iterator[tuple[Clause, bool]]:
    """Every clause in the order of the text, and whether the rule asks for its contrary."""
    match condition:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _asked(part, contrary=contrary)
        case Not(part=part):
            yield from _asked(part, contrary=not contrary)
        case _:
            yield condition, contrary


def _fields(clause: Clause) -> tuple[tuple[str, Field], ...]:
    found = {held.name: held for value in values_of(clause) for held in fields_in(value)}
    return tuple(found.items())


def _weighing(condition: Condition, places: Iterator[int]) -> _Weigh:
    """A function over the clauses' values; `places` counts the clauses in the order of the text."""
    match condition:
        case And(parts=parts):
            return _joint([_weighing(part, places) for part in parts], decisive=False)
        case Or(parts=parts):
            return _joint([_weighing(part, places) for part in parts], decisive=True)
        case Not(part=part):
            inner = _weighing(part, places)

            def contrary(values: Sequence[Truth]) -> Verdict:
                answer, decided = inner(values)
                return (None if answer is None else not answer), decided

            return contrary
    here = next(places)
    alone = (here,)
    return lambda values: (values[here], alone)


def _joint(parts: Sequence[_Weigh], *, decisive: bool) -> _Weigh:
    """AND is decided by one false part, OR by one true part; else by those not known, else by all."""

    def weigh(values: Sequence[Truth]) -> Verdict:
        every: list[int] = []
        unknown: list[int] = []
        for part in parts:
            answer, decided = part(values)
            if answer is decisive:
                return answer, decided
            if answer is None:
                unknown += decided
            else:
                every += decided
        return (None, tuple(unknown)) if unknown else (not decisive, tuple(every))

    return weigh
