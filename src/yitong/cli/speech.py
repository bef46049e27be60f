"""How a command speaks: results on stdout, progress on stderr and only to a terminal, JSON alone if asked for."""

import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

import click

from yitong.cli.errors import ConfirmationNeeded, NotConfirmed
from yitong.cli.words import _
from yitong.kernel.errors import Kind, Refusal

EXIT_CODES: Mapping[Kind, int] = {
    "invalid": 1,
    "unavailable": 1,
    "not_found": 3,
    "refused": 4,
    "conflict": 5,
}
FAILED, USAGE, INTERRUPTED = 1, 2, 130
_MARKS = {"ok": "green", "warn": "yellow", "fail": "red"}
_REDRAW_S = 0.1

Tell = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Speech:
    """One command's voice."""

    as_json: bool = False

    def say(self, *lines: str) -> None:
        """Lines for a reader; nothing where JSON was asked for."""
        if not self.as_json:
            for line in lines:
                _write(sys.stdout, f"{line}\n")

    def answer(self, document: object, lines: Iterable[str] = ()) -> None:
        """The command's result: one JSON document, or lines for a reader."""
        if self.as_json:
            _write(sys.stdout, f"{as_json(document)}\n")
        else:
            self.say(*lines)

    def note(self, line: str) -> None:
        """A step under way, for whoever watches."""
        if sys.stderr.isatty():
            _write(sys.stderr, f"{line}\n")

    @contextmanager
    def progress(self, label: str) -> Iterator[Tell]:
        """Within the block, `tell(done, total)` keeps one line up to date."""
        if not sys.stderr.isatty():
            yield _tell_nobody
            return
        line = _ProgressLine(label)
        try:
            yield line.tell
        finally:
            line.clear()

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on only if told so. Without a terminal it fails at once: nothing may wait for an answer."""
        if yes:
            return
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise ConfirmationNeeded
        if not click.confirm(question, err=True):
            raise NotConfirmed

    def refuse(self, refusal: Refusal) -> int:
        """Say a refusal with its basis and remedy; the exit code."""
        self.say_fault(
            {
                "code": refusal.code,
                "sentence": refusal.say(_),
                "basis": str(refusal.basis) if refusal.basis else None,
                "remedy": refusal.say_remedy(_) or None,
            }
        )
        return EXIT_CODES[refusal.kind]

    def say_fault(self, fault: Mapping[str, Any]) -> None:
        """A "no": as JSON, or its sentence, basis and remedy on stderr."""
        if self.as_json:
            self.answer({"error": fault})
            return
        said = [fault["sentence"]]
        if fault["basis"]:
            said.append(_("依据：{basis}").format(basis=fault["basis"]))
        if fault["remedy"]:
            said.append(_("怎么办：{remedy}").format(remedy=fault["remedy"]))
        _write(sys.stderr, "".join(f"{line}\n" for line in said))

    def usage(self, sentence: str, how: str) -> int:
        """Say that a command was called wrongly; the exit code."""
        said = sentence if self.as_json else _("用法不对：{sentence}").format(sentence=sentence)
        self.say_fault({"code": "usage", "sentence": said, "basis": None, "remedy": how})
        return USAGE


def _tell_nobody(done: int, total: int | None) -> None:
    """Nobody watches."""


class _ProgressLine:
    """One line on a terminal, redrawn at most ten times a second."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._drawn_at = 0.0

    def tell(self, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self._drawn_at < _REDRAW_S:
            return
        self._drawn_at = now
        amount = f"{done * 100 // total}%" if total else f"{done:,}"
        _write(sys.stderr, f"\r{self._label} {amount} \x1b[K")

    def clear(self) -> None:
        if self._drawn_at:
            _write(sys.stderr, "\r\x1b[K")


def _write(stream: IO[str], text: str) -> None:
    """Write at once. A reader that went away (`| head`) is no error, and never stops what the command does."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def as_json(document: object) -> str:
    """Readable JSON in this terminal's encoding."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    return json.dumps(document, ensure_ascii=plain, indent=2, default=str)


def coloured(text: str, state: str) -> str:
    """`text` in the colour of ok, warn or fail, where a terminal shows colours and nobody minds."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if plain or not sys.stdout.isatty():
        return text
    return click.style(text, fg=_MARKS[state])


def width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def padded(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))


def table(rows: Sequence[Sequence[str]], heads: Sequence[str] = ()) -> Iterator[str]:
    """Rows as aligned columns; the last column is left as it is."""
    every = [*([heads] if heads else []), *rows]
    if not every:
        return
    widths = [max(width(row[at]) for row in every) for at in range(len(every[0]))]
    for row in every:
        cells = [padded(cell, columns) for cell, columns in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip()
