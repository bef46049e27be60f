"""Rules about rows: what one means, why a row passes or not, and how many do. No person's data leave here."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from yitong.base.access.api import Thing, require
from yitong.base.regions.api import region
from yitong.data.catalogue.api import Resource, entry
from yitong.data.sources.api import RowStatement, row_statement
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.predicates import (
    Predicate,
    Words,
    in_words,
    parse,
    read_row,
    split,
    trace,
)
from yitong.portals.node.programs.bodies import Body, Day, Text
from yitong.portals.node.programs.callers import known
from yitong.portals.node.programs.describing import KNOWN, Described

router = Router(tags=["rules"])
LONGEST_RULE = 4000


class RowsElsewhere(Refusal):
    """Rows that are read in place, or that were never loaded, are not counted here."""

    code = "api.rows_elsewhere"
    kind = "conflict"
    sentence = N_("“{name}”的行不在本节点，不能在这里数。")
    remedy = N_("先载入数据，或者由数据所在的系统来数。")


class OnlySealed(Refusal):
    """Counting opens nobody's data."""

    code = "api.only_sealed"
    kind = "conflict"
    sentence = N_("规则只用到密封的数据项：{fields}；不打开数据就数不了。")
    remedy = N_("加上一条关于明文数据项的条件，给出的就是上限。")


class AskedRule(Body):
    """A rule about the rows of an entry, and the day on which it is judged (today unless said)."""

    rule: str = Field(min_length=1, max_length=LONGEST_RULE)
    on: Day | None = None


class AskedCheck(AskedRule):
    """A row to try the rule on: values as text, by the name of the data item. They are not kept."""

    row: dict[Annotated[str, StringConstraints(max_length=200)], Text | None] = Field(
        max_length=200
    )


class RuleField(Schema):
    """A data item that a rule speaks of; a sealed one is judged after opening only."""

    name: str
    label: str
    kind: str
    sealed: bool


class Explanation(Schema):
    """What a rule means."""

    resource: str
    on: str
    words: str
    judged_in_clear: str = Field(description="empty where every clause needs a sealed item")
    judged_after_opening: str = Field(description="empty where none does")
    fields: list[RuleField]


class Clause(Schema):
    """One clause, its answer, and whether it decided."""

    words: str
    answer: bool | None
    decided: bool


class Checked(Schema):
    """Why a row passes, does not, or why that is not known (null)."""

    resource: str
    on: str
    words: str
    answer: bool | None
    clauses: list[Clause]
    missing: list[str] = Field(description="items that were not said and that matter")
    unread: list[str] = Field(description="items whose value says nothing, or is masked")
    told: list[str] = Field(description="the same in sentences")


class Counted(Schema):
    """How many rows pass now. Sealed items can only take rows away: then `met` is null and `at_most` the bound."""

    resource: str
    on: str
    words: str
    met: int | None
    at_most: int
    unmet: int
    unknown: int
    total: int
    judged_after_opening: list[str]


@dataclass(frozen=True, slots=True)
class _Read:
    row: Resource
    predicate: Predicate
    words: Words
    on: dt.date
    statement: RowStatement | None

    @property
    def said(self) -> dict[str, Any]:
        return {
            "resource": self.row.code,
            "on": self.on.isoformat(),
            "words": in_words(self.predicate, self.words),
        }


def _read(code: str, given: AskedRule, by: Actor) -> _Read:
    view = entry(code, viewer=by)
    statement = _statement(view.resource.table_key)
    on = given.on or clock.today()
    schema = view.rule_schema(None if statement is None else statement.plan.visible)
    words = Words(translate=gettext, on=on, region_name=_region_name)
    return _Read(view.resource, parse(given.rule, schema), words, on, statement)


def _statement(table_key: str) -> RowStatement | None:
    try:
        return row_statement(table_key)
    except Refusal:
        return None


def _region_name(code: str) -> str:
    try:
        return "".join(region(code).path[-2:])
    except Refusal:
        return ""


@router.post(
    "resources/{path:code}/rules/explain",
    response=Explanation,
    operation_id="explainRule",
    summary="What a rule means, in words",
    description="A read: it takes no Idempotency-Key. Clients with any token, and staff, who may see the entry.",
)
def explain(
    request: HttpRequest, response: HttpResponse, code: str, given: AskedRule
) -> Explanation:
    asked = _read(code, given, known(request))
    response.headers["Cache-Control"] = "no-store"
    parts = split(asked.predicate)
    return Explanation(
        **asked.said,
        judged_in_clear=in_words(parts.clear, asked.words) if parts.clear else "",
        judged_after_opening=in_words(parts.sealed, asked.words) if parts.sealed else "",
        fields=[
            RuleField(name=each.name, label=each.words, kind=str(each.kind), sealed=each.sealed)
            for each in asked.predicate.fields
        ],
    )


