#!/usr/bin/env python3
"""Write `docs/rulebook.md` from `tests/spec` (`make rulebook`), or say that it is out of date (`--check`).

A rule is a tested sentence with its citation. A spec module's docstring is a chapter's title, each test's name is a
sentence and its docstring the citation; a module with `SENTENCES` brings a table of the register, one row a sentence.
"""

import argparse
import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import inventory
from tools.make_reference import table

if TYPE_CHECKING:
    from tests.spec.statutes.sentences import Sentence

SPEC = inventory.ROOT / "tests" / "spec"
BOOK = inventory.ROOT / "docs" / "rulebook.md"
HEAD = """\
<!-- Written by `make rulebook` from tests/spec. Do not edit. -->

# Rule book

Every rule here is a test that passes: its sentence, and the article or standard on which it rests. The register of time
limits is whole; its numbers were typed from the text of the law a second time, and a test holds both to each other. In
an example a clock that starts on the first day ends on the second. 待核实 marks what was not read in an official text.
"""
UNITS = {"WD": "个工作日", "D": "日", "WH": "个工作时", "H": "小时", "M": "个月", "Y": "年"}
KINDS = {"at least": "不少于", "before": "提前", "keep": "保存", "yearly": "每年"}
EFFECTS = {
    "accepted": "视为受理", "accepted from start": "自收到之日起视为受理", "renewed": "视为准予延续", "agreed": "视为同意",
    "agency_decides": "由行政机关决定", "given_up": "视为放弃", "no_objection": "视为没有异议",
}  # fmt: skip
# Chapters in the order of a reader; folders that are not named follow by name.
CHAPTERS = {"statutes": "Time limits 时限", "kernel": "Counting, identifiers, algorithms"}


def book() -> str:
    """The whole rule book."""
    inventory.prepare()
    folders = sorted(
        path for path in SPEC.iterdir() if path.is_dir() and any(path.glob("test_*.py"))
    )
    order = list(CHAPTERS)
    folders.sort(key=lambda path: order.index(path.name) if path.name in order else len(order))
    parts = [HEAD]
    for folder in folders:
        parts.append(f"\n## {CHAPTERS.get(folder.name, folder.name.capitalize())}\n")
        for path in sorted(folder.glob("test_*.py")):
            parts.append(f"\n{chapter(path)}")
    return "".join(parts).rstrip() + "\n"


def chapter(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    title = " ".join((ast.get_docstring(tree) or path.stem).split("\n\n")[0].split())
    lines = [f"### {title.rstrip('.。')}\n"]
    if names_sentences(tree):
        lines.append(register(path))
    if rules := list(tested(tree)):
        lines.append("".join(f"- {rule}\n" for rule in rules))
    return "\n".join(lines)


def names_sentences(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SENTENCES"
        for node in tree.body
    )


def tested(tree: ast.Module) -> Iterator[str]:
    """Each test as a sentence with its citation; the test behind a table is the table."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        if names_sentences(tree) and [argument.arg for argument in node.args.args] == ["sentence"]:
            continue
        words = node.name.removeprefix("test_").replace("_s_", "'s ").replace("_", " ")
        citation = " ".join((ast.get_docstring(node) or "").split()).rstrip(".")
        yield f"{words[0].upper()}{words[1:]}." + (f" — {citation}" if citation else "")


def register(path: Path) -> str:
    """A table of the register's rows, for a lawyer."""
    name = ".".join(path.relative_to(inventory.ROOT).with_suffix("").parts)
    rows = importlib.import_module(name).SENTENCES
    heads = ["编号", "依据", "规定", "期限", "延长", "期满不办", "例"]
    return table(heads, (row_of(one) for one in rows))


def row_of(one: "Sentence") -> list[str]:
    act, _, article = one.citation.partition(" ")
    return [
        one.key,
        f"《{act}》{article}",
        one.says,
        period(one.period),
        period(one.extension) if one.extension else "",
        EFFECTS[one.outcome] if one.outcome else "",
        f"{one.start.replace('T', ' ')} → {one.due_on}",
    ]


def period(text: str) -> str:
    """`at least 30 D` as 不少于30日."""
    promise = "（承诺）" if text.endswith("承诺") else ""
    words = text.removesuffix(" 承诺")
    for english, chinese in KINDS.items():
        if words.startswith(english):
            return chinese + amount(words.removeprefix(english).split())
    return amount(words.split()) + promise


def amount(words: list[str]) -> str:
    if len(words) == 1:
        month, day = words[0].split("-")
        return f"{int(month)}月{int(day)}日"
    number, unit = words
    return "当场" if number == "0" else f"{number}{UNITS[unit]}"


def is_current() -> bool:
    return BOOK.exists() and BOOK.read_text(encoding="utf-8") == book()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail where it differs")
    if parser.parse_args().check:
        if is_current():
            return 0
        print("docs/rulebook.md differs from tests/spec: run `make rulebook`")
        return 1
    BOOK.write_text(book(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
