"""The fourth layer: what leaves the desk and what comes after a solution, out of what staff have.

What they import is imported when it is used, since a start needs none of it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.composition.staff import Staff

if TYPE_CHECKING:
    from bot.outgoing.delivery import Carrier, Delivery
    from bot.outgoing.webhooks import Webhooks
    from bot.storage.outbox import OutboxLog


@dataclass(slots=True)
class Leaving(Staff):
    """The parts that carry things out, and those that look back at what was solved."""

    _delivery: "Delivery | None" = None

    @property
    def outbox(self) -> "OutboxLog":
        """What is to be carried out."""
        from bot.storage.outbox import OutboxLog

        return OutboxLog(self.database)

    @property
    def webhooks(self) -> "Webhooks":
        """Other systems that are told of events."""
        from bot.outgoing.webhooks import Webhooks
        from bot.storage.webhooks import WebhookLog

        return Webhooks(
            WebhookLog(self.database),
            lambda: self.keyring,
            now=self.chance.now,
            new_id=self.chance.new_id,
        )

    @property
    def delivery(self) -> "Delivery":
        """What carries it out."""
        if self._delivery is None:
            from bot.outgoing.announcing import Announcing
            from bot.outgoing.delivery import Delivery
            from bot.outgoing.effects import Channel
            from bot.storage.announcing import AnnouncingLog

            carriers: dict[Channel, Carrier] = {Channel.WEBHOOK: self.webhooks}
            announcer = AnnouncingLog(self.database, Announcing(), self.chance.now)
            self._delivery = Delivery(self.outbox, carriers, self.chance, announcer)
        return self._delivery
