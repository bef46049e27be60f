"""Who is logged in, as the frame of every page shows it: a masked name, or a post with its agency."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from yitong.base.identity.api import actor_for, person_of, posts_of
from yitong.base.messages.api import unread_count
from yitong.kernel.masking import mask_name
from yitong.ui.values import Person


def shown(account: AbstractBaseUser) -> Person:
    """A citizen by the masked name, staff by user name and the post they act in (a choice, if there are several)."""
    actor = actor_for(account)
    if actor.kind == "person":
        return Person(mask_name(person_of(account).name), unread=unread_count(actor))
    post = next((held for held in posts_of(account) if held.key == actor.post), None)
    if post is None:
        return Person(account.get_username(), unread=unread_count(actor))
    return Person(
        account.get_username(),
        post=post.title,
        agency=post.agency.name,
        unread=unread_count(actor),
    )


def person(request: HttpRequest) -> dict[str, object]:
    """Context processor: `person`, asked for only where the frame is drawn and somebody is logged in."""
    user = getattr(request, "user", None)
    return {"person": SimpleLazyObject(lambda: _person(user))}


def _person(user: object) -> Person | str:
    return shown(user) if isinstance(user, AbstractBaseUser) else ""
