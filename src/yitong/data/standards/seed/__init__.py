"""The data files of standards, with source and confidence in every row, and their reading."""

import csv
import hashlib
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from yitong.data.standards.elements import (
    CodeSet,
    CodeValue,
    Concept,
    Edition,
    Element,
    Form,
    Harm,
)

FILES = (
    "elements.csv", "codes.csv", "code_sets.csv", "harms.csv", "grades.csv", "words.csv", "forms.csv",
)  # fmt: skip


@cache
def edition() -> Edition:
    """What stands in the files of this release."""
    code_sets = _code_sets()
    harms = _harms()
    elements = tuple(_element(row, harms) for row in _rows("elements.csv"))
    digest = hashlib.sha256(b"".join(_bytes(name) for name in FILES)).digest()
    return Edition(elements, code_sets, _concepts(), _forms(), digest)


@cache
def grade_matrix() -> Mapping[tuple[str, str], str]:
    """GB/T 43697-2024: the grade for each interest hurt and harm done."""
    return {(row["interest"], row["harm"]): row["grade"] for row in _rows("grades.csv")}


def _harms() -> dict[str, Harm]:
    matrix = grade_matrix()
    return {
        row["key"]: Harm(
            key=row["key"],
            interest=row["interest"],
            harm=row["harm"],
            grade=int(matrix[row["interest"], row["harm"]].removeprefix("general_")),
            reason=row["reason"],
            confidence=row["confidence"],
        )
        for row in _rows("harms.csv")
    }


def _code_sets() -> dict[str, CodeSet]:
    values: dict[str, list[CodeValue]] = {}
    for row in _rows("codes.csv"):
        value = CodeValue(row["value"], row["name"], row["confidence"])
        values.setdefault(row["set"], []).append(value)
    return {
        row["set"]: CodeSet(
            row["set"], row["name"], row["source"], row["confidence"], tuple(values[row["set"]])
        )
        for row in _rows("code_sets.csv")
    }


def _element(row: Mapping[str, str], harms: Mapping[str, Harm]) -> Element:
    return Element(
        code=row["code"],
        name=row["name"],
        english=row["english"],
        definition=row["definition"],
        group=row["group"],
        synonyms=_list(row["synonyms"]),
        latin=_list(row["latin"]),
        type_letter=row["type"],
        format=row["format"],
        code_set=row["code_set"],
        personal=row["personal"],
        subject=row["subject"],
        about_organisation=row["holder"] == "org",
        harm=harms[row["harm"]],
        mask=row["mask"],
        evidence=row["evidence"],
        source=row["source"],
        confidence=row["confidence"],
    )


def _concepts() -> tuple[Concept, ...]:
    return tuple(
        Concept(
            row["concept"],
            row["role"],
            _list(row["chinese"]),
            _list(row["english"]),
            row["personal"] == "yes",
        )
        for row in _rows("words.csv")
    )


def _forms() -> dict[str, Form]:
    return {
        row["form"]: Form(row["form"], row["pattern"], row["name"]) for row in _rows("forms.csv")
    }


def _list(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_bytes(name).decode("utf-8"), newline="")))


def _bytes(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
