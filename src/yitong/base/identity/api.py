"""The only door of identity."""

from yitong.base.identity.accounts import create_account, set_password
from yitong.base.identity.actions import appoint, create_post, end_holding, register_agency
from yitong.base.identity.clients import issue_client, revoke_client
from yitong.base.identity.models import Agency
from yitong.base.identity.persons import register_legal_person, register_person
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
    "create_account",
    "create_post",
    "end_holding",
    "issue_client",
    "person_of",
    "person_subjects",
    "posts_of",
    "register_agency",
    "register_legal_person",
    "register_person",
    "revoke_client",
    "set_password",
    "token_facts",
]
