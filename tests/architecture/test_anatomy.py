"""Every app has the same few files, named by nouns, and none of them is long."""

import ast
import importlib
import statistics
import sys
from pathlib import Path

import pytest

from tools.inventory import SOURCE, app_of

MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
PACKAGES = sorted({path.parent for path in MODULES})
APPS = sorted(path.parent for path in SOURCE.glob("*/*/apps.py"))
WITH_README = sorted(
    {*APPS, *(SOURCE / name for name in ("kernel", "hosting", "ui", "demo", "cli", "config"))}
)
HEADINGS = ["Role", "What it owns", "What it tells and asks others", "Lifecycle"]

# Words for a bucket, which grows until it knows everything.
BUCKETS = {
    "util", "utils", "common", "core", "helper", "helpers", "manager", "managers", "service", "services",
    "misc", "extra", "extras", "lib", "general", "generic", "stuff", "shared", "tools", "handler", "handlers",
    "processor", "data_utils", "constants", "functions", "classes", "interfaces",
}  # fmt: skip


def short(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_names_are_never_buckets():
    bad = [short(path) for path in MODULES if path.stem in BUCKETS]
    bad += [short(path) for path in PACKAGES if path.name in BUCKETS]
    assert not bad, f"name these by what an official would say: {bad}"


def test_no_app_is_named_like_the_standard_library():
    assert [short(path) for path in PACKAGES if path.name in sys.stdlib_module_names] == []


def test_no_module_is_deeper_than_six_segments():
    assert [short(path) for path in MODULES if len(path.relative_to(SOURCE).parts) > 5] == []


def test_no_file_is_empty():
    assert [short(path) for path in MODULES if not path.read_text(encoding="utf-8").strip()] == []


def test_no_module_passes_400_lines():
    assert {short(path): lines(path) for path in MODULES if lines(path) > 400} == {}


def test_modules_stay_small():
    sizes = sorted(lines(path) for path in MODULES)
    assert statistics.median(sizes) <= 100
    assert statistics.quantiles(sizes, n=10)[8] <= 300


def test_functions_stay_small():
    sizes = [
        node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    ]
    assert statistics.median(sizes) <= 10


@pytest.mark.parametrize("app", WITH_README, ids=short)
def test_every_app_has_a_readme_with_the_four_headings(app):
    readme = app / "README.md"
    assert readme.exists(), f"{short(app)} has no README.md"
    found = [
        line.removeprefix("## ").strip()
        for line in readme.read_text(encoding="utf-8").splitlines()
        if line.startswith("## ")
    ]
    assert found == HEADINGS


DOORS = sorted(SOURCE.rglob("api.py"))


@pytest.mark.parametrize("door", DOORS, ids=short)
def test_a_door_has_at_most_twenty_names(door):
    name = ".".join(door.relative_to(SOURCE.parent).with_suffix("").parts)
    module = importlib.import_module(name)
    assert len(module.__all__) <= 20
    assert len(set(module.__all__)) == len(module.__all__)
    assert [each for each in module.__all__ if not hasattr(module, each)] == []


@pytest.mark.parametrize("door", DOORS, ids=short)
def test_a_door_only_hands_on(door):
    """Nothing is made in a door: it re-exports names of its own app."""
    tree = ast.parse(door.read_text(encoding="utf-8"))
    made = [
        ast.unparse(node).splitlines()[0]
        for node in tree.body
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)
        and not (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
    ]
    assert made == []
    home = app_of(".".join(door.relative_to(SOURCE.parent).parts[:-1]))
    strangers = [
        node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and not f"{node.module}.".startswith(f"{home}.")
    ]
    assert strangers == []
