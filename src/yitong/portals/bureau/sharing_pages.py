"""Handing a file in: taken in, worked on in the background, chosen from, stopped, gone on with, let go."""

import csv
import io
from collections.abc import Callable, Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yitong.data.catalogue.api import editing, uploads
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.portals.bureau.officers import for_officers, frame
from yitong.portals.bureau.receiving import NamelessFile, is_too_large
from yitong.portals.bureau.sharing_forms import TablesForm, UploadForm
from yitong.portals.bureau.sharing_words import Standing, standing_of
from yitong.ui.cells import csv_cell
from yitong.ui.values import Link


@csrf_exempt  # only so that the body is not read before it is said where the file goes
def share_page(request: HttpRequest) -> HttpResponse:
    """The protected page below, with a place for the file that has no name."""
    request.upload_handlers = [NamelessFile(request)]
    return _share_page(request)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def _share_page(request: HttpRequest, by: Actor) -> HttpResponse:
    if not uploads.may_upload(by):
        return render(request, "bureau/share_not_yours.html", frame(request, by), status=403)
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, is_too_large=is_too_large(request))
        if form.is_valid() and (number := _taken(form, by)):
            return redirect("bureau:upload", number)
    context = frame(request, by) | {
        "form": form,
        "waiting": [standing_of(row) for row in uploads.uploads_of(by)],
        "limit": uploads.LARGEST >> 20,
        "kept_days": uploads.KEPT.days,
    }
    return render(request, "bureau/share.html", context, status=422 if form.errors else 200)


def _taken(form: UploadForm, by: Actor) -> int:
    """The upload's number; 0 where it was refused, with the reason beside the field."""
    given = form.cleaned_data
    try:
        row = uploads.take(by=by, name=given["file"].name, stream=given["file"], kind=given["kind"])
    except Refusal as refusal:
        if refusal.kind not in {"invalid", "conflict"} and refusal.code != "marked_secret":
            raise
        form.add_error("file", f"{refusal.say(gettext)}{refusal.say_remedy(gettext)}")
        return 0
    return row.pk


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def upload_page(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Where the file stands; a POST chooses tables."""
    row = uploads.upload(number, viewer=by)
    standing = standing_of(row)
    form = TablesForm(request.POST or None, tables=standing.choices)
    if request.method == "POST" and form.is_valid():
        uploads.choose(number=number, tables=form.cleaned_data["tables"], by=by)
        return redirect("bureau:upload", number)
    context = frame(request, by) | {
        "row": row,
        "standing": standing,
        "form": form,
        "trail": [Link(gettext("共享文件"), reverse("bureau:share"))],
    }
    return render(request, "bureau/upload.html", context, status=422 if form.errors else 200)


@require_safe
@for_officers
def upload_progress(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """The same for the script of the page, which asks every second."""
    return JsonResponse(_progress(standing_of(uploads.upload(number, viewer=by))))


def _progress(standing: Standing) -> dict[str, object]:
    return {
        "state": standing.row.state,
        "at_work": standing.row.is_at_work,
        "words": standing.words,
        "sub": standing.sub,
        "percent": standing.percent,
        "next": standing.next_url,
    }


def _stop(number: int, by: Actor) -> str:
    uploads.stop(number=number, by=by)
    return gettext("已请后台停下，做完的不会丢")


def _go_on(number: int, by: Actor) -> str:
    uploads.go_on(number=number, by=by)
    return gettext("接着做")


def _discard(number: int, by: Actor) -> str:
    uploads.discard(number=number, by=by)
    return gettext("已丢弃，文件和它的密钥都已删除")


_STEPS: dict[str, Callable[[int, Actor], str]] = {
    "stop": _stop,
    "go-on": _go_on,
    "discard": _discard,
}


@require_POST
@for_officers
def upload_step(request: HttpRequest, by: Actor, number: str, step: str) -> HttpResponse:
    words = _STEPS[step](int(number), by)
    messages.success(request, words)
    return redirect("bureau:share") if step == "discard" else redirect("bureau:upload", number)


@require_POST
@for_officers
def draft_all(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Drafts of every table that is proposed: nothing is handed on. One that cannot be is named, and keeps none back."""
    standing = standing_of(uploads.upload(number, viewer=by))
    refused = editing.draft_all(number=number, tables=standing.proposed, by=by)
    for name, refusal in refused:
        words = gettext("“{name}”没有存：{why}").format(name=name, why=refusal.say(gettext))
        messages.warning(request, words)
    return redirect("bureau:upload", number)


@require_safe
@for_officers
def faults_file(request: HttpRequest, by: Actor, number: int, table: int) -> HttpResponse:
    """Where something is wrong, by line and column; no value of any row."""
    found = uploads.table_of(uploads.upload(number, viewer=by), table)
    response: HttpResponseBase = StreamingHttpResponse(
        _fault_lines(found.faults), content_type="text/csv; charset=utf-8"
    )
    name = f"yitong-faults-{number}-{table}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]


def _fault_lines(faults: list[list[object]]) -> Iterator[str]:
    yield "\ufeff"
    heads = [
        gettext("行号"),
        gettext("列"),
        gettext("原因代码"),
        gettext("说明"),
        gettext("是否载入"),
    ]
    yield _csv_line(heads)
    for line, column, code, sentence, is_warning in faults:
        loads = gettext("载入") if is_warning else gettext("不载入")
        yield _csv_line([str(line), str(column), str(code), str(sentence), loads])


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([csv_cell(cell) for cell in cells])
    return line.getvalue()
