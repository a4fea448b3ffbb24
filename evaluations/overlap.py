"""A quote that was shown and words that were wanted in, how far they agree out."""

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation and Markdown's marks."""
    return _WORD.findall(text.replace("_", " ").casefold())


def holds(shown: str, wanted: str) -> bool:
    """Whether the wanted words stand in what was shown, together and in their order."""
    have, need = words(shown), words(wanted)
    return bool(need) and any(
        have[start : start + len(need)] == need for start in range(len(have) - len(need) + 1)
    )


def f1(shown: str, wanted: str) -> float:
    """Harmonic mean of the precision and recall of words, as SQuAD has it (Rajpurkar et al. 2016, section 6.1)."""
    have, need = Counter(words(shown)), Counter(words(wanted))
    shared = sum((have & need).values())
    if not shared:
        return 0.0
    return 2.0 * shared / (sum(have.values()) + sum(need.values()))


def recall(shown: str, wanted: str) -> float:
    """Share of the wanted words that were shown."""
    have, need = Counter(words(shown)), Counter(words(wanted))
    return sum((have & need).values()) / max(sum(need.values()), 1)


def best_f1(shown: str, wanted: Sequence[str]) -> float:
    """The best of several wanted texts."""
    return max((f1(shown, one) for one in wanted), default=0.0)
