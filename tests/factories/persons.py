"""Natural persons for tests, made through the actions. Nobody real: region 890102, phones 100…"""

import datetime as dt
from dataclasses import dataclass

from yitong.base.identity.accounts import create_account
from yitong.base.identity.models import Account, Person
from yitong.base.identity.persons import register_person
from yitong.kernel.actor import Actor
from yitong.kernel.codes import person_number

OPERATOR = Actor.operator("tests")


@dataclass(frozen=True)
class APerson:
    """A registered person with what a test may type to find them."""

    person: Person
    account: Account
    number: str
    name: str
    phone: str


def number_of(sequence: int) -> str:
    return person_number("890102", dt.date(1992, 3, 15), sequence)


def a_person(
    sequence: int = 2, *, name: str = "林小禾", assurance: int = 4, password: str | None = None
) -> APerson:
    number, phone = number_of(sequence), f"100{sequence:08d}"
    account = create_account(
        by=OPERATOR, username=f"citizen{sequence}", kind="person", password=password
    )
    person = register_person(
        by=OPERATOR, number=number, name=name, phone=phone, assurance=assurance, account=account
    )
    return APerson(person, account, number, name, phone)
