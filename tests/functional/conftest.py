"""Pages of the whole site in a real browser, as whoever is logged in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client as Browser

from tests.factories.footprints import log_in
from tests.factories.pages import DESK
from yitong.base.identity.models import Account
from yitong.kernel.actor import Actor


@pytest.fixture
def address(site: str) -> str:
    """Where the pages are asked for; a module whose browser needs a name for the machine says another."""
    return site


@pytest.fixture
def visit(chromium, address) -> Iterator[Callable[..., Any]]:
    """A page in a context of its own: `visit(who, width, cookies)`, who an account, an actor, a browser or nobody.

    `level` is how sure the log-in is; anything else goes to the context.
    """
    contexts = []

    def open_page(who=None, width=DESK, cookies=None, *, level=None, **more):
        context = chromium.new_context(
            viewport={"width": width, "height": 768},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **more,
        )
        contexts.append(context)
        kept = dict(cookies or {})
        if who is not None:
            kept["sessionid"] = _session(who, level)
        context.add_cookies([{"name": n, "value": v, "url": address} for n, v in kept.items()])
        return settling(context.new_page())

    yield open_page
    for context in contexts:
        context.close()


def _session(who: Account | Actor | Browser, level: int | None) -> str:
    if isinstance(who, Browser):
        return str(who.cookies["sessionid"].value)
    if isinstance(who, Actor):
        who = Account.objects.get(pk=int(who.account.partition(":")[2]))
    session = log_in(who.username).session
    if level is not None:
        session["yitong_level"] = [who.pk, level]
        session.save()
    return str(session.session_key)


def settling(page):
    """A click returns when the page that it leads to has loaded, not when that page begins to come."""
    click = page.click

    def click_and_settle(*given, **more):
        click(*given, **more)
        page.wait_for_load_state()

    page.click = click_and_settle
    return page
