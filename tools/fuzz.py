#!/usr/bin/env python3
"""Fuzz every reader of files and the reader of rules (`make fuzz`): coverage-guided, bounded in time and memory.

Targets and seeds are in tests/fuzz. A target that fails leaves its input in the folder that `--keep` names (else a
temporary one): cut it down, mend the reader, and put the input into tests/fuzz/found.py.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SECONDS = 60
ONE_INPUT_SECONDS = 10
MEMORY_MIB = 1_024


@dataclass
class Result:
    """What one target did."""

    target: str
    runs: int
    covered: int
    memory_mib: int
    seconds: float
    failed: str


def fuzzed(name: str, seconds: int, folder: Path, seeds: list[bytes]) -> Result:
    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    began = time.monotonic()
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzz.fuzzing", name, str(corpus),
            f"-max_total_time={seconds}", f"-timeout={ONE_INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MIB}",
            f"-artifact_prefix={folder / name}-", "-print_final_stats=1",
        ],
        cwd=ROOT, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    said = done.stderr + done.stdout
    (folder / f"{name}.log").write_text(said, encoding="utf-8")
    return Result(
        name,
        number_in(r"number_of_executed_units: (\d+)", said),
        number_in(r".*cov: (\d+)", said),
        number_in(r"peak_rss_mb: +(\d+)", said),
        round(time.monotonic() - began, 1),
        "" if done.returncode == 0 else reason(said),
    )


def number_in(pattern: str, said: str) -> int:
    found = re.findall(pattern, said)
    return int(found[-1]) if found else 0


def reason(said: str) -> str:
    """The line that says what was wrong."""
    lines = [line for line in said.splitlines() if re.search(r"Error|ERROR|Exception|assert", line)]
    return (lines or ["it ended without a word"])[0].strip()[:200]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help="default: all")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each target")
    parser.add_argument(
        "--keep", type=Path, help="a folder for inputs and logs, gone on with next time"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not find_spec("atheris"):
        sys.exit("atheris is missing: make setup (it has wheels for Linux on x86-64 only)")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yitong.config.settings")
    import django

    django.setup()
    found = import_module("tests.fuzz.found").FOUND
    seeds = import_module("tests.fuzz.seeds").SEEDS
    folder = options.keep or Path(tempfile.mkdtemp(prefix="yitong-fuzz-"))
    results = []
    for name in options.targets or seeds:
        known = [each.content for each in found if each.target == name]
        results.append(fuzzed(name, options.seconds, folder.resolve(), [*seeds[name](), *known]))
        if not options.json:
            print(said_of(results[-1]), flush=True)
    if options.json:
        print(json.dumps([asdict(each) for each in results], ensure_ascii=False, indent=2))
    failed = [each.target for each in results if each.failed]
    if failed:
        print(f"failed: {', '.join(failed)}; inputs and logs are in {folder}", file=sys.stderr)
    return 1 if failed else 0


def said_of(result: Result) -> str:
    state = f"FAILED {result.failed}" if result.failed else "ok"
    return (
        f"{result.target:<12} {result.runs:>9,} inputs  {result.covered:>5} edges  "
        f"{result.memory_mib:>5} MiB  {result.seconds:>6.1f} s  {state}"
    )


if __name__ == "__main__":
    sys.exit(main())
