"""What an official writes before a step of a 共享申请. Nothing is preselected."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yitong.data.sharing.api import ShareRequest
from yitong.portals.bureau.words import mask_words


def _offer(form: forms.Form, name: str, choices: Mapping[str, str]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices.items())


class RequestForm(forms.Form):
    """Yes to what the page above says."""

    def __init__(self, *args: Any, row: ShareRequest, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        self.row = row


EXPLAIN = "explain"  # the button that only tells what a rule means


class AgreeForm(RequestForm):
    """Items that are to be given otherwise masked than the catalogue says are agreed to one by one (art. 21).

    A rule may narrow the rows beyond what is asked.
    """

    row_rule = forms.CharField(
        label=_("只给这些行（再加一个条件）"),
        help_text=_("和申请里的条件都符合的行才给；不写就照申请给。先看意思，再同意"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        max_length=20_000,
        required=False,
    )
    looser = forms.MultipleChoiceField(
        label=_("对方申请的遮盖和目录不一样，逐项同意"),
        help_text=_("有一项不同意，就请对方补正或者答复不同意"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("逐项看过再选；有一项不同意，这项申请就不能按原样提供")},
    )

    def __init__(self, *args: Any, row: ShareRequest, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, row=row, **kwargs)
        known = {item.name: item for item in row.resource.fields.all()}
        asked = {
            name: mask
            for name, mask in row.masks_asked.items()
            if name in known and mask != known[name].mask
        }
        if not asked:
            del self.fields["looser"]
            return
        said = gettext("{item}：申请“{asked}”，目录是“{usual}”")
        self.asked = {
            name: said.format(
                item=known[name].header,
                asked=mask_words(mask),
                usual=mask_words(known[name].mask),
            )
            for name, mask in asked.items()
        }
        _offer(self, "looser", self.asked)
        self.fields["looser"].required = not self.explains

    @property
    def explains(self) -> bool:
        return bool(self.data.get("act") == EXPLAIN)

    def clean_looser(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["looser"]
        self.fields["looser"].required = True
        if self.explains:
            return chosen
        if len(chosen) < len(self.asked):
            said = self.fields["looser"].error_messages["required"]
            raise forms.ValidationError(said, code="required")
        return chosen

    def masks(self) -> dict[str, str]:
        chosen = self.cleaned_data.get("looser", [])
        return {name: self.row.masks_asked[name] for name in chosen}


class DeclineForm(RequestForm):
    """On which ground, and why (art. 21)."""

    ground = forms.ChoiceField(
        label=_("理由"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选一项依法成立的理由")},
    )
    reason = forms.CharField(
        label=_("说明"),
        help_text=_("写清楚事实，对方会看到原文"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("用一两句话写清楚理由")},
    )

    def __init__(self, *args: Any, row: ShareRequest, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, row=row, **kwargs)
        grounds = row.CHOICES["ground"].items()
        _offer(self, "ground", {value: gettext(words) for value, words in grounds})


class SupplementForm(RequestForm):
    """All that is missing, at one time (art. 21)."""

    items = forms.CharField(
        label=_("要补正的内容"),
        help_text=_("一次说全，一项一行"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={"required": _("写明要补正什么")},
    )


class SupplementsForm(RequestForm):
    """使用依据 and 使用场景 as completed."""

    basis = forms.CharField(
        label=_("使用依据"),
        max_length=300,
        error_messages={"required": _("写明依据哪部法律、哪一条")},
    )
    scene = forms.CharField(
        label=_("使用场景"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("写明在什么事里用、谁用")},
    )

    def __init__(self, *args: Any, row: ShareRequest, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, row=row, **kwargs)
        self.initial = {"basis": row.basis, "scene": row.scene}
