"""A person with a log-in whose data were used: answered, refused, not found, not sent."""

from dataclasses import dataclass
from pathlib import Path

from django.test import Client as Browser

from tests.factories.persons import APerson, a_person
from tests.factories.shared_people import SharedPeople, shared_people
from yitong.base.ledger.api import sequence_all

PASSWORD = "a long sentence for tests only"


@dataclass(frozen=True)
class Watched:
    """A person of the shared table, logged in, and the table."""

    people: SharedPeople
    person: APerson
    browser: Browser


def log_in(username: str) -> Browser:
    browser = Browser()
    answer = browser.post("/account/login/", {"login": username, "password": PASSWORD})
    assert answer.status_code == 302, "the log-in of a test failed"
    return browser


def watched(folder: Path, **order: object) -> Watched:
    people = shared_people(folder, **order)
    person = a_person(2, name="林晓桐", password=PASSWORD)
    return Watched(people, person, log_in(person.account.username))


def used(by: Watched, times: int = 1, **more: object) -> None:
    """Governed reads of the person's row, with their place in the ledger."""
    for _ in range(times):
        by.people.call(by.person.number, **more)
    sequence_all()
