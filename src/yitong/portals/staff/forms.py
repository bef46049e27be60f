"""What an official writes: to whom and why, how much more time and on whose consent, why it was late. Nothing is preselected."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _


class HandOverForm(forms.Form):
    """To which post, and why."""

    post = forms.ChoiceField(
        label=_("转给哪个岗位"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选一个接办的岗位"), "invalid_choice": _("选一个在岗的岗位")},
    )
    reason = forms.CharField(
        label=_("理由"),
        help_text=_("接办的人会看到，并留在每一件的记录里"),
        max_length=200,
        error_messages={"required": _("用一句话写清楚为什么转")},
    )

    def __init__(self, *args: object, posts: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["post"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(posts.items())


class ExtensionForm(forms.Form):
    """The one extension: how much, why, on whose consent, and how the other side was told."""

    amount = forms.IntegerField(
        label=_("延长多少"),
        min_value=1,
        error_messages={
            "required": _("写明延长多少"),
            "invalid": _("写一个整数"),
            "min_value": _("至少是1"),
        },
    )
    reason = forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("写明为什么办不完")},
    )
    consent = forms.CharField(
        label=_("同意的文号"),
        max_length=200,
        error_messages={"required": _("写明同意延长的文号")},
    )
    notice = forms.CharField(
        label=_("怎样告知了对方"),
        help_text=_("法律要求告知的，写明何时、怎样告知"),
        max_length=200,
        required=False,
    )


class ExplanationForm(forms.Form):
    """Why it was late; it stands beside the record."""

    words = forms.CharField(
        label=_("逾期的理由"),
        help_text=_("和记录一并留在履责台账上，不能改；不要写个人信息"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("用几句话写明理由")},
    )
