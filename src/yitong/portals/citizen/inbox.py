"""消息: what a person was told, newest first; marking it as read is a step of its own, never a look at the page."""

import re
from dataclasses import dataclass

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from yitong.base.identity.api import actor_for
from yitong.base.messages.api import (
    InboxFilter,
    InboxMessage,
    inbox,
    mark_all_read,
    mark_read,
)
from yitong.portals.citizen.visitors import for_persons, frame_person, me
from yitong.ui.values import Choice, Filter, Link, Row, Told

PAGE = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the inbox the visitor chose. Anything unknown is the default."""

    is_unread: bool = False
    page: int = 1

    @classmethod
    def from_query(cls, query: QueryDict) -> "Asked":
        page = query.get("page", "")
        return cls(
            query.get("show") == "unread",
            int(page) if re.fullmatch(r"[1-9][0-9]{0,4}", page) else 1,
        )

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """The same choice as values of a form."""
        chosen = [("show", "unread")] if self.is_unread else []
        return (*chosen, *([("page", str(self.page))] if self.page > 1 else []))

    def address(self, *, page: int = 1) -> str:
        asked = QueryDict(mutable=True)
        for name, value in Asked(self.is_unread, page).hidden:
            asked[name] = value
        return f"{reverse('citizen:messages')}?{asked.urlencode()}".rstrip("?")


@require_safe
@for_persons
def messages_page(request: HttpRequest) -> HttpResponse:
    """Works without a script; the counts are those of the rows."""
    asked = Asked.from_query(request.GET)
    wanted = InboxFilter(is_unread=asked.is_unread, offset=(asked.page - 1) * PAGE, limit=PAGE)
    found = inbox(actor_for(me(request)), wanted)
    if found.total and not found.messages:
        return redirect(asked.address())
    last = min(asked.page * PAGE, found.total)
    context = {
        "person": frame_person(request),
        "trail": [Link(gettext("我的"), reverse("citizen:home"))],
        "menus": [show_menu(asked.is_unread)],
        "told": [told_of(message, asked) for message in found.messages],
        "first": (asked.page - 1) * PAGE + 1,
        "last": last,
        "total": found.total,
        "unread": found.unread,
        "newest": found.newest,
        "hidden": asked.hidden,
        "is_unread": asked.is_unread,
        "more": min(PAGE, found.total - last),
        "more_url": asked.address(page=asked.page + 1),
        "back_url": asked.address(page=asked.page - 1) if asked.page > 1 else "",
    }
    return render(request, "citizen/messages.html", context)


def show_menu(is_unread: bool) -> Filter:  # noqa: FBT001 - what the address said
    choices = (Choice("", gettext("全部消息")), Choice("unread", gettext("只看未读")))
    return Filter("show", gettext("看哪些"), choices, "unread" if is_unread else "")


def told_of(message: InboxMessage, asked: Asked) -> Told:
    text = message.text
    rows = (
        Row(gettext("谁"), text.who),
        Row(gettext("为什么"), text.why),
        Row(gettext("接下来"), text.todo),
    )
    return Told(
        message.id,
        message.at,
        text.what,
        tuple(row for row in rows if row.value),
        message.read_at,
        labels=(gettext("紧急"),) if message.is_urgent and not message.is_erased else (),
        href=message.href,
        read_url=reverse("citizen:message_read"),
        hidden=asked.hidden,
    )


@require_POST
@for_persons
def read(request: HttpRequest) -> HttpResponse:
    """One message, or all that the page had when it was drawn."""
    by, asked = actor_for(me(request)), Asked.from_query(request.POST)
    number, until = (request.POST.get(name, "") for name in ("message", "until"))
    if _is_number(number):
        marked = mark_read(by=by, messages=[int(number)])
    else:
        marked = mark_all_read(by=by, until=int(until) if _is_number(until) else 0)
    words = ngettext("{n}条消息已标为已读", "{n}条消息已标为已读", marked)
    toasts.success(request, words.format(n=marked))
    return redirect(asked.address(page=asked.page))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[1-9][0-9]{0,17}", text) is not None
