"""What the documents say exists, does: links, numbers of decisions, commands."""

import re
import subprocess
from pathlib import Path

import pytest

from tools import conformance, inventory
from tools.inventory import ROOT

DECISIONS = ROOT / "docs" / "decisions"
ADRS = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
ADR_HEADINGS = ["Context", "Decision", "Consequences", "Rejected"]


def documents() -> list[Path]:
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")]
    return sorted(found)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", documents(), ids=name)
def test_links_lead_somewhere(document):
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text)
    dead = [
        target
        for target in targets
        if "://" not in target
        and not target.startswith("mailto:")
        and not (document.parent / target).exists()
    ]
    assert dead == []


@pytest.mark.parametrize("document", documents(), ids=name)
def test_paths_named_in_documents_exist(document):
    text = document.read_text(encoding="utf-8")
    named = re.findall(r"`((?:src|tests|tools|docs|samples)/[A-Za-z0-9_./-]+)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in ADRS]
    assert numbers == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("adr", ADRS, ids=name)
def test_a_decisions_number_and_title_match_its_file(adr):
    text = adr.read_text(encoding="utf-8")
    number, _, slug = adr.stem.partition("-")
    title = re.match(r"# (\d+)\. (.+)\n", text)
    assert title, "the first line is `# N. Title`"
    assert int(title[1]) == int(number)
    assert re.sub(r"[^a-z0-9]+", "-", title[2].lower()).strip("-") == slug
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ADR_HEADINGS


def test_the_index_lists_every_decision_once_with_its_title():
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\d+\. \[(.+?)\]\((.+?)\)", index, flags=re.MULTILINE)
    titles = [
        (adr.read_text(encoding="utf-8").splitlines()[0].partition(". ")[2], adr.name)
        for adr in ADRS
    ]
    assert listed == titles


WITH_COMMANDS = [
    path
    for path in documents()
    if path.parent == ROOT or (path.is_relative_to(ROOT / "docs") and "reference" not in path.parts)
]


def shown(document: Path) -> list[str]:
    """Command lines in code blocks and in running text."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|console|bash|text)?\n(.*?)```", text, flags=re.DOTALL)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return lines + re.findall(
        r"`((?:make|yitong) [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    )


def make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, flags=re.MULTILINE))


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=name)
def test_make_targets_named_in_documents_exist(document):
    named = {
        match
        for line in shown(document)
        for match in re.findall(r"(?:^|sudo |&& )make ([a-z][a-z-]*)", line)
    }
    assert named - make_targets() == set()


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=name)
def test_yitong_commands_named_in_documents_exist(document):
    known = [command.path.split()[1:] for command in inventory.commands()]
    strangers = [
        line
        for line in shown(document)
        if (words := command_words(line)) and not any(fits(words, path) for path in known)
    ]
    assert strangers == []


def command_words(line: str) -> list[str]:
    found = re.search(r"(?:^|\s|/)yitong ((?:[a-z-]+[ |]?)+)", line)
    return found[1].split() if found else []


def fits(words: list[str], path: list[str]) -> bool:
    """`ledger verify|rebuild` and `ledger` alone both name what there is."""
    return all(
        set(word.split("|")) & {part} or (len(words) <= place)
        for place, (word, part) in enumerate(zip(words, path, strict=False))
    )


def test_every_make_target_has_a_line_of_help_and_stands_in_the_readme():
    told = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    helped = set(re.findall(r"^  make ([a-z-]+)", told, flags=re.MULTILINE))
    assert helped == make_targets()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [target for target in sorted(helped) if f"`make {target}" not in readme] == []


def test_both_readmes_have_the_same_parts():
    english, chinese = (
        [
            line
            for line in (ROOT / file).read_text(encoding="utf-8").splitlines()
            if line.startswith("## ")
        ]
        for file in ("README.md", "README.zh.md")
    )
    assert len(english) == len(chinese)


def test_the_tests_of_each_conformance_suite_exist():
    missing = [
        place
        for suite in conformance.SUITES
        for place in suite.tests
        if not (ROOT / place.partition("::")[0]).exists()
        or (
            f"def {place.partition('::')[2]}(" not in (ROOT / place.partition("::")[0]).read_text()
            and "::" in place
        )
    ]
    assert missing == []
