"""Agencies, posts, staff and clients for tests, made through the actions. All synthetic: region 890102."""

import datetime as dt
from collections.abc import Sequence
from itertools import count

from yitong.base.identity.accounts import create_account, name_holder
from yitong.base.identity.actions import AgencyMore, appoint, create_post, register_agency
from yitong.base.identity.clients import IssuedClient, issue_client
from yitong.base.identity.models import Account, Agency, Post
from yitong.base.identity.rules import THREE_ADMINISTRATORS
from yitong.kernel.actor import Actor
from yitong.kernel.codes import credit_code, person_number

OPERATOR = Actor.operator("tests")
REGION = "890102"

_numbers = count(1)


def agency_code(number: int) -> str:
    """A credit code that nobody can have: 11 890100 DM…"""
    return credit_code("1", "1", "890100", f"DM{number:06d}")


def an_agency(name: str = "", *, kind: str = "块", region: str = REGION, **more: object) -> Agency:
    number = next(_numbers)
    options: AgencyMore = {"is_demo": True, **more}  # type: ignore[typeddict-item]
    return register_agency(
        by=OPERATOR,
        code=agency_code(number),
        name=name or f"听澜区第{number}局",
        kind=kind,
        region=region,
        **options,
    )


def a_post(agency: Agency | None = None, role: str = "clerk") -> Post:
    return create_post(by=OPERATOR, agency=agency or an_agency(), role=role)


def staff(*posts: Post, password: str | None = None, holder: bool = False) -> Account:
    """A member of staff who holds these posts from now on; known as a person where a post asks for it."""
    number = next(_numbers)
    account = create_account(
        by=OPERATOR, username=f"staff{number}", kind="staff", password=password
    )
    if holder or any(post.role in THREE_ADMINISTRATORS for post in posts):
        account = named(account, number)
    for post in posts:
        appoint(by=OPERATOR, post=post.key, account=account)
    return account


def named(account: Account, sequence: int) -> Account:
    """Say who uses the account: the same sequence is the same person."""
    number = person_number("890102", dt.date(1980, 1, 1), sequence % 1000)
    return name_holder(by=OPERATOR, account=account, number=number, name=f"工作人员{sequence}")


def a_client(
    agency: Agency | None = None, name: str = "业务系统", scopes: Sequence[str] = ("exchange",)
) -> IssuedClient:
    return issue_client(by=OPERATOR, agency=agency or an_agency(), name=name, scopes=scopes)
