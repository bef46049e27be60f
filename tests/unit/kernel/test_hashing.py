import enum
import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from yitong.kernel import hashing
from yitong.kernel.hashing import NotCanonical, canonical, leaf_hash, node_hash, sha256, sm3

LARGEST = 2**53 - 1
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
)


class Colour(enum.StrEnum):
    RED = "red"


class Rank(enum.IntEnum):
    FIRST = 1


class Odd(enum.Enum):
    HALF = 0.5
    NOTHING = None


class Marked(str):
    __slots__ = ()


@given(VALUES)
def test_canonical_equals_the_reference_implementation(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(KEYS, SCALARS, max_size=6))
def test_the_order_of_keys_does_not_matter(value):
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_values_that_stand_for_text_and_numbers_are_written_as_these():
    value = {
        "colour": Colour.RED,
        "rank": [Rank.FIRST, Odd.NOTHING],
        "text": Marked("a"),
        "pair": (1, True),
    }

    assert canonical(value) == b'{"colour":"red","pair":[1,true],"rank":[1,null],"text":"a"}'


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        Odd.HALF,
        LARGEST + 1,
        -LARGEST - 1,
        "\ud800",
        {"\ud800": 1},
        {"é": 1},
        {1: "number"},
        {Marked("key"): 1},
        b"bytes",
        {"a", "set"},
        object(),
    ],
    # The text of a set or an object differs between the processes of a parallel run.
    ids=lambda value: "set" if isinstance(value, set) else repr(value).partition(" at 0x")[0],
)
@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: {"a": [v]}], ids=["alone", "within"])
def test_what_has_no_single_form_is_refused(value, wrap):
    with pytest.raises(NotCanonical):
        canonical(wrap(value))


def test_a_value_that_contains_itself_is_refused():
    value: list[object] = []
    value.append(value)

    with pytest.raises(NotCanonical):
        canonical(value)


@given(st.binary(max_size=200))
def test_sm3_is_the_same_from_either_library(content):
    assert sm3(content) == hashing._sm3_by_cryptography(content)


def test_sm3_falls_back_where_python_s_openssl_has_none(monkeypatch):
    assert hashing._sm3_here() is hashing._sm3_by_hashlib
    monkeypatch.setattr(hashlib, "algorithms_available", set())
    assert hashing._sm3_here() is hashing._sm3_by_cryptography


@given(st.binary(max_size=70), st.binary(max_size=70))
def test_leaves_and_nodes_never_share_a_hash(left, right):
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(left) == sha256(b"\x00" + left)
    assert node_hash(left, right) == sha256(b"\x01" + left + right)
