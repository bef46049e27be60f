"""The proposal as it is corrected: one small form a data item, one for the nine entries, judged and told together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yitong.data.catalogue.api import Proposal, Resource, corrections, editing
from yitong.data.standards.api import UnknownElement, edition, element
from yitong.kernel.errors import N_
from yitong.portals.bureau.menus import Menu
from yitong.portals.bureau.words import MASKS

SUBJECTS: Mapping[str, str] = {
    "": N_("不是谁的号码"),
    "person": N_("个人的号码"),
    "org": N_("单位的号码"),
}
CHOSEN_ITEMS = (
    "category", "update_cycle", "share_type", "basis_level", "open_type",
)  # fmt: skip
WRITTEN_ITEMS = (
    "name", "abstract", "duty", "data_format", "share_scope", "use_purposes", "use_condition",
    "basis_citation", "withhold_reason", "subject_link",
)  # fmt: skip
# Those that stand in the row itself; the others fold.
ROW_ITEMS = ("element", "type_letter", "personal", "grade", "mask")
Names = Sequence[tuple[str, str]]


def listed(names: Mapping[str, str], *, none: str = "") -> list[tuple[str, str]]:
    """A closed list as options; `none` is what stands for nothing chosen."""
    found = [(value, gettext(words)) for value, words in names.items()]
    return [("", gettext(none)), *found] if none else found


@dataclass(frozen=True)
class Lists:
    """Options that every row of a page shares, translated once."""

    types: Names
    personal: Names
    grades: Names
    masks: Names
    subjects: Names

    @classmethod
    def now(cls) -> "Lists":
        grades = {k: v for k, v in Resource.CHOICES["grade"].items() if k != "core"}
        return cls(
            types=listed(corrections.TYPE_NAMES),
            personal=listed(Resource.CHOICES["personal"], none=N_("不是个人信息")),
            grades=listed(grades),
            masks=listed(MASKS),
            subjects=listed(SUBJECTS),
        )


class ItemForm(forms.Form):
    """What is said of one data item."""

    element = forms.ChoiceField(label=_("含义"), required=False, widget=Menu)
    other = forms.CharField(label=_("别的数据元（代码或者名称）"), required=False, max_length=60)
    type_letter = forms.ChoiceField(label=_("类型"), widget=Menu)
    personal = forms.ChoiceField(label=_("个人信息"), required=False, widget=Menu)
    grade = forms.ChoiceField(label=_("级别"), widget=Menu)
    mask = forms.ChoiceField(label=_("遮盖"), widget=Menu)
    subject = forms.ChoiceField(label=_("谁的号码"), required=False, widget=Menu)
    why = forms.CharField(
        label=_("为什么这样改"),
        help_text=_("比建议保护得弱时必须写"),
        required=False,
        max_length=300,
    )

    def __init__(
        self, *args: object, header: str, meanings: Names, lists: Lists, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.header = header
        options = {
            "element": meanings,
            "type_letter": lists.types,
            "personal": lists.personal,
            "grade": lists.grades,
            "mask": lists.masks,
            "subject": lists.subjects,
        }
        for name, choices in options.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = list(choices)
            said = f"{header}：{field.label}"
            field.widget.attrs["aria-label"] = said
            field.error_messages["invalid_choice"] = gettext("{said}，从列表里选一个").format(
                said=said
            )
        for name in ROW_ITEMS:
            self.fields[name].widget.attrs["class"] = "control"
        self.fields["other"].widget.attrs["list"] = "elements"

    def clean_other(self) -> str:
        """The code of the 数据元 that was written by code or name."""
        text = str(self.cleaned_data["other"]).strip()
        if not text:
            return ""
        word = text.split()[0]
        try:
            return str(element(word).code)
        except UnknownElement:
            named = [each.code for each in edition().elements if text in (each.name, each.code)]
        if len(named) == 1:
            return str(named[0])
        raise forms.ValidationError(
            gettext("{header}：没有“{text}”这个数据元，从列表里选，或者留空").format(
                header=self.header, text=text
            )
        )

    def choice(self) -> corrections.FieldChoice:
        given = self.cleaned_data
        return corrections.FieldChoice(
            element=given["other"] or given["element"],
            type_letter=given["type_letter"],
            personal=given["personal"],
            subject=given["subject"],
            grade=given["grade"],
            mask=given["mask"],
            why=given["why"],
        )


class EntryForm(forms.Form):
    """The nine entries of art. 13, and what goes with them."""

    name = forms.CharField(
        label=_("数据目录名称"),
        max_length=50,
        error_messages={
            "required": _("给这条目录起一个名称"),
            "max_length": _("数据目录名称要在50字以内"),
        },
    )
    abstract = forms.CharField(
        label=_("摘要"), max_length=256, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    duty = forms.CharField(
        label=_("来自职责"),
        help_text=_("哪一项法定职责产生了这些数据"),
        max_length=200,
        required=False,
    )
    category = forms.ChoiceField(label=_("信息资源分类"))
    data_format = forms.CharField(label=_("数据格式"), max_length=60)
    update_cycle = forms.ChoiceField(label=_("数据更新频率"))
    cycle_is_known = forms.BooleanField(label=_("更新频率已核实"), required=False)
    key_field = forms.ChoiceField(
        label=_("主键：按什么查一行"),
        help_text=_("没有主键的只能按文件或者批量共享"),
        required=False,
    )
    share_type = forms.ChoiceField(label=_("共享属性"))
    share_methods = forms.MultipleChoiceField(
        label=_("共享方式"), required=False, widget=forms.CheckboxSelectMultiple
    )
    share_scope = forms.CharField(
        label=_("共享范围"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    use_purposes = forms.CharField(
        label=_("使用用途"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    use_condition = forms.CharField(
        label=_("使用条件"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    basis_level = forms.ChoiceField(label=_("不予共享的依据层级"), required=False)
    basis_citation = forms.CharField(
        label=_("依据条文"), help_text=_("例如“《××法》第×条”"), max_length=300, required=False
    )
    withhold_reason = forms.CharField(label=_("不予共享的理由"), max_length=500, required=False)
    open_type = forms.ChoiceField(label=_("开放属性"))
    subject_link = forms.CharField(
        label=_("与本人的联系"),
        help_text=_("没有身份号码的，写经哪个目录的哪一项联到本人（代码#数据项）"),
        max_length=160,
        required=False,
    )

    def __init__(self, *args: object, entry: Proposal, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        options = {item: listed(Resource.CHOICES[item]) for item in CHOSEN_ITEMS}
        options["basis_level"] = listed(Resource.CHOICES["basis_level"], none=N_("没有"))
        options["share_methods"] = listed(Resource.CHOICES["share_methods"])
        headers = [(field.name, field.header) for field in entry.fields]
        options["key_field"] = [("", gettext("没有主键")), *headers]
        for name, choices in options.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def items(self, entry: Proposal) -> dict[str, Any]:
        """What of the entry was said, by item."""
        given = self.cleaned_data
        found = {item: given[item] for item in (*CHOSEN_ITEMS, *WRITTEN_ITEMS)}
        found["share_methods"] = tuple(given["share_methods"])
        is_known = given["cycle_is_known"] or given["update_cycle"] != entry.update_cycle
        others = tuple(item for item in entry.unverified if item != "update_cycle")
        found["unverified"] = others if is_known else entry.unverified
        return found

    @staticmethod
    def initial_of(entry: Proposal) -> dict[str, Any]:
        items = (*CHOSEN_ITEMS, *WRITTEN_ITEMS, "key_field")
        said = {item: getattr(entry, item) for item in items}
        said["share_methods"] = list(entry.share_methods)
        said["cycle_is_known"] = "update_cycle" not in entry.unverified
        return said


class WholeForm:
    """All forms of the page as one, for the summary of what has to be mended."""

    def __init__(self, items: Mapping[str, ItemForm], entry: EntryForm) -> None:
        self.items = items
        self.entry = entry

    def is_valid(self) -> bool:
        return not self.errors

    def are_items_valid(self) -> bool:
        return not any(form.errors for form in self.items.values())

    def edit(self, desk: editing.Desk) -> corrections.Edit:
        """What was saved, as the catalogue takes it; of an entry part that is wrong, nothing."""
        fields = {name: form.choice() for name, form in self.items.items()}
        if self.entry.errors:
            return corrections.Edit(fields, {})
        key = self.entry.cleaned_data["key_field"]
        finding = desk.findings.get(key)
        is_unique = finding is not None and finding.unique == "yes" and not finding.missing
        return corrections.Edit(
            fields=fields,
            entry=self.entry.items(desk.entry),
            key=key,
            is_unique=is_unique,
        )

    @property
    def errors(self) -> bool:
        return any(form.errors for form in (*self.items.values(), self.entry))

    def non_field_errors(self) -> list[str]:
        return [str(words) for words in self.entry.non_field_errors()]

    def visible_fields(self) -> Iterator[BoundField]:
        for form in (*self.items.values(), self.entry):
            yield from form.visible_fields()
