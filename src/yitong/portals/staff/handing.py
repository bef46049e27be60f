"""One duty or many to another post. 核对 stands on the same page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from yitong.base.duties.api import inboxes, owners
from yitong.base.identity.api import agency, posts
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.portals.staff.errors import NothingChosen
from yitong.portals.staff.forms import HandOverForm
from yitong.portals.staff.officers import for_officials, frame
from yitong.ui.values import Link

MOST = 200  # of one hand-over


@require_http_methods(["GET", "HEAD", "POST"])
@for_officials
def hand_over_page(request: HttpRequest, by: Actor) -> HttpResponse:
    numbers = _numbers(request)
    if not numbers:
        raise NothingChosen
    faces = [
        face
        for face in inboxes.inbox(viewer=by, sieve=_every(by)).rows
        if face.duty.pk in set(numbers)
    ]
    is_sent = request.method == "POST" and "reason" in request.POST
    form = HandOverForm(request.POST if is_sent else None, posts=colleagues(by))
    if is_sent and form.is_valid():
        try:
            given = form.cleaned_data
            done = owners.hand_over(
                duties=numbers, to_post=given["post"], reason=given["reason"], by=by
            )
        except Refusal as refusal:
            if refusal.kind != "invalid":
                raise
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, _said(len(done.moved), len(done.stayed)))
            return redirect("staff:inbox")
    context = frame(request) | {
        "form": form,
        "faces": faces,
        "numbers": numbers,
        "trail": [Link(gettext("我的事"), reverse("staff:inbox"))],
        "question": ngettext("转办{count}件事？", "转办{count}件事？", len(numbers)).format(
            count=len(numbers)
        ),
        "verb": ngettext("转办{count}件", "转办{count}件", len(numbers)).format(count=len(numbers)),
    }
    return render(request, "staff/hand_over.html", context, status=422 if form.errors else 200)


def _numbers(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("duty") or request.GET.getlist("duty")
    return [int(text) for text in given if text.isdecimal() and len(text) < 18][:MOST]


def _every(by: Actor) -> inboxes.Sieve:
    return inboxes.Sieve(scope="agency", size=500) if by.agency else inboxes.Sieve(size=500)


def _said(moved: int, stayed: int) -> str:
    said = ngettext("转办了{count}件事", "转办了{count}件事", moved).format(count=moved)
    if stayed:
        said += gettext("；{count}件没有转：已经办结，或者不归您转办").format(count=stayed)
    return said


def colleagues(by: Actor) -> dict[str, str]:
    """The other posts of the agency in which somebody acts, by key."""
    seats = posts.seats_of(
        list(agency(by.agency).posts.exclude(key=by.post).order_by("role", "key"))
    )
    found = [seat.post for seat in seats if not seat.is_vacant]
    titles = [post.title for post in found]
    return {
        post.key: gettext(post.title)
        + (f" {post.key.rpartition('/')[2]}" if titles.count(post.title) > 1 else "")
        for post in found
    }
