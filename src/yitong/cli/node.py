"""A command's way into a node: its database, Django, and who acts.

Nothing here is imported before a command needs a node: Django and the apps cost a second.
"""

import functools
import gc
import os
import pwd
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from yitong.cli.errors import RestoreUnfinished
from yitong.cli.place import Place, place_of
from yitong.cli.speech import Speech
from yitong.cli.words import _, language
from yitong.kernel.actor import Actor

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Node:
    """An open node, and how the command speaks."""

    place: Place
    speech: Speech

    @property
    def actor(self) -> Actor:
        """Whoever is logged in, else the person at this machine."""
        from yitong.cli.session import logged_in

        return logged_in(self.place) or operator()

    @property
    def is_demo(self) -> bool:
        from django.conf import settings

        return bool(settings.PROFILE == "demo")


def operator() -> Actor:
    """The system user who runs the command; never what the environment claims."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return Actor.operator(name)


@contextmanager
def database(place: Place) -> Iterator[str]:
    """The URL of the node's database: the operator's own, or that of the node's server, started if need be."""
    from yitong.hosting.api import open_cluster

    with ExitStack() as stack:
        url = place.database_url
        if not url:
            url = stack.enter_context(open_cluster(place.directory)).url
        yield url


@contextmanager
def opened(place: Place, speech: Speech) -> Iterator[Node]:
    """The node, ready for this release. A process whose Django is set up already keeps its own database."""
    from django.apps import apps

    if apps.ready:
        yield Node(place, speech)
        return
    require_whole(place)
    with database(place) as url:
        place.furnish()
        set_up_django(place, url)
        prepare(speech)
        try:
            yield Node(place, speech)
        finally:
            close_connections()


def require_whole(place: Place) -> None:
    """Nothing works on a node whose restore was cut short or waits for its keys."""
    if place.restoring.exists():
        raise RestoreUnfinished(path=place.directory, backup=place.backup_under_way)


def set_up_django(place: Place, url: str) -> None:
    """Load the settings and the apps for this database."""
    os.environ.update(place.environment(url))
    # A server that accepts and never answers must not hang a command.
    os.environ.setdefault("PGCONNECT_TIMEOUT", "10")
    # What is imported stays: looking through it for garbage, again and again, only takes time.
    gc.disable()
    import django
    from django.utils import translation

    django.setup()
    gc.freeze()
    gc.enable()
    translation.activate(language())


def prepare(speech: Speech) -> None:
    """Bring the database to this release. What that takes only `config` knows; the settings name it."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    import_string(settings.NODE_PREPARATION)(lambda step: speech.note(f"{_(step)} …"))


def close_connections() -> None:
    from django.db import connections

    connections.close_all()


data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=_("节点的数据目录（默认取 YITONG_DATA）"),
)
json_option = click.option("--json", "as_json", is_flag=True, help=_("只在标准输出给出 JSON"))
yes_option = click.option("--yes", is_flag=True, help=_("不再询问"))


def on_node(command: Callable[..., R] | None = None, *, founds: bool = False) -> Callable[..., Any]:
    """Give a command an open node as its first argument, with `--data` and `--json`.

    Only a command that `founds` may make a node where there is none.
    """
    if command is None:
        return functools.partial(on_node, founds=founds)
    wanted = command

    @data_option
    @json_option
    @functools.wraps(wanted)
    def run(*, data: Path | None, as_json: bool, **options: Any) -> R:  # noqa: ANN401 - what each option's type made
        place = place_of(data)
        if not founds:
            place.require()
        with opened(place, Speech(as_json=as_json)) as node:
            return wanted(node, **options)

    return run


def speaking(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command that needs no node a voice, with `--json`."""

    @json_option
    @functools.wraps(command)
    def run(*, as_json: bool, **options: Any) -> R:  # noqa: ANN401 - what each option's type made
        return command(Speech(as_json=as_json), **options)

    return run
