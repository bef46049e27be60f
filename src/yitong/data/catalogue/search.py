"""How text is cut so that a search finds Chinese words of two characters and more. Pure."""

import re
import unicodedata
from collections.abc import Iterable

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U000323af]+")
_WORD = re.compile(r"[a-z0-9]+")


def search_terms(*texts: str) -> list[str]:
    """Two-character steps of Chinese and whole Latin words: a GIN index on them answers in milliseconds."""
    return sorted(set(_terms(texts)))


def _terms(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        plain = unicodedata.normalize("NFKC", text).lower()
        yield from _WORD.findall(plain)
        for run in _HAN.findall(plain):
            yield from run
            yield from (run[i : i + 2] for i in range(len(run) - 1))


def query_terms(text: str) -> list[str]:
    """What a search must find: the two-character steps, or the single characters of shorter words."""
    terms = search_terms(text)
    longer = [t for t in terms if len(t) > 1 or not _HAN.fullmatch(t)]
    singles = {run for run in _HAN.findall(text) if len(run) == 1}
    return sorted({*longer, *singles})
