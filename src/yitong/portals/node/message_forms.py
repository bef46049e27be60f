"""How somebody wants to be told: addresses, channels, quiet hours, language. What is kept is never shown again."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from yitong.base.messages.api import Choice

_HOURS = [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in range(0, 24 * 60, 30)]


class ContactForm(forms.Form):
    """New addresses. An empty field keeps what is there, since nobody is shown what that is."""

    mail = forms.EmailField(
        label=_("新的邮箱"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": _("邮箱要像 name@example.cn")},
    )
    drop_mail = forms.BooleanField(label=_("不再留邮箱"), required=False)
    phone = forms.RegexField(
        r"^[0-9 ()+-]{7,24}$",
        label=_("新的手机号"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"invalid": _("手机号只写数字，7到15位")},
    )
    drop_phone = forms.BooleanField(label=_("不再留手机号"), required=False)

    def wanted(self, name: str) -> str | None:
        """What to keep from now on: a new address, "" for none, None for the one that is there."""
        if self.cleaned_data[f"drop_{name}"]:
            return ""
        return str(self.cleaned_data[name]) or None


class PreferenceForm(forms.Form):
    """Channels, quiet hours, language."""

    mail = forms.BooleanField(label=_("发邮件"), required=False)
    sms = forms.BooleanField(label=_("发短信"), required=False)
    quiet_from = forms.ChoiceField(label=_("从几点起不打扰"), choices=[(t, t) for t in _HOURS])
    quiet_until = forms.ChoiceField(
        label=_("到几点"),
        help_text=_("两个时间一样，表示什么时候都可以发。紧急的不等。"),
        choices=[(t, t) for t in _HOURS],
    )
    language = forms.ChoiceField(
        label=_("邮件和短信用什么文字"),
        choices=[("zh-hans", "简体中文"), ("en", "English")],
        widget=forms.RadioSelect,
    )

    @staticmethod
    def values_of(choice: Choice) -> dict[str, object]:
        return {
            "mail": choice.mail,
            "sms": choice.sms,
            "quiet_from": f"{choice.quiet_from:%H:%M}",
            "quiet_until": f"{choice.quiet_until:%H:%M}",
            "language": choice.language,
        }

    def choice(self) -> Choice:
        said = self.cleaned_data
        return Choice(
            mail=said["mail"],
            sms=said["sms"],
            quiet_from=dt.time.fromisoformat(said["quiet_from"]),
            quiet_until=dt.time.fromisoformat(said["quiet_until"]),
            language=said["language"],
        )
