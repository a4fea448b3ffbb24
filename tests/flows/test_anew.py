"""A step that others keep outrunning is made again, with pauses that part them, and ends in words at last."""

import datetime as dt
import random

import pytest

from bot.anew import FIRST_PAUSE, LONGEST_PAUSE, TRIES, anew
from bot.errors import ConversationMoved
from bot.randomness import Chance


class Outrun:
    """A step that others are faster than for so many times."""

    def __init__(self, times: int) -> None:
        self.times, self.made = times, 0
        self.pauses: list[float] = []
        self.chance = Chance(
            lambda: dt.datetime.now(dt.UTC), lambda: "id", random.Random(1), pause=self.pauses.append
        )

    def step(self) -> str:
        self.made += 1
        if self.made <= self.times:
            raise ConversationMoved("Somebody else was first.")
        return "done"


def test_it_is_made_until_nobody_is_faster_and_each_pause_may_be_longer() -> None:
    outrun = Outrun(TRIES - 1)
    assert anew(outrun.chance, outrun.step, ConversationMoved) == "done"
    assert outrun.made == TRIES
    assert len(outrun.pauses) == TRIES - 1
    for place, pause in enumerate(outrun.pauses):
        most = min(LONGEST_PAUSE, FIRST_PAUSE * 2**place)
        assert most / 2 <= pause <= most


def test_whoever_is_always_outrun_is_told() -> None:
    outrun = Outrun(TRIES)
    with pytest.raises(ConversationMoved):
        anew(outrun.chance, outrun.step, ConversationMoved)
    assert outrun.made == TRIES


def test_other_errors_are_not_tried_again() -> None:
    outrun = Outrun(1)
    with pytest.raises(ConversationMoved):
        anew(outrun.chance, outrun.step, KeyError)
    assert outrun.made == 1
