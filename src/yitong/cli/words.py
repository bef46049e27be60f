"""The words of the command line: Chinese, or English where the environment asks for it.

Django is not loaded for this: `yitong --help` must not wait for it.
"""

import gettext
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def language() -> str:
    """`YITONG_LANG` decides, else the first of the usual variables that is set; Chinese where none is."""
    for name in ("YITONG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "zh-hans"
    return "zh-hans"


@cache
def _catalogue(wanted: str) -> gettext.NullTranslations:
    if wanted == "en":
        return gettext.translation("django", LOCALE, ["en"], fallback=True)
    return gettext.NullTranslations()


def _(sentence: str) -> str:
    """The sentence in the language of this terminal."""
    return _catalogue(language()).gettext(sentence) if sentence else ""
