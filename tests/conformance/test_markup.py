"""The main pages, as a server sends them in Chinese and in English, before html-validate (html-validate.json)."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client as Browser

from tests.conformance.conftest import HERE, run_program
from tests.factories.agencies import a_post, an_agency, staff
from tests.factories.duties import at, kinds_installed
from tests.factories.duty_city import NOW, a_duty_city, an_unassigned
from tests.factories.footprints import log_in, used, watched
from tests.factories.keys import node_keys  # noqa: F401
from tests.factories.statutes import a_local_limit
from yitong.base.duties.models import Admonition
from yitong.base.identity.models import Account
from yitong.data.exchange.api import shut_down
from yitong.kernel import clock

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.committed,
    pytest.mark.usefixtures("node_keys"),
    pytest.mark.parametrize("language", ["zh-hans", "en"]),
]

OPEN = (
    "/", "/help/", "/complaints/", "/accessibility/", "/ui/gallery/", "/ledger/verify/", "/account/login/",
    "/law/due/", "/law/due/?key=PER-42&start=2026-12-20", "/law/due/?key=&start=", "/law/limits/",
    "/law/limits/?q=nix", "/law/limits/PER-42/", "/law/calendar/2026/", "/no/such/page/",
)  # fmt: skip
STATUSES = {"/law/due/?key=&start=": {422}, "/no/such/page/": {404}}
PERSON = ("/my/", "/my/footprint/", "/my/messages/", "/my/delegations/", "/messages/settings/")
KEEPER = ("limits/", "limits/new/?key=PER-42", "calendar/")
CHIEF = ("agencies/", "posts/", "posts/new/", "appointments/", "accounts/", "accounts/new/")


@pytest.fixture
def valid(npm_programs, tmp_path, language):
    """Keep what a visitor is sent, and let html-validate read all of it at once."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / ".htmlvalidate.json").write_text((HERE / "html-validate.json").read_text())

    def check(visitor: Browser, *paths: str) -> None:
        visitor.cookies["django_language"] = language
        for number, path in enumerate(paths):
            answer = visitor.get(path)
            assert answer.status_code in STATUSES.get(path, {200}), (path, answer.status_code)
            assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in answer.content.decode()
            name = re.sub(r"\W+", "-", path).strip("-")[:60]
            (folder / f"{number:02}-{name}.html").write_bytes(answer.content)
        done = run_program(
            "node", npm_programs / "html-validate/bin/html-validate.mjs", "--formatter", "json=found.json", "*.html",
            cwd=folder,
        )  # fmt: skip
        assert done.returncode in {0, 1}, done.stderr
        found = json.loads((folder / "found.json").read_bytes())
        said = [
            f"{Path(page['filePath']).name}:{fault['line']} {fault['ruleId']}: {fault['message']}"
            for page in found
            for fault in page["messages"]
        ]
        assert not said, "\n".join(said[:40])

    return check


def logged_in(actor) -> Browser:
    return log_in(Account.objects.get(pk=int(actor.account.partition(":")[2])).username)


def test_open_pages(valid):
    a_local_limit("DSR-21b", amount=5)
    valid(Browser(), *OPEN)


def test_a_persons_pages(valid, tmp_path):
    lin = watched(tmp_path)
    used(lin)
    used(lin, purpose="marketing")
    try:
        lin.people.call(lin.person.number)
        asked = re.search(r'href="(/my/footprint/[0-9]+/question/)', lin.browser.get("/my/footprint/").content.decode())  # fmt: skip
        valid(lin.browser, *PERSON, asked[1])
        people = lin.people
        entry = f"/bureau/catalogue/{people.resource.pk}/"
        valid(
            logged_in(people.town.provider.sharing_head),
            *(f"{entry}{tab}" for tab in ("", "fields/", "conditions/", "quality/", "users/", "history/")),
            "/bureau/posts/", "/bureau/messages/", "/bureau/messages/sent/", "/bureau/catalogue/",
            "/bureau/catalogue/?q=气象", f"{entry}act/retire/", f"/bureau/grants/{people.grant.pk}/end/",
        )  # fmt: skip
    finally:
        shut_down()


def test_the_pages_of_who_keeps_the_node(valid):
    limit = a_local_limit("DSR-21b", amount=5)
    keeper = staff(a_post(an_agency("澜宁市大数据中心", region="8901"), "sysadmin"))
    ends = f"limits/{limit.id}/end/"
    valid(log_in(keeper.username), *(f"/administration/{path}" for path in (*KEEPER, ends)))
    post = a_post(an_agency("澜宁市民政局"), "agency_admin")
    chief = log_in(staff(post).username)
    valid(chief, *(f"/administration/{path}" for path in (*CHIEF, f"posts/{post.pk}/")))


def test_an_officers_pages(valid, monkeypatch):
    with kinds_installed():
        city = a_duty_city()
        an_unassigned(city)
        monkeypatch.setattr(clock, "now", lambda: at(NOW))
        number = {name: duty.pk for name, duty in city.duties.items()}
        valid(
            logged_in(city.bureau.clerk),
            "/work/", "/work/?state=today", f"/work/hand-over/?duty={number['running']}",
            *(f"/work/duties/{number[n]}/" for n in ("resumed", "paused", "missed", "long", "extended")),
            f"/work/duties/{number['missed']}/explain/",
        )  # fmt: skip
        valid(
            logged_in(city.bureau.reviewer),
            "/bureau/performance/", "/bureau/performance/?period=2025", "/bureau/performance/propose/",
            f"/bureau/admonitions/{Admonition.objects.get().pk}/",
            f"/work/duties/{number['running']}/extend/",
        )  # fmt: skip
