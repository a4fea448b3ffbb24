"""A conversation in, the arm of the running experiment that serves it out; nothing but a comparison where none runs."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.answering import Answering
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.conversation import Conversation
from bot.dialogue.serving import Serving, serving
from bot.errors import BadRequest, BotError
from bot.experiments.experiment import COUNTS, Arm, Experiment, Kind, arm_of
from bot.ledger.customers import contact_mark
from bot.ledger.facts import Fact, fact_of_arm
from index.ranking import RECIPE, Recipe

_log = logging.getLogger(__name__)


class Running(Protocol):
    """Where experiments are kept."""

    def running(self) -> Experiment | None:
        """The one that runs; cheap enough to ask several times a second."""


@dataclass(frozen=True, slots=True)
class Served:
    """What serves a turn."""

    arm: str
    """As it stands in the stored reply."""
    answering: Answering | None
    """None where it is served as everybody is."""

    def drawn(self, conversation: Conversation, contact: str, at: dt.datetime) -> Fact | None:
        """That the customer was put into the arm, with the first turn alone."""
        return None if conversation.messages else fact_of_arm(conversation.id, at, self.arm, contact)


class Arms:
    """Holds what the running experiment needs, so that a turn asks no database."""

    def __init__(self, store: Running, built: Callable[[Kind, str], Answering]) -> None:
        """`built` makes what answers in arm B; it raises `BotError` where that cannot be served."""
        self._store = store
        self._built = built
        self._running: tuple[Experiment, Answering] | None = None
        #: The one that runs as the database has it, served or not.
        self._known = ""
        #: Why the running experiment is not served; empty when it is, or none runs.
        self.problem = ""

    def refresh(self) -> bool:
        """Takes up what was started or stopped since the last look, here or by another process."""
        found = self._store.running()
        known = found.id if found else ""
        if known == self._known:
            return False
        self._known, self.problem = known, ""
        self._running = None
        if found is not None:
            try:
                self._running = (found, self._built(found.kind, found.setting))
            except BotError as exc:
                self.problem = str(exc)
                _log.warning("the experiment %s cannot be served: %s", found.id, exc)
        return True

    def served(self, conversation: Conversation, contact: str) -> Served | None:
        """The arm that serves a turn; None where no experiment runs, or the conversation is in none.

        `contact` is what the channel knows of who writes. A conversation keeps the arm of its first turn, and one that
        began before the experiment is not put into it.
        """
        running = self._running
        if running is None:
            return None
        experiment, answering = running
        if not conversation.messages:
            arm = arm_of(experiment.id, contact_mark(contact) or conversation.id)
        else:
            first = next((one.reply.arm for one in conversation.messages if one.reply is not None), "")
            drawn = next((arm for arm in Arm if first == experiment.label(arm)), None)
            if drawn is None:
                return None
            arm = drawn
        return Served(experiment.label(arm), answering if arm is Arm.B else None)


def budget_model(fitted: ConfidenceModel, now: Serving, budget: float) -> ConfidenceModel:
    """The confidence model of arm B for an error budget. Raises `BadRequest`."""
    found = serving(fitted, budget)
    if found.kept is None:
        raise BadRequest(
            f"No threshold is known to keep at most {budget:.3g} of the answers wrong, so arm B would answer nothing. "
            f"Label questions and run `tierzero calibrate --budget {budget:g}` first."
        )
    if found.model.threshold == now.model.threshold:
        raise BadRequest("Arm B would be served exactly as arm A: both answer from the same probability on.")
    return found.model


def recipe_of(parts: Mapping[str, float], now: Serving) -> Recipe:
    """The ranking of arm B. Raises `BadRequest`."""
    if now.kept is not None and now.kept.promised:
        raise BadRequest(
            "An error budget is promised for the ranking that serves now, and nobody has measured what another one "
            "does to it. Take the budget off while the ranking is tried, or label questions for the new one."
        )
    whole = {name: int(value) for name, value in parts.items() if name in COUNTS}
    changed: dict[str, Any] = {**parts, **whole}
    recipe = replace(RECIPE, **changed)
    if recipe == RECIPE:
        raise BadRequest("Arm B would be ranked exactly as arm A.")
    return recipe
