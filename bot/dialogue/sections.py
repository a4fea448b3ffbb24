"""The sections of the right article in, how well each fits the question out: the one that answers is chosen by it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.choices import names_heading, telling_words
from bot.dialogue.quoting import named_row
from bot.dialogue.words import fold
from kb.article import Span, SpanKind

#: Weights that choose a section, chosen together on the sample questions whose article was found right (hard ones /
#: routine ones): the quote holds at least half of the right passage for .797 / .793 of them. Without the likeness of
#: the quote itself, and with weights chosen without it, for .778 / .727.
RANKED, FOCUS, SUPPORT = 0.6, 0.7, 0.8
#: What steps are worth when somebody asks how, and the row of a table whose first cell the customer names.
STEPS_WHEN_ASKED_HOW, ROW_WHEN_NAMED = 0.35, 0.4
#: What it is worth that the heading says a word of the question which the title does not.
HEADING_NAMED = 0.1
#: What it is worth that the title offers “reset or change” and the heading is the one that says which.
ALTERNATIVE_NAMED = 0.3

_WORD = re.compile(r"\w+")
#: “Or” in en, de, es and fr.
_OR = frozenset(("or", "oder", "o", "u", "ou"))


@dataclass(frozen=True, slots=True)
class Headings:
    """What stands above a section."""

    title: str
    heading: str
    """The last one of its path, or empty."""
    others: tuple[str, ...]
    """The last headings of the article's other sections."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a section fits, part by part."""

    ranked: float
    """Its best passage's ranking score."""
    focus: float
    """Likeness of its headings with the question."""
    support: float
    """Likeness of the question with what would be quoted of it."""
    steps: float
    """What its steps add where the question asks how."""
    named: float
    """What a row or heading adds that the question names."""

    @property
    def worth(self) -> float:
        """Higher is better; comparable within one article."""
        return RANKED * self.ranked + FOCUS * self.focus + SUPPORT * self.support + self.steps + self.named


def fit(
    ranked: float,
    focus: float,
    support: float,
    spans: Sequence[Span],
    above: Headings,
    question: str,
    language: str,
    *,
    asks_how: bool,
) -> Fit:
    """How well a section fits. Who asks how is answered with steps, and who names a row with that row."""
    steps = asks_how and any(span.kind is SpanKind.STEP for span in spans)
    named = ROW_WHEN_NAMED if named_row(spans, question) is not None else 0.0
    if names_heading(question, above.title, (above.heading,), language):
        named += HEADING_NAMED
    if steps and names_alternative(question, above, language):
        named += ALTERNATIVE_NAMED
    return Fit(ranked, focus, support, STEPS_WHEN_ASKED_HOW if steps else 0.0, named)


def names_alternative(question: str, above: Headings, language: str) -> bool:
    """Whether the title has an “or”, and this heading alone says a word of it that the question says too."""
    if not _OR & set(_WORD.findall(fold(above.title))):
        return False
    said = telling_words(question, language) & telling_words(above.title, language)
    elsewhere = telling_words(" ".join(above.others), language)
    return bool((said & telling_words(above.heading, language)) - elsewhere)
