"""Tags, labels, dates, buttons, lists of terms, figures: the small parts that carry words."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from yitong.kernel import clock
from yitong.kernel.errors import N_
from yitong.kernel.law import Basis
from yitong.ui import dates
from yitong.ui.states import STANDING_WORDS, STATE_WORDS, Standing, State
from yitong.ui.values import Figure, Key, Link, Row, TaskRow

register = Library()

Context = dict[str, object]

# Names of acts as English pages say them; an act that is not here keeps its Chinese name.
ACTS = (
    N_("政务数据共享条例"),
    N_("个人信息保护法"),
    N_("数据安全法"),
    N_("网络安全法"),
    N_("行政许可法"),
    N_("民法典"),
    N_("居住证暂行条例"),
    N_("社会保险经办条例"),
    N_("保守国家秘密法"),
)


def language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return localtime(value)
    return value


def date_words(value: dt.date, *, form: dates.Form = "day") -> str:
    """A date in the visitor's language, as text."""
    return dates.say(_local(value), form=form, language=language(), today=clock.today())


@register.simple_tag
def when(value: dt.date, form: dates.Form = "day") -> SafeString:
    """`<time>` with the date in words; the machine's form is ISO 8601."""
    return format_html(
        '<time class="{}" datetime="{}">{}</time>',
        "date-long" if form in ("weekday", "deadline") else "date",
        _local(value).isoformat(),
        date_words(value, form=form),
    )


@register.simple_tag
def period(first: dt.date, last: dt.date) -> SafeString:
    said = dates.period(_local(first), _local(last), language=language(), today=clock.today())
    return format_html('<span class="date">{}</span>', said)


@register.simple_tag
def weekday(on: dt.date, *, short: bool = False) -> str:
    """星期五; short 五, in English Fri."""
    said = dates.weekday(_local(on), language=language())
    if not short:
        return said
    return said[:3] if language() == "en" else said[-1]


@register.simple_tag
def article(basis: Basis) -> str:
    """A citation: 《居住证暂行条例》第九条."""
    if language() == "en":
        cited = f", art. {basis.article}" if basis.article else ""
        return f"{gettext(basis.act)}{cited}"
    return str(basis)


def _is_translated(text: str) -> bool:
    return language() == "en" and gettext(text) != text


@register.simple_tag
def spoken(text: str) -> str:
    """Words that come as data, in the visitor's language; what has no English says that it is Chinese."""
    if language() != "en" or not text or _is_translated(text):
        return gettext(text)
    return format_html('<span lang="zh-Hans">{}</span>', text)


@register.simple_tag
def original(text: str) -> str:
    """On an English page the Chinese behind `spoken`, small below it: it is what binds. Else nothing."""
    if not _is_translated(text):
        return ""
    return format_html('<span class="row-sub" lang="zh-Hans">{}</span>', text)


@register.simple_tag
def original_article(basis: Basis) -> str:
    """The same of a citation."""
    if not _is_translated(basis.act):
        return ""
    return format_html('<span class="row-sub" lang="zh-Hans">{}</span>', basis)


@register.filter
def sheets(names: str) -> list[str]:
    """The style sheets of the frame, in the order of the cascade."""
    return [f"ui/css/{name}.css" for name in names.split()]


@register.inclusion_tag("ui/mark.html")
def mark() -> Context:
    """The mark: 同 as a frame, its 一 in colour."""
    return {}


@register.inclusion_tag("ui/door.html")
def door(character: str, name: str = "") -> Context:
    """A door's boxed character, with its name where given."""
    return {"character": character, "name": name}


@register.inclusion_tag("ui/shape.html")
def shape(state: str) -> Context:
    """The shape of a state alone, where its word stands beside it already."""
    return {"state": State(state)}


@register.inclusion_tag("ui/status.html")
def status(state: str, word: str = "", *, boxed: bool = True) -> Context:
    """Shape and word. `word` says what the law says (视为受理), else the state's own word stands."""
    kind = State(state)
    return {"state": kind, "word": word or gettext(STATE_WORDS[kind]), "boxed": boxed}


@register.inclusion_tag("ui/label.html")
def label(words: str = "", kind: str = "property") -> Context:
    """A property, not a state: 法定, 承诺, 待核实, or any words (有条件共享, 一般4)."""
    standing = Standing(kind)
    return {"standing": standing, "words": words or gettext(STANDING_WORDS[standing])}


@register.inclusion_tag("ui/button.html")
def button(
    words: str,
    kind: str = "secondary",
    href: str = "",
    *,
    name: str = "",
    value: str = "",
    key: str = "",
) -> Context:
    """A verb. `kind`: primary (one a page), secondary, danger, plain. With `href` it is a link."""
    if kind not in ("primary", "secondary", "danger", "plain"):
        raise ValueError(f"no such button: {kind}")
    return {"words": words, "kind": kind, "href": href, "name": name, "value": value, "key": key}


@register.inclusion_tag("ui/crumbs.html")
def crumbs(trail: Sequence[Link], here: str = "") -> Context:
    """The way here; at 360 px only the last step back is shown."""
    return {"trail": trail, "here": here}


@register.inclusion_tag("ui/tabs.html")
def tabs(links: Iterable[Link], title: str) -> Context:
    """Tabs that are links, in their fixed order; `title` names them to a screen reader."""
    return {"links": links, "title": title}


@register.inclusion_tag("ui/step.html")
def step_text(item: str, step: int, total: int) -> Context:
    """居住证申领　第3步，共5步: as text, above the question."""
    return {"item": item, "step": step, "total": total}


@register.inclusion_tag("ui/figures.html")
def figures(items: Iterable[Figure]) -> Context:
    return {"items": items}


@register.inclusion_tag("ui/summary.html")
def summary(rows: Iterable[Row], *, compact: bool = False) -> Context:
    """Terms and values (核对, facts). A row with `change` gets 修改 with the term hidden in it."""
    return {"rows": rows, "compact": compact}


@register.inclusion_tag("ui/task_list.html")
def task_list(rows: Iterable[TaskRow]) -> Context:
    return {"rows": rows}


@register.inclusion_tag("ui/keys.html")
def keys(items: Iterable[Key]) -> Context:
    """The key bar at the foot of a staff page."""
    return {"items": items}


@register.inclusion_tag("ui/progress.html")
def progress(words: str, done: int, total: int, *, unit: str = "", stop: str = "") -> Context:
    """Work that takes longer than a second: done of all, may be left, can be stopped."""
    return {"words": words, "done": done, "total": total, "unit": unit, "stop": stop}
