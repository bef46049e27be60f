"""A person with a log-in whose data were used: answered, refused, not found, not sent."""

from dataclasses import dataclass
from pathlib import Path

from django.test import Client as Browser

from tests.factories.persons import APerson, a_person
from tests.factories.shared_people import SharedPeople, shared_people
from yitong.base.identity.models import Account
from yitong.base.ledger.api import sequence_all


@dataclass(frozen=True)
class Watched:
    """A person of the shared table, logged in, and the table."""

    people: SharedPeople
    person: APerson
    browser: Browser


def log_in(username: str) -> Browser:
    """A browser in which this account is logged in; the log-in page itself is tested elsewhere."""
    browser = Browser()
    browser.force_login(Account.objects.get(username=username))
    return browser


def watched(folder: Path, **order: object) -> Watched:
    people = shared_people(folder, **order)
    person = a_person(2, name="林晓桐")
    return Watched(people, person, log_in(person.account.username))


def used(by: Watched, times: int = 1, **more: object) -> None:
    """Governed reads of the person's row, with their place in the ledger."""
    for _ in range(times):
        by.people.call(by.person.number, **more)
    sequence_all()
