"""The gallery's form: every kind of field in every state that a form can have."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GalleryForm(forms.Form):
    """Bound with sample answers, one of them wrong."""

    phone = forms.CharField(label=_("手机号"), help_text=_("用来收短信，不公开"))
    received_on = forms.CharField(
        label=_("收件日期"), error_messages={"required": _("填写今天或者以前的日期")}
    )
    remark = forms.CharField(label=_("说明"), required=False)
    address = forms.CharField(label=_("户籍地址"))
    household = forms.CharField(label=_("户号"), disabled=True, required=False)
    pickup = forms.ChoiceField(
        label=_("怎样领证"),
        choices=[("post", _("邮寄到家")), ("window", _("到窗口取")), ("family", _("家里人代取"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("为什么改"), widget=forms.Textarea(attrs={"rows": 2}))
    cycle = forms.ChoiceField(
        label=_("承诺更新"), choices=[("day", _("每日")), ("week", _("每周")), ("month", _("每月"))]
    )
    agree = forms.BooleanField(label=_("已核对，与原件一致"), required=False)

    def clean_received_on(self) -> str:
        raise forms.ValidationError(_("填写今天或者以前的日期"))
