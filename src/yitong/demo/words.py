"""The words of the demo on the terminal: Chinese, or English where the environment asks for it.

Django is not ready before the node's database is known, so its own translation cannot be asked yet.
"""

import gettext
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
_VARIABLES = ("YITONG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@cache
def _catalogue() -> gettext.NullTranslations:
    wanted = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    if wanted.lower().startswith("en"):
        return gettext.translation("django", LOCALE, ["en"], fallback=True)
    return gettext.NullTranslations()


def _(sentence: str) -> str:
    """The sentence in the language of this terminal."""
    return _catalogue().gettext(sentence) if sentence else ""
