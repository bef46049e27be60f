"""我的事: every duty of a post, whatever the app, in the order in which it is due."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yitong.base.access.api import Thing, allows
from yitong.base.duties.api import Face, inboxes
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_
from yitong.portals.staff import words
from yitong.portals.staff.officers import for_officials, frame
from yitong.ui.components.words import date_words
from yitong.ui.values import Key, Link, Row

SCOPES = {"mine": N_("我的事"), "unassigned": N_("待分派"), "agency": N_("本单位的事")}
STATES = {
    "missed": N_("已逾期"),
    "today": N_("今天到期"),
    "at_risk": N_("将到期"),
    "running": N_("计时中"),
    "paused": N_("暂停"),
}
_KEYS = (
    ("J", N_("下一件")),
    ("K", N_("上一件")),
    ("Enter", N_("打开")),
    ("X", N_("选中")),
    ("D", N_("转办")),
    ("/", N_("搜索")),
)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One duty as a row: its face, its words, and where it leads."""

    face: Face
    due: str
    side: str
    href: str
    preview: str
    is_selected: bool


@require_safe
@for_officials
def inbox_page(request: HttpRequest, by: Actor) -> HttpResponse:
    sieve = _sieve(request.GET, by)
    found = inboxes.inbox(viewer=by, sieve=sieve)
    chosen = _chosen(request.GET, found)
    rows = [_row(request.GET, face, chosen) for face in found.rows]
    first = (found.page - 1) * found.size + 1
    context = frame(request) | {
        "found": found,
        "scope_words": gettext(SCOPES[sieve.scope]),
        "rows": rows,
        "views": _views(request.GET, found, sieve, by),
        "clocks": _clocks(request.GET, found, sieve),
        "groups": _groups(request.GET, found, sieve),
        "face": chosen,
        "preview_rows": preview_rows(chosen) if chosen else [],
        "preview_act": act_of(chosen) if chosen else None,
        "sieve": sieve,
        "search_words": sieve.text,
        "count": gettext("{count}件").format(count=f"{found.total:,}"),
        "range_words": gettext("第{first}–{last}件，共{total}件").format(
            first=f"{first:,}", last=f"{first + len(rows) - 1:,}", total=f"{found.total:,}"
        ),
        "back_url": _address(request.GET, page=str(found.page - 1)) if found.page > 1 else "",
        "next_url": _address(request.GET, page=str(found.page + 1))
        if found.page < found.pages
        else "",
        "keys": [Key(key, gettext(said)) for key, said in _KEYS],
        "has_sieve": bool(sieve.state or sieve.group or sieve.text),
    }
    return render(request, "staff/inbox.html", context)


def _sieve(query: QueryDict, by: Actor) -> inboxes.Sieve:
    """What the address asks for; an unknown choice is none."""
    scope, state = query.get("scope", ""), query.get("state", "")
    page = query.get("page", "")
    return inboxes.Sieve(
        scope=scope if scope in SCOPES else "mine",
        state=state if state in STATES else "",
        group=query.get("group", "")[:20],
        text=query.get("q", "")[:100],
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


def _address(query: QueryDict, **changes: str) -> str:
    """The same view with parts changed; another part begins at the first page again."""
    asked = query.copy()
    for name in {"page", "duty"} - changes.keys():
        asked.pop(name, None)
    for name, value in changes.items():
        asked.pop(name, None)
        if value:
            asked[name] = value
    return f"{reverse('staff:inbox')}?{asked.urlencode()}" if asked else reverse("staff:inbox")


def _chosen(query: QueryDict, found: inboxes.Inbox) -> Face | None:
    wanted = query.get("duty", "")
    first = found.rows[0] if found.rows else None
    return next((face for face in found.rows if str(face.duty.pk) == wanted), first)


def _row(query: QueryDict, face: Face, chosen: Face | None) -> InboxRow:
    return InboxRow(
        face,
        words.due_words(face),
        words.due_side(face),
        reverse("staff:duty", args=[face.duty.pk]),
        _address(query, page=query.get("page", ""), duty=str(face.duty.pk)),
        face is chosen,
    )


def _views(query: QueryDict, found: inboxes.Inbox, sieve: inboxes.Sieve, by: Actor) -> list[Link]:
    counts = found.counts
    return [
        Link(
            gettext(said),
            _address(query, scope="" if name == "mine" else name, state="", group="", q=""),
            is_here=sieve.scope == name,
            count=_count_of(name, sieve, counts.total, counts.unassigned),
        )
        for name, said in SCOPES.items()
        if name != "agency" or may_see_agency(by)
    ]


def _count_of(name: str, sieve: inboxes.Sieve, total: int, unassigned: int) -> int | None:
    """A view's number is known where its rows were counted."""
    if name == sieve.scope:
        return total
    return unassigned if name == "unassigned" and sieve.scope == "mine" else None


def may_see_agency(by: Actor) -> bool:
    own = Thing("duties", by.agency, agency=by.agency, region=by.region)
    return allows(by, "duties.read", of=own).allowed


def _clocks(query: QueryDict, found: inboxes.Inbox, sieve: inboxes.Sieve) -> list[tuple[str, Link]]:
    return [
        (
            name if name != "today" else "at_risk",
            Link(
                gettext(said),
                _address(query, state="" if sieve.state == name else name),
                is_here=sieve.state == name,
                count=getattr(found.counts, name),
            ),
        )
        for name, said in STATES.items()
    ]


def _groups(query: QueryDict, found: inboxes.Inbox, sieve: inboxes.Sieve) -> list[Link]:
    return [
        Link(
            gettext(group),
            _address(query, group="" if sieve.group == group else group),
            is_here=sieve.group == group,
            count=count,
        )
        for group, count in found.counts.groups.items()
    ]


def preview_rows(face: Face) -> list[Row]:
    """What decides the common case: who waits, since when, by which rule, which pauses did not count."""
    duty = face.duty
    rows = [
        Row(gettext("谁在等"), duty.waits or gettext("没有写明")),
        Row(gettext("从何时起"), date_words(duty.started_at, form="minute")),
        Row(gettext("怎样算办结"), gettext(face.kind.done_when)),
        Row(gettext("办理岗位"), gettext(face.owner) if face.owner else gettext("岗位还没有设")),
    ]
    stops = [segment for segment in duty.segments if segment[0] == "paused"]
    if stops:
        lines = tuple(stop[2] for stop in stops)
        said = gettext("{count}次，停着的日子不计").format(count=len(stops))
        rows.append(Row(gettext("暂停"), said, lines))
    if duty.extended_at is not None:
        said = gettext("经同意延长，原定{old}").format(old=_old_end(face))
        rows.append(Row(gettext("延长"), said, (duty.extension_reason,)))
    return rows


def _old_end(face: Face) -> str:
    old = face.facts.extended_from if face.facts else None
    return date_words(old) if old else ""


def act_of(face: Face) -> Link | None:
    """The way into the app whose duty it is."""
    kind, duty = face.kind, face.duty
    if not kind.link or duty.closed_at is not None:
        return None
    return Link(gettext(kind.act or N_("去办理")), kind.link.replace("{key}", duty.about_key))
