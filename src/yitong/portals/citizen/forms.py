"""The form by which a person names somebody who may act for her."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yitong.base.identity.api import delegations
from yitong.kernel import clock
from yitong.kernel.masking import mask_person_number
from yitong.ui.dates import say
from yitong.ui.values import Row

ONESELF = ""


def day_words(on: dt.date) -> str:
    """A day in the visitor's language, with its year."""
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    return say(on, form="full", language=language, today=clock.today())


class DelegationForm(forms.Form):
    """Who, in which matters, until which day; for oneself or for an organisation that one represents."""

    principal = forms.ChoiceField(label=_("替谁办"), required=False, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("代办人姓名"), max_length=60, error_messages={"required": _("填写代办人的姓名")}
    )
    number = forms.CharField(
        label=_("代办人公民身份号码"),
        max_length=18,
        error_messages={"required": _("填写代办人的18位号码")},
    )
    powers = forms.MultipleChoiceField(
        label=_("可以办什么"),
        choices=[(power.value, words) for power, words in delegations.POWER_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选一项")},
    )
    until = forms.DateField(
        label=_("到哪一天为止"),
        help_text=_("这一天算在内。例如2027-06-30"),
        widget=forms.DateInput(
            attrs={"inputmode": "numeric", "autocomplete": "off"}, format="%Y-%m-%d"
        ),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        error_messages={"required": _("填写结束日期"), "invalid": _("日期写成2027-06-30这样")},
    )

    def __init__(self, data: Any = None, *, organisations: Sequence[Any] = ()) -> None:  # noqa: ANN401 - as forms take it
        super().__init__(data)
        choice = self.fields["principal"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        choice.choices = [
            (ONESELF, gettext("我本人")),
            *((one.code, one.name) for one in organisations),
        ]
        powers = self.fields["powers"]
        assert isinstance(powers, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        powers.choices = [
            (power.value, gettext(words)) for power, words in delegations.POWER_WORDS.items()
        ]

    def clean_powers(self) -> list[str]:
        """An organisation has no footprint that somebody could look into."""
        chosen: list[str] = self.cleaned_data["powers"]
        kind = delegations.DelegationKind
        given = kind.HANDLER if self.cleaned_data.get("principal") else kind.HELPER
        if not set(chosen) <= delegations.powers_of(given):
            raise forms.ValidationError(gettext("单位没有个人的数据足迹，去掉这一项"))
        return chosen

    def wish(self) -> delegations.Wish:
        return delegations.Wish(
            number=self.cleaned_data["number"],
            name=self.cleaned_data["name"],
            powers=frozenset(self.cleaned_data["powers"]),
            until=self.cleaned_data["until"],
        )

    def summary(self) -> list[Row]:
        """What is read once more before it holds."""
        chosen, until = self.cleaned_data, self.cleaned_data["until"]
        choice = self.fields["principal"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        names = dict(choice.choices)  # type: ignore[arg-type]
        known = delegations.POWER_WORDS
        matters = gettext("；").join(
            gettext(known[delegations.Power(one)]) for one in chosen["powers"]
        )
        assert isinstance(until, dt.date)  # noqa: S101 - for the type checker
        return [
            Row(gettext("替谁办"), str(names[chosen["principal"]])),
            Row(gettext("代办人"), chosen["name"], (mask_person_number(chosen["number"]),)),
            Row(gettext("可以办什么"), matters),
            Row(gettext("到哪一天为止"), day_words(until)),
        ]
