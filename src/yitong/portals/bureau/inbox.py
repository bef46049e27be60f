"""消息 of an official: what was told to the own account and post, and how the agency's own messages went out."""

import re
from dataclasses import dataclass

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from yitong.base.messages.api import (
    DeliveryFacts,
    DeliveryFilter,
    InboxFilter,
    InboxMessage,
    deliveries,
    inbox,
    mark_all_read,
    mark_read,
    retry,
)
from yitong.kernel import clock
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_
from yitong.portals.bureau.officers import for_officers, frame
from yitong.ui.values import Choice, Filter, Link, Row, Told

PAGE = 20
STATES = {
    "queued": N_("待发"),
    "sending": N_("正在发"),
    "sent": N_("已送出"),
    "delivered": N_("已送达"),
    "failed": N_("没有送出，会再试"),
    "given_up": N_("不再尝试"),
    "withdrawn": N_("不用再发"),
}
CHANNELS = {"mail": N_("邮件"), "sms": N_("短信")}
REASONS = {
    "unreachable": N_("对方服务器没有应答"),
    "not_let_in": N_("对方服务器不接受我们的登录或证书"),
    "put_off": N_("对方服务器要求稍后再发"),
    "refused": N_("对方服务器拒收"),
    "uncertain": N_("发出后没有回音，可能已经收到"),
    "fault": N_("本系统出错"),
    "already_read": N_("已在站内读过"),
    "switched_off": N_("收件人关掉了这条渠道"),
    "no_address": N_("没有留地址"),
    "bounced": N_("没有送到"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the inbox the official chose. Anything unknown is the default."""

    is_unread: bool = False
    page: int = 1

    @classmethod
    def from_query(cls, query: QueryDict) -> "Asked":
        return cls(query.get("show") == "unread", max(1, _number(query, "page")))

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        chosen = [("show", "unread")] if self.is_unread else []
        return (*chosen, *([("page", str(self.page))] if self.page > 1 else []))

    def address(self, *, page: int = 1) -> str:
        asked = QueryDict(mutable=True)
        for name, value in Asked(self.is_unread, page).hidden:
            asked[name] = value
        return f"{reverse('bureau:messages')}?{asked.urlencode()}".rstrip("?")


def _number(query: QueryDict, name: str) -> int:
    text = query.get(name, "")
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,17}", text) else 0


def _tabs(here: str, unread: int | None = None) -> list[Link]:
    return [
        Link(gettext("收到的"), reverse("bureau:messages"), here == "inbox", unread),
        Link(gettext("本单位发出的"), reverse("bureau:sent_messages"), here == "sent"),
    ]


@require_safe
@for_officers
def messages_page(request: HttpRequest, by: Actor) -> HttpResponse:
    asked = Asked.from_query(request.GET)
    wanted = InboxFilter(is_unread=asked.is_unread, offset=(asked.page - 1) * PAGE, limit=PAGE)
    found = inbox(by, wanted)
    if found.total and not found.messages:
        return redirect(asked.address())
    last = min(asked.page * PAGE, found.total)
    choices = (Choice("", gettext("全部消息")), Choice("unread", gettext("只看未读")))
    chosen = "unread" if asked.is_unread else ""
    context = frame(request, by) | {
        "tabs": _tabs("inbox", found.unread or None),
        "menus": [Filter("show", gettext("看哪些"), choices, chosen)],
        "told": [_told(message, asked) for message in found.messages],
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
    return render(request, "bureau/messages.html", context)


def _told(message: InboxMessage, asked: Asked) -> Told:
    text = message.text
    rows = (
        Row(gettext("谁"), text.who),
        Row(gettext("为什么"), text.why),
        Row(gettext("接下来"), text.todo),
    )
    labels = [gettext("紧急")] if message.is_urgent and not message.is_erased else []
    labels += [gettext("发给岗位")] if message.to_post else []
    return Told(
        message.id,
        message.at,
        text.what,
        tuple(row for row in rows if row.value),
        message.read_at,
        labels=tuple(labels),
        href=message.href,
        read_url=reverse("bureau:message_read"),
        hidden=asked.hidden,
    )


@require_POST
@for_officers
def read(request: HttpRequest, by: Actor) -> HttpResponse:
    """One message, or all that the page had when it was drawn."""
    asked, number = Asked.from_query(request.POST), _number(request.POST, "message")
    if number:
        marked = mark_read(by=by, messages=[number])
    else:
        marked = mark_all_read(by=by, until=_number(request.POST, "until"))
    words = ngettext("{n}条消息已标为已读", "{n}条消息已标为已读", marked)
    toasts.success(request, words.format(n=marked))
    return redirect(asked.address(page=asked.page))


@dataclass(frozen=True, slots=True)
class SentRow:
    """One delivery in words: no text of it, and no address."""

    facts: DeliveryFacts
    state: str
    channel: str
    reason: str

    @property
    def can_retry(self) -> bool:
        return self.facts.state == "given_up"


@require_safe
@for_officers
def sent_page(request: HttpRequest, by: Actor) -> HttpResponse:
    """How messages of the own agency went out, newest first."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    found = deliveries(
        by, DeliveryFilter(state, after=_number(request.GET, "after"), limit=PAGE + 1)
    )
    choices = (Choice("", gettext("全部状态")), *(Choice(s, gettext(w)) for s, w in STATES.items()))
    more = QueryDict(mutable=True)
    more.update({"after": str(found[PAGE - 1].number)} if len(found) > PAGE else {})
    if state:
        more["state"] = state
    context = frame(request, by) | {
        "tabs": _tabs("sent"),
        "menus": [Filter("state", gettext("状态"), choices, state)],
        "rows": [_sent(facts) for facts in found[:PAGE]],
        "state": state,
        "more_url": f"?{more.urlencode()}" if len(found) > PAGE else "",
    }
    return render(request, "bureau/sent_messages.html", context)


def _sent(facts: DeliveryFacts) -> SentRow:
    reason = REASONS.get(facts.reason, "")
    return SentRow(
        facts,
        gettext(STATES[facts.state]),
        gettext(CHANNELS[facts.channel]),
        gettext(reason) if reason else "",
    )


@require_POST
@for_officers
def send_again(request: HttpRequest, by: Actor) -> HttpResponse:
    retry(by=by, delivery=_number(request.POST, "delivery"))
    at = clock.local(clock.now())
    toasts.success(request, gettext("{at}放回待发，一分钟内再发").format(at=f"{at:%H:%M}"))
    return redirect("bureau:sent_messages")
