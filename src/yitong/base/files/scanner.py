"""The hook for a scanner of malware: none is built in; a deployment names its own."""

from functools import cache
from typing import BinaryIO, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class Scanner(Protocol):
    """Looks at a whole file before it is kept."""

    name: str

    def scan(self, content: BinaryIO, *, media_type: str) -> str | None:
        """The name of what was found, or None. What cannot be scanned raises, and is not kept."""


def configured() -> Scanner | None:
    """The scanner that `YITONG_FILE_SCANNER` names (dotted path of a callable that makes one), if any."""
    path = getattr(settings, "YITONG_FILE_SCANNER", "")
    return _made(path) if path else None


@cache
def _made(path: str) -> Scanner:
    return cast(Scanner, import_string(path)())
