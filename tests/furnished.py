"""Databases that many tests begin with: furnished once by each worker that needs them, then copied.

A test marked `furnished("town")` (see MAKERS) begins in such a copy, with the keys that it was sealed by. With
`committed` the copy is its own; without it the test is rolled back in one that it shares. `a_town()` and the other
factories then give what stands there instead of making it again.
"""

import datetime as dt
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from tests.database import Databases, clone, drop

# Officers have been in their posts for long: tests that stop the clock in this year find them there.
BEGAN = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)


@dataclass
class Furnished:
    """A database with its keys; `found` is what a test may take from it, pickled so that each has its own."""

    name: str
    database: str
    keys: Path
    found: bytes
    _shared_url: str = ""

    def shared_url(self, server: Databases) -> str:
        """The copy in which rolled-back tests run: what clones are made of must have no visitors."""
        if not self._shared_url:
            self._shared_url = clone(server, f"{self.database}_work", of=self.database)
        return self._shared_url

    def copy_keys(self, place: Path) -> None:
        """The keys that this database was sealed by."""
        shutil.copytree(self.keys, place)


_present: dict[type, Any] = {}


def present(kind: type) -> Any:
    """What stands in this test's database, or None."""
    return _present.get(kind)


@contextmanager
def at_hand(furnished: Furnished) -> Iterator[None]:
    _present.update({type(one): one for one in pickle.loads(furnished.found)})
    try:
        yield
    finally:
        _present.clear()


def furnish(
    server: Databases, name: str, *, point_at: Callable[[str], None], settings: object
) -> Furnished:
    """Make it: `point_at` turns Django to a database, `settings` are Django's."""
    database = f"{server.template}_{name}"
    folder = Path(tempfile.mkdtemp(prefix=f"yitong-{name}-"))
    point_at(clone(server, database))
    kept = settings.YITONG_KEYS  # type: ignore[attr-defined]
    settings.YITONG_KEYS = folder / "keys"  # type: ignore[attr-defined]
    try:
        found = pickle.dumps(MAKERS[name](folder))
    finally:
        settings.YITONG_KEYS = kept  # type: ignore[attr-defined]
    return Furnished(name, database, folder / "keys", found)


def _town(folder: Path) -> tuple[object, ...]:
    from tests.factories.agencies import OPERATOR
    from tests.factories.officers import a_town
    from yitong.base.keys.api import initialise
    from yitong.data.sharing.purposes import load_purposes
    from yitong.data.standards.api import load_standards
    from yitong.kernel import clock

    with clock.frozen(BEGAN):
        initialise(by=OPERATOR)
        load_purposes(by=OPERATOR)
        load_standards(by=OPERATOR)
        town = a_town()
        town.provider.staffed()
        town.requester.staffed()
    return (town,)


def _people(folder: Path) -> tuple[object, ...]:
    from tests.factories.shared_people import shared_people
    from yitong.data.exchange.api import shut_down

    (town,) = _town(folder)
    _present[type(town)] = town
    try:
        return (town, shared_people(folder))
    finally:
        _present.clear()
        shut_down()


def _quarrel(folder: Path) -> tuple[object, ...]:
    from tests.factories.claims import a_new_quarrel

    (town,) = _town(folder)
    return (town, a_new_quarrel(town))


def _bureau(folder: Path) -> tuple[object, ...]:
    from tests.factories.agencies import OPERATOR
    from tests.factories.duties import a_bureau, kinds_installed
    from yitong.base.keys.api import initialise
    from yitong.kernel import clock

    with clock.frozen(BEGAN), kinds_installed():
        initialise(by=OPERATOR)
        return (a_bureau(),)


def _city(folder: Path) -> tuple[object, ...]:
    from tests.factories.agencies import OPERATOR
    from tests.factories.duties import kinds_installed
    from tests.factories.duty_city import a_duty_city
    from yitong.base.keys.api import initialise

    with kinds_installed():
        initialise(by=OPERATOR)
        city = a_duty_city()
    return (city.bureau, city)


MAKERS: Mapping[str, Callable[[Path], tuple[object, ...]]] = {
    "town": _town,
    "people": _people,
    "quarrel": _quarrel,
    "bureau": _bureau,
    "city": _city,
}


@contextmanager
def rolled_back() -> Iterator[None]:
    """As Django's TestCase does: nothing stays, and what must be outermost may be."""
    outermost = transaction.atomic()
    outermost._from_testcase = True
    with outermost:
        yield
        transaction.set_rollback(True)


def forget(server: Databases, all_made: Mapping[str, Furnished]) -> None:
    for furnished in all_made.values():
        drop(server, f"{furnished.database}_work")
        drop(server, furnished.database)
        shutil.rmtree(furnished.keys.parent, ignore_errors=True)
