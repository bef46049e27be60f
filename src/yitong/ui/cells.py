"""Cells of the tables that people take along."""

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_cell(text: str) -> str:
    """Text that a spreadsheet would take for a formula is told to be text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
