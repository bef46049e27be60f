"""The key that signs sessions: from the environment, else from the file that the node's first start made."""

import os
from pathlib import Path

FILE = "secret-key"


def secret_key(directory: Path) -> str:
    """Empty where there is none yet: Django then refuses to sign, and everything else works."""
    if given := os.environ.get("YITONG_SECRET_KEY"):
        return given
    try:
        return (directory / FILE).read_text().strip()
    except OSError:
        return ""
