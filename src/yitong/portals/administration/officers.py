"""Who may come in at this door, in which post, and which pages are theirs."""

from collections.abc import Callable, Iterator
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

from yitong.base.access.api import Thing, allows, require
from yitong.base.identity.api import posts_of, sessions
from yitong.kernel.actor import Actor
from yitong.portals.administration.errors import NotOfThisDoor
from yitong.ui.values import Link, Person

CHOSEN = "bureau_post"  # the session's key: one choice of a post for every working door

Places = ParamSpec("Places")
OfficersView = Callable[Concatenate[HttpRequest, Actor, Places], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, Places], HttpResponseBase]


def for_administrators(view: OfficersView[Places]) -> View[Places]:
    """Logged in with a working account, in a chosen post that has something to do here."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Places.args, **kwargs: Places.kwargs
    ) -> HttpResponseBase:
        held = [post.key for post in posts_of(account(request))]
        chosen = request.session.get(CHOSEN)
        if chosen not in held and len(held) > 1:
            asked = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('bureau:posts')}?{asked}")
        by = sessions.actor_of(request, chosen if chosen in held else None)
        if not (may_oversee(by) or may_record(by) or may_keep_law(by)):
            raise NotOfThisDoor
        return view(request, by, *args, **kwargs)

    return guarded


def account(request: HttpRequest) -> AbstractBaseUser:
    """The account behind the request; guarded pages always have one."""
    found = sessions.account_of(request)
    if found is None:
        raise TypeError("this page is for officials who have logged in")
    return found


def may_oversee(by: Actor) -> bool:
    own = Thing("agency", by.agency, agency=by.agency, region=by.region)
    return allows(by, "identity.oversee", of=own).allowed


def may_record(by: Actor) -> bool:
    there = Thing("delegation", "", region=by.region)
    return allows(by, "identity.record_delegation", of=there).allowed


def may_keep_law(by: Actor) -> bool:
    return allows(by, "statutes.manage", of=Thing("statutes", "")).allowed


def may_set_hours(by: Actor) -> bool:
    """Of the own agency at least."""
    own = Thing("office_hours", by.agency, agency=by.agency)
    return allows(by, "statutes.set_hours", of=own).allowed


def may_set_all_hours(by: Actor) -> bool:
    return allows(by, "statutes.set_hours", of=Thing("office_hours", "")).allowed


def require_hours(by: Actor) -> None:
    require(by, "statutes.set_hours", of=Thing("office_hours", by.agency, agency=by.agency))


def require_keeper(by: Actor) -> None:
    """Refused with the reason where the post does not keep limits and calendar."""
    require(by, "statutes.manage", of=Thing("statutes", ""))


def frame(request: HttpRequest, by: Actor, here: str) -> dict[str, object]:
    """What the frame of every page of this door shows."""
    post = next(held for held in posts_of(account(request)) if held.key == by.post)
    return {
        "person": Person(
            account(request).get_username(),
            gettext(post.title),
            post.agency.name,
            links=(
                Link(gettext("换一个岗位"), reverse("bureau:posts")),
                Link(gettext("登录与设备"), reverse("mfa_index")),
            ),
        ),
        "nav": list(_nav(by, here)),
    }


def _nav(by: Actor, here: str) -> Iterator[Link]:
    pages = {
        "agencies": gettext("机构名录"),
        "posts": gettext("岗位"),
        "appointments": gettext("任职"),
        "accounts": gettext("账号名册"),
    }
    if may_oversee(by):
        for name, words in pages.items():
            yield Link(words, reverse(f"administration:{name}"), is_here=name == here)
    if may_keep_law(by):
        kept = {"limits": gettext("地方时限"), "calendar": gettext("工作日历")}
        for name, words in kept.items():
            yield Link(words, reverse(f"administration:{name}"), is_here=name == here)
    if may_set_hours(by):
        yield Link(gettext("办公时间"), reverse("administration:hours"), is_here=here == "hours")
    if may_record(by):
        yield Link(
            gettext("代办登记"), reverse("administration:counter"), is_here=here == "counter"
        )
