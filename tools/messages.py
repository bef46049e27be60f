#!/usr/bin/env python3
"""Collect every marked sentence into the translations (`make messages`), or list what is missing (`--check`).

Chinese source sentences are marked by `N_`, by gettext's functions and by Django's template tags. They are
found in Python's syntax tree and by Django's own template reader, so no gettext is needed on the machine; titles and
notes of the register of time limits are found in its files, whose Chinese is what binds. Existing translations are
kept; new sentences come in empty, dropped ones leave.
"""

import argparse
import ast
import csv
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "yitong"
LOCALES = SOURCE / "locale"
# Which arguments of each marker are the context, the sentence, and its plural.
ONE, PLURAL, CONTEXT = (None, 0, None), (None, 0, 1), (0, 1, None)
MARKERS = {
    "N_": ONE, "_": ONE, "gettext": ONE, "gettext_lazy": ONE,
    "ngettext": PLURAL, "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT, "pgettext_lazy": CONTEXT, "npgettext": (0, 1, 2), "npgettext_lazy": (0, 1, 2),
}  # fmt: skip
# What Django's reader leaves of a template: calls with literal strings between letters X.
_TEXT = r"(u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})?", re.DOTALL)

# Words of the law that come as data: which columns of which files are read by people.
DATA = {
    "base/statutes/seed/acts.csv": ("title",),
    "base/statutes/seed/limits.csv": ("title", "approver", "notify", "source", "note"),
    "base/statutes/seed/stops.csv": ("title", "tell"),
    "base/statutes/seed/calendar_2027.csv": ("source",),
}

Found = tuple[str | tuple[str, str], str | None]


def _of_python(path: Path) -> Iterator[Found]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if name not in MARKERS:
            continue
        words = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        context, one, many = (None if at is None else words[at] for at in MARKERS[name])
        if isinstance(one, str):
            yield ((one, many) if many else one), context


def _of_template(path: Path) -> Iterator[Found]:
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for function, first, second in _CALL.findall(code):
        one = ast.literal_eval(first)
        other = ast.literal_eval(second) if second else ""
        if function.startswith("np"):
            continue
        if function.startswith("p"):
            yield other, one
        elif function.startswith("n"):
            yield (one, other), None
        else:
            yield one, None


def _of_data(path: Path, columns: tuple[str, ...]) -> Iterator[Found]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from ((row[column], None) for column in columns if row[column])


def _everything() -> Iterator[Found]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _of_python(path)
    for path in sorted(SOURCE.rglob("templates/**/*.*")):
        if path.is_file():
            yield from _of_template(path)
    for name, columns in DATA.items():
        yield from _of_data(SOURCE / name, columns)


def sentences() -> Catalog:
    """Every marked sentence of the source."""
    found = Catalog(charset="utf-8")
    for message, context in _everything():
        found.add(message, context=context)
    return found


def file_of(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> Catalog:
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def missing(language: str) -> list[str]:
    """Sentences of the source that have no translation, in their order."""
    known = catalogue(language)
    found = []
    for message in sentences():
        if message.id:
            have = known.get(message.id, message.context)
            if (
                have is None
                or not have.string
                or (isinstance(have.string, tuple) and not all(have.string))
            ):
                found.append(message.id if isinstance(message.id, str) else message.id[0])
    return found


def collect(language: str) -> None:
    """Write the catalogue with exactly the sentences of today, keeping their translations."""
    known, wanted = catalogue(language), sentences()
    for message in wanted:
        have = known.get(message.id, message.context) if message.id else None
        if have is not None:
            message.string = have.string
    out = Catalog(
        locale=language, project="Yitong", version="0.1", charset="utf-8", fuzzy=False,
        header_comment="# English words of Yitong.\n# Translated by meaning; the Chinese source sentence is the key.",
    )  # fmt: skip
    for message in wanted:
        if message.id:
            out.add(message.id, message.string, context=message.context)
    text = BytesIO()
    write_po(text, out, width=0, no_location=True, omit_header=True)
    file_of(language).write_bytes(_HEADER.encode() + text.getvalue().lstrip(b"\n"))


_HEADER = """\
# English words of Yitong.
# Translated by meaning; the Chinese source sentence is the key.
msgid ""
msgstr ""
"Project-Id-Version: Yitong 0.1\\n"
"Language: en\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing, fail where one is missing"
    )
    only_look = parser.parse_args().check
    if not only_look:
        collect("en")
    wanting = missing("en")
    for sentence in wanting:
        print(sentence)
    if wanting:
        print(f"{len(wanting)} sentences have no English yet", file=sys.stderr)
    return int(only_look and bool(wanting))


if __name__ == "__main__":
    sys.exit(main())
