"""Every seed and everything ever found goes through its target; `make fuzz` looks for more from there."""

import pytest

from tests.fuzz.found import FOUND
from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import TARGETS


def test_every_target_has_seeds():
    assert SEEDS.keys() == TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_what_fuzzing_begins_with_is_read_or_refused(name):
    for seed in SEEDS[name]():
        assert len(seed) <= TARGETS[name].longest
        TARGETS[name].run(seed)
        for cut in range(1, len(seed), max(1, len(seed) // 10)):
            TARGETS[name].run(seed[:cut])


def test_what_was_found_once_is_read_or_refused():
    for found in FOUND:
        TARGETS[found.target].run(found.content)
