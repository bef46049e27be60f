"""The proposal editor: one row a data item with what was found, the nine entries below, saved by the keyboard."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from yitong.base.identity.api import agency
from yitong.data.catalogue.api import (
    Proposal,
    corrections,
    editing,
    holders,
    resource,
    uploads,
)
from yitong.data.standards.api import edition
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_, Refusal
from yitong.portals.bureau.editor_forms import EntryForm, ItemForm, Lists, WholeForm
from yitong.portals.bureau.editor_rows import meanings_of, row_of
from yitong.portals.bureau.entries import trail_of
from yitong.portals.bureau.forms import AgreementForm
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.words import chosen, value_words
from yitong.ui.values import Key, Link, Row

ITEMS_A_PAGE = 40
KEYS = (
    ("Ctrl S", N_("保存更正")),
    ("Alt ↓", N_("下一个数据项的同一栏")),
    ("Alt ↑", N_("上一个数据项的同一栏")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """What is edited: where it is, what saving does, and what stands around it."""

    desk: editing.Desk
    name: str
    address: str
    trail: list[Link]
    save: Callable[[corrections.Edit, int], object]
    onwards: str
    code: str = ""
    upload: int = 0
    table: int = 0
    taught: str = ""
    fault_count: int = 0
    listed_faults: int = 0


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def proposal_page(request: HttpRequest, by: Actor, number: int, table: int) -> HttpResponse:
    """Of a table of a file that was handed in."""
    row = uploads.upload(number, viewer=by)
    found = uploads.table_of(row, table)
    if found.state != "proposed":
        return redirect("bureau:upload", number)
    place = Place(
        desk=editing.desk_of_table(found),
        name=found.entry.name,
        address=reverse("bureau:proposal", args=[number, table]),
        trail=[
            Link(gettext("共享文件"), reverse("bureau:share")),
            Link(found.name, reverse("bureau:upload", args=[number])),
        ],
        save=lambda edit, revision: editing.correct(
            place=(number, table), edit=edit, revision=revision, by=by
        ),
        onwards=reverse("bureau:file_proposal", args=[number, table]),
        upload=number,
        table=table,
        taught=str(found.taught.get("said", "")),
        fault_count=sum(found.findings["fault_counts"].values()),
        listed_faults=len(found.faults),
    )
    return _editor(request, by, place)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def entry_editor(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Of an entry that stands: saving makes its next version."""
    row = resource(str(number), viewer=by)
    reason = gettext("在建议编辑页更正")
    place = Place(
        desk=editing.desk_of_resource(row),
        name=row.name,
        address=reverse("bureau:edit", args=[number]),
        trail=[*trail_of(row), Link(row.name, reverse("bureau:entry", args=[number]))],
        save=lambda edit, version: editing.correct_entry(
            code=row.code, edit=edit, version=version, reason=reason, by=by
        ),
        onwards=reverse("bureau:entry", args=[number]),
        code=row.code,
    )
    return _editor(request, by, place)


def _editor(request: HttpRequest, by: Actor, place: Place) -> HttpResponse:
    page = _page_of(request, len(place.desk.entry.fields))
    form = _form(request, place.desk, page)
    if request.method == "POST" and _is_sound(form, place) and _saved(request, form, place):
        return redirect(_onwards(request, place, page))
    fields = list(place.desk.entry.fields)[page.first : page.last]
    held = holders((field.element for field in fields), viewer=by, beside=place.code)
    rows = [
        row_of(field, place.desk, form.items[field.name], held.get(field.element, ()))
        for field in fields
    ]
    context = frame(request, by) | {
        "place": place,
        "form": form,
        "entry": place.desk.entry,
        "rows": rows,
        "page": page,
        "elements": [f"{each.code} {each.name}" for each in edition().elements],
        "gaps": [gettext(name) for name in editing.gaps(place.desk.entry)],
        "grade": chosen("grade", place.desk.entry.grade),
        "doubtful": sum(row.is_doubtful for row in rows),
        "keys": [Key(key, gettext(words)) for key, words in KEYS],
        "revision": request.POST.get("revision", place.desk.revision),
    }
    return render(request, "bureau/editor.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Page:
    """Which data items are shown: a table of thousands is corrected forty at a time."""

    number: int
    first: int
    last: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ITEMS_A_PAGE))

    @property
    def start(self) -> int:
        return self.first + 1

    @property
    def next(self) -> int:
        return self.number + 1 if self.number < self.pages else 0

    @property
    def back(self) -> int:
        return self.number - 1


