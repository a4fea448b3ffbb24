"""What a search brought, weighed: the quote that answers best, how probable it is, and what else fits; a value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.answering.choosing import TITLE_APART
from bot.dialogue.reply import Citation
from bot.dialogue.signals import Signals
from bot.ports import Published
from index.searcher import Found
from kb.article import ArticleKey


@dataclass(frozen=True, slots=True)
class Judged:
    """What a search brought: the best quote with its probability, and what else was looked at."""

    found: Found
    quoted: Citation | None
    """What answers, checked. None where nothing could be quoted."""
    probability: float
    signals: Signals | None
    choices: tuple[str, ...]
    """Titles of the articles that fit about equally, best first; empty where the quoted one stands alone."""
    undecided: bool
    """The choices differ in what the customer did not say, such as which of two machines."""
    locale: str
    published: Mapping[ArticleKey, Published]
    """Those of the found articles that may answer, as looked up for this search."""
    named: bool = False
    """The question names one of several things that the knowledge base tells apart."""
    held_back: bool = False
    """What fits best in this locale is about another of those things and was left out."""
    more: Callable[[], tuple[Citation, ...]] = tuple
    """Further sources, checked too. They are looked for when they are asked for: most turns show none."""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What answers, and the further sources; empty where nothing could be quoted."""
        return () if self.quoted is None else (self.quoted, *self.more())

    @property
    def can_be_asked_about(self) -> bool:
        """One article stands alone, and its title shows a customer that it is about what they asked."""
        return not self.choices and self.signals is not None and self.signals.title >= TITLE_APART

    @property
    def offered(self) -> tuple[str, ...]:
        """What the customer may be asked about: the choices, or the one article that fits."""
        return self.choices or ((self.quoted.title,) if self.quoted else ())
