"""How often an article comes up in, how long a comparison of two texts of it takes out; pure."""

from dataclasses import dataclass
from typing import Final

#: Two shares of arm A and B, and after how many conversations of both arms half of the pages have told them apart:
#: medians of 200 runs, four lines sharing the chance of a false alarm. `tests/experiments/test_planning.py` repeats it.
NEEDED: Final = ((0.35, 0.42, 2240), (0.35, 0.45, 1280), (0.35, 0.55, 320), (0.2, 0.6, 90))
#: Days that are looked back on.
LOOKED_BACK: Final = 28


@dataclass(frozen=True, slots=True)
class Need:
    """How long it takes to tell two shares apart."""

    a: float
    b: float
    conversations: int
    weeks: float | None
    """At the article's pace; None where it did not come up at all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to expect of trying another text of an article."""

    met: int
    """Conversations of the last `LOOKED_BACK` days that were answered from it or nearest to it."""
    needs: tuple[Need, ...]

    @property
    def a_week(self) -> float:
        """How often it comes up."""
        return 7.0 * self.met / LOOKED_BACK


def plan(met: int) -> Plan:
    """The plan for an article that came up in so many conversations of the last `LOOKED_BACK` days."""
    pace = 7.0 * met / LOOKED_BACK
    return Plan(met, tuple(Need(a, b, count, count / pace if pace else None) for a, b, count in NEEDED))


def in_words(weeks: float | None) -> str:
    """Weeks as somebody would say them."""
    if weeks is None:
        return "never, at this pace"
    if weeks < 1.5:
        return "about a week"
    if weeks < 9:
        return f"about {weeks:.0f} weeks"
    if weeks < 18 * 52 / 12:
        return f"about {weeks * 12 / 52:.0f} months"
    return f"about {weeks / 52:.0f} years" if weeks < 10 * 52 else "more than ten years"
