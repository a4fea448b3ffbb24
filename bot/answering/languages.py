"""A message, its conversation and what its channel says in, the language that it is in out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.conversation import Conversation
from bot.dialogue.language import LanguageDetector


@dataclass(frozen=True, slots=True)
class Heard:
    """The language of a message."""

    language: str
    """BCP 47; perhaps one that is not answered."""
    certainty: float
    """Probability in 0..1."""
    answered: bool
    """Whether the bot answers in it."""
    prior: str
    """That of the conversation so far, or what the channel says; empty where neither says anything."""


class Languages:
    """Knows the languages that are answered, and tells which one a customer writes."""

    def __init__(self, detector: LanguageDetector, locales: Sequence[str], default: str) -> None:
        self._detector = detector
        self._locales = tuple(locales)
        self.default = default

    def heard(self, text: str, locale: str, conversation: Conversation | None) -> Heard:
        """The language of a message; `locale` is the channel's hint, or empty."""
        spoken, page = conversation.language if conversation else "", self.known(locale)
        found = self._detector.detect(
            text, supported=self._locales, prior=spoken, page=page, default=self.default
        )
        return Heard(found.language, found.certainty, found.language in self._locales, spoken or page)

    def spoken(self, heard: Heard) -> str:
        """The answered language to go on in."""
        return (heard.language if heard.answered else heard.prior) or self.default

    def known(self, locale: str) -> str:
        """The answered locale that a channel's hint means, or empty."""
        wanted = locale.replace("_", "-").lower()
        for known in self._locales:
            if wanted == known.lower() or wanted.split("-")[0] == known.lower():
                return known
        return ""

    def of_conversation(self, conversation: Conversation, locale: str) -> str:
        """The language to write in where a message could not be looked at."""
        return conversation.language or self.known(locale) or self.default
