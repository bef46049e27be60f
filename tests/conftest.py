"""How every test gets its environment, its database and its browser.

`@pytest.mark.django_db`   the worker's migrated database, each test rolled back
`@pytest.mark.committed`   a clone of its own with real commits; `database_url` is its address
`@pytest.mark.furnished`   either of both, in a copy of a database that is furnished already (`tests/furnished.py`)
`chromium`, `page`         a real browser, Debian's
"""

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import psycopg
import pytest

# Never the operator's own node: every process of the suite has its own directory.
os.environ |= {
    "YITONG_LANG": "zh",  # sentences are expected in the source's language, whatever the terminal's is
    "YITONG_DATA": tempfile.mkdtemp(prefix="yitong-test-data-"),
    "YITONG_SECRET_KEY": "only for tests: not a secret, and long enough for every signer",
    # Playwright's loop runs in the test's thread; Django would take that for an async view.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
os.environ.pop("DATABASE_URL", None)

from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests.database import Databases, clone, databases, drop
from tests.furnished import Furnished, at_hand, forget, furnish, rolled_back
from yitong.config.database import database_from_url

ALL = os.environ.get("YITONG_ALL") == "1"

# Few examples in `make test`, many in `make test-all`, once: what they find does not depend on the server's build.
# Never a deadline: machines are slower than they seem.
hypothesis_settings.register_profile("brief", max_examples=20, deadline=None)
hypothesis_settings.register_profile("deep", max_examples=100, deadline=None)
hypothesis_settings.load_profile(
    "deep" if ALL and "YITONG_TEST_DATABASE_URL" not in os.environ else "brief"
)
NEEDS_BROWSER = "needs `sudo make setup-browser`"
_BROWSER_PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


def _read_settings_again() -> None:
    """pytest-django reads the settings before any conftest; the environment is ours only now."""
    module = importlib.reload(sys.modules[os.environ["DJANGO_SETTINGS_MODULE"]])
    for name in dir(module):
        if name.isupper() and name != "DATABASES":
            setattr(django_settings, name, getattr(module, name))


_read_settings_again()
# PBKDF2 costs half a second a try; nothing tried here hangs on the cost, and commands and nodes keep it.
django_settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    *django_settings.PASSWORD_HASHERS,
]
# Until a fixture says otherwise there is no database, whatever DATABASE_URL the shell had.
connections.settings["default"].update(database_from_url(""))


# Selection ---------------------------------------------------------------------------------------


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for a server or a process."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("django_db")
        flushes = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if flushes or (marker and marker.kwargs.get("transaction")):
            raise pytest.UsageError(
                f"{item.nodeid}: a flush would hit the ledger's triggers; mark it `committed` instead"
            )
        if marker and item.get_closest_marker("furnished"):
            raise pytest.UsageError(
                f"{item.nodeid}: `furnished` is rolled back without `django_db`"
            )
    _leave_out(config, items, {"conformance"})
    if ALL or config.option.markexpr:
        return
    _leave_out(config, items, {"slow", "faults"})


def _leave_out(config: pytest.Config, items: list[pytest.Item], marks: set[str]) -> None:
    """What belongs to a longer run. Whoever names only such tests wants them."""
    late = [item for item in items if marks & {mark.name for mark in item.iter_markers()}]
    if late and len(late) < len(items):
        config.hook.pytest_deselected(items=late)
        items[:] = [item for item in items if item not in set(late)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """In `make test-all` what is lacking is an error, never a skip."""
    report = yield
    if ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    wanting = sorted(
        report.nodeid
        for report in terminalreporter.stats.get("skipped", [])
        if NEEDS_BROWSER in str(report.longrepr)
    )
    if wanting:
        terminalreporter.section("browser tests that want `sudo make setup-browser`")
        for name in wanting:
            terminalreporter.line(name)


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["YITONG_DATA"], ignore_errors=True)


@pytest.fixture(autouse=True)
def _language_of_the_source() -> None:
    """A request in English leaves its thread in English; the next test must not meet that."""
    translation.deactivate()


# Databases ---------------------------------------------------------------------------------------


def _point_django_at(url: str) -> None:
    """Re-point the default connection: every thread's next connection goes to `url`."""
    connections["default"].close()
    connections.settings["default"].update(database_from_url(url))


def _migrate(url: str) -> None:
    _point_django_at(url)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    # Nearly everything has a clock: the register is loaded once here and not by every test.
    from tests.factories.statutes import furnish_register

    furnish_register()
    connections["default"].close()


