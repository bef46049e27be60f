"""What every page's frame needs to know. No query: a page without a database still has its frame."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from yitong.ui.preferences import Preferences, preferences


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame's facts: who runs the node, how the visitor wants it drawn, where a switch returns to."""

    city: str
    host: str
    is_demo: bool
    language: str
    preferences: Preferences
    here: str

    @property
    def lang(self) -> str:
        """The value of `<html lang>`."""
        return "en" if self.language == "en" else "zh-Hans"

    @property
    def is_elder(self) -> bool:
        return self.preferences.mode == "elder"

    @property
    def is_high_contrast(self) -> bool:
        return self.preferences.contrast == "high"


def frame(request: HttpRequest) -> Shell:
    """The frame of one request."""
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    names: dict[str, str] = settings.NODE_NAMES
    suffix = "_en" if language == "en" else ""
    return Shell(
        city=names[f"city{suffix}"] or names["city"],
        host=names[f"host{suffix}"] or names["host"],
        is_demo=settings.PROFILE == "demo",
        language=language,
        preferences=preferences(request),
        # A switch comes back by GET; the page that answered a POST is asked for anew.
        here=request.get_full_path(),
    )


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `shell` in every template."""
    return {"shell": frame(request)}
