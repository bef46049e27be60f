"""One data item in the editor: what was found, how sure that is, and the form that corrects it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext

from yitong.data.catalogue.api import Resource, corrections, editing
from yitong.data.standards.api import CodeSet, Element, UnknownElement, edition, element
from yitong.portals.bureau.editor_forms import ItemForm
from yitong.portals.bureau.sharing_words import FLAWS

SURE, LIKELY = 80, 50
HOLDERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class MeaningLine:
    """A 数据元 that the item may hold: its name, how sure that is in words, and why."""

    name: str
    code: str
    sure: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HolderLine:
    """A resource in force with an item of the same 数据元."""

    name: str
    owner: str
    href: str
    is_source: bool


@dataclass(frozen=True, slots=True)
class EditorRow:
    """Everything a row of the editor shows beside its controls."""

    field: corrections.FieldProposal
    form: ItemForm
    form_id: str
    sure: str
    is_doubtful: bool
    code_set: str
    quality: tuple[str, ...]
    range: str
    meanings: tuple[MeaningLine, ...]
    holders: tuple[HolderLine, ...]
    reasons: tuple[str, ...]
    was: tuple[str, ...]

    @property
    def sub(self) -> str:
        """Below the header: that it is the key, that one should look twice, and its own name."""
        said = [
            gettext("主键") if self.field.is_key else "",
            gettext("拿不准") if self.is_doubtful else "",
            self.field.name if self.field.name != self.field.header else "",
        ]
        return " · ".join(filter(None, said))

    @property
    def is_open(self) -> bool:
        """What is wrong within the part that folds must be seen."""
        return bool({"why", "other", "subject"} & set(self.form.errors))


def meanings_of(
    field: corrections.FieldProposal, finding: editing.FieldFinding | None
) -> list[tuple[str, str]]:
    """The 数据元 to choose from, the surest first; the present one is always among them."""
    found = [("", gettext("没有对上"))]
    scored = [(each.code, each.score) for each in finding.meanings] if finding else []
    if field.element and field.element not in dict(scored):
        found.append((field.element, _name(field.element)))
    said = gettext("{name}（{score}分）")
    return found + [(code, said.format(name=_name(code), score=score)) for code, score in scored]


def row_of(
    field: corrections.FieldProposal,
    desk: editing.Desk,
    form: ItemForm,
    held: Iterable[editing.Holder],
) -> EditorRow:
    finding = desk.findings.get(field.name)
    meaning = finding.meaning(field.element) if finding else None
    machine = next((each for each in desk.machine.fields if each.name == field.name), field)
    return EditorRow(
        field=field,
        form=form,
        form_id=str(form.prefix),
        sure=_sureness(meaning.score) if meaning else "",
        is_doubtful=_is_doubtful(finding, meaning) and field == machine,
        code_set=_code_set(field.element),
        quality=tuple(_quality(finding)) if finding else (),
        range=f"{finding.low} – {finding.high}" if finding and finding.low else "",
        meanings=tuple(
            MeaningLine(_name(each.code), each.code, _sure(each.score), each.reasons)
            for each in (finding.meanings if finding else ())
        ),
        holders=tuple(_holder(each) for each in list(held)[:HOLDERS_SHOWN]),
        reasons=(field.grade_reason, *field.reasons),
        was=tuple(_was(machine, field)),
    )


def _is_doubtful(finding: editing.FieldFinding | None, meaning: editing.Meaning | None) -> bool:
    """Whether one should look twice: the machine was not sure, and nobody has corrected it."""
    return finding is not None and (meaning is None or meaning.score < SURE)


def _sureness(score: int) -> str:
    if score >= SURE:
        return gettext("把握大")
    return gettext("较可能") if score >= LIKELY else gettext("只是猜测")


def _sure(score: int) -> str:
    words = gettext("{score}分，{words}")
    return words.format(score=score, words=_sureness(score))


def _quality(finding: editing.FieldFinding) -> Iterable[str]:
    """Missing, repeated and wrong values, each with its count and the first lines."""
    if not finding.rows:
        return
    if finding.missing:
        said = gettext("空值{count}（{percent}%）")
        yield said.format(count=_number(finding.missing), percent=finding.missing_percent)
    if finding.unique == "yes" and not finding.missing:
        yield gettext("没有重复")
    elif finding.repeated and finding.repeated * 20 < finding.rows:
        yield gettext("重复{count}").format(count=_number(finding.repeated))
    for flaw in finding.flaws:
        words = gettext(FLAWS.get(flaw.code, flaw.code))
        lines = gettext("、").join(str(line) for line in flaw.lines)
        more = gettext("等") if flaw.count > len(flaw.lines) else ""
        where = gettext("，第{lines}行{more}").format(lines=lines, more=more) if lines else ""
        yield gettext("{words}{count}{where}").format(
            words=words, count=_number(flaw.count), where=where
        )


def _was(machine: corrections.FieldProposal, field: corrections.FieldProposal) -> Iterable[str]:
    """What the machine had proposed where the item stands otherwise now."""
    said = gettext("建议：{value}")
    if machine.element != field.element:
        name = _name(machine.element) if machine.element else gettext("没有对上")
        yield said.format(value=name)
    if machine.grade != field.grade:
        yield said.format(value=gettext(Resource.CHOICES["grade"][machine.grade]))
    if machine.personal != field.personal:
        words = Resource.CHOICES["personal"].get(machine.personal, "")
        yield said.format(value=gettext(words) if words else gettext("不是个人信息"))


def _holder(each: editing.Holder) -> HolderLine:
    address = f"{reverse('bureau:catalogue')}?q={each.name}"
    return HolderLine(each.name, each.owner, address, each.is_source)


def _code_set(code: str) -> str:
    known = _known(code)
    found: CodeSet | None = edition().code_sets.get(known.code_set) if known else None
    return found.name if found else ""


def _name(code: str) -> str:
    known = _known(code)
    return known.name if known else code


def _known(code: str) -> Element | None:
    try:
        return element(code) if code else None
    except UnknownElement:
        return None


def _number(count: int) -> str:
    return str(intcomma(count, use_l10n=False))
