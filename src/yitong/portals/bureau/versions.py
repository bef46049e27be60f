"""The versions of an entry, what differs between any two of them, and who was told of a change before it happened."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from yitong.data.catalogue.api import EntryView, Resource, entry, notices
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.kernel.law import Basis
from yitong.portals.bureau import words
from yitong.portals.bureau.entries import tabs_of, trail_of
from yitong.portals.bureau.officers import for_officers, frame
from yitong.ui.states import State
from yitong.ui.values import Figure, Link, Row

SHARING = "政务数据共享条例"
_ROWS = frozenset({"catalogue.refreshed", "catalogue.rows_prepared"})


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """A data item in two versions: new, gone, or with what changed of it (what, before, after)."""

    header: str
    name: str
    change: str
    parts: tuple[tuple[str, str, str], ...] = ()


@require_safe
@for_officers
def versions_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    view = entry(str(number), viewer=by, compare=_pair(request))
    row = view.resource
    pair = _pair(request) or _usual_pair(view)
    if pair != _pair(request):
        view = entry(str(number), viewer=by, compare=pair)
    items, whole = _items(view, pair), _whole(view)
    named = words.seats(version.post for version in view.versions)
    told = notices.notices(row, viewer=by)
    context = frame(request, by) | {
        "row": row,
        "trail": trail_of(row),
        "tabs": tabs_of(row, "versions", by),
        "versions": [
            (each, named.get(each.post, gettext("节点上的操作")), len(each.entry.fields))
            for each in view.versions
        ],
        "compared": pair,
        "figures": _figures(items, whole),
        "items": items,
        "whole": whole,
        "exchanges": [line.entry for line in view.timeline if line.entry.event in _ROWS],
        "told": [(each, _losses(each.items), _standing(each, by)) for each in told],
        "untold": [each.agency for each in notices.untold(row)]
        if by.agency == row.owner.code
        else [],
        "basis": Basis(SHARING, "27"),
    }
    return render(request, "bureau/versions.html", context)


def _pair(request: HttpRequest) -> tuple[int, int] | None:
    """The two versions to compare, where the address names both."""
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    is_pair = old.isdecimal() and new.isdecimal() and len(old) < 6 and len(new) < 6
    return (int(old), int(new)) if is_pair else None


def _usual_pair(view: EntryView) -> tuple[int, int]:
    """A revision against what is in force; else the newest version against the one before."""
    row = view.resource
    if row.version_in_force not in {None, row.version}:
        return row.version_in_force or 1, row.version
    return max(1, row.version - 1), row.version


def _items(view: EntryView, pair: tuple[int, int]) -> list[ItemDifference]:
    """Gone first: that is what somebody may miss."""
    content = {each.number: each.entry for each in view.versions}
    old, new = ({f.name: f for f in content[number].fields} for number in pair)
    gone = [ItemDifference(f.header, f.name, "gone") for f in old.values() if f.name not in new]
    added = [ItemDifference(f.header, f.name, "added") for f in new.values() if f.name not in old]
    changed: dict[str, list[tuple[str, str, str]]] = {}
    for each in view.changes:
        if each.field and each.item:
            said = [words.value_words(each.item, value) for value in (each.before, each.after)]
            changed.setdefault(each.field, []).append((gettext(each.label), said[0], said[1]))
    kept = [
        ItemDifference(new[name].header, name, "changed", tuple(parts))
        for name, parts in changed.items()
    ]
    return [*gone, *added, *kept]


def _whole(view: EntryView) -> list[tuple[str, str, str]]:
    """What differs in the entry itself: (what, before, after)."""
    return [
        (
            gettext(each.label),
            words.value_words(each.item, each.before),
            words.value_words(each.item, each.after),
        )
        for each in view.changes
        if not each.field
    ]


def _figures(items: Iterable[ItemDifference], whole: list[tuple[str, str, str]]) -> list[Figure]:
    count = dict.fromkeys(("gone", "added", "changed"), 0)
    for item in items:
        count[item.change] += 1
    return [
        Figure(count["added"], gettext("项数据项增加")),
        Figure(count["gone"], gettext("项数据项没有了")),
        Figure(count["changed"], gettext("项数据项有改动")),
        Figure(len(whole), gettext("处条目改动")),
    ]


def _losses(found: Iterable[notices.Loss]) -> list[str]:
    said = []
    for loss in found:
        what = gettext(loss.words)
        named = gettext("{item}：{what}").format(item=loss.header or loss.field, what=what)
        said.append(named if loss.header or loss.field else what)
    return said


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a notice stands, and whether the reader may answer it."""

    state: State
    words: str
    is_mine: bool


def _standing(notice: notices.ChangeNotice, by: Actor) -> Standing:
    may_answer = notice.agency.code == by.agency and not notice.answer and notice.ended_at is None
    if notice.answer:
        state = State.DONE if notice.answer == "agreed" else State.AT_RISK
        return Standing(state, gettext(notice.answer_name), is_mine=False)
    if notice.ended_at is not None:
        return Standing(State.DONE, gettext("没有答复，期满"), is_mine=False)
    return Standing(State.RUNNING, gettext("等答复"), is_mine=may_answer)


class AnswerForm(forms.Form):
    """What an agency says to a change that it was told of; nothing is preselected."""

    answer = forms.ChoiceField(
        label=_("怎样答复"),
        widget=forms.RadioSelect,
        error_messages={"required": _("选同意或者有意见")},
    )
    words = forms.CharField(
        label=_("意见"),
        help_text=_("有意见的，写明哪一项为什么还要用；提供部门会看到原文"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["answer"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(value, gettext(said)) for value, said in notices.ANSWERS.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def answer_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """What the agency loses and when; then its answer."""
    notice = notices.notice(number, viewer=by)
    row = notice.resource
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            notices.answer(number=number, given=given["answer"], words=given["words"], by=by)
        except Refusal as refusal:
            if refusal.kind != "invalid":
                raise
            form.add_error("words", refusal.say(gettext))
        else:
            messages.success(request, gettext("已答复，提供部门会看到"))
            return redirect("bureau:versions", row.pk)
    context = frame(request, by) | {
        "row": row,
        "form": form,
        "trail": [*trail_of(row), Link(row.name, reverse("bureau:versions", args=[row.pk]))],
        "summary": _summary(notice, row),
        "basis": Basis(SHARING, "27"),
    }
    return render(request, "bureau/notice.html", context, status=422 if form.errors else 200)


def _summary(notice: notices.ChangeNotice, row: Resource) -> list[Row]:
    return [
        Row(gettext("目录"), row.name, (row.code,)),
        Row(gettext("提供单位"), row.owner.name),
        Row(gettext("要办的是"), gettext("第{version}版").format(version=notice.version)),
        Row(gettext("改变"), _losses(notice.items)[0], tuple(_losses(notice.items)[1:])),
        Row(gettext("答复期到"), f"{notice.until:%Y-%m-%d}"),
    ]
