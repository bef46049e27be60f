"""How a visitor wants pages drawn: kept in cookies, so that it needs no account and no database."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest

Mode = Literal["standard", "elder"]
Contrast = Literal["normal", "high"]

MODE_COOKIE = "yitong_mode"
CONTRAST_COOKIE = "yitong_contrast"


@dataclass(frozen=True, slots=True)
class Preferences:
    """The two switches; the language has Django's own cookie."""

    mode: Mode = "standard"
    contrast: Contrast = "normal"


def preferences(request: HttpRequest) -> Preferences:
    """What the cookies say; anything unknown is the default."""
    return Preferences(
        mode="elder" if request.COOKIES.get(MODE_COOKIE) == "elder" else "standard",
        contrast="high" if request.COOKIES.get(CONTRAST_COOKIE) == "high" else "normal",
    )
