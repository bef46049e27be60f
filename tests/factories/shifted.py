"""The command line in a process whose clock a test sets, also while it runs; a file says by how many seconds.

Either the kernel's clock is moved, the only one that the program reads (`python -m tests.factories.shifted FILE …`),
or with Debian's faketime all that the operating system says of the time, for libraries too.
"""

import datetime as dt
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SHIFT_FILE_ARGUMENT = 1
NEEDS_FAKETIME = "needs Debian's package faketime"


def faketime_library() -> Path | None:
    """The one that knows threads, where Debian puts it."""
    wanted = os.environ.get("YITONG_FAKETIME")
    places = [Path(wanted)] if wanted else Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    return next((place for place in places if place.exists()), None)


@dataclass(frozen=True)
class Shift:
    """What a running process takes for now."""

    file: Path
    library: Path | None = None  # faketime's; None moves the kernel's clock

    def set_to(self, instant: dt.datetime) -> None:
        """From now on it is `instant`, and time goes on from there."""
        seconds = instant.timestamp() - time.time()
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+.6f}", encoding="ascii")
        new.replace(self.file)

    @property
    def seconds(self) -> float:
        return float(self.file.read_text(encoding="ascii"))

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.epoch(), dt.UTC)

    def epoch(self) -> float:
        return time.time() + self.seconds

    def command(self, *words: str) -> list[str]:
        """The command line's words, run under this clock."""
        if self.library is not None:
            faked = {
                "LD_PRELOAD": self.library,
                "FAKETIME_TIMESTAMP_FILE": self.file,
                "FAKETIME_NO_CACHE": 1,
                "FAKETIME_DONT_FAKE_MONOTONIC": 1,
                "DONT_FAKE_MONOTONIC": 1,
            }
            given = [f"{name}={value}" for name, value in faked.items()]
            return ["/usr/bin/env", *given, sys.executable, "-m", "yitong.cli", *words]
        return [sys.executable, "-m", "tests.factories.shifted", str(self.file), *words]


def main() -> None:
    from yitong.kernel import clock

    shift = Shift(Path(sys.argv[SHIFT_FILE_ARGUMENT]))
    clock.now, clock.epoch = shift.now, shift.epoch  # before anything else has taken hold of them
    del sys.argv[SHIFT_FILE_ARGUMENT]
    os.environ.setdefault("YITONG_LANG", "zh")
    from yitong.cli.main import main as yitong

    yitong()


if __name__ == "__main__":
    main()
