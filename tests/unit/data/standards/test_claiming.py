"""When two claims to be the source of an element stand against each other; pure."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.standards.claiming import (
    ClaimState,
    check_live,
    check_said,
    check_subject,
    overlap,
    settled,
    state_beside,
)
from yitong.data.standards.errors import ClaimNeedsWords, ClaimOver, SubjectUnknown


@dataclass
class Claim:
    pk: int
    region: str
    state: str = "in_force"


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ("890102", "890102", True),
        ("8901", "890102", True),
        ("890102", "8901", True),
        ("", "890102", True),
        ("890102", "890121", False),
    ],
)
def test_divisions_meet_where_one_lies_in_the_other(one, other, meets):
    assert overlap(one, other) is meets


def test_the_first_is_the_source_and_the_second_in_the_same_place_is_contested():
    assert state_beside("890102", []) is ClaimState.IN_FORCE
    assert state_beside("890102", [Claim(1, "8901")]) is ClaimState.CONTESTED
    assert state_beside("890102", [Claim(1, "890121")]) is ClaimState.IN_FORCE
    assert state_beside("890102", [Claim(1, "8901", "withdrawn")]) is ClaimState.IN_FORCE


REGIONS = st.sampled_from(["", "89", "8901", "890102", "890121", "8902"])


@given(st.lists(st.tuples(REGIONS, st.sampled_from(["in_force", "contested", "declined"]))))
def test_what_is_settled_meets_nothing_that_lives(rows):
    claims = [Claim(number, *row) for number, row in enumerate(rows)]
    for free in settled(claims):
        others = [c for c in claims if c.pk != free.pk and c.state != "declined"]
        assert free.state == "contested"
        assert not any(overlap(free.region, other.region) for other in others)


def test_an_unknown_kind_of_subject_is_refused_with_the_known_ones():
    check_subject("person")
    with pytest.raises(SubjectUnknown, match="dog"):
        check_subject("dog")


def test_what_is_over_is_over_and_words_are_needed():
    with pytest.raises(ClaimOver, match="已撤回"):
        check_live(Claim(1, "", "withdrawn"))
    with pytest.raises(ClaimNeedsWords, match="依据"):
        check_said("  ", "依据")
