"""Steps that are told while they run and reported afterwards."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import click

from yitong.demo.words import _

T = TypeVar("T")


class StepFailed(Exception):
    """A step that did not come out as it must; the words say what was seen, `code` a command's exit code."""

    def __init__(self, words: str, code: int = 1) -> None:
        super().__init__(words)
        self.code = code


@dataclass(slots=True)
class Step:
    """One line of the report."""

    name: str
    ok: bool = False
    seconds: float = 0.0
    detail: str = ""


@dataclass(slots=True)
class Report:
    """What `--json` writes: a contract with other people's scripts."""

    steps: list[Step] = field(default_factory=list)
    size: int = 0
    verified: bool = False
    started: float = field(default_factory=time.monotonic)

    @property
    def ok(self) -> bool:
        return bool(self.steps) and all(step.ok for step in self.steps)

    @contextmanager
    def step(self, name: str, title: str) -> Iterator[Step]:
        """Say the title, run the block, say how it came out. A failure is reported and goes on up."""
        click.echo(f"· {_(title)} …", nl=False)
        step, began = Step(name), time.monotonic()
        self.steps.append(step)
        try:
            yield step
            step.ok = True
        except BaseException as fault:
            step.detail = step.detail or f"{type(fault).__name__}: {fault}"
            raise
        finally:
            step.seconds = round(time.monotonic() - began, 3)
            mark = _("好") if step.ok else _("没有成")
            click.echo(
                f" {mark}（{step.seconds:.1f} s）{'　' + step.detail if step.detail else ''}"
            )

    def fail(self, fault: Exception) -> None:
        """What went wrong outside every step is a step that failed."""
        if self.ok or not self.steps:
            self.steps.append(Step("demo", detail=f"{type(fault).__name__}: {fault}"))

    def write(self, path: Path) -> None:
        document = {
            "ok": self.ok,
            "seconds": round(time.monotonic() - self.started, 3),
            "steps": [
                {"name": s.name, "ok": s.ok, "seconds": s.seconds, "detail": s.detail}
                for s in self.steps
            ],
            "ledger": {"size": self.size, "verified": self.verified},
        }
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def until(look: Callable[[], T | None], *, seconds: float, what: str) -> T:
    """Look again and again until there is something; StepFailed when the time is over."""
    end = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > end:
            raise StepFailed(
                _("等了{seconds}秒，没有看到{what}").format(seconds=int(seconds), what=what)
            )
        time.sleep(0.25)
    return found
