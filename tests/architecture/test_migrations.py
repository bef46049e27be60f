"""The database's shape follows the ladder: one line of migrations an app, and pointers only downwards."""

import tomllib
from functools import cache

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from tools import inventory
from tools.inventory import ROOT, app_of

OURS = {
    config.label: config.name
    for config in apps.get_app_configs()
    if config.name.startswith("yitong.")
}


@cache
def heights() -> dict[str, int]:
    """How high each app stands, read from the import contracts."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = {
            each["id"]: each for each in tomllib.load(file)["tool"]["importlinter"]["contracts"]
        }
    ranks: dict[str, int] = {}
    for step, layer in enumerate(reversed(contracts["ladder"]["layers"])):
        for group in layer.split(" | "):
            ranks[f"yitong.{group}"] = step * 100
            if "layers" in contracts.get(group, {}):
                for place, apps_ in enumerate(reversed(contracts[group]["layers"])):
                    for app in apps_.split(" | "):
                        ranks[f"yitong.{group}.{app}"] = step * 100 + place
    return ranks


def height(module: str) -> int:
    return heights()[app_of(module)]


@pytest.fixture(scope="module")
def graph():
    return MigrationLoader(None).graph


@pytest.mark.parametrize("label", sorted(OURS))
def test_one_leaf_migration_an_app(graph, label):
    assert len(graph.leaf_nodes(label)) <= 1


def test_migrations_depend_downwards_only(graph):
    upwards = [
        f"{label}.{name} depends on {other}.{earlier}"
        for (label, name), node in graph.node_map.items()
        if label in OURS
        for other, earlier in [parent.key for parent in node.parents]
        if other in OURS and height(OURS[other]) > height(OURS[label])
    ]
    assert upwards == []


def test_foreign_keys_point_down_and_protect():
    wrong = []
    for model in inventory.models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey) or field.auto_created:
                continue
            target = field.related_model
            if not target.__module__.startswith("yitong."):
                continue
            place = f"{model.__name__}.{field.name}"
            if height(target.__module__) > height(model.__module__):
                wrong.append(f"{place} points up to {target.__name__}")
            if field.remote_field.on_delete is not models.PROTECT:
                wrong.append(f"{place} does not protect {target.__name__}")
    assert not wrong, "\n".join(wrong)


def test_no_model_overrides_save_or_delete():
    hooks = {"save", "delete", "clean", "full_clean"}
    overriding = [
        f"{model.__name__}.{name}"
        for model in inventory.models()
        for name in hooks & vars(model).keys()
    ]
    assert overriding == []
