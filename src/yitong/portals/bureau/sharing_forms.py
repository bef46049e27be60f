"""What a steward says when a file is handed in, and which of its tables are meant."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yitong.data.catalogue.api import uploads
from yitong.kernel.errors import N_

KINDS = {
    "table": N_("数据表：CSV、Excel（xlsx）、JSON Lines、Parquet"),
    "dictionary": N_("数据字典：列出表和字段的 Excel 或 Word，没有数据行"),
}
ACCEPTED = ".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.json,.parquet,.docx"


class UploadForm(forms.Form):
    """One file, and whether it holds rows or describes tables."""

    file = forms.FileField(
        label=_("文件"),
        allow_empty_file=True,  # said in the words of files
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("选一个要共享的文件")},
    )
    kind = forms.ChoiceField(
        label=_("文件里是什么"),
        widget=forms.RadioSelect,
        initial="table",
        error_messages={"required": _("选数据表或者数据字典")},
    )

    def __init__(self, *args: object, is_too_large: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(value, gettext(words)) for value, words in KINDS.items()]
        limit = gettext("文件超过{limit} MiB。请在节点上用 yitong share 共享，或者拆开再传。")
        if is_too_large:
            message = limit.format(limit=uploads.LARGEST >> 20)
            self.fields["file"].error_messages["required"] = message


class TablesForm(forms.Form):
    """Which tables of a file are meant."""

    tables = forms.TypedMultipleChoiceField(
        label=_("要共享的表"),
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        error_messages={"required": _("至少选一张要共享的表")},
    )

    def __init__(self, *args: object, tables: list[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["tables"]
        if isinstance(field, forms.ChoiceField):
            field.choices = tables
