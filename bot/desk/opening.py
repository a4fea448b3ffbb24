"""A hand-off in, the ticket that people find out; pure, so time and chance are passed in."""

import datetime as dt
import random
from collections.abc import Sequence

from bot.desk.clocks import reckoned
from bot.desk.packet import Packet
from bot.desk.policy import Policy
from bot.desk.subject import subject
from bot.desk.ticket import Priority, Status, Ticket
from bot.dialogue.reply import Citation, Reason

#: Digits and letters that are not mistaken for one another when read aloud (Crockford's base 32).
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reference(chance: random.Random) -> str:
    """A public reference such as `TZ-4F7K-9Q2M`: 40 random bits, to be drawn from a secure source."""
    letters = "".join(chance.choice(_ALPHABET) for _ in range(8))
    return f"TZ-{letters[:4]}-{letters[4:]}"


def open_ticket(
    *,
    conversation_id: str,
    messages: Sequence[str],
    reason: Reason,
    rule: str,
    priority: Priority,
    queue: str,
    language: str,
    contact: str,
    considered: Sequence[Citation],
    packet: Packet,
    policy: Policy,
    now: dt.datetime,
    chance: random.Random,
    channel: str = "chat",
) -> Ticket:
    """A new ticket with its clocks set by the policy; `messages` are the customer's, oldest first."""
    ticket = Ticket(
        reference=reference(chance),
        conversation_id=conversation_id,
        subject=subject(messages),
        reason=reason,
        rule=rule,
        priority=priority,
        queue=queue,
        status=Status.NEW,
        language=language,
        contact=contact,
        considered=tuple(considered),
        created_at=now,
        first_response_due=now,
        resolution_due=now,
        packet=packet,
        channel=channel,
    )
    return reckoned(ticket, policy)
