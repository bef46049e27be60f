#!/usr/bin/env python3
"""Run every static check at once, as many at a time as there are cores (`make check`).

Each tool keeps its own cache, so a second run takes seconds. What fails is printed whole; what is well is
one line with its time. Names as arguments run only those.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# The longest first, so that the short ones fill the other core.
CHECKS = {
    "types": ["mypy"],
    "migrations": [
        "python", "-W", "ignore::RuntimeWarning", "-m", "django", "makemigrations", "--check", "--dry-run",
    ],
    "templates": ["djlint", "--lint", "--quiet", "src"],
    "imports": ["lint-imports", "--no-logo"],
    "spelling": ["codespell", "src", "tests", "tools", "docs", *sorted(p.name for p in ROOT.glob("*.md"))],
    "lint": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """How one check ended."""

    name: str
    code: int
    seconds: float
    output: str


def run(name: str) -> Outcome:
    program, *arguments = CHECKS[name]
    started = time.monotonic()
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "yitong.config.settings"},
    )
    return Outcome(name, done.returncode, time.monotonic() - started, done.stdout)


def main(names: list[str]) -> int:
    if unknown := sorted(set(names) - CHECKS.keys()):
        print(
            f"no such check: {', '.join(unknown)}; there are {', '.join(CHECKS)}", file=sys.stderr
        )
        return 2
    started = time.monotonic()
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for future in as_completed([pool.submit(run, name) for name in names or CHECKS]):
            outcome = future.result()
            word = "FAILED" if outcome.code else "ok"
            print(f"{outcome.name:<12} {word:<7} {outcome.seconds:5.1f} s", flush=True)
            if outcome.code:
                failed.append(outcome.name)
                print(outcome.output.rstrip(), flush=True)
    print(
        f"{time.monotonic() - started:.1f} s in all"
        + (f"; failed: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
