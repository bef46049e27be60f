#!/usr/bin/env python3
"""Hold the project to what others wrote (`make conformance`): standards' vectors, foreign oracles and readers.

Prints a table: the suite, its version, how many of its checks passed. The checks themselves are tests of
the suite under `tests/`; here is only which of them rest on somebody else's work. `--json` prints the table
as JSON.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Suite:
    """Somebody else's work, and the tests that hold us to it. `package` gives the version where one ships it."""

    area: str
    name: str
    tests: tuple[str, ...]
    package: str = ""
    edition: str = ""

    @property
    def version(self) -> str:
        return metadata.version(self.package) if self.package else self.edition


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
        "national crypto", "OpenSSL 3 against plain Python", edition="the system's",
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
)  # fmt: skip


@dataclass(frozen=True)
class Score:
    """How many of a suite's checks passed."""

    area: str
    suite: str
    version: str
    passed: int
    failed: int


def run(suite: Suite) -> Score:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-header", f"--junitxml={report}", *suite.tests],
            cwd=ROOT, env={**os.environ, "YITONG_ALL": "1"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            print(done.stdout, file=sys.stderr)
        if not report.exists():
            return Score(suite.area, suite.name, suite.version, 0, len(suite.tests))
        cases = ET.parse(report).getroot().iter("testcase")
        ended = [bool(list(case)) for case in cases]
    failed = sum(ended) or int(done.returncode != 0)
    return Score(suite.area, suite.name, suite.version, len(ended) - sum(ended), failed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    as_json = parser.parse_args().json
    scores = []
    for suite in SUITES:
        if sys.stderr.isatty():
            print(f"{suite.area}: {suite.name} …", file=sys.stderr)
        scores.append(run(suite))
    if as_json:
        print(json.dumps([asdict(score) for score in scores], ensure_ascii=False, indent=1))
    else:
        print("| area | suite | version | passed | failed |\n|---|---|---|---|---|")
        for score in scores:
            print("| " + " | ".join(str(value) for value in asdict(score).values()) + " |")
    return 1 if any(score.failed for score in scores) else 0


if __name__ == "__main__":
    sys.exit(main())
