"""The forms of this door: a question about a limit, and what narrows the register."""

import datetime as dt
import re
import unicodedata
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from yitong.kernel import clock

_CHINESE: Final = re.compile(r"\A(\d{4})年(\d{1,2})月(\d{1,2})日 ?")
_STROKES: Final = re.compile(r"\A(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_SHORT: Final = re.compile(r"\A(\d{4})-(\d{1,2})-(\d{1,2})")
# A plus sign that nobody wrote as %2B comes in as a space.
_LOST_PLUS: Final = re.compile(r"(?<=\d) (?=\d\d:?\d\d\Z)")
_BAD_START: Final = _("写成日期，例如2026-11-22；或者时刻，例如2026-11-22T09:30")


def plain(text: str) -> str:
    """Full-width digits and letters as half-width ones, as people type them in either."""
    return unicodedata.normalize("NFKC", text).strip()


def moment_of(text: str) -> dt.date | dt.datetime | None:
    """A day, or an instant; one without a zone is in the node's. None where it is neither."""
    told = plain(text)
    for shape in (_CHINESE, _STROKES, _SHORT):
        told = shape.sub(_padded, told, count=1)
    told = told.strip()
    return _read(told) or _read(_LOST_PLUS.sub("+", told))


def _padded(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    rest = " " if found.re is _CHINESE else ""
    return f"{year}-{month:0>2}-{day:0>2}{rest}"


def _read(text: str) -> dt.date | dt.datetime | None:
    if len(text) <= len("2026-11-22"):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return None
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.ZONE)


class AskForm(forms.Form):
    """Which limit, from when, where."""

    key = forms.CharField(
        label=_("哪一项时限"),
        help_text=_("编号，例如PER-42；不知道编号的，写事项里的几个字"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"list": "limit-keys", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("写明时限的编号，例如PER-42；或者事项里的几个字"),
            "max_length": _("编号没有这么长；例如PER-42"),
        },
    )
    start = forms.CharField(
        label=_("从什么时候起算"),
        help_text=_(
            "日期，例如2026-11-22；按小时计算的写时刻，例如2026-11-22T09:30。“之前”类的时限写它所等待的日子"
        ),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("写明起算的日期，例如2026-11-22"), "max_length": _BAD_START},
    )
    region = forms.CharField(
        label=_("在哪里"),
        help_text=_("区划的名称或者代码，例如350100；不填就是全国的规定"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("区划的名称没有这么长；例如350100")},
    )

    def clean_key(self) -> str:
        return plain(self.cleaned_data["key"])

    def clean_start(self) -> dt.date | dt.datetime:
        found = moment_of(self.cleaned_data["start"])
        if found is None:
            raise forms.ValidationError(_BAD_START)
        return found

    def clean_region(self) -> str:
        return plain(self.cleaned_data["region"])


class SearchForm(forms.Form):
    """Words in a row, and the day on which it was in force."""

    q = forms.CharField(
        label=_("找什么"),
        help_text=_("编号、事项、法规的名称"),
        max_length=60,
        required=False,
        error_messages={"max_length": _("少写几个字，最多60个")},
    )
    on = forms.CharField(
        label=_("哪一天有效"),
        help_text=_("例如2019-03-04；不填就是各个时期的"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("写成日期，例如2019-03-04")},
    )

    def clean_on(self) -> dt.date | None:
        text = self.cleaned_data["on"]
        if not text.strip():
            return None
        found = moment_of(text)
        if found is None:
            raise forms.ValidationError(_("写成日期，例如2019-03-04"))
        return found.date() if isinstance(found, dt.datetime) else found
