"""Addresses of other systems that are told of events, as values, and the body of what each is sent; pure."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.outgoing.effects import Channel, Effect
from bot.outgoing.happenings import PERSONAL, Happening, Kind


@dataclass(frozen=True, slots=True)
class Subscription:
    """One address and what it is told."""

    id: str
    url: str
    kinds: frozenset[Kind]
    """Empty for all."""
    internal: bool
    """Whether it may be in the own network, and without encryption."""
    personal: bool
    """Whether it is told the customer's address and words."""
    secret: str
    """Sealed."""
    created_by: str
    created_at: dt.datetime
    off_at: dt.datetime | None = None

    def wants(self, kind: Kind) -> bool:
        """Whether it is told of this kind."""
        return self.off_at is None and (not self.kinds or kind in self.kinds)


def told(happening: Happening, subscriptions: Iterable[Subscription]) -> Iterator[Effect]:
    """What each subscription is sent about one thing that happened."""
    kind = happening.kind
    if kind is None:
        return
    for one in subscriptions:
        if one.wants(kind):
            data = _data(happening, personal=one.personal)
            yield message(one, kind, f"evt_{happening.id}", happening.id, happening.at, data)


def message(
    subscription: Subscription,
    kind: Kind,
    event_id: str,
    sequence: int,
    at: dt.datetime,
    data: dict[str, Any],
) -> Effect:
    """One event for one subscription. Those of one ticket arrive in order."""
    reference = str(data.get("reference", ""))
    body = {
        "id": event_id,
        "type": kind.value,
        "timestamp": at.astimezone(dt.UTC).isoformat(),
        "sequence": sequence,
        "data": data,
    }
    return Effect(
        key=f"{subscription.id}:{event_id}",
        channel=Channel.WEBHOOK,
        target=subscription.id,
        lane=f"{subscription.id}:{reference or event_id}",
        reference=reference,
        payload=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        due_at=at,
    )


def _data(happening: Happening, *, personal: bool) -> dict[str, Any]:
    hidden = happening.what in PERSONAL and not personal
    data: dict[str, Any] = {
        "reference": happening.reference,
        "change": happening.what,
        "before": "" if hidden else happening.before,
        "after": "" if hidden else happening.after,
        "by": happening.who,
        "ticket": {
            "status": happening.status,
            "priority": happening.priority,
            "queue": happening.queue,
            "reason": happening.reason,
            "language": happening.language,
        },
    }
    if personal:
        data["ticket"] |= {"subject": happening.subject, "contact": happening.contact}
    return data
