"""One limit: what binds now, its versions, what regions say themselves, what stops its clock."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.statutes.api import RegisterRow, limit_versions, limits, stop_grounds
from yitong.kernel import clock
from yitong.kernel.errors import N_, Refusal
from yitong.portals.law import words
from yitong.portals.law.register import Shown, shown
from yitong.ui.components.words import article, spoken
from yitong.ui.terms import KIND_WORDS
from yitong.ui.values import Link, Row

SAID_ABOVE = 3  # amount, basis and place are the headline
EFFECTS = {"pause": N_("停止计时"), "restart": N_("重新计时")}


@dataclass(frozen=True, slots=True)
class Ground:
    """What stops the clock, or begins it anew, by which article, and what has to be told."""

    title: str
    effect: str
    basis: str
    tell: str


@require_safe
def limit_page(request: HttpRequest, key: str) -> HttpResponse:
    try:
        rows = limit_versions(key)
    except Refusal as refusal:
        return _no_limit(request, key, refusal)
    today = clock.today()
    nation = [row for row in rows if not row.limit.region]
    local = [row for row in rows if row.limit.region]
    now = next((row for row in nation or local if row.is_in_force(today)), None)
    standing = now or (nation or local)[-1]
    context = {
        "key": key,
        "kind": gettext(KIND_WORDS[standing.limit.kind]),
        "standing_place": words.place_words(standing.limit.region),
        "local_count": gettext("{count}条").format(count=len(local)),
        "title": standing.limit.title,
        "now": now,
        "amount": shown([standing])[0],
        "facts": words.fact_rows(standing)[SAID_ABOVE:],
        "versions": _newest_first(nation),
        "local": _newest_first(local),
        "grounds": [
            Ground(
                stop.title, gettext(EFFECTS[stop.effect]), article(stop.basis), gettext(stop.tell)
            )
            for stop in stop_grounds(key)
        ],
        "ask_url": _ask_url(key, standing),
        "trail": [Link(gettext("时限登记簿"), reverse("law:register"))],
    }
    return render(request, "law/limit.html", context)


def _newest_first(rows: list[RegisterRow]) -> list[Shown]:
    ordered = sorted(rows, key=lambda row: (row.limit.region, str(row.limit.valid_from)))
    return shown(ordered[::-1])


def _ask_url(key: str, row: RegisterRow) -> str:
    query = {"key": key, "start": clock.today().isoformat(), "region": row.limit.region}
    return f"{reverse('law:due')}?{urlencode({k: v for k, v in query.items() if v})}"


def _no_limit(request: HttpRequest, key: str, refusal: Refusal) -> HttpResponse:
    """Several periods under one key, procedures that stop others, or nothing: with the way on."""
    named = [
        part
        for name in ("parts", "limits")
        for part in filter(None, str(refusal.places.get(name, "")).split("、"))
    ]
    titles = {row.limit.key: row.limit.title for row in limits()} if named else {}
    context = {
        "key": key[:64],
        "sentence": words.refused(refusal),
        "trail": [Link(gettext("时限登记簿"), reverse("law:register"))],
        "ways": [
            Row(part, spoken(titles.get(part, "")), change=reverse("law:limit", args=[part]))
            for part in named
        ],
    }
    return render(request, "law/no_limit.html", context, status=404)
