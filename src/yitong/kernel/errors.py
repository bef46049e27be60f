"""Refusals: an expected "no" that says what is wrong, on which basis and what to do next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from yitong.kernel.law import Basis

Kind = Literal["invalid", "not_found", "refused", "conflict", "unavailable"]


def N_(sentence: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Mark a Chinese source sentence for translation without translating it here."""
    return sentence


@dataclass(frozen=True, slots=True)
class Way:
    """A page on which the person can mend what stands against it: its address by name, and what the link says."""

    name: str
    words: str
    query: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """An expected "no". Doors turn it into a page, a problem document or an exit code.

    `sentence` is a marked Chinese source string with named places; `remedy` is what the person can do
    next, also a marked string; `basis` is the article, or None where the reason is technical.
    """

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = "refused"
    sentence: ClassVar[str] = N_("不能这样做。")
    basis: Basis | None = None  # of the class, or of the one refusal where a policy decided it
    remedy: ClassVar[str] = ""
    worded: ClassVar[
        tuple[str, ...]
    ] = ()  # places that hold marked words themselves, to be translated too
    way: Way | None = None  # where a page can lead on; comes back to the page that was refused

    def __init__(self, **places: object) -> None:
        super().__init__(self.code)
        self.places = places

    def __str__(self) -> str:
        return self.say()

    def say(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with its places filled, through `translate` (gettext) where a door has one."""
        return translate(self.sentence).format(**self._told(translate))

    def say_remedy(self, translate: Callable[[str], str] = str) -> str:
        return translate(self.remedy).format(**self._told(translate)) if self.remedy else ""

    def _told(self, translate: Callable[[str], str]) -> dict[str, object]:
        words = {name: translate(str(self.places[name])) for name in self.worded}
        return {**self.places, **words}
