#!/usr/bin/env python3
"""Hold the project to what others wrote (`make conformance`): standards' vectors, foreign oracles and readers.

Prints a table: the suite, its version, how many of its checks passed and why the others did not. The checks
themselves are tests under `tests/`; here is only which of them rest on somebody else's work. A program that cannot
be had is a failed row which says so. `--json` prints the table as JSON, `--only WORD` asks some of the suites.

Beside the locked Python packages this wants Go with its transparency log packages (Debian's golang-go and
golang-golang-x-mod-dev), OpenSSL 3, Node.js 20 and, for the first run, a registry for the npm packages that
tests/conformance/npm/package-lock.json pins by digest.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Suite:
    """Somebody else's work, and the tests that hold us to it.

    Its version is that of a Python `package`, what `asked` finds out, or an `edition` in words. `only` is a pytest
    expression that chooses among the tests.
    """

    area: str
    name: str
    tests: tuple[str, ...]
    package: str = ""
    edition: str = ""
    asked: Callable[[], str] | None = None
    only: str = ""

    @property
    def version(self) -> str:
        if self.asked is not None:
            return self.asked()
        return metadata.version(self.package) if self.package else self.edition


def said(*command: str) -> str:
    """What a program says of its version, or that it is not there."""
    if not shutil.which(command[0]):
        return "not installed"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout if done.returncode == 0 else "").strip() or "not installed"


def openssl() -> str:
    words = said("openssl", "version")
    return words.split(" ")[1] if words.startswith("OpenSSL ") else words


def debian(package: str) -> str:
    return said("dpkg-query", "--show", "--showformat=${Version}", package)


def npm(package: str) -> str:
    """As the lock pins it, whether it could be fetched or not."""
    lock = json.loads((ROOT / OTHERS / "npm/package-lock.json").read_text(encoding="utf-8"))
    return str(lock["packages"][f"node_modules/{package}"]["version"])


OTHERS = "tests/conformance"
KERNEL, SPEC, LEDGER = "tests/unit/kernel", "tests/spec/kernel", "tests/unit/base/ledger"
SUITES = (
    Suite(
        "canonical JSON", "RFC 8785 reference implementation", package="rfc8785",
        tests=(f"{KERNEL}/test_hashing.py::test_canonical_equals_the_reference_implementation",),
    ),
    Suite(
        "hashes", "vectors of RFC 8785, RFC 9162, FIPS 180-4 and GB/T 32905", edition="as published",
        tests=(f"{SPEC}/test_canonical_form.py",),
    ),
    Suite(
        "national crypto", "vectors of GB/T 32918.5, GB/T 32907, RFC 8998", edition="as published",
        tests=(f"{SPEC}/test_national_algorithms.py",),
    ),
    Suite(
        "national crypto", "OpenSSL's libcrypto against plain Python", asked=openssl,
        tests=(
            f"{KERNEL}/sm/test_sm2.py::test_what_openssl_signs_plain_python_verifies",
            f"{KERNEL}/sm/test_sm2.py::test_one_changed_bit_is_found_by_both",
            f"{KERNEL}/sm/test_sm2.py::test_openssl_and_plain_python_derive_the_same_public_key",
        ),
    ),
    Suite(
        "ledger", "trees and proofs of RFC 9162 as certificate transparency publishes them", edition="as published",
        tests=(
            f"{LEDGER}/test_tree.py::test_roots_of_certificate_transparency",
            f"{LEDGER}/test_tree.py::test_audit_paths_of_certificate_transparency",
            f"{LEDGER}/test_tree.py::test_consistency_proofs_of_certificate_transparency",
        ),
    ),
    Suite(
        "ledger", "pymerkle", package="pymerkle",
        tests=(f"{LEDGER}/test_tree.py::test_pymerkle_computes_the_same_roots_and_paths",),
    ),
    Suite(
        "ledger", "key id of C2SP signed-note, vectors of RFC 8032", edition="as published",
        tests=(
            f"{LEDGER}/test_note.py::test_the_key_id_of_the_specifications_own_example",
            f"{LEDGER}/test_verify_proof.py::test_vectors_of_rfc_8032",
        ),
    ),
    Suite(
        "ledger", "Go's `sumdb/tlog` and `sumdb/note` read a node's log over HTTP", asked=lambda: debian("golang-golang-x-mod-dev"),
        tests=(f"{OTHERS}/test_ledger_read_by_go.py",),
    ),
    Suite(
        "national crypto", "OpenSSL's program: SM2, SM3, SM4", asked=openssl,
        tests=(f"{OTHERS}/test_national_algorithms.py",), only="openssl",
    ),
    Suite(
        "national crypto", "Node's crypto: SM2, SM3, SM4", asked=lambda: said("node", "--version"),
        tests=(f"{OTHERS}/test_national_algorithms.py",), only="node",
    ),
    Suite(
        "national crypto", "sm-crypto: SM2, SM3, SM4", asked=lambda: npm("sm-crypto"),
        tests=(f"{OTHERS}/test_national_algorithms.py",), only="crypto and not node and not openssl",
    ),
    Suite(
        "API", "schemathesis, 60 examples an operation and all its borders", package="schemathesis",
        tests=(f"{OTHERS}/test_open_api.py",), only="many_examples",
    ),
    Suite(
        "API", "Redocly, recommended-strict", asked=lambda: npm("@redocly/cli"),
        tests=(f"{OTHERS}/test_open_api.py",), only="redocly",
    ),
    Suite(
        "identifiers", "python-stdnum", package="python-stdnum",
        tests=(
            f"{KERNEL}/codes/test_credit.py::test_stdnum_accepts_whatever_we_make_with_digits_in_front",
            f"{KERNEL}/codes/test_credit.py::test_stdnum_refuses_letters_in_front_and_we_read_them",
            f"{KERNEL}/codes/test_credit.py::test_stdnum_passes_over_the_check_digit_inside_and_we_do_not",
            f"{KERNEL}/codes/test_persons.py::test_stdnum_agrees_on_every_number_of_a_region_it_knows",
            f"{KERNEL}/codes/test_persons.py::test_stdnum_refuses_a_region_it_does_not_know_and_we_only_warn",
        ),
    ),
    Suite(
        "workdays", "chinesecalendar, 2004 to 2026", package="chinesecalendar",
        tests=(
            f"{KERNEL}/workdays/test_days.py::test_the_package_agrees_about_every_day_it_names",
            f"{KERNEL}/workdays/test_days.py::test_the_package_agrees_about_any_other_day",
        ),
    ),
    Suite(
        "pages", "axe, WCAG 2.2 A and AA", package="axe-playwright-python",
        tests=("tests/functional/test_gallery.py::test_pages_fit_pass_axe_and_keep_to_themselves",),
    ),
    Suite(
        "pages", "html-validate, standard and a11y, Chinese and English", asked=lambda: npm("html-validate"),
        tests=(f"{OTHERS}/test_markup.py",),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Score:
    """How many of a suite's checks passed, and why others did not."""

    area: str
    suite: str
    version: str
    passed: int
    failed: int
    reason: str = ""


