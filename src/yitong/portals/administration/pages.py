"""One post, one account, the steps on them, and what is new."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from yitong.base.identity.api import accounts, agency_named, devices, posts, posts_of
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.portals.administration import words
from yitong.portals.administration.errors import StepUnknown
from yitong.portals.administration.forms import AccountForm, PostForm
from yitong.portals.administration.officers import for_administrators, frame
from yitong.portals.administration.steps import ACCOUNT_STEPS, POST_STEPS, Step
from yitong.ui.values import Link, Row

# Refusals that the form in front of the visitor can mend; every other one is a page of its own.
MENDED = frozenset({"invalid", "not_found", "conflict"})


@require_safe
@for_administrators
def post_page(request: HttpRequest, by: Actor, number: int) -> HttpResponseBase:
    post = posts.post_numbered(number, viewer=by)
    seat = posts.seats_of([post])[0]
    context = frame(request, by, "posts") | {
        "title": gettext(post.title),
        "trail": [Link(gettext("岗位"), reverse("administration:posts"))],
        "rows": _post_rows(seat),
        "steps": [
            Link(
                gettext(POST_STEPS[name].verb),
                reverse("administration:post_step", args=[number, name]),
            )
            for name in _post_steps(seat)
        ],
        "history": [
            (held.account.get_username(), words.instant(held.held_from), _until(held.held_until))
            for held in posts.appointments_found(viewer=by).filter(post=post)[:50]
        ],
    }
    return render(request, "administration/one.html", context)


def _until(at: object) -> str:
    import datetime as dt

    return words.instant(at) if isinstance(at, dt.datetime) else gettext("现在")


def _post_rows(seat: posts.Seat) -> list[Row]:
    state, until = words.state_of(seat)
    upper = posts.superior(seat.post.key)
    return [
        Row(gettext("机构"), seat.post.agency.name, (seat.post.agency.code,)),
        Row(gettext("角色"), words.role(seat.post.role), (seat.post.key,)),
        Row(gettext("任职者"), accounts.officer_name(seat.holder) if seat.holder else "—"),
        Row(gettext("状态"), state, (until,) if until else ()),
        Row(
            gettext("空缺时转给"),
            gettext(upper.title) if upper else "—",
            (upper.key,) if upper else (),
        ),
    ]


def _post_steps(seat: posts.Seat) -> list[str]:
    if seat.holder is None:
        return ["appoint"]
    return ["hand_over", "back" if seat.is_away else "leave", "end"]


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def post_step(request: HttpRequest, by: Actor, number: int, name: str) -> HttpResponseBase:
    post = posts.post_numbered(number, viewer=by)
    back = reverse("administration:post", args=[number])
    asked = Asked(name, POST_STEPS, gettext(post.title), back, "posts")
    return asked.answer(request, by, post, _post_rows(posts.seats_of([post])[0]))


@require_safe
@for_administrators
def account_page(request: HttpRequest, by: Actor, number: int) -> HttpResponseBase:
    account = accounts.account_numbered(number, viewer=by)
    context = frame(request, by, "accounts") | {
        "title": account.get_username(),
        "trail": [Link(gettext("账号名册"), reverse("administration:accounts"))],
        "rows": _account_rows(account),
        "steps": [
            Link(
                gettext(ACCOUNT_STEPS[name].verb),
                reverse("administration:account_step", args=[number, name]),
            )
            for name in _account_steps(account)
        ],
    }
    return render(request, "administration/one.html", context)


def _account_rows(account: accounts.Account) -> list[Row]:
    held = posts_of(account)
    factors = devices.factors_of(account).exclude(type="recovery_codes").count()
    return [
        Row(gettext("类别"), words.account_kinds("")[account.kind]),
        Row(gettext("状态"), gettext("正常") if account.is_active else gettext("停用中")),
        Row(gettext("所属机构"), account.agency.name if account.agency else "—"),
        Row(gettext("使用人"), gettext("已登记") if account.holder_id else gettext("未登记")),
        Row(gettext("第二因素"), gettext("{count}个").format(count=factors)),
        Row(
            gettext("现任岗位"),
            "—" if not held else gettext(held[0].title),
            tuple(post.key for post in held),
        ),
    ]


def _account_steps(account: accounts.Account) -> list[str]:
    steps = ["reset", "lock"] if account.is_active else ["unlock"]
    is_nameless = account.kind == accounts.AccountKind.STAFF and account.holder_id is None
    return ["holder", *steps] if is_nameless else steps


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def account_step(request: HttpRequest, by: Actor, number: int, name: str) -> HttpResponseBase:
    account = accounts.account_numbered(number, viewer=by)
    back = reverse("administration:account", args=[number])
    asked = Asked(name, ACCOUNT_STEPS, account.get_username(), back, "accounts")
    return asked.answer(request, by, account, _account_rows(account))


class Asked:
    """One step in front of the visitor: asked by GET, done by POST."""

    def __init__(self, name: str, steps: object, what: str, back: str, here: str) -> None:
        known = dict(steps)  # type: ignore[call-overload]
        if name not in known:
            raise StepUnknown(step=name)
        self.step: Step = known[name]
        self.what, self.back, self.here = what, back, here

    def answer(
        self, request: HttpRequest, by: Actor, about: object, rows: list[Row]
    ) -> HttpResponseBase:
        form = self.step.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                once = self.step.run(by, about, form)
            except Refusal as refusal:
                if refusal.kind not in MENDED:
                    raise
                form.add_error(None, refusal.say(gettext))
            else:
                return self._done(request, by, once)
        return self._page(request, by, form, rows)

    def _done(self, request: HttpRequest, by: Actor, once: str | None) -> HttpResponseBase:
        if once is None:
            messages.success(request, gettext(self.step.done))
            return redirect(self.back)
        context = frame(request, by, self.here) | {
            "what": self.what,
            "secret": once,
            "back": self.back,
        }
        return render(request, "administration/secret.html", context)

    def _page(
        self, request: HttpRequest, by: Actor, form: Form, rows: list[Row]
    ) -> HttpResponseBase:
        context = frame(request, by, self.here) | {
            "form": form,
            "question": gettext(self.step.question),
            "verb": gettext(self.step.verb),
            "consequence": gettext(self.step.consequence),
            "is_danger": self.step.is_danger,
            "trail": [Link(self.what, self.back)],
            "rows": rows,
            "back": self.back,
        }
        return render(
            request, "administration/step.html", context, status=422 if form.errors else 200
        )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new_post(request: HttpRequest, by: Actor) -> HttpResponseBase:
    form = PostForm(request.POST or None, initial={"agency": _own_agency(by)})
    if form.is_valid():
        try:
            post = posts.create_post(
                by=by,
                agency=agency_named(form.cleaned_data["agency"]),
                role=form.cleaned_data["role"],
                title=form.cleaned_data["title"],
            )
        except Refusal as refusal:
            if refusal.kind not in MENDED:
                raise
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext("岗位已设立"))
            return redirect("administration:post", post.pk)
    return _new(request, by, form, gettext("设立岗位"), "posts")


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new_account(request: HttpRequest, by: Actor) -> HttpResponseBase:
    form = AccountForm(request.POST or None, initial={"agency": _own_agency(by)})
    if form.is_valid():
        try:
            account = accounts.create_account(
                by=by,
                username=form.cleaned_data["username"],
                kind=accounts.AccountKind.STAFF,
                agency=agency_named(form.cleaned_data["agency"]),
            )
        except Refusal as refusal:
            if refusal.kind not in MENDED:
                raise
            form.add_error(None, refusal.say(gettext))
        else:
            messages.success(request, gettext("账号已开立；重置一次，得到第一个密码"))
            return redirect("administration:account", account.pk)
    return _new(request, by, form, gettext("开立账号"), "accounts")


def _own_agency(by: Actor) -> str:
    own = posts.agencies_found(viewer=by).filter(code=by.agency).first()
    return own.name if own else ""


def _new(request: HttpRequest, by: Actor, form: Form, title: str, here: str) -> HttpResponseBase:
    back = reverse(f"administration:{here}")
    context = frame(request, by, here) | {"form": form, "title": title, "back": back}
    return render(request, "administration/new.html", context, status=422 if form.errors else 200)
