"""履责台账: what was due, and how it was done, by agency, kind and article. Every number opens exactly its rows."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from yitong.base.access.api import Thing, allows, require
from yitong.base.duties.declared import kind_or_plain
from yitong.base.duties.errors import AdmonitionUnknown
from yitong.base.duties.models import Admonition, Duty, Miss
from yitong.base.duties.queries import MOST
from yitong.base.duties.rules import Result
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.law import Basis

_NUMBERS = {
    "total": Count("pk"),
    **{result.value: Count("pk", filter=Q(result=result.value)) for result in Result},
    "explained": Count("pk", filter=Q(miss__explained_at__isnull=False)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the book: judged from a day to a day, of which family, agency, kind, result, article."""

    since: dt.date
    until: dt.date
    family: str = ""
    agency: str = ""
    kind: str = ""
    result: str = ""
    article: str = ""  # "政务数据共享条例 39(四)"
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the book, an agency, a kind or an article, with its numbers. The parts make the total."""

    key: str
    name: str
    total: int = 0
    on_time: int = 0
    extended: int = 0
    missed: int = 0
    deemed: int = 0
    waived: int = 0
    explained: int = 0  # of the missed


@dataclass(frozen=True, slots=True)
class Entry:
    """One judged duty of the book, with its miss if it has one."""

    duty: Duty
    miss: Miss | None

    @property
    def title(self) -> str:
        """What it is, in the reader's language."""
        title = gettext(kind_or_plain(self.duty.kind).title)
        return f"{title}：{self.duty.subject}" if self.duty.subject else title

    @property
    def breaks(self) -> str:
        return str(Basis(self.miss.article_act, self.miss.article)) if self.miss else ""


@dataclass(frozen=True, slots=True)
class Book:
    """The book of a time: its whole, its lines by agency, kind and article, and a page of its rows."""

    asked: Asked
    whole: Line
    agencies: Sequence[Line]
    kinds: Sequence[Line]
    articles: Sequence[Line]
    rows: Sequence[Entry]
    page: int
    pages: int
    proposals: Sequence[Admonition]
    as_of: dt.datetime


def book(*, viewer: Actor, asked: Asked) -> Book:
    """Five statements. A data authority sees its region, everybody else the own agency."""
    found = _narrowed(_of_viewer(viewer, asked), asked)
    agencies = _lines(found, "agency_id", "agency__name")
    whole = _summed(agencies)
    size = min(max(asked.size, 1), MOST)
    pages = max(-(-whole.total // size), 1)
    page = min(max(asked.page, 1), pages)
    shown = found.select_related("agency", "miss").order_by("-judged_at", "-pk")
    return Book(
        asked=asked,
        whole=whole,
        agencies=sorted(agencies, key=lambda line: (-line.missed, -line.total, line.key)),
        kinds=_kind_lines(found),
        articles=_article_lines(found),
        rows=_entries(shown[(page - 1) * size : page * size]),
        page=page,
        pages=pages,
        proposals=_proposals(viewer),
        as_of=clock.now(),
    )


def _entries(rows: Iterable[Duty]) -> list[Entry]:
    return [Entry(row, getattr(row, "miss", None)) for row in rows]


def _of_viewer(viewer: Actor, asked: Asked) -> QuerySet[Duty]:
    rows = Duty.objects.filter(judged_at__isnull=False)
    region = Thing("duties", viewer.region, region=viewer.region)
    if viewer.kind != "staff" or allows(viewer, "duties.read", of=region).allowed:
        require(viewer, "duties.read", of=region)
        return rows.filter(region__startswith=viewer.region) if viewer.region else rows
    own = Thing("duties", viewer.agency, agency=viewer.agency, region=viewer.region)
    require(viewer, "duties.read", of=own)
    return rows.filter(agency_id=viewer.agency)


def _narrowed(rows: QuerySet[Duty], asked: Asked) -> QuerySet[Duty]:
    begin = dt.datetime.combine(asked.since, dt.time.min, clock.ZONE)
    # What was due at 24:00 of the last day is judged at the first instant of the next.
    end = dt.datetime.combine(asked.until + dt.timedelta(days=1), dt.time.min, clock.ZONE)
    rows = rows.filter(judged_at__gt=begin, judged_at__lte=end)
    plain: Mapping[str, str] = {
        "family": asked.family,
        "agency_id": asked.agency,
        "kind": asked.kind,
        "result": asked.result,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if asked.article:
        act, _, article = asked.article.rpartition(" ")
        rows = rows.filter(miss__article_act=act, miss__article=article)
    return rows


def _lines(rows: QuerySet[Duty], key: str, name: str) -> list[Line]:
    found = rows.order_by().values(key, name).annotate(**_NUMBERS)
    return [_line(row, key=str(row[key]), name=str(row[name])) for row in found]


def _line(row: Mapping[str, object], *, key: str, name: str) -> Line:
    return Line(key, name, **{each: int(str(row[each])) for each in _NUMBERS})


def _summed(lines: Sequence[Line]) -> Line:
    numbers = {name: sum(getattr(line, name) for line in lines) for name in _NUMBERS}
    return Line("", "", **numbers)


def _kind_lines(rows: QuerySet[Duty]) -> list[Line]:
    lines = _lines(rows, "kind", "kind")
    named = [replace(line, name=kind_or_plain(line.key).title) for line in lines]
    return sorted(named, key=lambda line: (-line.missed, -line.total, line.key))


def _article_lines(rows: QuerySet[Duty]) -> list[Line]:
    """Misses by the article they break."""
    missed = rows.filter(result=Result.MISSED.value).order_by()
    found = missed.values("miss__article_act", "miss__article").annotate(**_NUMBERS)
    lines = []
    for row in found:
        basis = Basis(str(row["miss__article_act"]), str(row["miss__article"]))
        lines.append(_line(row, key=f"{basis.act} {basis.article}", name=str(basis)))
    return sorted(lines, key=lambda line: (-line.missed, line.key))


def _proposals(viewer: Actor) -> list[Admonition]:
    """What waits for a signature at the viewer's agency."""
    waiting = Admonition.objects.filter(issuer__code=viewer.agency, state="proposed")
    return list(waiting.select_related("agency").order_by("-pk")[:50])


@dataclass(frozen=True, slots=True)
class AdmonitionView:
    """A 督办 or 通报 with the duties that it names."""

    admonition: Admonition
    duties: Sequence[Entry]


def admonition(number: int, *, viewer: Actor) -> AdmonitionView:
    """For the agency that issues it, and the one that it is about."""
    row = Admonition.objects.select_related("agency", "issuer").filter(pk=number).first()
    if row is None or viewer.agency not in {row.issuer_id, row.agency_id}:
        raise AdmonitionUnknown(number=number)
    duties = Duty.objects.select_related("agency", "miss").filter(pk__in=row.duties)
    return AdmonitionView(row, _entries(duties.order_by("pk")))


def admonitions_among(numbers: Collection[int], *, viewer: Actor) -> set[int]:
    """Which of these the viewer may open: those their agency issues, and those that are about it."""
    if not viewer.agency:
        return set()
    own = Q(issuer_id=viewer.agency) | Q(agency_id=viewer.agency)
    return set(Admonition.objects.filter(own, pk__in=numbers).values_list("pk", flat=True))


def narrowed(asked: Asked, result: str, size: int) -> Asked:
    """The same part of the book, of one result."""
    return replace(asked, result=result, size=size, page=1)


def paged(asked: Asked, page: int) -> Asked:
    """The same part of the book in the largest pages."""
    return replace(asked, page=page, size=MOST)
