"""A guardian with a log-in for somebody whose data are in the shared table."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.test import Client as Browser

from tests.factories.agencies import a_post, staff
from tests.factories.footprints import Watched, log_in, watched
from tests.factories.persons import APerson, a_person
from yitong.base.identity.api import actor_for, delegations
from yitong.base.identity.persons import PersonPapers
from yitong.kernel import clock

FOOTPRINT = frozenset({"view", "footprint"})


@dataclass(frozen=True)
class Guarded:
    """The ward, watched and with a log-in; the guardian, acting for her; the delegation's key."""

    ward: Watched
    guardian: APerson
    browser: Browser
    key: str


def guardianship(
    ward: APerson, guardian: APerson, powers: frozenset[str] = FOOTPRINT, *, days: int = 30
) -> str:
    """Recorded at a counter; the delegation's key."""
    until = clock.today() + dt.timedelta(days=days)
    acting = delegations.record_at_counter(
        by=actor_for(staff(a_post(role="clerk"))),
        kind="guardian",
        wish=delegations.Wish(guardian.number, guardian.name, powers, until),
        counter=delegations.Counter(PersonPapers(ward.number, ward.name), "户口簿"),
    )
    return acting.key


def acting_browser(guardian: APerson, key: str, *, level: int = 4) -> Browser:
    """A browser in which the sign-on service vouched for this level, and which acts by this delegation."""
    browser = log_in(guardian.account.username)
    session = browser.session
    session["yitong_level"] = [guardian.account.pk, level]
    session.save()
    browser.post("/my/acting/", {"key": key})
    return browser


def guarded(folder: Path, powers: frozenset[str] = FOOTPRINT) -> Guarded:
    ward = watched(folder)
    guardian = a_person(40, name="周晓晴")
    key = guardianship(ward.person, guardian, powers)
    return Guarded(ward, guardian, acting_browser(guardian, key), key)
