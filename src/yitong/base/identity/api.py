"""The only door of identity. Nouns with several verbs are handed on whole: `posts.hand_over`, `sign_on.log_in_by`."""

from yitong.base.identity import (
    accounts,
    clients,
    contacts,
    delegations,
    devices,
    persons,
    posts,
    sessions,
    sign_on,
)
from yitong.base.identity.accounts import create_account
from yitong.base.identity.actions import appoint, register_agency
from yitong.base.identity.models import Agency
from yitong.base.identity.queries import (
    actor_for,
    agencies,
    agency,
    agency_named,
    person_of,
    person_subjects,
)
from yitong.base.identity.seats import posts_of

__all__ = [
    "Agency",
    "accounts",
    "actor_for",
    "agencies",
    "agency",
    "agency_named",
    "appoint",
    "clients",
    "contacts",
    "create_account",
    "delegations",
    "devices",
    "person_of",
    "person_subjects",
    "persons",
    "posts",
    "posts_of",
    "register_agency",
    "sessions",
    "sign_on",
]
