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

from yitong.base.identity.api import actor_for, person_of
from yitong.base.messages.api import unread_count
from yitong.kernel.masking import mask_name
from yitong.ui.values import Link, Person

Places = ParamSpec("Places")
View = Callable[Concatenate[HttpRequest, Places], HttpResponse]


def for_persons(view: View[Places]) -> View[Places]:
    """Logged in, as a person; nothing of it is kept by a browser or a proxy."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Places.args, **kwargs: Places.kwargs
    ) -> HttpResponse:
        if actor_for(me(request)).kind != "person":
            return render(request, "citizen/staff.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def me(request: HttpRequest) -> AbstractBaseUser:
    """The account behind the request; guarded pages always have one."""
    if not isinstance(request.user, AbstractBaseUser):
        raise TypeError("this page is for visitors who have logged in")
    return request.user


def frame_person(request: HttpRequest) -> Person:
    """The visitor as the frame shows them: the own name masked, in case someone looks over the shoulder."""
    links = (
        Link(gettext("我的"), reverse("citizen:home")),
        Link(gettext("消息"), reverse("citizen:messages")),
        Link(gettext("我的数据足迹"), reverse("citizen:footprint")),
    )
    name = mask_name(person_of(me(request)).name)
    return Person(name, unread=unread_count(actor_for(me(request))), links=links)
