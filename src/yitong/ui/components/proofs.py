"""Where a value or a record comes from: source chips, proof stamps, masked values."""

import datetime as dt
from typing import Literal

from django.template import Library
from django.utils.translation import gettext

from yitong.kernel.errors import N_
from yitong.ui.components.words import date_words
from yitong.ui.stamp import bars
from yitong.ui.values import Source

register = Library()

Context = dict[str, object]
StampState = Literal["waiting", "recorded", "verified", "mismatch"]

# The boxed character; its meaning is said to those who do not see it.
SOURCE_CHARACTERS: dict[str, tuple[str, str]] = {
    "obtained": (N_("源"), N_("取得的值")),
    "changed": (N_("改"), N_("您改过的值")),
    "disputed": (N_("疑"), N_("有异议的值")),
    "missing": (N_("缺"), N_("没有取到的值")),
}

STAMP_WORDS: dict[str, str] = {
    "waiting": N_("正在入账"),
    "recorded": N_("已记录，可验证"),
    "verified": N_("验证通过"),
    "mismatch": N_("对不上"),
}


def obtained(agency: str, resource: str, on: dt.date, *, purpose: str, dispute: str = "") -> Source:
    """源: agency · resource, when and for what, and 不对？ where the value can be disputed."""
    second = gettext("{day}取得，用于{purpose}").format(day=date_words(on), purpose=purpose)
    action = gettext("不对？") if dispute else ""
    return Source("obtained", (f"{agency} · {resource}", second), action, dispute)


@register.inclusion_tag("ui/source.html")
def source_chip(source: Source) -> Context:
    """Touches the value that it explains; never a tooltip."""
    character, meaning = SOURCE_CHARACTERS[source.kind]
    return {"source": source, "character": gettext(character), "meaning": gettext(meaning)}


@register.inclusion_tag("ui/stamp.html")
def proof_stamp(
    state: StampState = "recorded",
    *,
    commitment: bytes | str = b"",
    index: int | None = None,
    words: str = "",
    detail: str = "",
    href: str = "",
) -> Context:
    """The record behind what is shown.

    `commitment` is the entry's (bytes or hex), `index` its number in the ledger, `href` the download.
    `words` and `detail` replace the usual lines, for example to say who has been told of a mismatch.
    """
    raw = bytes.fromhex(commitment) if isinstance(commitment, str) else commitment
    return {
        "state": state,
        "bars": bars(raw) if raw and state != "waiting" else (),
        "index": index,
        "words": words or gettext(STAMP_WORDS[state]),
        "detail": detail,
        "href": href if state in ("recorded", "verified") else "",
    }


@register.inclusion_tag("ui/masked.html")
def masked(value: str, *, show: str = "", hide: str = "", reason: str = "") -> Context:
    """A value as the grant gives it.

    `show` is the address that shows it (and records the view); `hide` is given while it is shown and masks
    it again, by itself after thirty seconds; `reason` says in one sentence why it cannot be shown.
    """
    return {"value": value, "show": show, "hide": hide, "reason": reason}
