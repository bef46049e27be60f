"""What an official writes before an act: a reason, an assessment's finding, how a grant ends. Nothing is preselected."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yitong.data.catalogue.api import Resource, procedure
from yitong.kernel.errors import N_

CAUSES: Mapping[str, str] = {
    "purpose_done": N_("目的已实现或者不再必要"),
    "misuse": N_("超范围使用，拒不整改或者整改不到位"),
    "provider_change": N_("提供部门有正当理由"),
}


def _choices(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, gettext(words)) for value, words in names.items()]


class AgreementForm(forms.Form):
    """Yes to what the page above says; the version is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReasonForm(AgreementForm):
    """Words that the other side can act on."""

    reason = forms.CharField(
        label=_("理由"),
        help_text=_("写清楚依据和要改什么，对方会看到原文"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("用一两句话写清楚理由")},
    )


class AssessmentForm(AgreementForm):
    """What an assessment found (共享条例 13; 个人信息保护法 55, 56)."""

    kind = forms.ChoiceField(
        label=_("哪一项评估"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选保密风险评估或者个人信息保护影响评估")},
    )
    outcome = forms.ChoiceField(
        label=_("结论"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选评估的结论")},
    )
    conclusion = forms.CharField(
        label=_("结论的说明"),
        help_text=_("处理目的和方式是否必要，对个人有什么影响，措施是否与风险相适应"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("用几句话写明结论的理由")},
    )
    reference = forms.CharField(label=_("报告编号"), max_length=200, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, names in (("kind", "assessment"), ("outcome", "outcome")):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = _choices(Resource.CHOICES[names])

    def finding(self) -> procedure.Finding:
        given = self.cleaned_data
        return procedure.Finding(
            given["kind"], given["outcome"], given["conclusion"], given["reference"]
        )


class EndingForm(ReasonForm):
    """Why and how a grant ends (art. 27): a provider's change needs talk and filing."""

    cause = forms.ChoiceField(
        label=_("为什么终止"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选终止的原因")},
    )
    consultation = forms.CharField(
        label=_("与使用部门协商的情况"),
        help_text=_("提供部门有正当理由而终止的，必须先协商"),
        max_length=500,
        required=False,
    )
    filing = forms.CharField(
        label=_("主管部门备案号"),
        help_text=_("提供部门有正当理由而终止的，必须备案"),
        max_length=100,
        required=False,
    )
    field_order = ("cause", "reason", "consultation", "filing", "version")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        cause = self.fields["cause"]
        if isinstance(cause, forms.ChoiceField):
            cause.choices = _choices(CAUSES)