def _page_of(request: HttpRequest, total: int) -> Page:
    text = request.GET.get("page", "")
    pages = max(1, -(-total // ITEMS_A_PAGE))
    number = min(max(1, int(text)), pages) if text.isdecimal() and len(text) < 6 else 1
    first = (number - 1) * ITEMS_A_PAGE
    return Page(number, first, min(first + ITEMS_A_PAGE, total), total)


def _form(request: HttpRequest, desk: editing.Desk, page: Page) -> WholeForm:
    data = request.POST if request.method == "POST" else None
    lists = Lists.now()
    items = {}
    for place, field in list(enumerate(desk.entry.fields))[page.first : page.last]:
        choice = corrections.choice_of(field)
        initial = {name: getattr(choice, name) for name in choice.__dataclass_fields__}
        items[field.name] = ItemForm(
            data,
            prefix=f"i{place}",
            initial=initial,
            header=field.header,
            meanings=meanings_of(field, desk.findings.get(field.name)),
            lists=lists,
        )
    entry = EntryForm(data, initial=EntryForm.initial_of(desk.entry), entry=desk.entry)
    return WholeForm(items, entry)


def _is_sound(form: WholeForm, place: Place) -> bool:
    """Everything that is wrong is said at once: what the forms find, and what is protected less without a reason."""
    is_valid = form.is_valid()
    if not form.are_items_valid():
        return False
    lowered = editing.lowered(place.desk, form.edit(place.desk))
    for name, ways in lowered.items():
        words = gettext("{header}：{ways}，写明理由或者改回建议的值").format(
            header=form.items[name].header, ways=gettext("、").join(map(gettext, ways))
        )
        form.items[name].add_error("why", words)
    return is_valid and not lowered


def _saved(request: HttpRequest, form: WholeForm, place: Place) -> bool:
    edit = form.edit(place.desk)
    revision = request.POST.get("revision", "")
    try:
        place.save(edit, int(revision) if revision.isdecimal() else -1)
    except Refusal as refusal:
        if refusal.code == "catalogue.nothing_changed":
            messages.info(request, gettext("没有改动，不用保存"))
            return True
        if refusal.kind != "invalid" and refusal.code != "catalogue.withholding_needs_law":
            raise
        form.entry.add_error(None, f"{refusal.say(gettext)}{refusal.say_remedy(gettext)}")
        return False
    messages.success(request, gettext("已保存，下一份同样表头的文件会沿用这些更正"))
    return True


def _onwards(request: HttpRequest, place: Place, page: Page) -> str:
    then = request.POST.get("then", "")
    if then == "next" and page.next:
        return f"{place.address}?page={page.next}"
    if then == "file":
        return place.onwards
    return f"{place.address}?page={page.number}" if page.number > 1 else place.address


@require_POST
@for_officers
def machine_proposal(request: HttpRequest, by: Actor, number: int, table: int) -> HttpResponse:
    """One click back to what the machine proposes by itself."""
    editing.take_machine(place=(number, table), by=by)
    messages.success(request, gettext("已换回系统自己的建议，以前的更正不再沿用"))
    return redirect("bureau:proposal", number, table)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def file_page(request: HttpRequest, by: Actor, number: int, table: int) -> HttpResponse:
    """核对, then the draft, its rows and, if wished, the next step of the procedure."""
    row = uploads.upload(number, viewer=by)
    found = uploads.table_of(row, table)
    form = AgreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish: editing.Wish = "draft" if request.POST.get("wish") == "draft" else "accept"
        try:
            editing.file(number=number, tables=[table], wish=wish, by=by)
        except Refusal as refusal:
            if refusal.code == "catalogue.upload_busy":
                return redirect("bureau:upload", number)
            form.add_error(None, f"{refusal.say(gettext)}{refusal.say_remedy(gettext)}")
        else:
            return redirect("bureau:upload", number)
    entry, again = found.entry, editing.again_of(found)
    context = frame(request, by) | {
        "row": row,
        "table": found,
        "again": again,
        "changes": change_rows(again) if again else [],
        "concerned": [agency(each.agency).name for each in again.concerned] if again else [],
        "entry": entry,
        "form": form,
        "summary": _nine(entry),
        "gaps": [gettext(name) for name in editing.gaps(entry)],
        "personal": sum(bool(field.personal) for field in entry.fields),
        "trail": [
            Link(gettext("共享文件"), reverse("bureau:share")),
            Link(found.name, reverse("bureau:upload", args=[number])),
            Link(gettext("目录建议"), reverse("bureau:proposal", args=[number, table])),
        ],
    }
    return render(request, "bureau/file_proposal.html", context, status=422 if form.errors else 200)


def change_rows(again: editing.Again) -> list[Row]:
    """What the file changes in the entry that stands, before and after."""
    return [
        Row(
            gettext("、").join(filter(None, [change.field, gettext(change.label)])),
            gettext("{before} → {after}").format(
                before=value_words(change.item, change.before),
                after=value_words(change.item, change.after),
            ),
        )
        for change in again.changes
    ]


def _nine(entry: Proposal) -> list[Row]:
    """What art. 13 asks an entry to say, in its order."""
    conditions = (entry.share_scope, entry.use_purposes, entry.use_condition, entry.withhold_reason)
    headers = [field.header for field in entry.fields]
    more = gettext("等{count}项").format(count=len(headers)) if len(headers) > 20 else ""
    said = (
        (gettext("数据目录名称"), entry.name),
        (gettext("数据项"), gettext("、").join(headers[:20]) + more),
        (gettext("提供单位"), entry.owner),
        (gettext("数据格式"), entry.data_format),
        (gettext("数据更新频率"), chosen("update_cycle", entry.update_cycle)),
        (gettext("共享属性"), chosen("share_type", entry.share_type)),
        (
            gettext("共享方式"),
            gettext("、").join(chosen("share_methods", way) for way in entry.share_methods),
        ),
        (gettext("使用条件"), "；".join(text for text in conditions if text)),
        (
            gettext("数据分类分级"),
            f"{chosen('category', entry.category)} · {chosen('grade', entry.grade)}",
        ),
    )
    return [Row(term, value or gettext("还没有填")) for term, value in said]
