"""One thing that is to be carried out, such as a mail, and when it is tried again; pure, so chance is passed in."""

import datetime as dt
import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: Wait after the first failure; each further one is twice as long.
FIRST_WAIT: Final = dt.timedelta(seconds=10)
#: Longest wait: a receiver that is back after a night is not left alone for another day.
LONGEST_WAIT: Final = dt.timedelta(hours=4)
#: Tries before an effect is given up: with the waits above about a day and a half after the first.
MOST_ATTEMPTS: Final = 20


class Channel(StrEnum):
    """How an effect leaves."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    DESK = "desk"
    """What the desk itself is to do because of something outside of it, such as a customer's answer to a survey."""


class Standing(StrEnum):
    """Where an effect stands."""

    WAITING = "waiting"
    """To be carried out, or being carried out."""
    DONE = "done"
    VOID = "void"
    """There was nothing to do when its time came, such as a question about a ticket that was reopened."""
    DEAD = "dead"
    """Given up; a person may have it tried again."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What is to be carried out."""

    key: str
    """Names it for good: an effect is stored once, however often it is asked for."""
    channel: Channel
    target: str
    """The subscription of a webhook; the stage of a mail."""
    lane: str
    """Effects of one lane are carried out one after the other, in the order they were stored."""
    reference: str
    """The ticket it comes of."""
    payload: str
    """JSON. A mail's names what it is made of, so that it says what is true when it leaves."""
    due_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """An effect that this worker has until its lease ends."""

    id: int
    effect: Effect
    attempts: int
    """Tries so far, this one among them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An effect as it stands, for people to look at."""

    id: int
    channel: Channel
    target: str
    reference: str
    standing: Standing
    attempts: int
    created_at: dt.datetime
    due_at: dt.datetime
    problem: str
    """What went wrong last; empty where nothing did."""


class Undeliverable(Exception):
    """An effect could not be carried out; the message says why without the words of a customer."""

    def __init__(self, problem: str, *, for_good: bool = False) -> None:
        """`for_good` says that trying again cannot help."""
        super().__init__(problem)
        self.for_good = for_good


class NothingToDo(Exception):
    """What the effect was for has passed."""


def wait_after(attempts: int, chance: random.Random) -> dt.timedelta:
    """How long to wait after so many failed tries: doubled each time up to a limit, then a random half to whole of it.

    The jitter keeps effects that failed together from coming back together (Brooker 2015, "Exponential Backoff And
    Jitter", "equal jitter").
    """
    # Doubled a bounded number of times, since more does not fit a time span.
    whole = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 16)), LONGEST_WAIT)
    return whole / 2 + whole / 2 * chance.random()
