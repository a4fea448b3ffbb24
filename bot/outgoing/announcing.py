"""What happened to tickets in, what leaves the desk because of it out; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.outgoing.effects import Effect
from bot.outgoing.happenings import Happening
from bot.outgoing.subscriptions import Subscription, told


@dataclass(frozen=True, slots=True)
class Consequences:
    """What is stored because of some events, in the transaction that marks them as announced."""

    effects: tuple[Effect, ...]


class Announcing:
    """Decides what each event leads to."""

    def consequences(
        self, happenings: Sequence[Happening], subscriptions: Sequence[Subscription]
    ) -> Consequences:
        """The effects of these events, in the order in which they are to be carried out."""
        return Consequences(tuple(effect for one in happenings for effect in told(one, subscriptions)))
