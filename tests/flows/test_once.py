"""What is read from a generation is read once, and anew for the next one."""

from typing import cast

import pytest

from bot.knowledge.once import OncePerGeneration
from index.generation import Generation


def _generation() -> Generation:
    """Only which one it is matters here."""
    return cast(Generation, object())


def test_a_generation_is_read_once_and_the_next_one_anew() -> None:
    asked: list[Generation] = []

    def read(generation: Generation) -> int:
        asked.append(generation)
        return len(asked)

    once = OncePerGeneration(read)
    first, second = _generation(), _generation()
    assert [once.of(one) for one in (first, first, second, second)] == [1, 1, 2, 2]
    assert asked == [first, second]


def test_what_could_not_be_read_is_read_again() -> None:
    broken = [True]

    def read(_: Generation) -> str:
        if broken and broken.pop():
            raise ValueError("a broken file")
        return "read"

    once, generation = OncePerGeneration(read), _generation()
    with pytest.raises(ValueError, match="broken"):
        once.of(generation)
    assert once.of(generation) == "read"
