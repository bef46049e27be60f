"""The only door of identity."""

from yitong.base.identity.accounts import create_account, set_password
from yitong.base.identity.actions import appoint, create_post, register_agency
from yitong.base.identity.clients import issue_client, revoke_client
from yitong.base.identity.contacts import contact_of, set_contact
from yitong.base.identity.models import Agency
from yitong.base.identity.persons import register_person
from yitong.base.identity.queries import (
    actor_for,
    agencies,
    agency,
    agency_named,
    client_actor,
    person_of,
    person_subjects,
    posts_of,
)
from yitong.base.identity.tokens import token_facts

__all__ = [
    "Agency",
    "actor_for",
    "agencies",
    "agency",
    "agency_named",
    "appoint",
    "client_actor",
    "contact_of",
    "create_account",
    "create_post",
    "issue_client",
    "person_of",
    "person_subjects",
    "posts_of",
    "register_agency",
    "register_person",
    "revoke_client",
    "set_contact",
    "set_password",
    "token_facts",
]
