"""What may be installed."""

import pytest

from yitong.base.jobs import declared
from yitong.base.jobs.errors import UnknownReaction
from yitong.kernel.declare import Reaction, Schedule


@pytest.fixture(autouse=True)
def as_before():
    schedules, reactions = declared.schedules(), declared.reactions()
    yield
    declared.install(schedules=schedules, reactions=reactions)


def nothing(*args: object) -> None: ...


def test_a_name_is_given_once_and_a_line_must_be_readable():
    twice = [Schedule("a", "* * * * *", nothing)] * 2
    for schedules in (twice, [Schedule("a", "every day", nothing)]):
        with pytest.raises(ValueError, match="schedule a"):
            declared.install(schedules=schedules, reactions=())
    with pytest.raises(ValueError, match="reaction r"):
        declared.install(schedules=(), reactions=[Reaction("r", ("x",), nothing)] * 2)


def test_an_unknown_reaction_is_refused():
    declared.install(schedules=(), reactions=())
    with pytest.raises(UnknownReaction):
        declared.reaction("nobody.follows")
