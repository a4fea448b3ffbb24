"""What happened to tickets in, what leaves the desk because of it out; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.aftercare import Aftercare
from bot.desk.survey import Survey
from bot.outgoing.effects import Effect
from bot.outgoing.happenings import Happening, Kind
from bot.outgoing.stages import mails, surveys
from bot.outgoing.subscriptions import Subscription, told


@dataclass(frozen=True, slots=True)
class Consequences:
    """What is stored because of some events, in the transaction that marks them as announced."""

    effects: tuple[Effect, ...]
    surveys: tuple[Survey, ...] = ()
    reopened: tuple[str, ...] = ()
    """References of tickets whose surveys end, since what they ask about is no solution any more."""


class Announcing:
    """Decides what each event leads to."""

    def __init__(self, rules: Aftercare, *, mail: bool) -> None:
        """`mail` says whether mails can leave; without, none is stored."""
        self._rules = rules
        self._mail = mail

    def consequences(
        self, happenings: Sequence[Happening], subscriptions: Sequence[Subscription]
    ) -> Consequences:
        """The effects of these events, in the order in which they are to be carried out."""
        effects = [effect for one in happenings for effect in told(one, subscriptions)]
        if self._mail:
            effects += mails(happenings, self._rules)
        reopened = tuple(one.reference for one in happenings if one.kind is Kind.REOPENED)
        return Consequences(tuple(effects), surveys(happenings, self._rules), reopened)