def run(suite: Suite) -> Score:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        chosen = ["-k", suite.only] if suite.only else []
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-header", f"--junitxml={report}", *chosen, *suite.tests],
            cwd=ROOT, env={**os.environ, "YITONG_ALL": "1"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            print(done.stdout, file=sys.stderr)
        found = list(ET.parse(report).getroot().iter("testcase")) if report.exists() else []
    reasons = [why for case in found if (why := failure(case))]
    passed = len(found) - len(reasons)
    if done.returncode and not reasons:
        reasons = [(done.stdout.strip().splitlines() or ["pytest said nothing"])[-1]]
    return Score(
        suite.area, suite.name, suite.version, passed, len(reasons), "; ".join(dict.fromkeys(reasons))
    )  # fmt: skip


def failure(case: ET.Element) -> str:
    """The first line of why a check did not pass; a skipped one did not either."""
    for kind in ("failure", "error", "skipped"):
        if (fault := case.find(kind)) is not None:
            words = (fault.get("message") or fault.text or kind).strip().splitlines()
            return (words[0] if words else kind)[:160].replace("|", "/")
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--only", default="", metavar="WORD", help="suites whose area or name has it"
    )
    asked = parser.parse_args()
    scores = []
    for suite in SUITES:
        if asked.only.lower() not in f"{suite.area} {suite.name}".lower():
            continue
        if sys.stderr.isatty():
            print(f"{suite.area}: {suite.name} …", file=sys.stderr)
        scores.append(run(suite))
    if asked.json:
        print(json.dumps([asdict(score) for score in scores], ensure_ascii=False, indent=1))
    else:
        print("| area | suite | version | passed | failed | reason |\n|---|---|---|---|---|---|")
        for score in scores:
            print("| " + " | ".join(str(value) for value in asdict(score).values()) + " |")
    return 1 if any(score.failed for score in scores) or not scores else 0


if __name__ == "__main__":
    sys.exit(main())
