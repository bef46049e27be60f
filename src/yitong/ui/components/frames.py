"""Parts that hold other parts: panels, notes, timelines, empty and failed states, dialogs, toasts."""

import datetime as dt
from typing import Literal

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = Library()

EntryKind = Literal["now", "done", "waiting", "next"]


@register.simple_block_tag
def panel(content: SafeString, title: str = "", *, rule: bool = False) -> SafeString:
    """White, bordered; `rule` draws the ink rule at its left (what to do if something is wrong)."""
    return render_to_string("ui/panel.html", {"content": content, "title": title, "rule": rule})


@register.simple_block_tag
def note(content: SafeString, title: str = "", kind: str = "risk") -> SafeString:
    """One thing to know before going on. `kind`: risk, missed, plain."""
    if kind not in ("risk", "missed", "plain"):
        raise ValueError(f"no such note: {kind}")
    return render_to_string("ui/note.html", {"content": content, "title": title, "kind": kind})


@register.simple_block_tag
def timeline(content: SafeString, title: str) -> SafeString:
    """Newest first; `title` names the list to a screen reader."""
    return render_to_string("ui/timeline.html", {"content": content, "title": title})


@register.simple_block_tag
def timeline_entry(
    content: SafeString,
    title: str,
    *,
    kind: EntryKind = "done",
    at: dt.date | None = None,
    until: dt.date | None = None,
) -> SafeString:
    """Who, when, what, why. `waiting` is time that does not count; `next` is the one line of future."""
    context = {
        "content": content,
        "title": title,
        "kind": kind,
        "at": at,
        "at_form": "minute" if isinstance(at, dt.datetime) else "day",
        "until": until,
    }
    return render_to_string("ui/timeline_entry.html", context)


@register.simple_block_tag
def nothing(content: SafeString, title: str) -> SafeString:
    """An empty or fruitless list: what would be here, and where to go."""
    return render_to_string("ui/nothing.html", {"content": content, "title": title})


@register.simple_block_tag
def failure(content: SafeString, title: str) -> SafeString:
    """What failed, since when, what happens to the user's thing, one action."""
    return render_to_string("ui/failure.html", {"content": content, "title": title})


@register.simple_block_tag
def dialog(content: SafeString, title: str, key: str, *, is_open: bool = False) -> SafeString:
    """A question before an act that destroys or binds.

    The link that opens it carries `data-dialog="<key>"` and leads, without a script, to a page that asks
    the same question.
    """
    context = {"content": content, "title": title, "key": key, "is_open": is_open}
    return render_to_string("ui/dialog.html", context)


@register.inclusion_tag("ui/toast.html", takes_context=True)
def toast(context: dict[str, object], words: str, undo: str = "") -> dict[str, object]:
    """What the last click did, with 撤销 for ten seconds. Never proof."""
    return {"words": words, "undo": undo, "csrf_token": context.get("csrf_token", "")}
