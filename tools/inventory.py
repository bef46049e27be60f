"""What the code declares: modules, refusals, events, schedules, models, settings, commands.

Read by `make_reference.py`, which writes it down, and by the architecture tests, which hold it to the rules.
"""

import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import django
from django.apps import apps
from django.conf import settings

import yitong
from yitong.kernel.declare import Event, Measure, Reaction, Schedule
from yitong.kernel.errors import Refusal

if TYPE_CHECKING:
    import click

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "yitong"
ENTRY_POINTS = {"yitong.config.wsgi", "yitong.__main__", "yitong.cli.__main__"}
_SETTING = re.compile(r"\bYITONG_[A-Z0-9_]*[A-Z0-9]\b|\bDATABASE_URL\b")


def prepare() -> None:
    """Make Django ready where nobody has; no database is touched."""
    if not settings.configured:
        sys.path.insert(0, str(ROOT))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yitong.config.settings")
        os.environ["YITONG_LANG"] = "zh"  # help is written down in the source's language
    if not apps.ready:
        django.setup()


def modules() -> Iterator[ModuleType]:
    """Every module of ours, imported; without migrations and entry points, which do things on import."""
    prepare()
    for found in pkgutil.walk_packages(yitong.__path__, "yitong."):
        if ".migrations" not in found.name and found.name not in ENTRY_POINTS:
            yield importlib.import_module(found.name)


def app_of(module: str) -> str:
    """`yitong.base.ledger` of `yitong.base.ledger.tree`; a group without apps stands for itself."""
    parts = module.split(".")
    grouped = {"base", "data", "portals"}
    return ".".join(parts[:3] if len(parts) > 2 and parts[1] in grouped else parts[:2])


def refusals() -> list[type[Refusal]]:
    """Every kind of refusal, in the order of its code. Families that are never raised are left out."""
    list(modules())
    found: list[type[Refusal]] = []
    waiting = [Refusal]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.__module__.startswith("yitong.") and not is_family(kind):
            found.append(kind)
    return sorted(found, key=lambda kind: (app_of(kind.__module__), kind.code))


def is_family(kind: type[Refusal]) -> bool:
    """A refusal that others specialise and that says nothing of its own."""
    return kind is Refusal or (bool(kind.__subclasses__()) and not kind.remedy)


def sentences(kind: type[Refusal]) -> tuple[str, ...]:
    """Its sentence, or its several where the fault chooses one."""
    several = getattr(kind, "sentences", None)
    return tuple(dict.fromkeys(several.values())) if several else (kind.sentence,)


def _declared(where: str, wanted: type[Any]) -> list[tuple[str, Any]]:
    found = {}
    for module in modules():
        if module.__name__.rpartition(".")[2] == where:
            for value in vars(module).values():
                for each in value if isinstance(value, tuple | list) else (value,):
                    if isinstance(each, wanted):
                        found.setdefault(each.name, (app_of(module.__name__), each))
    return sorted(found.values(), key=lambda pair: (pair[0], pair[1].name))


def events() -> list[tuple[str, Event]]:
    """Every event with the app that declares it."""
    return _declared("events", Event)


def schedules() -> list[tuple[str, Schedule]]:
    return _declared("jobs", Schedule)


def reactions() -> list[tuple[str, Reaction]]:
    return _declared("reactions", Reaction)


def measures() -> list[tuple[str, Measure]]:
    return _declared("measures", Measure)


def models() -> list[type[Any]]:
    """Every model of ours, in the order of app and name."""
    prepare()
    ours = [model for model in apps.get_models() if model.__module__.startswith("yitong.")]
    return sorted(ours, key=lambda model: (app_of(model.__module__), model.__name__))


def settings_named(*folders: Path) -> dict[str, set[str]]:
    """Every setting named below `folders`, with the files that name it."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            for name in _SETTING.findall(path.read_text(encoding="utf-8")):
                found.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    return found


@dataclass(frozen=True)
class CommandLine:
    """One command of `yitong` as its help tells it."""

    path: str
    usage: str
    help: str
    options: tuple[tuple[str, str], ...]


def commands() -> list[CommandLine]:
    """Every command of the operators' door, in the order of its name."""
    import click

    prepare()
    main = importlib.import_module("yitong.cli.main")
    root = next(value for value in vars(main).values() if isinstance(value, click.Group))
    return list(_commands(root, "yitong"))


def _commands(command: "click.Command", path: str) -> Iterator[CommandLine]:
    import click

    context = click.Context(command, info_name=path)
    if isinstance(command, click.Group):
        for name in sorted(command.list_commands(context)):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                yield from _commands(found, f"{path} {name}")
        return
    records = [param.get_help_record(context) for param in command.params]
    yield CommandLine(
        path,
        " ".join(command.collect_usage_pieces(context)),
        (command.help or command.short_help or "").strip(),
        tuple(record for record in records if record is not None),
    )
