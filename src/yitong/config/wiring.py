"""Gathers what the apps declare and hands it to those who run it."""

from collections.abc import Iterator
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from yitong.base.messages.api import MessageTemplate
from yitong.data.catalogue.api import consumers
from yitong.kernel.declare import DutyKind, MatterPage, Reaction, Schedule


def _lists(module: str, name: str) -> Iterator[object]:
    """The members of the list `name` in the module `module` of every app of ours that has one."""
    for app in apps.get_app_configs():
        if (
            app.module
            and app.name.startswith("yitong.")
            and module_has_submodule(app.module, module)
        ):
            yield from getattr(import_module(f"{app.name}.{module}"), name, ())


def schedules() -> list[Schedule]:
    """Every `SCHEDULES` of a `jobs.py`."""
    return [found for found in _lists("jobs", "SCHEDULES") if isinstance(found, Schedule)]


def reactions() -> list[Reaction]:
    """Every `REACTIONS` of a `reactions.py`."""
    return [found for found in _lists("reactions", "REACTIONS") if isinstance(found, Reaction)]


def duty_kinds() -> list[DutyKind]:
    """Every `DUTIES` of a `duties.py`."""
    return [found for found in _lists("duties", "DUTIES") if isinstance(found, DutyKind)]


def message_templates() -> list[MessageTemplate]:
    """Every `MESSAGES` of a `messages.py`."""
    return [found for found in _lists("messages", "MESSAGES") if isinstance(found, MessageTemplate)]


def matter_pages() -> list[MatterPage]:
    """Every `MATTERS` of a `matters.py`."""
    return [found for found in _lists("matters", "MATTERS") if isinstance(found, MatterPage)]


def consumer_lists() -> list[consumers.ConsumerList]:
    """Every `CONSUMERS` of a `consumers.py`."""
    found = _lists("consumers", "CONSUMERS")
    return [each for each in found if isinstance(each, consumers.ConsumerList)]
