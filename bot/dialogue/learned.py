"""What customers and agents said of a question and the article that answered it in, how much it counts out."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kb.article import ArticleKey

#: What an agent's link counts, in customers' confirmations: agents know the answer, customers know it helped them.
AGENT_WORTH = 4.0
#: An article that helped an agent in part counts as one that helped a customer.
IN_PART_WORTH = 1.0


class What(StrEnum):
    """What happened to a learned question."""

    CUSTOMER_CONFIRMED = "customer_confirmed"
    CUSTOMER_REJECTED = "customer_rejected"
    AGENT_LINKED = "agent_linked"
    AGENT_EDITED = "agent_edited"
    """It helped an agent who had to change what it says."""
    AGENT_REJECTED = "agent_rejected"
    FORGOTTEN = "forgotten"


class State(StrEnum):
    """Whether a learned question helps to find its article now, and if not, why."""

    ACTIVE = "active"
    OUTVOTED = "outvoted"
    """As many customers said that it did not help as that it did."""
    TO_CONFIRM = "to_confirm"
    """Its section has changed: it is to be confirmed again."""
    WITHDRAWN = "withdrawn"
    """Its article is not published any more."""
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was said of a learned question; never changed once it is stored."""

    what: What
    source: str
    """Who must not count twice: `conversation:ID` or `agent:NAME`."""
    message_id: str
    """The bot's message that was judged; empty where there was none."""
    at: dt.datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and the section that answered it, as it read then."""

    text: str
    """Never shown to customers."""
    key: ArticleKey
    revision: str
    anchor: str | None
    """The section; None for the whole article."""
    digest: str
    """Names what the section said (`index.learned.section_digest`); empty where only the very revision will do."""


@dataclass(frozen=True, slots=True)
class LearnedQuestion:
    """A pair with everything that was said of it, oldest first."""

    id: int
    pair: Pair
    events: tuple[Event, ...]


def votes(events: Iterable[Event]) -> Mapping[str, float]:
    """What each source counts, above 0 for the pair and below 0 against it; the last word of a source is its word.

    Forgetting clears what was said before it. After that only an agent's link begins anew: nobody's click brings
    back what the team has thrown away.
    """
    said: dict[str, float] = {}
    forgotten = False
    for event in events:
        match event.what:
            case What.FORGOTTEN:
                said.clear()
                forgotten = True
            case What.AGENT_LINKED:
                said[event.source] = AGENT_WORTH
                forgotten = False
            case What.CUSTOMER_CONFIRMED if not forgotten:
                said[event.source] = 1.0
            case What.CUSTOMER_REJECTED if not forgotten:
                said[event.source] = -1.0
            case What.AGENT_EDITED if not forgotten:
                said[event.source] = IN_PART_WORTH
            case What.AGENT_REJECTED if not forgotten:
                said[event.source] = -AGENT_WORTH
            case _:
                pass
    return said
