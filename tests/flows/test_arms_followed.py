"""What a process serves of an experiment that another process starts, or that cannot be served."""

import datetime as dt

from bot.dialogue.conversation import Conversation, State
from bot.errors import BadRequest
from bot.experimenting.arms import Arms, Sides
from bot.experiments.experiment import Experiment, Kind

NOON = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
ONE = Experiment("one", "More answers?", Kind.BUDGET, "0.1", "as ever", NOON, "command")
NEW = Conversation("c1", State.ANSWERING, "", "", "", NOON, ())


class Kept:
    """What the database says; counts how often it is asked."""

    def __init__(self) -> None:
        self.experiment: Experiment | None = None
        self.asked = 0

    def running(self) -> Experiment | None:
        self.asked += 1
        return self.experiment


def refusing(experiment: Experiment) -> Sides:
    raise BadRequest("No threshold is known.")


def test_a_turn_asks_nobody_and_an_experiment_that_cannot_be_served_serves_everybody_alike() -> None:
    kept = Kept()
    arms = Arms(kept, refusing)
    assert not arms.refresh()
    kept.experiment = ONE
    assert arms.refresh()
    assert arms.served(NEW, "") is None
    assert arms.problem == "No threshold is known."
    # What was refused once is not tried again at each look.
    assert not arms.refresh()
    assert kept.asked == 3
    kept.experiment = None
    assert arms.refresh()
    assert arms.problem == ""
