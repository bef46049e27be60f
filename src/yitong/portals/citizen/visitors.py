"""Who may come in at this door: a person with a log-in, for the own things only."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from yitong.base.identity.api import actor_for, person_of, sessions
from yitong.base.messages.api import unread_count
from yitong.kernel.actor import Actor
from yitong.kernel.masking import mask_name
from yitong.ui.values import Link, Person

Places = ParamSpec("Places")
View = Callable[Concatenate[HttpRequest, Places], HttpResponse]


def for_persons(view: View[Places]) -> View[Places]:
    """Logged in, as a person; nothing of it is kept by a browser or a proxy.

    A delegation that is over is refused here, before anything is done in another's name.
    """

    @login_required
    @never_cache
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Places.args, **kwargs: Places.kwargs
    ) -> HttpResponse:
        if actor(request).kind != "person":
            return render(request, "citizen/staff.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def for_oneself(view: View[Places]) -> View[Places]:
    """For one's own things only, while one acts for oneself: nobody takes the own record for another's."""

    @for_persons
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Places.args, **kwargs: Places.kwargs
    ) -> HttpResponse:
        if actor(request).on_behalf_of:
            return render(request, "citizen/oneself.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def actor(request: HttpRequest) -> Actor:
    """Who acts, how surely known, and for whom."""
    return sessions.actor_of(request)


def me(request: HttpRequest) -> AbstractBaseUser:
    """The account behind the request; guarded pages always have one."""
    if not isinstance(request.user, AbstractBaseUser):
        raise TypeError("this page is for visitors who have logged in")
    return request.user


def frame_person(request: HttpRequest) -> Person:
    """The visitor as the frame shows them: the own name masked, in case someone looks over the shoulder; and for whom."""
    links = (
        Link(gettext("我的"), reverse("citizen:home")),
        Link(gettext("消息"), reverse("citizen:messages")),
        Link(gettext("我的数据足迹"), reverse("citizen:footprint")),
        Link(gettext("代办授权"), reverse("citizen:delegations")),
        Link(gettext("登录与设备"), reverse("mfa_index")),
    )
    acting = sessions.acting_in(request)
    return Person(
        mask_name(person_of(me(request)).name),
        unread=unread_count(actor_for(me(request))),
        links=links,
        acting=acting.principal if acting else "",
        acting_href=reverse("citizen:act_for"),
    )
