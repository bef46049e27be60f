import dataclasses

import pytest

from yitong.kernel.declare import About, Event, Measure


def test_declarations_are_values():
    assert Event("a.b", "一句话") == Event("a.b", "一句话", ())
    assert About("case", "1") == About("case", "1")
    assert Measure("m", "标题", ("a.b",)).unit == "件"


def test_declarations_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Event("a.b", "一句话").name = "c"
