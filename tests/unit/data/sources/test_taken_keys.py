"""A key is taken once, whatever is in memory and whatever is in the file."""

import os
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yitong.data.sources import taken_keys
from yitong.data.sources.taken_keys import TakenKeys

BATCHES = st.lists(st.lists(st.integers(0, 60), max_size=20))


def key_of(number: int, kind: str) -> bytes:
    if kind == "text":
        return b"%d" % number
    return b"\1" + bytes([number % 3]) * 20 + number.to_bytes(12, "big")[::-1]


@pytest.mark.parametrize("kind", ["text", "org"])
@pytest.mark.parametrize("held", [1, 7, 1000])
def test_only_the_first_of_its_like_is_new(kind, held, monkeypatch):
    monkeypatch.setattr(taken_keys, "_HELD_AT_MOST", held)

    @given(BATCHES)
    def holds(batches):
        seen = set()
        with closing(TakenKeys(kind, 10)) as taken:
            for batch in batches:
                keys = [key_of(number, kind) for number in batch]
                expected = []
                for key in keys:
                    expected.append(key not in seen)
                    seen.add(key)
                assert taken.take(keys) == expected

    holds()


def test_pseudonyms_are_told_apart_in_one_bucket_and_in_the_file(monkeypatch):
    monkeypatch.setattr(taken_keys, "_HELD_AT_MOST", 500)
    keys = [b"\1\0\0" + os.urandom(30) for _ in range(3_000)]
    with closing(TakenKeys("person", 1)) as taken:
        for start in range(0, 3_000, 100):
            assert all(taken.take(keys[start : start + 100]))
        again = [
            key
            for pair in zip(
                keys[:200], [b"\1\0\0" + os.urandom(30) for _ in range(200)], strict=True
            )
            for key in pair
        ]
        assert taken.take(again) == [False, True] * 200


def test_a_mark_that_runs_over_two_neighbours_is_no_key():
    bucket = b"a" * 8 + b"b" * 16 + b"c" * 8
    assert not taken_keys._has(bucket, b"b" * 16)
    assert taken_keys._has(bucket + b"b" * 16, b"b" * 16)