@pytest.fixture(scope="session")
def worker_databases(django_db_blocker) -> Iterator[Databases]:
    """This worker's server; started when the first test needs it."""
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            found = stack.enter_context(databases(_migrate))
        yield found


@pytest.fixture(scope="session")
def working_database(worker_databases: Databases, django_db_blocker) -> Iterator[str]:
    """The copy in which rolled-back tests run; the template itself must have no visitors."""
    name = f"{worker_databases.template}_work"
    url = clone(worker_databases, name)
    yield url
    with django_db_blocker.unblock():
        connections.close_all()
    with psycopg.connect(url) as connection:
        left = connection.execute("select event from ledger_entry order by id").fetchall()
    drop(worker_databases, name)
    # Another test of this worker would have met them: what commits by itself is marked `committed`.
    assert not left, f"a test that is rolled back committed entries: {left}"


@pytest.fixture(scope="session")
def django_db_setup(working_database: str, django_db_blocker) -> None:
    """Instead of pytest-django's own: no second test database, no second run of the migrations."""
    with django_db_blocker.unblock():
        _point_django_at(working_database)


_clones = count(1)


@pytest.fixture(scope="session")
def all_furnished(worker_databases: Databases) -> Iterator[dict[str, Furnished]]:
    """What this worker has furnished so far, by name."""
    made: dict[str, Furnished] = {}
    yield made
    forget(worker_databases, made)


@pytest.fixture
def furnished_database(request: pytest.FixtureRequest) -> Furnished | None:
    """What this test's marker `furnished` asks for; made if this worker has none yet."""
    marker = request.node.get_closest_marker("furnished")
    if marker is None:
        return None
    (name,) = marker.args
    server: Databases = request.getfixturevalue("worker_databases")
    working: str = request.getfixturevalue("working_database")
    made: dict[str, Furnished] = request.getfixturevalue("all_furnished")
    if name not in made:
        with request.getfixturevalue("django_db_blocker").unblock():
            try:
                made[name] = furnish(
                    server, name, point_at=_point_django_at, settings=django_settings
                )
            finally:
                connections.close_all()
                _point_django_at(working)
    return made[name]


@pytest.fixture(autouse=True)
def _own_database(
    request: pytest.FixtureRequest, furnished_database: Furnished | None
) -> Iterator[str | None]:
    """A clone for a test marked `committed`; Django's default connection points at it meanwhile.

    A test that is `furnished` and not `committed` is rolled back in the copy that all such tests share.
    """
    is_committed = request.node.get_closest_marker("committed") is not None
    furnished = furnished_database
    if not is_committed and furnished is None:
        yield None
        return
    server: Databases = request.getfixturevalue("worker_databases")
    working: str = request.getfixturevalue("working_database")
    with ExitStack() as stack:
        stack.enter_context(request.getfixturevalue("django_db_blocker").unblock())
        if furnished is not None:
            stack.enter_context(at_hand(furnished))
        if is_committed:
            name = f"{server.template}_{os.getpid()}_{next(_clones)}"
            url = clone(server, name, of=furnished.database if furnished else None)
            stack.callback(drop, server, name)
        else:
            url = furnished.shared_url(server)
        stack.callback(_point_django_at, working)
        stack.callback(connections.close_all)
        _point_django_at(url)
        if not is_committed:
            stack.enter_context(rolled_back())
        yield url if is_committed else None


@pytest.fixture
def database_url(_own_database: str | None) -> str:
    """The address of this test's own clone, for raw connections and for other processes."""
    if _own_database is None:
        raise pytest.UsageError("database_url needs @pytest.mark.committed")
    return _own_database


@pytest.fixture
def site(database_url: str) -> Iterator[str]:
    """The whole site over HTTP on this test's clone; its address. For browsers and clients."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


# Browser -----------------------------------------------------------------------------------------


def chromium_path() -> str | None:
    """A Chromium on this machine, never a download."""
    wanted = os.environ.get("YITONG_CHROMIUM")
    return next((path for path in (wanted, *_BROWSER_PLACES) if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium; without one the test is skipped, in `make test-all` it fails."""
    path = chromium_path()
    if path is None:
        if ALL:
            pytest.fail(NEEDS_BROWSER, pytrace=False)
        pytest.skip(NEEDS_BROWSER)
    from playwright.sync_api import sync_playwright

    flags = [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A fresh page: Chinese, in the node's zone, nothing remembered from another test."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()
