"""A line of a page in, which conversations stand behind it out."""

from dataclasses import dataclass
from typing import Final

from bot.ledger.records import Flag
from bot.ledger.tally import FAILED


@dataclass(frozen=True, slots=True)
class Line:
    """Conversations of which some flags hold."""

    title: str
    all_of: int = int(Flag.COUNTS)
    """Bits of `Flag`, all of which hold."""
    none_of: int = 0
    known: str = ""
    """Field of a record that must be known, or empty."""
    longest: bool = False
    """Whether the largest values of that field come first, and those that have not ended before them."""
    any_of: int = 0
    """Bits of which at least one holds; 0 for no such condition."""


def _of(title: str, flag: Flag, known: str = "") -> Line:
    return Line(title, int(Flag.COUNTS | flag), known=known)


#: By the name of a figure; `NAME_low` are those that are surely in it.
LINES: Final = {
    "conversations": Line("All conversations that count"),
    "deflection_low": _of("Surely settled by the bot", Flag.SURELY_DEFLECTED),
    "deflection": _of("At most settled by the bot", Flag.AT_MOST_DEFLECTED),
    "first_contact_resolution_low": _of("Surely settled in one contact", Flag.SURELY_FIRST_CONTACT),
    "first_contact_resolution": _of("At most settled in one contact", Flag.AT_MOST_FIRST_CONTACT),
    "involved": _of("Something was asked of the bot", Flag.INVOLVED),
    "answered": _of("The bot quoted an article", Flag.ANSWERED),
    "contained": _of("No person took part", Flag.CONTAINED),
    "confirmed": _of("The customer said that it helped", Flag.CONFIRMED),
    "durable": _of("Contained, and nobody came back", Flag.AT_MOST_DEFLECTED),
    "abandoned": _of("Left without an answer that helped", Flag.ABANDONED),
    "failed": Line(
        "Left without an answer that helped, handed off, or back on the matter", any_of=int(FAILED)
    ),
    "escalation_rate": _of("The bot brought in a person", Flag.HANDED_OFF),
    "repeat_contact": _of("The customer came back on the matter", Flag.RETURNED),
    "knowledge_base_usage": _of("An article was quoted", Flag.ANSWERED),
    "reopened": _of("Opened again", Flag.REOPENED),
    "passed_up": _of("Escalated by a person", Flag.PASSED_UP),
    "escalation_accuracy": _of("Hand-offs judged as needed", Flag.ESCALATION_RIGHT),
    "escalation_wrong": _of("Hand-offs that an article would have spared", Flag.ESCALATION_WRONG),
    "satisfaction": Line("Conversations with a rating", known="rated"),
    "net_promoter": Line("Conversations with a recommendation", known="recommends"),
    "first_response": Line(
        "By the wait for a person's first reply", int(Flag.WITH_PEOPLE), 0, "first_response", longest=True
    ),
    "resolution": Line("By the time to the solution", int(Flag.WITH_PEOPLE), 0, "resolution", longest=True),
    "handle_time": Line("By handle time", known="handled", longest=True),
    "tickets_per_agent": _of("Solved by a person", Flag.SOLVED_BY_PERSON),
}
_SAME: Final = {"recommendation": "net_promoter"}


def line_of(figure: str) -> Line | None:
    """The line behind a figure, whichever quantile of it is meant; None for a name that is none."""
    name = figure.removesuffix("_median").removesuffix("_p90")
    return LINES.get(_SAME.get(name, name))
