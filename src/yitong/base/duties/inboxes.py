"""The unified inbox: every open duty of a post, an agency or a region, whatever the app."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet

from yitong.base.access.api import Thing, allows
from yitong.base.duties import errors
from yitong.base.duties.declared import kind_or_plain, kinds
from yitong.base.duties.faces import Face, face_of
from yitong.base.duties.models import Duty
from yitong.base.duties.queries import MOST, is_of_post, titles_of
from yitong.base.statutes.api import calendar
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.declare import About

PAGE = 12
MINE, UNASSIGNED, AGENCY, REGION = "mine", "unassigned", "agency", "region"
TODAY, MISSED, RISK, RUNNING, PAUSED = "today", "missed", "at_risk", "running", "paused"
STATES = (MISSED, TODAY, RISK, RUNNING, PAUSED)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which duties: whose (`scope`), in which state of the clock, of which group of kinds, with which words."""

    scope: str = MINE
    state: str = ""
    group: str = ""
    text: str = ""
    agency: str = ""
    page: int = 1
    size: int = PAGE


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are open, by what the clock says. Due today is counted beside: it is among the others."""

    total: int = 0
    missed: int = 0
    at_risk: int = 0
    running: int = 0
    paused: int = 0
    today: int = 0
    unassigned: int = 0
    groups: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of duties with the counts of the whole view."""

    rows: Sequence[Face]
    counts: Counts  # of the scope, whatever the sieve
    total: int  # of the sieve
    page: int
    pages: int
    size: int
    as_of: dt.datetime


def inbox(*, viewer: Actor, sieve: Sieve) -> Inbox:
    """Five statements at most: the counts, the number, the page, the calendar, the titles of posts."""
    now = clock.now()
    scope = _scope(viewer, sieve)
    counts = _counts(scope, now)
    found = _sifted(scope, sieve, now)
    is_whole = not (sieve.state or sieve.group or sieve.text)
    total = counts.total if is_whole else found.count()
    size = min(max(sieve.size, 1), MOST)
    pages = max(-(-total // size), 1)
    page = min(max(sieve.page, 1), pages)
    rows = found.select_related("agency").order_by(F("due_at").asc(nulls_last=True), "pk")
    shown = list(rows[(page - 1) * size : page * size])
    return Inbox(_faces(shown, now), counts, total, page, pages, size, now)


def seen_among(numbers: Collection[int], *, viewer: Actor) -> set[int]:
    """Which of these duties the viewer may open, also closed ones. One statement; each agency is asked about once."""
    rows = Duty.objects.filter(pk__in=numbers).only(
        "pk", "post", "home_post", "agency_id", "region"
    )
    asked: dict[tuple[str, str], bool] = {}
    seen = set()
    for row in rows:
        whose = (row.agency_id, row.region)
        if whose not in asked:
            thing = Thing("duty", str(row.pk), agency=row.agency_id, region=row.region)
            asked[whose] = allows(viewer, "duties.read", of=thing).allowed
        if asked[whose] or is_of_post(row, viewer):
            seen.add(row.pk)
    return seen


def of_matter(kind: str, about: About) -> list[Face]:
    """The clocks of one matter, newest first: for the matter's own page, which knows who may see it."""
    rows = Duty.objects.select_related("agency").filter(
        kind=kind, about_type=about.type, about_key=about.key
    )
    return _faces(list(rows.order_by("-pk")), clock.now())


def _faces(shown: Sequence[Duty], now: dt.datetime) -> list[Face]:
    days, titles = calendar(), titles_of([duty.post for duty in shown])
    return [face_of(duty, days, now, owner=titles.get(duty.post, "")) for duty in shown]


def _scope(viewer: Actor, sieve: Sieve) -> QuerySet[Duty]:
    """Open duties that the viewer may see: the own post's, the own agency's, or those of a region."""
    rows = Duty.objects.filter(closed_at__isnull=True)
    if sieve.scope in (MINE, UNASSIGNED):
        rows = rows.filter(post=viewer.post)
        return rows.filter(is_unassigned=True) if sieve.scope == UNASSIGNED else rows
    if sieve.scope == AGENCY:
        code = sieve.agency or viewer.agency
        _check_sees(viewer, agency=code, region=viewer.region)
        return rows.filter(agency_id=code)
    _check_sees(viewer, agency="", region=viewer.region)
    if sieve.agency:
        rows = rows.filter(agency_id=sieve.agency)
    return rows.filter(region__startswith=viewer.region) if viewer.region else rows


def _check_sees(viewer: Actor, *, agency: str, region: str) -> None:
    thing = Thing("duties", agency or region, agency=agency, region=region)
    if not allows(viewer, "duties.read", of=thing).allowed:
        raise errors.UnknownDuty(duty="")


def _at(state: str, now: dt.datetime) -> Q:
    midnight = dt.datetime.combine(
        clock.local(now).date() + dt.timedelta(days=1), dt.time.min, clock.ZONE
    )
    late = Q(due_at__lte=now)
    return {
        MISSED: late,
        TODAY: Q(due_at__gt=now, due_at__lte=midnight),
        RISK: Q(due_at__gt=now, risk_at__lte=now),
        RUNNING: Q(due_at__gt=now) & ~Q(risk_at__lte=now),
        PAUSED: Q(due_at__isnull=True),
    }[state]


def _counts(scope: QuerySet[Duty], now: dt.datetime) -> Counts:
    """By kind in one statement; the sums are the view's."""
    numbers = {f"n_{state}": Count("pk", filter=_at(state, now)) for state in STATES}
    rows = (
        scope.order_by()
        .values("kind")
        .annotate(n=Count("pk"), u=Count("pk", filter=Q(is_unassigned=True)), **numbers)
    )
    found: list[dict[str, object]] = [dict(row) for row in rows]

    def whole(name: str) -> int:
        return sum(int(str(row[name])) for row in found)

    return Counts(
        total=whole("n"),
        missed=whole("n_missed"),
        at_risk=whole("n_at_risk"),
        running=whole("n_running"),
        paused=whole("n_paused"),
        today=whole("n_today"),
        unassigned=whole("u"),
        groups=_grouped(found),
    )


def _grouped(found: Sequence[Mapping[str, object]]) -> dict[str, int]:
    """Kinds together as officials speak of them: 办件, 共享, 12345; the largest first."""
    groups: dict[str, int] = {}
    for row in found:
        group = kind_or_plain(str(row["kind"])).group
        groups[group] = groups.get(group, 0) + int(str(row["n"]))
    return dict(sorted(groups.items(), key=lambda pair: (-pair[1], pair[0])))


def _sifted(rows: QuerySet[Duty], sieve: Sieve, now: dt.datetime) -> QuerySet[Duty]:
    if sieve.state in STATES:
        rows = rows.filter(_at(sieve.state, now))
    if sieve.group:
        names = [name for name, kind in kinds().items() if kind.group == sieve.group]
        rows = rows.filter(kind__in=names)
    if sieve.text:
        words = sieve.text.strip().removeprefix("#")
        if words.isdecimal() and len(words) < 18:
            rows = rows.filter(Q(pk=int(words)) | Q(about_key=words))
        else:
            rows = rows.filter(
                Q(subject__icontains=words) | Q(detail__icontains=words) | Q(waits__icontains=words)
            )
    return rows
