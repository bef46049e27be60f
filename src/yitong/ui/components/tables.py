"""Tables, their filters and paging: counts in words, order in words, at 360 px a list of rows."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yitong.ui.ordering import NAME, Heading, Order, said
from yitong.ui.values import Choice, Filter

register = Library()

Context = dict[str, object]


@register.simple_block_tag
def table(
    content: SafeString,
    title: str,
    *,
    count: str = "",
    order: str = "",
    key: str = "",
    plain: bool = False,
) -> SafeString:
    """A table with its title, count (「34件」) and order (「按到期先后」).

    The page writes `<thead>` and `<tbody>`; each `<td>` carries `data-label`, its column's words, which
    stand before the value where the table becomes a list. `plain` hides the title line from sight.
    """
    context = {
        "content": content,
        "title": title,
        "count": count,
        "order": order,
        "key": key,
        "plain": plain,
    }
    return render_to_string("ui/table.html", context)


def _query(request: HttpRequest, *, without: str = "", **replaced: str) -> str:
    """The request's query with parts replaced; a changed filter starts at the first page again."""
    query: QueryDict = request.GET.copy()
    for name in ("page", without):
        query.pop(name, None)
    for name, value in replaced.items():
        query[name] = value
    return f"?{query.urlencode()}" if query else "?"


@register.inclusion_tag("ui/filters.html", takes_context=True)
def filters(context: dict[str, Any], menus: Iterable[Filter]) -> Context:
    """Menus above a table; what is applied stands below them as words that can be taken off."""
    request: HttpRequest = context["request"]
    menus = list(menus)
    applied = [
        {
            "words": f"{menu.words}：{choice.words}" if menu.words else choice.words,
            "href": _query(request, without=menu.name),
        }
        for menu in menus
        for choice in menu.choices
        if menu.chosen and choice.value == menu.chosen
    ]
    names = {menu.name for menu in menus} | {"page"}
    kept = [(n, v) for n, values in request.GET.lists() for v in values if n not in names]
    return {"menus": menus, "applied": applied, "kept": kept}


@register.inclusion_tag("ui/sort_heads.html", takes_context=True)
def sort_heads(context: dict[str, Any], order: Order) -> Context:
    """`<thead>` of a table that can be ordered: a head that orders is a link, the standing one turns it round."""
    return {"heads": [_head(context["request"], order, head) for head in order.headings]}


def _head(request: HttpRequest, order: Order, head: Heading) -> Context:
    is_here = head.name == order.name
    turned = replace(order, name=head.name, is_down=is_here and not order.is_down)
    return {
        "words": head.words,
        "is_number": head.is_number,
        "href": _ordered(request, turned) if head.name else "",
        "next": said(head, is_down=turned.is_down) if head.name else "",
        "standing": ("descending" if order.is_down else "ascending") if is_here else "",
    }


def _ordered(request: HttpRequest, order: Order) -> str:
    return _query(request, **{NAME: order.value}) if order.value else _query(request, without=NAME)


@register.inclusion_tag("ui/sort_menu.html", takes_context=True)
def sort_menu(context: dict[str, Any], order: Order) -> Context:
    """The same for a narrow screen, where a table has no heads: one menu, both ways of each column."""
    request: HttpRequest = context["request"]
    turns = [
        (head, replace(order, name=head.name, is_down=is_down))
        for head in order.headings
        if head.name
        for is_down in (False, True)
    ]
    names = {NAME, "page"}
    return {
        "choices": [Choice(turn.value, said(head, is_down=turn.is_down)) for head, turn in turns],
        "chosen": order.value,
        "kept": [(n, v) for n, values in request.GET.lists() for v in values if n not in names],
    }


@register.inclusion_tag("ui/paging.html", takes_context=True)
def paging(context: dict[str, Any], page: Page[Any], unit: str = "") -> Context:
    """第1–12件，共34件, with the pages in words and numbers. No endless scroll."""
    request: HttpRequest = context["request"]
    places = {
        "first": page.start_index(),
        "last": page.end_index(),
        "total": f"{page.paginator.count:,}",
        "unit": unit or gettext("条"),
    }
    steps = [
        {
            "number": number if isinstance(number, int) else 0,
            "href": _query(request, page=str(number)) if isinstance(number, int) else "",
            "is_here": number == page.number,
        }
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return {
        "words": gettext("第{first}–{last}{unit}，共{total}{unit}").format(**places),
        "steps": steps if page.paginator.num_pages > 1 else [],
        "previous": _query(request, page=str(page.number - 1)) if page.has_previous() else "",
        "next": _query(request, page=str(page.number + 1)) if page.has_next() else "",
    }
