"""A message in, each place where a phrase of a rule stands in it out, with why the rule does not fire there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.dialogue.matching import Line
from bot.dialogue.reply import Reason
from bot.dialogue.spoken import Spoken
from bot.dialogue.triggers.held_back import held_back, shouts, typed
from bot.dialogue.triggers.rules import Rule, RuleFile, Stands
from bot.dialogue.words import blank_quotations, sentences

#: The language whose rules are tried on every message: customers mix it in.
EVERYWHERE = "en"
#: Words that must be left of a message for the rest to be what it means.
_FEWEST_MEANT = 2
#: Reasons that a message raises no doubts of: danger is never explained away, and an insult is an insult.
_UNDOUBTED = frozenset({Reason.DANGER, Reason.ABUSE})
#: Messages whose rules are remembered.
_REMEMBERED = 16


@dataclass(frozen=True, slots=True)
class Trial:
    """What one rule makes of a place in a message."""

    rule: Rule
    words: str
    """As typed."""
    why: str
    """Why it does not fire there; empty if it does."""
    sure: bool
    """Whether it fires for sure, or is only likely: then the meaning must agree."""


class Trials:
    """The rules of all languages, tried on messages. Remembers nothing of a message but how the rules read it."""

    def __init__(self, files: Spoken[RuleFile]) -> None:
        self._files = files
        #: One turn asks three times: whether a rule fires, what holds it back, how the customer sounds.
        self._tried = lru_cache(maxsize=_REMEMBERED)(self._all_tried)
        #: And once more where phrases stand, for what is declined.
        self._standing = lru_cache(maxsize=_REMEMBERED)(self._all_standing)

    def of(self, text: str, language: str) -> tuple[Trial, ...]:
        """Each place where a phrase stands, of the rules of the language and of English; of all if it is ''."""
        return self._tried(text, language)

    def denied(self, text: str, language: str) -> frozenset[Reason]:
        """The reasons that a message denies; none where it may take that back (“but”, “unless”)."""
        denied = {
            stands.rule.reason for _, stands in self._standing(text, language) if stands.denial is not None
        }
        if denied and any(
            file.negations.are_taken_back(file.reader.read(part))
            for file in self.files(language)
            for part in sentences(blank_quotations(text))
        ):
            return frozenset()
        return frozenset(denied)

    def meant(self, text: str, language: str) -> str:
        """The message without clauses that decline something ("I don't need an agent"), where anything else is left."""
        kept = text
        for line, stands in self._standing(text, language):
            if stands.denial is not None:
                clause = line.words[stands.found.first].clause
                words = [word for word in line.words if word.clause == clause]
                start, end = words[0].start, words[-1].end
                kept = kept[:start] + " " * (end - start) + kept[end:]
        left = kept.strip(" \t\n.,;:!?-–—")
        return left if kept != text and len(left.split()) >= _FEWEST_MEANT else text

    def files(self, language: str) -> list[RuleFile]:
        """Whose rules are tried on a message in a language."""
        if not language:
            return list(self._files.values())
        names = dict.fromkeys((language, EVERYWHERE))
        return [self._files[name] for name in names if name in self._files]

    def _all_tried(self, text: str, language: str) -> tuple[Trial, ...]:
        return tuple(self._each_tried(text, language))

    def _each_tried(self, text: str, language: str) -> Iterator[Trial]:
        loud = shouts(text)
        standing = self._standing(text, language)
        doubtful = bool(standing) and self._is_doubtful(text, language)
        for line, stands in standing:
            rule, found = stands.rule, stands.found
            why = held_back(rule, stands.denial, line, found, loud, text)
            sure = stands.sure and (not doubtful or rule.reason in _UNDOUBTED)
            yield Trial(rule, typed(text, line, found), why, sure)

    def _is_doubtful(self, text: str, language: str) -> bool:
        return any(
            file.doubts_in(line)
            for file in self.files(language)
            for line in self._lines(file, text, language)
            if file.doubts
        )

    def _all_standing(self, text: str, language: str) -> tuple[tuple[Line, Stands], ...]:
        """Each place where a phrase stands, with its sentence."""
        return tuple(
            (line, stands)
            for file in self.files(language)
            for line in self._lines(file, text, language)
            for stands in file.standing(line)
        )

    def _lines(self, file: RuleFile, text: str, language: str) -> Iterator[Line]:
        # Where the language is not known, a word of one is often near to a word of another (gainer, genervt).
        typos = bool(language) or file.language == EVERYWHERE
        for part in sentences(blank_quotations(text)):
            yield file.reader.read(part, typos=typos)
