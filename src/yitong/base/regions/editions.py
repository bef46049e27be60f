"""The tables that stand in the tree: what they are, and their rows."""

import csv
import hashlib
import io
import json
import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import starmap
from pathlib import Path

from yitong.base.regions.errors import TableDamaged
from yitong.base.regions.rules import Division

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Edition:
    """A table to be loaded: which, its name, the day it describes, its digest, and who replaced whom."""

    table: str
    title: str
    as_of: date | None
    digest: str
    replacements: Mapping[str, str] = field(default_factory=dict)


def national() -> tuple[Edition, list[Division]]:
    """The national table, from province to village."""
    edition, text = _read("national")
    rows = (line.split(",", 1) for line in text.splitlines()[1:])
    return edition, list(starmap(Division, rows))


def county_history() -> tuple[Edition, list[Division]]:
    """Counties that are no more, so that the first six digits of an old number still say a place."""
    edition, text = _read("county_history")
    rows = list(csv.DictReader(io.StringIO(text)))
    begins = min((int(row["first_year"]) for row in rows), default=0)
    return edition, list(_closed(rows, begins))


def _closed(rows: list[dict[str, str]], begins: int) -> Iterator[Division]:
    """The source counts years; a county there in its first year may be older than it."""
    for row in rows:
        first, last = int(row["first_year"]), int(row["last_year"])
        yield Division(
            row["code"],
            row["name"],
            valid_from=date(first, 1, 1) if first > begins else None,
            valid_to=date(last + 1, 1, 1),
            replaced_by=row["replaced_by"],
        )


def _read(table: str) -> tuple[Edition, str]:
    about = json.loads((HERE / f"{table}.json").read_text(encoding="utf-8"))
    content = lzma.decompress((HERE / f"{table}.csv.xz").read_bytes())
    if hashlib.sha256(content).hexdigest() != about["sha256"]:
        raise TableDamaged(table=f"{table}.csv.xz")
    edition = Edition(
        table=table,
        title=about["edition"],
        as_of=date.fromisoformat(about["as_of"]),
        digest=about["sha256"],
        replacements=about.get("replaced_by", {}),
    )
    return edition, content.decode()


def rows_from_csv(path: Path) -> list[Division]:
    """An overlay's rows: a CSV file with the columns `code` and `name`."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [Division(row["code"], row["name"]) for row in csv.DictReader(lines)]


def overlay_edition(overlay: str, divisions: list[Division]) -> Edition:
    """An overlay is named by its content: the same rows are the same edition."""
    text = "".join(f"{d.code},{d.name}\n" for d in sorted(divisions, key=lambda d: d.code))
    return Edition(overlay, overlay, None, hashlib.sha256(text.encode()).hexdigest())
