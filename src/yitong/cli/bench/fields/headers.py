"""How a word stands at the head of a column: as a form, a table, a developer or an export writes it."""

import random
from typing import Final, Literal

from pypinyin import lazy_pinyin

Style = Literal["chinese", "english", "pinyin", "initials", "misleading"]
_ADDED: Final = ("", "", "", "", "", "*{}", "{}（必填）", "{} ", "3.{}", "{}：", " {}", "{}\n")


def dressed(word: str, style: Style, dice: random.Random) -> str:
    if style == "english":
        return _cased(word.replace("-", "_").split("_"), dice)
    if style in {"pinyin", "initials"}:
        return _latin(word, style, dice)
    added = dice.choice(_ADDED)
    return added.format(word) if added else word


def _latin(word: str, style: Style, dice: random.Random) -> str:
    """Without what stands in brackets: nobody writes a unit in pinyin."""
    plain = word.split("（", maxsplit=1)[0] or word
    syllables = [part for part in lazy_pinyin(plain) if part.isalnum()]
    if style == "initials":
        joined = "".join(part[0] for part in syllables)
        return dice.choice((joined, joined.upper(), joined, f"f_{joined}"))
    return dice.choice(("".join(syllables), "_".join(syllables), "".join(syllables).upper()))


def _cased(parts: list[str], dice: random.Random) -> str:
    snake = "_".join(parts)
    camel = parts[0] + "".join(part.capitalize() for part in parts[1:])
    return dice.choice((snake, snake, camel, snake.upper(), " ".join(parts).title(), f"t_{snake}"))
