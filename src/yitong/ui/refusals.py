"""A refusal as a page: what, why with its article, and what to do next. Never a code alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext

from yitong.kernel.errors import Kind, Refusal
from yitong.ui.values import Link

STATUS: dict[Kind, int] = {
    "invalid": 400,
    "refused": 403,
    "not_found": 404,
    "conflict": 409,
    "unavailable": 503,
}


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page that says a refusal, with the status that its kind asks for."""
    remedy = refusal.say_remedy(gettext)
    # Some remedies name an action ("cases.supplement") for the program that asked; people get sentences only.
    context = {
        "sentence": refusal.say(gettext),
        "basis": refusal.basis,
        "remedy": "" if remedy.isascii() and "." in remedy and " " not in remedy else remedy,
        "kind": refusal.kind,
        "way": _way(request, refusal),
    }
    return render(request, "ui/refusal.html", context, status=STATUS[refusal.kind])


def _way(request: HttpRequest, refusal: Refusal) -> Link | None:
    """The link that leads on, where such a page is mounted; it comes back to this one."""
    if refusal.way is None:
        return None
    try:
        address = reverse(refusal.way.name)
    except NoReverseMatch:
        return None
    query = urlencode({**refusal.way.query, "next": request.get_full_path()})
    return Link(gettext(refusal.way.words), f"{address}?{query}")


def with_remedy(refusal: Refusal) -> str:
    """Sentence and remedy in one, as they stand at a form's field."""
    return joined(refusal.say(gettext), refusal.say_remedy(gettext))


def joined(*sentences: str) -> str:
    """One after the other: English has a space between, Chinese has none."""
    between = " " if (get_language() or "").startswith("en") else ""
    return between.join(filter(None, sentences))


class RefusalPages:
    """Turns a refusal that a page did not catch into `refusal_page`; bugs are left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if isinstance(exception, Refusal):
            return refusal_page(request, exception)
        return None
