"""A message in words: made when it is read, in the reader's language, from its template and its facts.

Chinese is the source; another language is the translation of the same sentences. Names of agencies, posts and
divisions are those of the day on which it is read.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext, override

from yitong.base.identity.api import agencies
from yitong.base.messages import declared
from yitong.base.messages.models import Message
from yitong.base.messages.templates import FactKind, MessageTemplate
from yitong.base.regions.api import UnknownRegion, region
from yitong.kernel import clock
from yitong.kernel.declare import Value
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis
from yitong.ui.dates import Form, say

ERASED_TITLE = N_("内容已删除")
ERASED = N_("这条消息的内容已按保存期限删除，只留下收到和读过的时间。")
GONE = N_("这条消息属于已经停用的功能，内容不能再显示。")


@dataclass(frozen=True, slots=True)
class MessageText:
    """What a message says: who, why, what happened, what to do next."""

    title: str
    who: str
    why: str
    what: str
    todo: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names that the facts of some messages need, looked up together."""

    agencies: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)


def texts(messages: Iterable[Message]) -> list[MessageText]:
    """Many messages in the language of the moment; the number of queries does not grow with them."""
    found = list(messages)
    names = _names(found)
    return [_text(message, names) for message in found]


def text_in(language: str, message: Message) -> MessageText:
    with override(language):
        return texts([message])[0]


def is_own_sentence(text: str) -> bool:
    """Whether a text is one of the program's own: then it stands in the translations, and no name does."""
    with override("en"):
        return gettext(text) != text


def _text(message: Message, names: Names) -> MessageText:
    if message.erased_at is not None:
        return MessageText(gettext(ERASED_TITLE), "", "", gettext(ERASED), "")
    template = declared.template(message.template)
    if template is None:  # an app that was removed since
        gone = gettext(GONE)
        return MessageText(gone, "", "", gone, "")
    places = {
        name: _said(template, name, message.facts.get(name), names) for name in template.facts
    }
    title, *four = (gettext(sentence).format(**places) for sentence in template.sentences)
    return MessageText(title, *four)


def _said(template: MessageTemplate, name: str, value: Value, names: Names) -> str:
    kind = template.facts[name]
    if not isinstance(kind, FactKind):
        return gettext(kind.get(str(value), str(value)))
    return _SAYS[kind](value, names)


def _dated(form: Form) -> Callable[[Any, Names], str]:
    def write(value: Any, _names: Names) -> str:  # noqa: ANN401 - what JSON gave
        text = str(value)
        if "T" in text:
            at: dt.date = clock.local(dt.datetime.fromisoformat(text))
        else:
            at = dt.date.fromisoformat(text)
        language = "en" if (get_language() or "").startswith("en") else "zh-hans"
        return say(at, form=form, language=language, today=clock.today())

    return write


def _basis(value: Any, _names: Names) -> str:  # noqa: ANN401 - what JSON gave
    act, article = value
    return str(Basis(act, article))


_SAYS: Mapping[FactKind, Callable[[Any, Names], str]] = {
    FactKind.CODE: lambda value, _: str(value),
    FactKind.DATE: _dated("weekday"),
    FactKind.DEADLINE: _dated("deadline"),
    FactKind.INSTANT: _dated("minute"),
    FactKind.COUNT: lambda value, _: f"{value:,}",
    FactKind.AGENCY: lambda value, names: names.agencies.get(value, value),
    FactKind.POST: lambda value, names: names.posts.get(value, value),
    FactKind.REGION: lambda value, names: names.regions.get(value, value),
    FactKind.BASIS: _basis,
    FactKind.TERM: lambda value, _: gettext(value),
}


def _names(messages: Iterable[Message]) -> Names:
    wanted: dict[FactKind, set[str]] = {kind: set() for kind in _NAMED}
    for message in messages:
        template = declared.template(message.template)
        for name, kind in template.facts.items() if template else ():
            if isinstance(kind, FactKind) and kind in wanted and name in message.facts:
                wanted[kind].add(str(message.facts[name]))
    return Names(
        _agency_names(wanted[FactKind.AGENCY]),
        _post_names(wanted[FactKind.POST]),
        _region_names(wanted[FactKind.REGION]),
    )


_NAMED = (FactKind.AGENCY, FactKind.POST, FactKind.REGION)


def _agency_names(codes: set[str]) -> dict[str, str]:
    if not codes:
        return {}
    return dict(agencies().filter(code__in=codes).values_list("code", "name"))


def _post_names(keys: set[str]) -> dict[str, str]:
    if not keys:
        return {}
    rows = agencies().filter(posts__key__in=keys).values_list("posts__key", "posts__title", "name")
    return {str(key): f"{name}{gettext(str(title))}" for key, title, name in rows}


def _region_names(codes: set[str]) -> dict[str, str]:
    found = {}
    for code in codes:
        try:
            found[code] = region(code).name
        except UnknownRegion:
            continue
    return found


def known_names(kind: FactKind, keys: set[str]) -> set[str]:
    """Which of these agencies, posts or divisions there are."""
    looks = {
        FactKind.AGENCY: _agency_names,
        FactKind.POST: _post_names,
        FactKind.REGION: _region_names,
    }
    return set(looks[kind](keys))
