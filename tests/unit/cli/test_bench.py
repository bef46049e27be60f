"""What scripts read of a benchmark."""

import json
import sys
import types

import pytest

from yitong.cli.bench import NAMES, measure
from yitong.cli.bench.result import BenchResult, conditions, interleaved
from yitong.cli.main import run

KEYS = [
    "name", "figure", "unit", "limit", "rival", "ratio_to_limit", "ratio_to_rival", "bar", "ok",
    "points", "conditions",
]  # fmt: skip


@pytest.fixture
def benchmark_of(monkeypatch):
    """Put a module in the place of `start`."""

    def install(work) -> None:
        module = types.ModuleType("yitong.cli.bench.start")
        module.run = work
        monkeypatch.setitem(sys.modules, "yitong.cli.bench.start", module)
        monkeypatch.setattr("yitong.cli.bench.start", module, raising=False)

    return install


def test_the_benchmarks_have_the_names_that_scripts_call():
    assert NAMES == (
        "ledger", "proofs", "record", "gateway", "start", "memory", "duedate", "duties", "inbox", "recompute",
        "ingest", "profile", "match", "predicate",
    )  # fmt: skip


@pytest.mark.parametrize(("is_met", "code"), [(True, 0), (False, 1)])
def test_a_result_is_one_object_of_the_agreed_shape(is_met, code, benchmark_of, capsys):
    result = BenchResult(
        name="start", figure=3.2, unit="s", bar="≤ 4", ok=is_met, conditions=conditions(rounds=3)
    )
    benchmark_of(lambda progress: result)
    assert run(["bench", "start", "--json"]) == code
    said = json.loads(capsys.readouterr().out)
    assert list(said) == KEYS
    assert (said["figure"], said["ok"], said["limit"]) == (3.2, is_met, None)
    assert said["conditions"]["rounds"] == 3
    assert run(["bench", "start"]) == code
    assert "3.2 s" in capsys.readouterr().out


def test_a_package_that_only_developers_have_is_named(benchmark_of, capsys):
    def work(progress):
        raise ModuleNotFoundError(name="pymerkle")

    benchmark_of(work)
    assert run(["bench", "start"]) == 1
    assert "pymerkle" in capsys.readouterr().err


def test_a_fault_inside_a_benchmark_is_no_missing_package(benchmark_of):
    def work(progress):
        raise ZeroDivisionError

    benchmark_of(work)
    with pytest.raises(ZeroDivisionError):
        measure("start", lambda step: None)


def test_sides_take_turns():
    order = []
    found = interleaved(
        {"a": lambda: order.append("a") or 1.0, "b": lambda: order.append("b") or 2.0},
        2,
        lambda step: None,
    )
    assert order == ["a", "b", "a", "b"]
    assert found == {"a": [1.0, 1.0], "b": [2.0, 2.0]}


def test_a_volume_is_chosen_only_where_there_is_one(monkeypatch, capsys):
    asked = []
    module = types.ModuleType("yitong.cli.bench.ingest")
    result = BenchResult(name="ingest", figure=1, unit="rows/s", bar="", ok=True)
    module.run = lambda progress, rows=10: asked.append(rows) or result
    monkeypatch.setitem(sys.modules, "yitong.cli.bench.ingest", module)
    assert run(["bench", "ingest", "--rows", "5000"]) == run(["bench", "ingest"]) == 0
    assert asked == [5000, 10]
    assert run(["bench", "start", "--rows", "5000"]) == 2
