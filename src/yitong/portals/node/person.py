"""Who is logged in, as the frame of every page shows it: a masked name, or a post with its agency; and for whom."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from yitong.base.identity.api import actor_for, person_of, posts_of, sessions, sign_on
from yitong.base.messages.api import unread_count
from yitong.kernel.masking import mask_name
from yitong.ui.values import Link, Person


def shown(request: HttpRequest, account: AbstractBaseUser) -> Person:
    """A citizen by the masked name, staff by user name and the post they act in (a choice, if there are several)."""
    actor = actor_for(account)
    links = [Link(gettext("登录与设备"), reverse("mfa_index"))]
    if actor.kind == "person":
        links.insert(0, Link(gettext("代办授权"), reverse("citizen:delegations")))
        acting = sessions.acting_in(request)
        return Person(
            mask_name(person_of(account).name),
            unread=unread_count(actor),
            links=tuple(links),
            acting=acting.principal if acting else "",
            acting_href=reverse("citizen:act_for"),
        )
    post = next((held for held in posts_of(account) if held.key == actor.post), None)
    if post is None:
        return Person(account.get_username(), unread=unread_count(actor), links=tuple(links))
    return Person(
        account.get_username(),
        post=post.title,
        agency=post.agency.name,
        unread=unread_count(actor),
        links=tuple(links),
    )


def person(request: HttpRequest) -> dict[str, object]:
    """Context processor: `person`, asked for only where the frame is drawn and somebody is logged in."""
    user = getattr(request, "user", None)
    return {"person": SimpleLazyObject(lambda: _person(request, user))}


def _person(request: HttpRequest, user: object) -> Person | str:
    return shown(request, user) if isinstance(user, AbstractBaseUser) else ""


def ways_in(request: HttpRequest) -> dict[str, object]:
    """Context processor: whether the log-in page offers 统一身份认证."""
    return {"has_sign_on": sign_on.is_offered()}
