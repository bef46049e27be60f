"""Form fields and the error summary: label, hint, error, control, source chip, in this order."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.boundfield import BoundField, BoundWidget
from django.template import Library

from yitong.ui.values import Source

register = Library()

Context = dict[str, object]


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary: the very words that stand at the field, and where that is."""

    words: str
    href: str


def _is_group(bound: BoundField) -> bool:
    """Several controls under one question (radio buttons, boxes), not a menu."""
    widget = bound.field.widget
    return isinstance(widget, RadioSelect | CheckboxSelectMultiple)


def _first_control(bound: BoundField) -> str:
    identity = bound.id_for_label or bound.auto_id
    return f"{bound.auto_id}_0" if _is_group(bound) else str(identity)


def described_by(bound: BoundField, *, hint: str) -> str:
    """The identities of what explains the control, in the order in which it is read."""
    parts = [f"{bound.auto_id}_hint"] if hint else []
    parts += [f"{bound.auto_id}_error"] if bound.errors else []
    return " ".join(parts)


def _control(bound: BoundField, described: str) -> str:
    is_box = isinstance(bound.field.widget, CheckboxInput)
    attributes: dict[str, str | bool] = {} if is_box else {"class": "control"}
    if described:
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
    # The browser's own bubbles may speak another language than the page; the server says what is wrong.
    bound.form.use_required_attribute = False
    return bound.as_widget(attrs=attributes)


@register.inclusion_tag("ui/field.html")
def field(
    bound: BoundField,
    *,
    label: str = "",
    hint: str = "",
    source: Source | None = None,
    reason: str = "",
    width: str = "",
) -> Context:
    """A form's field.

    `label` and `hint` replace the field's own label and help text; `source` is drawn below the control and touches it; `reason` says
    why a disabled field cannot be changed; `width` is "short" or "medium" where the answer is.
    """
    words = hint or str(bound.help_text)
    group = _is_group(bound)
    described = described_by(bound, hint=words)
    return {
        "bound": bound,
        "label": label or bound.label,
        "hint": words,
        "described": described,
        "source": source,
        "reason": reason,
        "width": width,
        "is_group": group,
        "is_box": isinstance(bound.field.widget, CheckboxInput),
        "options": list(_options(bound)) if group else [],
        "control": "" if group else _control(bound, described),
        "is_optional": not bound.field.required
        and not isinstance(bound.field.widget, CheckboxInput),
    }


def _options(bound: BoundField) -> Iterator[BoundWidget]:
    yield from bound.subwidgets


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: BaseForm) -> Context:
    """请更正以下问题: on top, focus moves into it, one line per error."""
    problems = [Problem(str(words), "") for words in form.non_field_errors()]
    for bound in form.visible_fields():
        problems += [Problem(str(words), f"#{_first_control(bound)}") for words in bound.errors]
    return {"problems": problems}
