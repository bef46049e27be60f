"""The keys of one run over many rows: the newest pseudonym key and a scope's sealing key, by the column.

Without a database, so that a process of ours that makes rows can use them. They are pickled into the pipe of such a
process and nowhere else.
"""

from collections.abc import Callable, Mapping, Sequence

from yitong.base.keys.held import HeldKey, HeldPseudonymKey
from yitong.base.keys.rules import (
    Algorithm,
    Hashing,
    Purpose,
    Scope,
    normalised_numbers,
    pseudonym_prefix,
)


class RowKeys:
    """Use them for one run, then let them go."""

    def __init__(self, pseudonym_key: HeldPseudonymKey, sealing_key: HeldKey | None) -> None:
        self._pseudonym_key = pseudonym_key
        self._sealing_key = sealing_key

    def __repr__(self) -> str:
        return f"<RowKeys {self._pseudonym_key} {self._sealing_key}>"

    def __reduce__(self) -> "tuple[Callable[..., RowKeys], tuple[object, ...]]":
        return _again, (self._pseudonym_key.parts, self._sealing_key and self._sealing_key.parts)

    def pseudonyms(self, kind: str, numbers: Sequence[bytes]) -> list[bytes]:
        """The pseudonym of each number of a column; empty for what is no number."""
        messages = normalised_numbers(kind, numbers)
        made = self._pseudonym_key.pseudonyms(pseudonym_prefix(kind), messages)
        if b"" in messages:
            return [each if message else b"" for each, message in zip(made, messages, strict=True)]
        return made

    def seal_columns(
        self, columns: Mapping[str, Sequence[bytes]], *, context: bytes, ends: Sequence[bytes]
    ) -> list[bytes]:
        """Seal each row as `seal` does it, in the context with its own end.

        Names in ASCII and sorted; cells in UTF-8, an empty one means null.
        """
        if self._sealing_key is None:
            raise ValueError("no scope was named to seal for")
        return self._sealing_key.seal_columns(columns, context, ends)


def _again(
    pseudonym_key: tuple[int, Hashing, bytes],
    sealing_key: tuple[int, Scope, Purpose, Algorithm, bytes] | None,
) -> RowKeys:
    sealing = None if sealing_key is None else HeldKey.of(*sealing_key, active=True)
    return RowKeys(HeldPseudonymKey(*pseudonym_key), sealing)