@router.post(
    "resources/{path:code}/rules/check",
    response=Checked,
    operation_id="checkRule",
    summary="Why a row passes a rule or not",
    description="The row is the caller's own: nobody's data are read, nothing of it is kept, and no Idempotency-Key is "
    "taken. Clients with any token, and staff, who may see the entry.",
)
def check(request: HttpRequest, response: HttpResponse, code: str, given: AskedCheck) -> Checked:
    asked = _read(code, given, known(request))
    response.headers["Cache-Control"] = "no-store"
    row, unread = read_row(asked.predicate.fields, given.row)
    found = trace(asked.predicate, row, on=asked.on)
    return Checked(
        **asked.said,
        answer=found.value,
        clauses=[
            Clause(words=step.says(asked.words), answer=step.answer, decided=step.decided)
            for step in found.steps
        ],
        missing=[each.name for each in found.missing],
        unread=[each.name for each in unread],
        told=list(found.tell(asked.words)),
    )


@router.post(
    "resources/{path:code}/rules/count",
    response=Counted,
    operation_id="countRule",
    summary="How many rows a rule lets through now",
    description="Only columns in clear are looked at; nobody's data are opened, and no Idempotency-Key is taken. The owner's "
    "sharing staff, its client with the scope `catalogue`, and the data authority of the division.",
)
def count(request: HttpRequest, response: HttpResponse, code: str, given: AskedRule) -> Counted:
    by = known(request)
    asked = _read(code, given, by)
    owner = asked.row.owner
    thing = Thing("resource", asked.row.code, agency=owner.code, region=owner.region)
    require(by, "sources.count", of=thing)
    response.headers["Cache-Control"] = "no-store"
    clear = split(asked.predicate).clear
    if asked.statement is None:
        raise RowsElsewhere(name=asked.row.name)
    if clear is None:
        raise OnlySealed(fields="、".join(each.words for each in asked.predicate.fields))
    found = asked.statement.count(clear, on=asked.on)
    sealed = [each.name for each in asked.predicate.sealed_fields]
    return Counted(
        **asked.said,
        met=None if sealed else found.met,
        at_most=found.met,
        unmet=found.unmet,
        unknown=found.unknown,
        total=found.total,
        judged_after_opening=sealed,
    )


_SAID: dict[str, Any] = {
    "resource": "307001/000001",
    "on": "2026-11-22",
    "words": "区划在听澜区之内，并且保障状态是“在保”",
}
_RULE = {"rule": "within(qh, '890102') and zt = '在保'"}
_FIELD = {"name": "zt", "label": "保障状态", "kind": "text", "sealed": False}
_PROBLEMS = (400, 404, 422)
_WORDS = {
    400: ("predicate_field_unknown", "规则第 1 行第 1 列：没有数据项“x”"),
    404: ("catalogue.resource_unknown", "没有找到数据目录“307001/000009”。"),
}
DESCRIBED = {
    "explainRule": Described(
        _SAID | {"judged_in_clear": _SAID["words"], "judged_after_opening": "", "fields": [_FIELD]},
        {"code": "307001/000001"},
        _RULE,
        _PROBLEMS,
        KNOWN,
        said=_WORDS,
    ),
    "checkRule": Described(
        _SAID
        | {
            "answer": False,
            "clauses": [{"words": "保障状态是“在保”", "answer": False, "decided": True}],
            "missing": [],
            "unread": [],
            "told": ["不放行：保障状态是“停保”。"],
        },
        {"code": "307001/000001"},
        _RULE | {"row": {"qh": "890102001", "zt": "停保"}},
        _PROBLEMS,
        KNOWN,
        said=_WORDS,
    ),
    "countRule": Described(
        _SAID
        | {
            "met": 1204,
            "at_most": 1204,
            "unmet": 790,
            "unknown": 6,
            "total": 2000,
            "judged_after_opening": [],
        },
        {"code": "307001/000001"},
        _RULE,
        (*_PROBLEMS, 409),
        KNOWN,
        said=_WORDS
        | {409: ("api.rows_elsewhere", "“最低生活保障对象”的行不在本节点，不能在这里数。")},
    ),
}
