"""The whole register of time limits: searched, filtered, ordered, paged."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.statutes.api import RegisterRow, limits
from yitong.portals.law import words
from yitong.portals.law.forms import SearchForm, plain
from yitong.portals.law.orders import KEYS, headings
from yitong.ui.components.words import article
from yitong.ui.ordering import NAME, Order, order_of
from yitong.ui.terms import CONFIDENCE_WORDS, KIND_WORDS, amount_words
from yitong.ui.values import Choice, Filter

PAGE: Final = 25
NATION: Final = "nation"


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the register as the list draws it."""

    row: RegisterRow
    amount: str
    basis: str
    place: str
    times: str
    extension: str
    confidence: str
    standing: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows the register: words, a day, and the menus' choices."""

    text: str = ""
    on: dt.date | None = None
    act: str = ""
    kind: str = ""
    region: str = ""
    confidence: str = ""


@require_safe
def register_page(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET or None)
    everything = limits()
    menus = menus_of(request.GET, everything)
    order = order_of(request.GET, headings())
    found = order.arranged(narrowed(everything, asked_of(form, menus)), KEYS)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "menus": menus,
        "order": order,
        "page": page,
        "rows": shown(list(page.object_list)),
        "total": len(found),
        "count": gettext("{count}条").format(count=f"{len(found):,}"),
        "query": f"?{query.urlencode()}" if query else "",
        "kept": _kept(menus, order),
        "is_narrowed": any(value for name, value in query.items() if name != NAME),
    }
    return render(request, "law/register.html", context, status=422 if form.errors else 200)


def _kept(menus: list[Filter], order: Order) -> list[tuple[str, str]]:
    """What a search leaves as it is."""
    chosen = [(menu.name, menu.chosen) for menu in menus] + [(NAME, order.value)]
    return [(name, value) for name, value in chosen if value]


def asked_of(form: SearchForm, menus: list[Filter]) -> Asked:
    form.is_valid()
    given = getattr(form, "cleaned_data", {})
    chosen = {menu.name: menu.chosen for menu in menus}
    return Asked(text=given.get("q", ""), on=given.get("on"), **chosen)


def menus_of(query: QueryDict, rows: list[RegisterRow]) -> list[Filter]:
    """The four menus; an unknown choice is none."""
    acts = sorted({row.limit.basis.act for row in rows})
    regions = sorted({row.limit.region for row in rows if row.limit.region})
    names = words.names_of(rows)
    kinds = {str(kind): gettext(said) for kind, said in KIND_WORDS.items()}
    sure = {str(level): gettext(said) for level, said in CONFIDENCE_WORDS.items()}
    places = {code: words.place_words(code, names) for code in regions}
    return [
        _menu(
            query, "act", gettext("法规"), gettext("全部法规"), {act: gettext(act) for act in acts}
        ),
        _menu(query, "kind", gettext("种类"), gettext("全部种类"), kinds),
        _menu(
            query,
            "region",
            gettext("地方"),
            gettext("全国和各地"),
            {NATION: gettext("只看全国")} | places,
        ),
        _menu(query, "confidence", gettext("把握"), gettext("不论把握"), sure),
    ]


def _menu(
    query: QueryDict, name: str, said: str, everything: str, choices: dict[str, str]
) -> Filter:
    chosen = query.get(name, "")
    options = (Choice("", everything), *(Choice(value, text) for value, text in choices.items()))
    return Filter(name, said, options, chosen if chosen in choices else "")


def narrowed(rows: Iterable[RegisterRow], asked: Asked) -> list[RegisterRow]:
    found = [
        row
        for row in rows
        if (not asked.act or row.limit.basis.act == asked.act)
        and (not asked.kind or row.limit.kind == asked.kind)
        and (not asked.confidence or row.limit.confidence == asked.confidence)
        and (asked.on is None or row.is_in_force(asked.on))
        and _is_of(row, asked.region)
    ]
    return matching(found, asked.text) if asked.text else found


def _is_of(row: RegisterRow, region: str) -> bool:
    """Of the nation only; or what stands in a place: its own rows and those of the divisions around it."""
    own = row.limit.region
    if region == NATION:
        return not own
    return not region or (bool(own) and region.startswith(own))


def matching(rows: Iterable[RegisterRow], text: str) -> list[RegisterRow]:
    """Rows in whose key, matter or act every word stands, in Chinese or in the visitor's language."""
    wanted = plain(text).casefold().split()
    return [row for row in rows if all(word in _told(row) for word in wanted)]


def _told(row: RegisterRow) -> str:
    limit = row.limit
    translated = f"{gettext(limit.title)} {gettext(limit.basis.act)}"
    told = f"{limit.key} {limit.title} {limit.basis.act} {limit.basis} {row.note} {translated}"
    return told.casefold()


def shown(rows: list[RegisterRow]) -> list[Shown]:
    names = words.names_of(rows)
    return [
        Shown(
            row,
            amount_words(row.limit),
            article(row.limit.basis),
            words.place_words(row.limit.region, names),
            words.times_words(row.limit),
            words.extension_words(row.limit) if row.limit.is_stoppable else "",
            words.confidence_words(row.limit),
            words.standing(row),
        )
        for row in rows
    ]
