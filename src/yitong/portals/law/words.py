"""A limit as a page says it: amount, effect, place, certainty."""

import datetime as dt
from collections.abc import Mapping

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext

from yitong.base.regions.api import region
from yitong.base.statutes.api import RegisterRow
from yitong.kernel.errors import N_, Refusal
from yitong.kernel.law import Confidence, LimitKind, TimeLimit
from yitong.ui.components.words import article, date_words, original, original_article, spoken
from yitong.ui.terms import CONFIDENCE_WORDS, OUTCOME_WORDS, amount_words, count_words
from yitong.ui.values import Row

END_WORDS: Mapping[LimitKind, str] = {
    LimitKind.WITHIN: N_("届满"),
    LimitKind.AT_LEAST: N_("最早"),
    LimitKind.BEFORE: N_("最迟"),
    LimitKind.KEEP: N_("保存至"),
    LimitKind.EACH_YEAR_ON: N_("届满"),
}
DAY_WORDS: Mapping[str, str] = {
    "weekend": N_("周末"),
    "statutory": N_("法定节日"),
    "adjusted_off": N_("调休放假"),
    "adjusted_on": N_("调休上班"),
    "workday": N_("工作日"),
    "stopped": N_("停止计时"),
}
# Names of festivals in calendars, as English pages say them.
FESTIVALS = (
    N_("元旦"), N_("春节"), N_("清明节"), N_("劳动节"), N_("端午节"), N_("中秋节"), N_("国庆节"),
    N_("中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
)  # fmt: skip
STATUTORY = "statutory"


def place_words(code: str, names: Mapping[str, str] | None = None) -> str:
    """全国, or a division's name with its code."""
    if not code:
        return gettext("全国")
    name = (names or {}).get(code) or _name(code)
    return f"{name} {code}".strip()


def _name(code: str) -> str:
    try:
        return region(code).name
    except Refusal:
        return ""  # the table of regions is not loaded, or lost this code: the code says it


def names_of(rows: list[RegisterRow]) -> dict[str, str]:
    """Names of the divisions that have limits of their own; few, whatever the list is long."""
    return {code: _name(code) for code in {row.limit.region for row in rows if row.limit.region}}


def standing(row: RegisterRow) -> str:
    """法定, 承诺 or 待核实, as a label draws it."""
    if row.nature != STATUTORY:
        return "promised"
    return "statutory" if row.limit.confidence is Confidence.HIGH else "unverified"


def times_words(limit: TimeLimit) -> str:
    """From when until when a row is in force; without an end, since when."""
    since = date_words(limit.valid_from, form="full") if limit.valid_from else ""
    if limit.valid_to is None:
        return gettext("{since}起").format(since=since)
    last = limit.valid_to - dt.timedelta(days=1)
    return gettext("{since}至{until}").format(since=since, until=date_words(last, form="full"))


def extension_words(limit: TimeLimit) -> str:
    extension = limit.extension
    if extension is None:
        return gettext("不能延长")
    said = gettext("最多{amount}").format(amount=count_words(extension.unit, extension.amount))
    if extension.approver:
        said += gettext("，须经{approver}同意").format(approver=gettext(extension.approver))
    if extension.notify:
        said += gettext("，告知{whom}").format(whom=gettext(extension.notify))
    return said


def outcome_words(limit: TimeLimit) -> str:
    """What silence means, where the law says it."""
    if not limit.outcome:
        return gettext("逾期记为没有按期")
    said = gettext(OUTCOME_WORDS.get(limit.outcome, limit.outcome))
    if limit.outcome_from_start:
        return gettext("{outcome}，自起算之日起").format(outcome=said)
    return said


def confidence_words(limit: TimeLimit) -> str:
    return gettext(CONFIDENCE_WORDS[limit.confidence])


def refused(refusal: Refusal) -> str:
    """A refusal's sentence; procedures that it names come from the register, and are said as there."""
    said = refusal.say(gettext)
    named = str(refusal.places.get("procedures", ""))
    return (
        said.replace(named, gettext("、").join(map(gettext, named.split("、")))) if named else said
    )


def limit_link(key: str, words: str = "") -> str:
    return format_html('<a href="{}">{}</a>', reverse("law:limit", args=[key]), words or key)


def lines_of(*lines: str) -> tuple[str, ...]:
    """Only those that say something."""
    return tuple(filter(None, lines))


def fact_rows(row: RegisterRow) -> list[Row]:
    """What anyone wants to know of a row, in the order of a summary."""
    limit = row.limit
    rows = [
        Row(pgettext("limit", "期限"), amount_words(limit)),
        Row(gettext("依据"), article(limit.basis), lines_of(original_article(limit.basis))),
        Row(gettext("适用"), place_words(limit.region)),
        Row(gettext("有效"), times_words(limit)),
    ]
    if limit.is_stoppable:
        rows.append(Row(gettext("可延长"), extension_words(limit)))
    rows += [
        Row(gettext("期满没有办"), outcome_words(limit)),
        Row(gettext("出处"), spoken(limit.source) or "—", (confidence_words(limit),)),
    ]
    if row.note:
        rows.append(Row(gettext("说明"), spoken(row.note), lines_of(original(row.note))))
    return rows
