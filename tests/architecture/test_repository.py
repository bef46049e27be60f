"""What may stand in the tree: no secret, no real person, no registry's address, no large file."""

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

from tools.inventory import ROOT
from yitong.kernel.codes import parse_person_number
from yitong.kernel.errors import Refusal

LARGEST = 5 * 2**20
TEXT = {
    ".py", ".md", ".toml", ".html", ".css", ".js", ".json", ".csv", ".sql", ".cedar", ".po", ".lock", ".txt",
    ".yml", ".yaml", ".svg", ".sh", "",
}  # fmt: skip


# What .gitignore leaves out, for a tree that is no repository (a release's archive).
LEFT_OUT = {".git", ".venv", "var", "build", "dist", "node_modules", "__pycache__", ".hypothesis"}


@cache
def tree() -> list[Path]:
    """Every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        named = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        named = [path for path in ROOT.rglob("*") if not is_left_out(path.relative_to(ROOT))]
    return [path for path in named if path.is_file()]


def is_left_out(path: Path) -> bool:
    return path.suffix in {".mo", ".pyc"} or any(
        part in LEFT_OUT or part.endswith("_cache") for part in path.parts
    )


def texts() -> list[tuple[Path, str]]:
    return [
        (path, path.read_text(encoding="utf-8", errors="replace"))
        for path in tree()
        if path.suffix in TEXT
    ]


def found(pattern: re.Pattern[str], *, spared: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {match[0][:40]}"
        for path, text in texts()
        if not path.relative_to(ROOT).as_posix().startswith(spared or ("\0",))
        for match in pattern.finditer(text)
    ]


def test_no_file_is_larger_than_five_mebibytes():
    assert [path.name for path in tree() if path.stat().st_size > LARGEST] == []


def test_the_lock_names_no_registry_and_hashes_everything():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert (
        re.findall(
            r"^.*(?:https?://|--index|--find-links|--trusted|file:).*$", lock, flags=re.MULTILINE
        )
        == []
    )
    entries = re.split(r"\n(?=[a-z0-9])", lock)
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_npm_lock_names_its_registry():
    locks = [path for path in tree() if path.name in {"package-lock.json", "uv.lock", "yarn.lock"}]
    assert [
        path.name
        for path in locks
        if '"resolved"' in path.read_text() or "registry." in path.read_text()
    ] == []


def test_every_dependency_has_its_reason():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start, end = lines.index("dependencies = ["), lines.index("[project.scripts]")
    bare = [
        line.strip()
        for before, line in zip(lines[start:end], lines[start + 1 : end], strict=False)
        if line.strip().startswith('"') and not before.strip().startswith("#")
    ]
    assert bare == []


def test_everything_declared_is_locked():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, flags=re.MULTILINE)}
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert sorted({plain(re.split(r"[\[~=<>; ]", each)[0]) for each in wanted} - locked) == []


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


SECRETS = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bxox[abp]-[A-Za-z0-9-]{20,}"
    r"|\bPRIVATE\+KEY\+[^\s\"']{20,}"
)


def test_the_tree_holds_no_secret():
    assert found(SECRETS) == []


def test_no_public_address_but_citations():
    """At run time nothing is fetched, so code names no host but those of standards and the machine itself."""
    address = re.compile(
        r"https?://(?!localhost|127\.0\.0\.1|\[::1\])([a-z0-9.-]+\.[a-z]{2,})", re.IGNORECASE
    )
    citations = {"www.w3.org", "c2sp.org", "www.rfc-editor.org"}
    reserved = ("example", "example.com", "example.org", "invalid", "test")  # RFC 2606
    strangers = [
        f"{path.relative_to(ROOT)}: {match[1]}"
        for path, text in texts()
        if path.suffix in {".py", ".html", ".js", ".css"}
        for match in address.finditer(text)
        if match[1].lower() not in citations and not match[1].lower().endswith(reserved)
    ]
    assert strangers == []


# Numbers that standards print as examples, or that tests need for an old region or a real county.
NUMBER = re.compile(r"(?<![0-9A-Za-z.])(?!89)[1-8]\d{5}(?:18|19|20)\d{9}[\dXx](?![0-9A-Za-z.])")
PRINTED_IN_STANDARDS = {"11010519491231002X", "440524188001010014"}


def test_no_persons_number_of_a_real_division():
    """Made-up people live in division 89, which nobody has."""
    real = [line for line in found(NUMBER) if is_valid(line.rpartition(": ")[2])]
    assert [
        line for line in real if line.rpartition(": ")[2].upper() not in PRINTED_IN_STANDARDS
    ] == []


def is_valid(number: str) -> bool:
    try:
        parse_person_number(number)
    except Refusal:
        return False
    return True


MOBILE = re.compile(r"(?<![0-9A-Za-z.+/=_-])1[3-9]\d{9}(?![0-9A-Za-z.+/=_-])")


def test_no_mobile_number_that_somebody_could_have():
    data = ("requirements.lock", "src/yitong/base/regions/")
    assert found(MOBILE, spared=data) == []
