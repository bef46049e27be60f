"""The forms by which limits and calendars are kept; what may not be the actions say."""

import base64
import binascii
import datetime as dt
import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yitong.base.statutes.api import NewLimit
from yitong.kernel import clock
from yitong.kernel.errors import N_
from yitong.kernel.law import Confidence, LimitKind, Unit
from yitong.portals.administration.forms import day_field
from yitong.ui.terms import CONFIDENCE_WORDS, KIND_WORDS, UNIT_WORDS

_NUMBER = {
    "required": _("写一个数，例如5"),
    "invalid": _("写一个数，例如5"),
    "min_value": _("期限应当大于零"),
    "max_value": _("期限没有这么长；最多10000"),
}
_FAR = dt.timedelta(days=5 * 366)
_BETWEEN, _ANOTHER = re.compile("[—–−~〜至到]+"), re.compile("[、;,]+")
_ONE_DIGIT = re.compile(r"(?<!\d)(?=\d:)")
_BYTES_READ = (
    512 * 1024 + 1
)  # one more than a calendar may have, so that a larger file is seen to be one


class LimitForm(forms.Form):
    """A region's own limit: what, where, how long, by which act, from when."""

    key = forms.RegexField(
        r"\A[A-Za-z0-9][A-Za-z0-9./-]*\Z",
        label=_("时限编号"),
        help_text=_("全国已有的写它的编号，例如DSR-21b；地方自己的事另编一个"),
        max_length=24,
        error_messages={
            "required": _("写明时限的编号，例如DSR-21b"),
            "invalid": _("编号只用字母、数字、点和横线，例如DSR-21b"),
            "max_length": _("编号没有这么长；例如DSR-21b"),
        },
    )
    region = forms.CharField(
        label=_("区划代码"),
        help_text=_("例如350100；在这个区划和它的下级适用"),
        max_length=12,
        error_messages={
            "required": _("写明区划的代码，例如350100"),
            "max_length": _("区划代码最多12位"),
        },
    )
    amount = forms.IntegerField(
        label=_("期限的数"), min_value=1, max_value=10_000, error_messages=_NUMBER
    )
    unit = forms.ChoiceField(label=_("期限的单位"))
    extension = forms.IntegerField(
        label=_("最多延长多少"),
        help_text=_("单位同期限；不填就是不能延长"),
        min_value=0,
        max_value=10_000,
        required=False,
        error_messages=_NUMBER,
    )
    act = forms.CharField(
        label=_("依据的名称"),
        help_text=_("例如：澜宁市政务数据共享管理办法"),
        max_length=120,
        error_messages={"required": _("写明依据的名称"), "max_length": _("依据的名称没有这么长")},
    )
    act_kind = forms.ChoiceField(
        label=_("依据的种类"), help_text=_("依据是登记簿里没有的，选它的种类"), required=False
    )
    article = forms.CharField(
        label=_("依据的条"),
        help_text=_("例如9；没有分条的不填"),
        max_length=12,
        required=False,
        error_messages={"max_length": _("只写条的号数，例如9")},
    )
    valid_from = day_field(_("生效日期"), _("例如2027-01-01"))
    valid_to = day_field(_("失效日期"), _("不填就是没有定"), required=False)
    title = forms.CharField(
        label=_("是什么事"),
        help_text=_("全国已有的不填，同全国的"),
        max_length=120,
        required=False,
        error_messages={"max_length": _("少写几个字，最多120个")},
    )
    kind = forms.ChoiceField(label=_("期限的种类"))
    confidence = forms.ChoiceField(label=_("把握"), initial=Confidence.HIGH.value)
    source = forms.CharField(
        label=_("出处"),
        help_text=_("文号或者公布它的地方"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("少写几个字，最多200个")},
    )

    ACT_KINDS = (
        N_("地方性法规"),
        N_("地方政府规章"),
        N_("行政规范性文件"),
        N_("地方标准"),
        N_("服务承诺"),
    )

    def __init__(self, data: Any = None, initial: Any = None) -> None:  # noqa: ANN401 - as forms take them
        super().__init__(data, initial=initial)
        kinds = [kind for kind in LimitKind if kind is not LimitKind.EACH_YEAR_ON]
        self._offer("unit", [(str(unit), gettext(UNIT_WORDS[unit])) for unit in Unit])
        self._offer("kind", [(str(kind), gettext(KIND_WORDS[kind])) for kind in kinds])
        self._offer(
            "confidence", [(str(one), gettext(CONFIDENCE_WORDS[one])) for one in Confidence]
        )
        none = ("", gettext("登记簿里已有"))
        self._offer("act_kind", [none, *((kind, gettext(kind)) for kind in self.ACT_KINDS)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def limit(self) -> NewLimit:
        given = self.cleaned_data
        return NewLimit(
            key=given["key"],
            region=given["region"],
            amount=given["amount"],
            unit=Unit(given["unit"]),
            act=given["act"],
            article=given["article"],
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
            title=given["title"],
            kind=LimitKind(given["kind"]),
            extension=given["extension"] or 0,
            act_kind=given["act_kind"],
            confidence=Confidence(given["confidence"]),
            source=given["source"],
        )


class EndForm(forms.Form):
    """From when a limit holds no more, and why."""

    on = day_field(_("失效日期"), _("这一天起恢复适用上级的规定。例如2027-01-01"))
    reason = forms.CharField(
        label=_("依据或者原因"),
        help_text=_("例如：由某文件废止。记入账本，不要写姓名和号码"),
        max_length=120,
        error_messages={
            "required": _("写明依据或者原因"),
            "max_length": _("少写几个字，最多120个"),
        },
    )


class HoursForm(forms.Form):
    """When an agency is open from a day on, and by which rule."""

    agency = forms.CharField(
        label=_("机构"),
        help_text=_("机构的全称，或者统一社会信用代码"),
        max_length=120,
        error_messages={
            "required": _("写明机构的全称，例如澜宁市民政局"),
            "max_length": _("机构的名称没有这么长"),
        },
    )
    hours = forms.CharField(
        label=_("工作日的办公时间"),
        help_text=_("几点到几点，中间休息的分开写，例如09:00-12:00,13:30-17:30"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("写明几点到几点，例如09:00-12:00,13:30-17:30"),
            "max_length": _("写短一些，例如09:00-12:00,13:30-17:30"),
        },
    )
    since = day_field(_("从哪天起"), _("在那以前起算的事不变。例如2027-01-01"))
    basis = forms.CharField(
        label=_("依据"),
        help_text=_("文件的名称或者文号，例如：澜宁市机关作息规定"),
        max_length=120,
        error_messages={
            "required": _("写明依据的文件"),
            "max_length": _("少写几个字，最多120个"),
        },
    )

    def clean_hours(self) -> str:
        """As people type it, in full-width signs and with 至, a dash or a single digit, in the form that is kept."""
        told = unicodedata.normalize("NFKC", self.cleaned_data["hours"])
        told = _BETWEEN.sub("-", _ANOTHER.sub(",", "".join(told.split())))
        return _ONE_DIGIT.sub("0", told)

    def clean_since(self) -> dt.date:
        since: dt.date = self.cleaned_data["since"]
        if abs((since - clock.today()).days) > _FAR.days:
            raise forms.ValidationError(_("写五年之内的日子，例如2027-01-01"))
        return since


class CalendarForm(forms.Form):
    """A file with an announced year."""

    file = forms.FileField(
        label=_("工作日历文件"),
        help_text=_(
            "CSV或者JSON，不超过512 KB。每行写明date、kind（statutory、adjusted_off、adjusted_on），可加status、name、source；没有写的日子按星期算"
        ),
        error_messages={
            "required": _("选一个文件"),
            "max_length": _("文件名没有这么长；改短了再传"),
            "empty": _("文件是空的；选一个有内容的CSV或者JSON文件"),
            "missing": _("没有收到文件；重新选一次"),
            "invalid": _("没有收到文件；重新选一次"),
        },
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.json,text/csv,application/json"}),
    )

    def file_bytes(self) -> bytes:
        content: bytes = self.cleaned_data["file"].read(_BYTES_READ)
        return content


class ConfirmForm(forms.Form):
    """The file that was looked at, and the state of the calendar that it was compared with."""

    name = forms.CharField(max_length=200, widget=forms.HiddenInput)
    packed = forms.CharField(widget=forms.HiddenInput)
    revision = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_packed(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["packed"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError(_("没有收到文件；重新选一次")) from error


def packed(content: bytes) -> str:
    return base64.b64encode(content).decode()
