"""行规则: what it means in words, how many rows it lets through now, and for one of them why or why not.

A rule is tried here before it is agreed to, and looked at while its grant stands. Whoever opens a row says why; the
person it is about reads that in the own footprint.
"""

from dataclasses import dataclass, field, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yitong.data.catalogue.api import Resource, resource
from yitong.data.exchange.api import row_looks
from yitong.data.sharing.api import row_rules
from yitong.kernel.actor import Actor
from yitong.kernel.codes import InvalidCode
from yitong.kernel.errors import Refusal
from yitong.kernel.predicates import (
    Field,
    Kind,
    Predicate,
    PredicateRefusal,
    Words,
    in_words,
    split,
)
from yitong.kernel.predicates.schema import KIND_WORDS
from yitong.portals.bureau.entries import trail_of
from yitong.portals.bureau.look_forms import EXPLAIN, LookForm
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.verdicts import CoveredWords, Verdict, verdict
from yitong.ui.values import Figure, Link, Row


@dataclass(frozen=True, slots=True)
class Fault:
    """The line of a rule that is wrong, cut where it is."""

    before: str
    at: str
    line: int


@dataclass(frozen=True, slots=True)
class Told:
    """A rule in words and in numbers, and what opening showed."""

    words: str
    parts: list[Row] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    remark: str = ""
    can_open: bool = False
    verdicts: tuple[Verdict, ...] | None = None
    entry_id: int | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def try_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """A rule to be tried on an entry's rows; nothing is granted by it."""
    row = resource(str(number), viewer=by)
    act = request.POST.get("act", EXPLAIN)
    form = LookForm(request.POST or None, act=act)
    asked = None
    if request.method == "POST" and form.is_valid():
        asked = row_looks.Asked(row, form.cleaned_data["rule"])
    context = {"title": gettext("试一条行规则"), "trail": _trail(row), "row": row}
    return _answered(request, by, form, asked, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def grant_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """The rule of a grant, by which it gives rows now."""
    grant = row_rules.ruled_grant(number, viewer=by)
    row = resource(str(grant.resource_id), viewer=by)
    act = request.POST.get("act", EXPLAIN)
    form = LookForm(request.POST, act=act, is_granted=True)
    asked = row_looks.Asked(row, grant.row_rule, grant.pk)
    summary = [
        Row(gettext("使用部门"), grant.agency.name, (grant.client_id,)),
        Row(gettext("用途"), gettext(grant.purpose.sentence)),
        Row(gettext("规则原文"), grant.row_rule),
        Row(gettext("按哪一版目录写的"), gettext("第{version}版").format(version=grant.row_rule_version)),
    ]  # fmt: skip
    title = gettext("授权{number}号只给哪些行").format(number=grant.pk)
    context = {"title": title, "trail": _trail(row), "row": row, "summary": summary}
    return _answered(request, by, form, asked, context)


def _trail(row: Resource) -> list[Link]:
    return [*trail_of(row), Link(row.name, reverse("bureau:entry", args=[row.pk, "users"]))]


def _answered(
    request: HttpRequest,
    by: Actor,
    form: LookForm,
    asked: row_looks.Asked | None,
    context: dict[str, object],
) -> HttpResponse:
    row = context["row"]
    told, fault = None, None
    if asked is not None:
        try:
            told = explained(asked, by=by)
            told = opened(told, asked, form, by) if form.is_valid() else told
        except PredicateRefusal as refusal:
            fault = fault_of(refusal, asked.text)
            form.add_error(*_said_of(refusal, form))
        except InvalidCode as refusal:
            form.add_error("key", refusal.say(gettext))
        except Refusal as refusal:
            if refusal.kind not in {"invalid", "unavailable"}:
                raise
            form.add_error(None, f"{refusal.say(gettext)}{refusal.say_remedy(gettext)}")
    may_look = isinstance(row, Resource) and row_looks.may_count(row_looks.Asked(row, ""), by=by)
    context |= frame(request, by) | {
        "form": form,
        "told": told,
        "fault": fault,
        "may_look": may_look,
        "items": items_told(row) if isinstance(row, Resource) else [],
    }
    status = 422 if form.errors else 200
    return render(request, "bureau/row_rule.html", context, status=status)


def _said_of(refusal: PredicateRefusal, form: LookForm) -> tuple[str | None, str]:
    """At the rule where one is written; of a grant's rule, what follows from it."""
    why = refusal.say(gettext)
    if "rule" in form.fields:
        return "rule", why
    return None, gettext("目录改过以后，这条规则读不成了，所以什么也不给。{why}").format(why=why)


def explained(asked: row_looks.Asked, *, by: Actor) -> Told:
    """The rule in words, and how many rows it lets through. A PredicateRefusal where it is none."""
    predicate, words = asked.predicate, row_rules.told(gettext)
    told = in_words(predicate, words)
    if not row_looks.may_count(asked, by=by):
        remark = gettext("放行多少行，只有提供部门的共享工作人员能数。")
        return Told(told, parts_told(predicate, words), remark=remark)
    try:
        tally = row_looks.tally(asked, by=by)
    except Refusal as refusal:
        if refusal.kind not in {"invalid", "unavailable", "not_found"}:
            raise
        remark = f"{refusal.say(gettext)}{refusal.say_remedy(gettext)}"
        return Told(told, parts_told(predicate, words), remark=remark)
    return Told(
        told,
        parts_told(predicate, words),
        _figures(tally),
        _remark(tally),
        can_open=bool(tally.sealed) and 0 < tally.met <= row_looks.MOST_OPENED,
    )


def parts_told(predicate: Predicate, words: Words) -> list[Row]:
    """Where a rule reads sealed items: what is judged before and what after opening."""
    parts = split(predicate)
    if parts.sealed is None:
        return []
    clear = in_words(parts.clear, words) if parts.clear else gettext("没有")
    return [
        Row(gettext("先按明文筛选"), clear),
        Row(gettext("打开后再判断"), in_words(parts.sealed, words)),
    ]


def _figures(tally: row_looks.Tally) -> list[Figure]:
    met = gettext("最多放行的行") if tally.sealed else gettext("放行的行")
    return [
        Figure(f"{tally.met:,}", met),
        Figure(f"{tally.unmet:,}", gettext("不放行的行")),
        Figure(f"{tally.unknown:,}", gettext("不知道，也不放行的行")),
        Figure(f"{tally.total:,}", gettext("一共")),
    ]


def _remark(tally: row_looks.Tally) -> str:
    if not tally.sealed:
        return ""
    return gettext("“{items}”是密封的，没有打开，所以这里只是上限：打开以后只会更少。").format(
        items=gettext("、").join(tally.sealed)
    )


def opened(told: Told, asked: row_looks.Asked, form: LookForm, by: Actor) -> Told:
    """With what opening shows, where that was asked for."""
    given = form.cleaned_data
    match form.act:
        case "judge":
            judged = row_looks.judge(asked, key=given["key"], purpose=given["purpose"], by=by)
            masks = {item.name: item.mask for item in row_rules.items_of(asked.resource)}
            words = CoveredWords(gettext, region_name=row_rules.told().region_name, masks=masks)
            verdicts = tuple(verdict(trace, words) for trace in judged.traces)
            return replace(told, verdicts=verdicts, entry_id=judged.entry_id)
        case "open":
            counted = row_looks.count_opened(asked, purpose=given["purpose"], by=by)
            figures = [Figure(f"{counted.met:,}", gettext("放行的行")), *told.figures[3:]]
            remark = gettext("打开了{opened}行来数；每一个人都会在数据足迹里看到。")
            said = remark.format(opened=f"{counted.opened:,}")
            return replace(told, figures=figures, remark=said, entry_id=counted.entry_id)
    return told


def fault_of(refusal: PredicateRefusal, text: str) -> Fault:
    lines = text.splitlines() or [""]
    line = lines[min(refusal.line, len(lines)) - 1]
    return Fault(line[: refusal.column - 1], line[refusal.column - 1 :], refusal.line)


def items_told(row: Resource) -> list[tuple[str, str, str, str]]:
    """(name, header, kind, where it is judged) of each item that a rule may speak of."""
    items = row_rules.items_of(row)
    schema = row_rules.schema_of(items, row_rules.clear_items(row.table_key, items))
    return [
        (held.name, held.label, gettext(KIND_WORDS[held.kind]), _place(held)) for held in schema
    ]


def _place(held: Field) -> str:
    if held.kind is Kind.REGION:
        return gettext("用 within 判断")
    return gettext("密封，打开后才看") if held.sealed else gettext("明文")
