"""The forms of this door. What is wrong with an answer in law the actions say; here only whether it can be read."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yitong.base.identity.api import delegations, posts
from yitong.kernel import clock

DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


def day_field(label: Any, hint: Any = "", *, required: bool = True) -> forms.DateField:  # noqa: ANN401 - lazy text
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(
            attrs={"inputmode": "numeric", "autocomplete": "off"}, format="%Y-%m-%d"
        ),
        input_formats=DATE_FORMATS,
        error_messages={
            "required": _("填写日期"),
            "invalid": _("日期写成2027-06-30这样"),
        },
    )


def start_of(day: dt.date) -> dt.datetime:
    """The first instant of a day in the node's zone."""
    return dt.datetime.combine(day, dt.time(), clock.ZONE)


class SureForm(forms.Form):
    """Nothing to fill in: read, then agreed."""


class AppointForm(forms.Form):
    """Whom, from when, until when."""

    username = forms.CharField(
        label=_("工作人员的用户名"),
        max_length=64,
        error_messages={"required": _("填写工作人员的用户名")},
    )
    until = day_field(_("任到哪一天为止"), _("例如2027-06-30；不填就是没有定"), required=False)

    def end(self) -> dt.datetime | None:
        day = self.cleaned_data.get("until")
        return start_of(day + dt.timedelta(days=1)) if day else None


class HandOverForm(forms.Form):
    """Who takes over, now."""

    username = forms.CharField(
        label=_("接任人的用户名"),
        max_length=64,
        error_messages={"required": _("填写接任人的用户名")},
    )


class LeaveForm(forms.Form):
    """Until when somebody is away, and who stands in."""

    until = day_field(_("离岗到哪一天为止"), _("这一天算在内。例如2027-06-30"))
    deputy = forms.CharField(
        label=_("代理人的用户名"),
        help_text=_("不填就是没有人代理，要办的事转给上一级"),
        max_length=64,
        required=False,
    )

    def end(self) -> dt.datetime:
        day: dt.date = self.cleaned_data["until"]
        return start_of(day + dt.timedelta(days=1))


class PostForm(forms.Form):
    """A seat: in which agency, with which role, under which title."""

    agency = forms.CharField(label=_("机构全称"), max_length=200)
    role = forms.ChoiceField(label=_("角色"))
    title = forms.CharField(
        label=_("岗位名称"), help_text=_("不填就用角色的名称"), max_length=100, required=False
    )

    def __init__(self, data: Any = None, initial: Any = None) -> None:  # noqa: ANN401 - as forms take them
        super().__init__(data, initial=initial)
        choice = self.fields["role"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        choice.choices = [(one.value, gettext(posts.ROLE_TITLES[one])) for one in posts.Role]


class AccountForm(forms.Form):
    """A staff account and the agency that manages it."""

    username = forms.CharField(
        label=_("用户名"), help_text=_("小写字母开头；不要用证件号码和手机号"), max_length=64
    )
    agency = forms.CharField(label=_("所属机构全称"), max_length=200)


class HolderForm(forms.Form):
    """The natural person who uses a staff account."""

    name = forms.CharField(label=_("使用人姓名"), max_length=60)
    number = forms.CharField(
        label=_("使用人公民身份号码"), help_text=_("加密保存，只用来核对三员分立"), max_length=18
    )


class LockForm(forms.Form):
    """Why an account is closed."""

    reason = forms.CharField(
        label=_("停用原因"),
        help_text=_("记入账本，不要写姓名和号码。例如：离职"),
        max_length=60,
        error_messages={"required": _("写明停用原因")},
    )


class CounterForm(forms.Form):
    """A delegation recorded at a counter, from the papers of both."""

    kind = forms.ChoiceField(label=_("代办类别"), widget=forms.RadioSelect)
    principal_name = forms.CharField(label=_("被代办人姓名"), max_length=60)
    principal_number = forms.CharField(label=_("被代办人公民身份号码"), max_length=18)
    name = forms.CharField(label=_("代办人姓名"), max_length=60)
    number = forms.CharField(label=_("代办人公民身份号码"), max_length=18)
    powers = forms.MultipleChoiceField(
        label=_("可以办什么"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选一项")},
    )
    until = day_field(_("到哪一天为止"), _("这一天算在内；未成年人的监护到满十八周岁为止"))
    evidence = forms.CharField(
        label=_("核对了哪些材料"),
        help_text=_("例如：委托书原件、户口簿、出生医学证明。不要抄录证件号码"),
        max_length=200,
        error_messages={"required": _("写明核对了哪些材料")},
    )

    def __init__(self, data: Any = None) -> None:  # noqa: ANN401 - as forms take it
        super().__init__(data)
        kinds = (delegations.DelegationKind.GUARDIAN, delegations.DelegationKind.HELPER)
        choice, powers = self.fields["kind"], self.fields["powers"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(powers, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        choice.choices = [(one.value, gettext(delegations.KIND_WORDS[one])) for one in kinds]
        powers.choices = [
            (one.value, gettext(words)) for one, words in delegations.POWER_WORDS.items()
        ]
