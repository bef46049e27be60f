"""What somebody writes who wants to know what a rule does to the rows of an entry."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yitong.data.exchange.api import row_looks

EXPLAIN, JUDGE, OPEN = "explain", "judge", "open"


class LookForm(forms.Form):
    """A rule, and of which row somebody wants to know, and why. What is needed depends on the button."""

    rule = forms.CharField(
        label=_("行规则"),
        help_text=_(
            "写一个条件，例如 within(户籍地, '890102') and age(出生日期) >= 80；数据项的名称见表"
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        max_length=20_000,
        error_messages={"required": _("写一个条件")},
    )
    key = forms.CharField(
        label=_("号码"),
        help_text=_("要说清哪一个人或者单位，就写谁的号码；这一行会被打开"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("写明要说清哪一个")},
    )
    purpose = forms.ChoiceField(
        label=_("为什么要看"),
        help_text=_("本人会在自己的数据足迹里看到这次查看和它的原因"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选为什么要看")},
    )

    def __init__(self, *args: object, act: str = "", is_granted: bool = False) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.act = act
        if is_granted:
            del self.fields["rule"]
        purpose = self.fields["purpose"]
        if isinstance(purpose, forms.ChoiceField):
            purpose.choices = [(code, gettext(said)) for code, said in row_looks.LOOKS.items()]

    def full_clean(self) -> None:
        """Only what the button that was pressed needs is asked for."""
        needed = {JUDGE: {"rule", "key", "purpose"}, OPEN: {"rule", "purpose"}}
        asked = needed.get(self.act, {"rule"})
        for name, asked_for in self.fields.items():
            asked_for.required = name in asked
        super().full_clean()
        for asked_for in self.fields.values():
            asked_for.required = True
