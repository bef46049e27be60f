"""Imports go down the ladder, and apps meet only at their doors. The layers themselves are import-linter's."""

import ast
import tomllib

import grimp
import pytest

from tools.inventory import ROOT, SOURCE, app_of


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("yitong", cache_dir=str(ROOT / ".import_linter_cache"))


# Benchmarks hold an app's inside against its limit, so they look in.
MEASURES = "yitong.cli.bench."


def has_door(app: str) -> bool:
    return (SOURCE.parent / app.replace(".", "/") / "api.py").exists()


def test_apps_meet_only_at_their_api(graph):
    trespasses = [
        f"{importer} imports {imported}"
        for importer in sorted(graph.modules)
        if not importer.startswith(MEASURES)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if (home := app_of(imported)) != app_of(importer)
        and has_door(home)
        and imported != f"{home}.api"
    ]
    assert not trespasses, "\n".join(trespasses)


def test_every_app_of_base_and_data_has_a_door():
    apps = [path for group in ("base", "data") for path in (SOURCE / group).glob("*/apps.py")]
    assert [path.parent.name for path in apps if not (path.parent / "api.py").exists()] == []


def test_rules_and_kernel_import_no_django(graph):
    pure = [name for name in graph.modules if is_pure(name)]
    impure = [
        f"{name} imports {imported}"
        for name in sorted(pure)
        for imported in sorted(graph.find_modules_directly_imported_by(name))
        if imported.startswith("yitong.") and not may_serve_a_rule(imported)
    ]
    assert not impure, "\n".join(impure)
    foreign = [
        f"{name} imports {imported}"
        for name in pure
        for imported in imports_of(name)
        if imported.split(".")[0] in {"django", "psycopg", "allauth", "procrastinate"}
    ]
    assert not foreign, "\n".join(foreign)


def is_pure(module: str) -> bool:
    return module.startswith("yitong.kernel.") or module.rpartition(".")[2] == "rules"


def may_serve_a_rule(module: str) -> bool:
    """Rules build on the kernel, on their app's own nouns and on other apps' doors; never on roles that act."""
    acting = {"actions", "queries", "models", "jobs", "reactions", "demo", "settings"}
    return module.rpartition(".")[2] not in acting


def imports_of(module: str) -> list[str]:
    names: list[str] = []
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return names


def parsed(module: str) -> ast.Module:
    path = SOURCE.parent / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "dt": {"now", "today"},
    "time": {"time", "time_ns"},
    "timezone": {"now", "localdate"},
}


def test_only_the_kernels_clock_reads_the_clock(graph):
    readers = []
    for module in sorted(graph.modules - {"yitong.kernel.clock"}):
        for node in ast.walk(parsed(module)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = ast.unparse(node.func.value).rpartition(".")[2]
                if node.func.attr in CLOCKS.get(owner, ()):
                    readers.append(f"{module}:{node.lineno} {ast.unparse(node.func)}")
    assert not readers, "\n".join(readers)


def test_contracts_are_exhaustive_and_ignore_nothing():
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    assert not [each["id"] for each in contracts if "ignore_imports" in each]
    layered = [each for each in contracts if each["type"] == "layers" and each["id"] != "anatomy"]
    assert all(each.get("exhaustive") for each in layered)
