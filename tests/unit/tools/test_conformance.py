"""The table of `make conformance`: a check that did not pass has its reason, and a program that is missing is said."""

import xml.etree.ElementTree as ET

from tools import conformance


def case(inner: str) -> ET.Element:
    return ET.fromstring(f"<testcase>{inner}</testcase>")


def test_what_passed_has_no_reason():
    assert conformance.failure(case("<system-out>words</system-out>")) == ""


def test_the_reason_is_the_first_line_and_keeps_to_its_cell():
    found = conformance.failure(case('<failure message="needs Go: a|b&#10;more">trace</failure>'))
    assert found == "needs Go: a/b"


def test_what_could_not_be_set_up_or_was_skipped_did_not_pass():
    assert conformance.failure(case('<error message="no network"/>')) == "no network"
    assert conformance.failure(case('<skipped message="not here"/>')) == "not here"
    assert conformance.failure(case("<failure/>")) == "failure"


def test_a_program_that_is_missing_is_said_instead_of_its_version():
    assert conformance.said("no-such-program-here", "--version") == "not installed"


def test_every_suite_names_tests_that_stand_there():
    for suite in conformance.SUITES:
        for test in suite.tests:
            assert (conformance.ROOT / test.partition("::")[0]).exists(), test
