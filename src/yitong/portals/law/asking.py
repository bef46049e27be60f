"""When a limit is over: asked by GET, so that the answer has an address that can be kept, printed and sent."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.regions.api import find
from yitong.base.statutes import api as statutes
from yitong.kernel import clock
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Confidence, LimitKind, Unit
from yitong.kernel.workdays import Moment, Reckoned
from yitong.portals.law import words
from yitong.portals.law.forms import AskForm
from yitong.portals.law.register import matching
from yitong.ui.clock import ClockFacts
from yitong.ui.components.words import date_words, original, spoken
from yitong.ui.refusals import joined
from yitong.ui.values import Link, Row

LONGEST_STRIP: Final = 45  # days: beyond that boxes are no picture, and the table says it
WAYS_AT_MOST: Final = 12
# At which answer of the form a refusal stands, and what to do there: the refusals' own remedies name commands.
_WHERE: Final[Mapping[str, tuple[str, str]]] = {
    "unknown_limit": ("key", N_("在下面的时限里选一项，或者到登记簿里找。")),
    "limit_split": ("key", N_("选其中的一项。")),
    "limit_is_no_period": ("key", N_("选它所停止的一项。")),
    "limit_not_in_force": ("start", N_("换一个起算的日子，或者看这项时限的各个版本。")),
    "limit_not_here": ("region", N_("写明是哪个地方。")),
    "date_out_of_reach": ("start", N_("请核对起算的日期。")),
}
# What has to be done before an instant; of the others the day is said.
_IN_TIME: Final = frozenset({LimitKind.WITHIN, LimitKind.BEFORE, LimitKind.EACH_YEAR_ON})
_OUT_OF_REACH: Final = N_("从这一天起算的期限超出了可计算的范围。请核对起算的日期。")


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that did not count, and why."""

    on: dt.date
    reason: str
    name: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page shows of a due date."""

    row: statutes.RegisterRow
    standing: str
    end_word: str
    end: dt.date
    form: str
    rows: list[Row]
    days_off: list[DayOff]
    is_provisional: bool
    unsure: str
    strip: ClockFacts | None
    command: str


@dataclass(frozen=True, slots=True)
class Where:
    """The region that was named, and the division that answers for it on the day."""

    asked: str
    code: str
    is_moved: bool


class Unanswered(Exception):
    """A question that cannot be answered: at which field, in which words, and where to go from here."""

    def __init__(self, field: str | None, said: str, ways: list[Link] | None = None) -> None:
        super().__init__(said)
        self.field, self.said, self.ways = field, said, ways or []


@require_safe
def due_page(request: HttpRequest) -> HttpResponse:
    is_asked = any(name in request.GET for name in ("key", "start"))
    form = AskForm(request.GET) if is_asked else AskForm(initial=_initial(request.GET))
    answer, ways = None, []
    if form.is_bound and form.is_valid():
        try:
            answer = _answer(form)
        except Unanswered as refused:
            form.add_error(refused.field, refused.said)
            ways = refused.ways
    context = {
        "form": form,
        "answer": answer,
        "ways": ways,
        "limits": _listed(),
        "trail": [Link(gettext("时限登记簿"), reverse("law:register"))],
    }
    status = 422 if form.errors else 200
    return render(request, "law/due.html", context, status=status)


def _initial(query: QueryDict) -> dict[str, str]:
    return {"start": clock.today().isoformat(), "region": query.get("region", "")[:40]}


def _listed() -> list[tuple[str, str]]:
    """Every key with what it is about, for the list behind the field."""
    found = {row.limit.key: gettext(row.limit.title) for row in statutes.limits()}
    return list(found.items())


def _answer(form: AskForm) -> Answer:
    asked = form.cleaned_data
    key, start = _known_key(asked["key"]), asked["start"]
    region = _region(form)
    try:
        on = clock.local(start).date() if isinstance(start, dt.datetime) else start
        place = statutes.answering_place(region, on=on)
        days = statutes.tables()
        limit = days.limit_for(key, region=place.code, on=on)
        found = statutes.reckon(limit, start)
        return _said(found, start, days, Where(region, place.code, place.is_moved))
    except Refusal as refusal:
        raise _unanswered(refusal, form.data) from refusal
    except (OverflowError, ValueError) as error:  # beyond the first or the last year there is
        raise Unanswered("start", gettext(_OUT_OF_REACH)) from error


def _known_key(text: str) -> str:
    """The key as the register writes it, whatever case it was typed in."""
    keys = {row.limit.key.casefold(): row.limit.key for row in statutes.limits()}
    return keys.get(text.casefold(), text)


def _region(form: AskForm) -> str:
    """A code as it is; a name by the table of regions."""
    text: str = form.cleaned_data["region"]
    if not text or text.isascii():
        return text
    found = find(text, limit=WAYS_AT_MOST)
    same = [place for place in found if place.name == text] or found
    if len(same) == 1:
        return same[0].code
    if not same:
        said = gettext("没有找到“{text}”。写区划的全称或者代码，例如350100。").format(text=text)
        raise Unanswered("region", said)
    ways = [
        Link(f"{place.name} {place.code}", _address(form.data, region=place.code)) for place in same
    ]
    said = gettext("“{text}”有{count}个，选其中的一个。").format(text=text, count=len(same))
    raise Unanswered("region", said, ways)


def _address(data: Mapping[str, str], **changed: str) -> str:
    query = QueryDict(mutable=True)
    asked = {name: data.get(name, "") for name in ("key", "start", "region")} | changed
    query.update({name: value for name, value in asked.items() if value})
    return f"{reverse('law:due')}?{query.urlencode()}"


def _unanswered(refusal: Refusal, data: Mapping[str, str]) -> Unanswered:
    field, remedy = _WHERE.get(refusal.code, (None, ""))
    if field is None and "region" in refusal.code:
        field = "region"
    what_to_do = gettext(remedy) if remedy else refusal.say_remedy(gettext)
    said = joined(words.refused(refusal), what_to_do)
    return Unanswered(field, said, list(_ways(refusal, data)))


def _ways(refusal: Refusal, data: Mapping[str, str]) -> Iterator[Link]:
    """Where to go on: the parts of a key, keys with these words, the places that have it."""
    told = refusal.places
    for name in ("parts", "limits"):
        for key in filter(None, str(told.get(name, "")).split("、")):
            yield Link(_named(key), _address(data, key=key))
    if refusal.code == "unknown_limit":
        for key, title in _alike(str(told["key"])):
            yield Link(f"{key} {title}", _address(data, key=key))
    if refusal.code == "limit_not_here":
        for code in str(told["regions"]).split("、"):
            yield Link(words.place_words(code), _address(data, region=code))
    if refusal.code == "limit_not_in_force":
        key = str(told["key"])
        yield Link(gettext("{key}的各个版本").format(key=key), reverse("law:limit", args=[key]))


def _named(key: str) -> str:
    title = next((row.limit.title for row in statutes.limits() if row.limit.key == key), "")
    return f"{key} {gettext(title)}".strip()


def _alike(text: str) -> list[tuple[str, str]]:
    found = {row.limit.key: gettext(row.limit.title) for row in matching(statutes.limits(), text)}
    return list(found.items())[:WAYS_AT_MOST]


def _said(
    found: Reckoned | None,
    start: Moment,
    days: statutes.Tables,
    where: Where,
) -> Answer:
    assert found is not None  # noqa: S101 - without stops no clock stands
    limit, calendar = found.limit, days.calendar
    row = days.row(limit.id or 0)
    end = clock.local(found.due)
    is_whole_day = end.time() == dt.time() and end.date() > found.due_on
    off = found.excluded
    return Answer(
        row=row,
        standing=words.standing(row),
        end_word=gettext(words.END_WORDS[limit.kind]),
        end=found.due_on if is_whole_day else end,
        form="deadline" if limit.kind in _IN_TIME else "weekday",
        rows=[*_asked_rows(found, start, where), *words.fact_rows(row)],
        days_off=[
            DayOff(
                day.on,
                gettext(words.DAY_WORDS[day.reason]),
                gettext(day.name) if day.name else "",
                calendar.day(day.on).is_provisional,
            )
            for day in off
        ],
        is_provisional=found.provisional,
        unsure="" if limit.confidence is Confidence.HIGH else words.confidence_words(limit),
        strip=_strip(found, calendar.local_date(start)),
        command=_command(limit.key, start, where.asked),
    )


def _asked_rows(found: Reckoned, start: Moment, where: Where) -> Iterator[Row]:
    limit = found.limit
    lines = words.lines_of(spoken(limit.title), original(limit.title))
    yield Row(gettext("时限"), words.limit_link(limit.key), lines)
    yield Row(gettext("起算"), _start_words(start))
    if where.is_moved:
        said = gettext("{asked}已撤销，按{place}计算").format(
            asked=where.asked, place=words.place_words(where.code)
        )
        yield Row(gettext("所在地"), said)
    elif where.asked:
        yield Row(gettext("所在地"), words.place_words(where.code))
    if found.deemed_on is not None:
        yield Row(gettext("视为之日"), date_words(found.deemed_on, form="full"))


def _start_words(start: Moment) -> str:
    if isinstance(start, dt.datetime):
        return date_words(clock.local(start), form="minute")
    return date_words(start, form="full")


def _strip(found: Reckoned, start_on: dt.date) -> ClockFacts | None:
    """One box a day, where the limit counts workdays and its days can be seen at once."""
    limit = found.limit
    is_counted = limit.kind in {LimitKind.WITHIN, LimitKind.AT_LEAST} and limit.unit is Unit.WORKDAY
    if not is_counted or not 0 < (found.due_on - start_on).days <= LONGEST_STRIP:
        return None
    off: dict[dt.date, str] = {}
    for day in found.excluded:
        # A run of days off is said once, by its festival where it begins with one.
        before = off.get(day.on - dt.timedelta(days=1))
        off[day.on] = before or gettext(day.name or words.DAY_WORDS[day.reason])
    return ClockFacts(received_on=start_on, due_on=found.due_on, today=start_on, off=off)


def _command(key: str, start: Moment, region: str) -> str:
    """The same question on the command line."""
    more = f" --region {region}" if region else ""
    return f"yitong due {key} {start.isoformat()}{more}"
