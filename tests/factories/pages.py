"""What every page passes in a real browser: it fits the screen, and axe finds nothing.

With YITONG_PICTURES=DIR a picture of each page is left there, to be looked at.
"""

import os
import re
from pathlib import Path
from typing import Final

from axe_playwright_python.sync_playwright import Axe

PHONE, DESK = 360, 1366
MODES: Final = {
    "chinese": {},
    "english": {"django_language": "en"},
    "elder": {"yitong_mode": "elder"},
    "contrast": {"yitong_contrast": "high"},
    "elder-english-contrast": {
        "django_language": "en",
        "yitong_mode": "elder",
        "yitong_contrast": "high",
    },
}
# The plain page, large letters, and everything at once, whose English is the widest: nothing fits these and
# not the others. For pictures to be looked at, all.
SEEN: Final = (
    tuple(MODES)
    if "YITONG_PICTURES" in os.environ
    else ("chinese", "elder", "elder-english-contrast")
)
_WCAG: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def assert_axe_finds_nothing(page, what):
    asked = {"runOnly": _WCAG, "resultTypes": ["violations"]}
    found = Axe().run(page, options=asked).response["violations"]
    assert not found, (what, [(v["id"], v["nodes"][0]["html"]) for v in found])


_WIDER = """width => [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`).slice(0, 12)"""


def assert_fits(page, what, width):
    found = page.evaluate("document.documentElement.scrollWidth")
    assert found <= width, (what, found, page.evaluate(_WIDER, width))


def assert_passes(page, what, mode):
    """Fits on phone and desk. Axe judges the plain page on the desk, and on the phone all modes at once.

    Each mode by itself is judged on the gallery, which has every component.
    """
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 768})
        if folder := os.environ.get("YITONG_PICTURES"):
            name = re.sub(r"\W+", "-", f"{what}").strip("-")[-60:]
            page.screenshot(path=Path(folder) / f"{name}-{width}-{mode}.png", full_page=True)
        assert_fits(page, what, width)
        if (width, mode) in {(DESK, "chinese"), (PHONE, "elder-english-contrast")}:
            assert_axe_finds_nothing(page, what)
