"""Who may come in at this door, and in which post: an official may hold two, and acts in one at a time."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yitong.base.identity.api import Agency, actor_for, posts_of
from yitong.base.messages.api import unread_count
from yitong.kernel.actor import Actor
from yitong.kernel.errors import Refusal
from yitong.portals.staff.errors import NotForCitizens
from yitong.ui.values import Link, Person

CHOSEN = "bureau_post"  # the session's key: one choice of a post for every working door

Places = ParamSpec("Places")
OfficersView = Callable[Concatenate[HttpRequest, Actor, Places], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, Places], HttpResponseBase]


def for_officials(view: OfficersView[Places]) -> View[Places]:
    """Logged in with a working account, in a chosen post; the view is given who acts."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Places.args, **kwargs: Places.kwargs
    ) -> HttpResponseBase:
        by = _actor(request)
        if by is None:
            asked = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('bureau:posts')}?{asked}")
        if by.kind != "staff" or not by.post:
            raise NotForCitizens
        request.frame = _frame(request, by)  # type: ignore[attr-defined]
        return view(request, by, *args, **kwargs)

    return guarded


def _actor(request: HttpRequest) -> Actor | None:
    """Who acts: in the post chosen in this session, or in the only one; None where one is still to be chosen."""
    try:
        by = actor_for(account(request), request.session.get(CHOSEN))
    except Refusal:  # the chosen post was left or taken away since
        request.session.pop(CHOSEN, None)
        by = actor_for(account(request))
    is_open = by.kind == "staff" and not by.post and bool(posts_of(account(request)))
    return None if is_open else by


def account(request: HttpRequest) -> AbstractBaseUser:
    """The account behind the request; guarded pages always have one."""
    if not isinstance(request.user, AbstractBaseUser):
        raise TypeError("this page is for officials who have logged in")
    return request.user


def frame(request: HttpRequest) -> dict[str, object]:
    """What the frame of every page of this door shows."""
    found: dict[str, object] = request.frame  # type: ignore[attr-defined]
    return found


def _frame(request: HttpRequest, by: Actor) -> dict[str, object]:
    inbox = reverse("staff:inbox")
    seat = Agency.objects.filter(posts__key=by.post).values_list("posts__title", "name")
    title, agency = seat.get()
    return {
        "person": Person(
            account(request).get_username(),
            gettext(title),
            agency,
            unread=unread_count(by),
            links=(
                Link(gettext("换一个岗位"), reverse("bureau:posts")),
                Link(gettext("登录与设备"), reverse("mfa_index")),
            ),
        ),
        "nav": [
            Link(gettext("我的事"), inbox, is_here=request.path.startswith(inbox)),
            Link(gettext("履责台账"), reverse("bureau:performance")),
        ],
        "search_url": inbox,
    }
