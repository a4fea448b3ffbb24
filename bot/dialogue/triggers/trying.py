"""A message in, what the triggers make of it out: which rule fires and why, what nearly did, and what it means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.dialogue.language import SURE, LanguageDetector
from bot.dialogue.reply import Reason
from bot.dialogue.triggers import Considered, Fired, Triggers
from bot.dialogue.triggers.meaning import Seen
from bot.dialogue.triggers.weights import NONE


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely a label is by meaning."""

    label: str
    """A reason, or `none`."""
    probability: float
    floor: float | None
    """Probability from which it brings in a person; None where nothing does."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What the triggers make of a message."""

    text: str
    language: str
    """Whose rules were tried; empty where those of all languages were, because it is not sure."""
    fired: Fired | None
    overruled: Fired | None
    """The rule that fired and that the meaning speaks against."""
    considered: tuple[Considered, ...]
    """The rules whose words stand in the message, those that fired first."""
    chances: tuple[Chance, ...]
    """Likeliest first; empty where the rules are alone."""


class Trying:
    """Tries messages as the chat would, and keeps nothing of them."""

    def __init__(
        self,
        triggers: Triggers,
        detector: LanguageDetector,
        seen: Callable[[str], Seen] | None,
        *,
        locales: Sequence[str],
        default_locale: str,
    ) -> None:
        """`seen` gives the encoder's view of a text; without it the rules are alone."""
        self._triggers = triggers
        self._detector = detector
        self._seen = seen
        self._locales = tuple(locales)
        self._default_locale = default_locale

    def tried(self, text: str, language: str = "") -> Tried:
        """What fires, and what was weighed; the language is found out where it is not given."""
        read_in = language
        if not language:
            heard = self._detector.detect(text, supported=self._locales, default=self._default_locale)
            # As the chat does: where the language is not sure, the rules of all are tried.
            language = heard.language if heard.certainty >= SURE else ""
            read_in = heard.language if heard.language in self._locales else self._default_locale
        seen = self._seen(self._triggers.reads(text, language or read_in)) if self._seen else None
        ruled = self._triggers.match(text, language)
        fired = self._triggers.told(text, language, (lambda _: seen) if seen is not None else None)
        chances = self._triggers.chances(text, seen, language) if seen is not None else {}
        return Tried(
            text=text,
            language=language,
            fired=fired,
            overruled=ruled if ruled is not None and (fired is None or fired.rule != ruled.rule) else None,
            considered=tuple(one for one in self._triggers.explain(text, language) if one.words or one.fired),
            chances=tuple(
                Chance(label, chance, self._floor(text, label, language)) for label, chance in chances.items()
            ),
        )

    def _floor(self, text: str, label: str, language: str) -> float | None:
        return None if label == NONE else self._triggers.floor(text, Reason(label), language)
