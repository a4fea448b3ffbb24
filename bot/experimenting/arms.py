"""A conversation in, the arm of the running experiment that serves it out; nothing but a comparison where none runs."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.answering.answering import Answering
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.conversation import Conversation
from bot.dialogue.reply import Reply
from bot.dialogue.serving import Serving, serving
from bot.errors import BadRequest, BotError
from bot.experiments.experiment import COUNTS, Arm, Experiment, arm_of
from bot.ledger.customers import contact_mark
from bot.ledger.facts import Fact, fact_of_arm, fact_of_difference
from index.errors import SearchError
from index.ranking import RECIPE, Recipe

_log = logging.getLogger(__name__)


class Running(Protocol):
    """Where experiments are kept."""

    def running(self) -> Experiment | None:
        """The one that runs; cheap enough to ask several times a second."""


def _no_problem() -> str:
    """Of what is made once and stays."""
    return ""


@dataclass(frozen=True, slots=True)
class Sides:
    """What the arms of an experiment answer with."""

    b: Answering
    """Serves arm B."""
    plain: tuple[Answering, Answering] | None = None
    """What arm A and arm B say, without a language model; where only conversations are counted to which it makes a
    difference. None where all are."""
    refresh: Callable[[], str] = _no_problem
    """Brings arm B up to what is published; says why it cannot be served, or nothing."""


@dataclass(frozen=True, slots=True)
class Served:
    """What serves a turn."""

    arm: str
    """As it stands in the stored reply."""
    answering: Answering | None
    """None where it is served as everybody is."""
    other: Answering | None = None
    """What the other arm says, where that is compared."""

    def drawn(self, conversation: Conversation, contact: str, at: dt.datetime) -> Fact | None:
        """That the customer was put into the arm, with the first turn alone."""
        return None if conversation.messages else fact_of_arm(conversation.id, at, self.arm, contact)

    def differed(
        self, conversation: Conversation, at: dt.datetime, reply: Reply, say: Callable[[Answering], Reply]
    ) -> tuple[Fact, ...]:
        """That the other arm would have said something else to this turn, if it would have.

        Until it does so for the first time both arms are served alike, so whether and when that is depends on what the
        customer asks and not on their arm. Once people have the conversation, nothing is compared any more.
        """
        if self.other is None or conversation.ticket:
            return ()
        try:
            same = _said(say(self.other)) == _said(reply)
        except Exception:
            # The customer of the other arm would have been handed off.
            _log.exception("the other arm of an experiment could not be asked")
            same = False
        return () if same else (fact_of_difference(conversation.id, at, self.arm),)


class Arms:
    """Holds what the running experiment needs, so that a turn asks no database."""

    def __init__(self, store: Running, built: Callable[[Experiment], Sides]) -> None:
        """`built` makes what answers in arm B; it raises `BotError` where that cannot be served."""
        self._store = store
        self._built = built
        self._running: tuple[Experiment, Sides] | None = None
        #: The one that runs as the database has it, served or not.
        self._known = ""
        #: Why the running experiment is not served; empty when it is, or none runs.
        self.problem = ""

    def refresh(self) -> bool:
        """Takes up what was started, stopped or published since the last look, here or by another process."""
        found = self._store.running()
        known = found.id if found else ""
        if known == self._known:
            if self._running is not None:
                self.problem = self._running[1].refresh()
            return False
        self._known, self.problem = known, ""
        self._running = None
        if found is not None:
            try:
                sides = self._built(found)
                self.problem = sides.refresh()
                self._running = (found, sides)
            except (BotError, SearchError) as exc:
                self.problem = str(exc)
            if self.problem:
                _log.warning("the experiment %s cannot be served: %s", found.id, self.problem)
        return True

    def served(self, conversation: Conversation, contact: str) -> Served | None:
        """The arm that serves a turn; None where no experiment runs, or the conversation is in none.

        `contact` is what the channel knows of who writes. A conversation keeps the arm of its first turn, and one that
        began before the experiment is not put into it.
        """
        running = self._running
        if running is None or self.problem:
            return None
        experiment, sides = running
        if not conversation.messages:
            arm = arm_of(experiment.id, contact_mark(contact) or conversation.id)
        else:
            first = next((one.reply.arm for one in conversation.messages if one.reply is not None), "")
            drawn = next((arm for arm in Arm if first == experiment.label(arm)), None)
            if drawn is None:
                return None
            arm = drawn
        other = None if sides.plain is None else sides.plain[arm is Arm.A]
        return Served(experiment.label(arm), sides.b if arm is Arm.B else None, other)


def _said(reply: Reply) -> tuple[object, ...]:
    """What a customer can tell two replies apart by; how a language model words one is chance."""
    return (reply.kind, reply.reason, reply.rule, reply.language, reply.choices, reply.citations)


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
