"""Who may come in at this door, and in which post: an official may hold two, and acts in one at a time."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yitong.base.identity.api import actor_for, posts_of
from yitong.base.messages.api import unread_count
from yitong.kernel.actor import Actor
from yitong.kernel.errors import N_
from yitong.portals.bureau.errors import NobodysPost
from yitong.ui.values import Link, Person

CHOSEN = "bureau_post"  # the session's key

Places = ParamSpec("Places")
OfficersView = Callable[Concatenate[HttpRequest, Actor, Places], HttpResponse]
View = Callable[Concatenate[HttpRequest, Places], HttpResponse]


def for_officers(view: OfficersView[Places]) -> View[Places]:
    """Logged in with a working account, in a chosen post; the view is given who acts."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Places.args, **kwargs: Places.kwargs
    ) -> HttpResponse:
        by = officer(request)
        if by.kind != "staff":
            return render(request, "bureau/citizen.html", status=403)
        if not by.post:
            asked = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('bureau:posts')}?{asked}")
        return view(request, by, *args, **kwargs)

    return guarded


def account(request: HttpRequest) -> AbstractBaseUser:
    """The account behind the request; guarded pages always have one."""
    if not isinstance(request.user, AbstractBaseUser):
        raise TypeError("this page is for officials who have logged in")
    return request.user


def officer(request: HttpRequest) -> Actor:
    """Who acts: in the post chosen in this session, in the only one, else in none yet."""
    chosen = request.session.get(CHOSEN)
    if chosen and chosen not in {post.key for post in posts_of(account(request))}:
        del request.session[CHOSEN]  # left or taken away since
        chosen = None
    return actor_for(account(request), chosen)


def frame(request: HttpRequest, by: Actor) -> dict[str, object]:
    """What the frame of every page of this door shows."""
    held = posts_of(account(request))
    post = next(post for post in held if post.key == by.post)
    links = [Link(gettext("换一个岗位"), reverse("bureau:posts"))] if len(held) > 1 else []
    links.append(Link(gettext("登录与设备"), reverse("mfa_index")))
    return {
        "person": Person(
            account(request).get_username(),
            gettext(post.title),
            post.agency.name,
            unread=unread_count(by),
            links=tuple(links),
        ),
        "nav": _nav(request),
        "search_url": reverse("bureau:catalogue"),
    }


def _nav(request: HttpRequest) -> list[Link]:
    """The door's parts; one is on the page of the part whose address it begins with."""
    parts = (
        (N_("履责"), "bureau:performance"),
        (N_("目录"), "bureau:catalogue"),
        (N_("共享文件"), "bureau:share"),
        (N_("申请"), "bureau:requests"),
        (N_("数源登记"), "bureau:claims"),
        (N_("消息"), "bureau:messages"),
    )
    return [
        Link(gettext(words), reverse(name), request.path.startswith(reverse(name)))
        for words, name in parts
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def posts_page(request: HttpRequest) -> HttpResponse:
    """Which of the own posts to act in; kept for this session."""
    held = posts_of(account(request))
    if not held:
        raise NobodysPost
    if request.POST.get("post") in {post.key for post in held}:
        request.session[CHOSEN] = request.POST["post"]
        return redirect(_onwards(request))
    context = {"posts": held, "next": request.GET.get("next", "")}
    return render(request, "bureau/posts.html", context)


def _onwards(request: HttpRequest) -> str:
    """The page that was asked for, only if it is on this node."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("bureau:catalogue")
