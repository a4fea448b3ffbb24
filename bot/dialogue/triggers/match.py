"""A message in, the rule that fired out, with the words that fired it and a sentence why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.dialogue.matching import Found, Line, ends_at, find
from bot.dialogue.phrases import Phrase
from bot.dialogue.reply import Reason
from bot.dialogue.triggers.reasons import Handlings
from bot.dialogue.triggers.rules import Rule, RuleFile, load
from bot.dialogue.words import blank_quotations, sentences

RULES = Path(__file__).with_name("rules")
#: The language whose rules are tried on every message: customers mix it in.
EVERYWHERE = "en"
#: A negation is at most this many words long, gaps included.
_NEGATION_WORDS = 6
#: A message shouts when it has this many capital letters and hardly any small ones, and marks to go with it.
_SHOUTED_LETTERS = 8
_SHOUTED_SHARE = 0.7
_SHOUTED_MARKS = "!!"


@dataclass(frozen=True, slots=True)
class Fired:
    """Why a person is brought in."""

    reason: Reason
    rule: str
    """`person/ask-for-human`."""
    words: str
    """The customer's words that fired it, as typed."""
    explanation: str
    priority: str
    queue: str
    sentence: str
    """Key of what the customer is told, in `bot.dialogue.wording`."""
    language: str
    """Language of the rule file."""


@dataclass(frozen=True, slots=True)
class Considered:
    """What one rule made of a message."""

    rule: str
    language: str
    fired: bool
    words: str
    """The words its phrase stands on, as typed; empty where no phrase does."""
    why: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The prototype sentence that a message is most like."""

    reason: Reason
    sentence: str
    similarity: float
    """Cosine, -1..1."""


class Prototypes(Protocol):
    """Sentences that stand for a reason, compared by meaning; tried when no rule fires."""

    def nearest(self, text: str) -> Nearest | None:
        """The prototype most like the text; None if there is none."""
        ...


class Triggers:
    """All rule files, ready to try on messages. Holds no state between messages."""

    def __init__(
        self,
        files: Sequence[RuleFile],
        handlings: Handlings,
        prototypes: Prototypes | None = None,
        *,
        prototype_floor: float = 1.0,
    ) -> None:
        """Take checked files; `prototype_floor` is the cosine from which a prototype fires."""
        self._files = {file.language: file for file in files}
        self._handlings = handlings
        self._prototypes = prototypes
        self._prototype_floor = prototype_floor

    @classmethod
    def load(
        cls, folder: Path = RULES, prototypes: Prototypes | None = None, *, prototype_floor: float = 1.0
    ) -> "Triggers":
        """Read every `*.yaml` in a folder. Raises `bot.errors.SettingsInvalid` naming the file and the rule."""
        files = [load(file) for file in sorted(folder.glob("*.yaml"))]
        return cls(files, Handlings.load(), prototypes, prototype_floor=prototype_floor)

    def match(self, text: str, language: str) -> Fired | None:
        """The strongest reason in the message; rules of its language and of English are tried, of all if it is ''."""
        fired = [
            (self._handlings[rule.reason].rank, position, rule, words)
            for position, (rule, words, why) in enumerate(self._tried(text, language))
            if not why
        ]
        if fired:
            _, _, rule, words = min(fired, key=lambda one: one[:2])
            return self._fired(rule, words)
        return self._like_a_prototype(text, language)

    def explain(self, text: str, language: str) -> tuple[Considered, ...]:
        """Every rule that was considered: those that fired first, then those held back, then the rest."""
        seen: dict[tuple[str, str], Considered] = {}
        for rule, words, why in self._tried(text, language):
            key = (rule.language, rule.name)
            if key not in seen or (not why and not seen[key].fired):
                seen[key] = Considered(rule.name, rule.language, not why, words, why or rule.says)
        for file in self._for(language):
            for rule in file.rules:
                quiet = Considered(
                    rule.name, rule.language, False, "", "none of its phrases is in the message"
                )
                seen.setdefault((rule.language, rule.name), quiet)
        return tuple(sorted(seen.values(), key=lambda one: (not one.fired, not one.words)))

    def _for(self, language: str) -> list[RuleFile]:
        if not language:
            return list(self._files.values())
        names = dict.fromkeys((language, EVERYWHERE))
        return [self._files[name] for name in names if name in self._files]

    def _tried(self, text: str, language: str) -> Iterator[tuple[Rule, str, str]]:
        """Each place where a rule's phrase stands: the rule, the words, and why it is held back ('' if it fires)."""
        loud = _shouts(text)
        parts = sentences(blank_quotations(text))
        for file in self._for(language):
            for part in parts:
                line = file.reader.read(part)
                for position, found in file.index.find(line):
                    rule = file.owners[position]
                    yield (
                        rule,
                        _typed(text, line, found),
                        _held_back(rule, file.negations, line, found, loud, text),
                    )

    def _fired(self, rule: Rule, words: str) -> Fired:
        handling = self._handlings[rule.reason]
        return Fired(
            reason=rule.reason,
            rule=rule.name,
            words=words,
            explanation=f"{rule.says}: “{words}”",
            priority=rule.priority or handling.priority,
            queue=rule.queue or handling.queue,
            sentence=rule.sentence or handling.sentence,
            language=rule.language,
        )

    def _like_a_prototype(self, text: str, language: str) -> Fired | None:
        nearest = self._prototypes.nearest(text) if self._prototypes else None
        if nearest is None or nearest.similarity < self._prototype_floor:
            return None
        handling = self._handlings[nearest.reason]
        return Fired(
            reason=nearest.reason,
            rule=f"{nearest.reason}/prototype",
            words=text,
            explanation=f"The message is much like “{nearest.sentence}” ({nearest.similarity:.2f})",
            priority=handling.priority,
            queue=handling.queue,
            sentence=handling.sentence,
            language=language,
        )


def _held_back(
    rule: Rule, negations: Sequence[Phrase], line: Line, found: Found, loud: bool, text: str
) -> str:
    """Why a rule does not fire although its phrase stands there; empty if it does."""
    if rule.loud and not loud:
        return "it fires only where the message shouts"
    if rule.negatable:
        for negation in negations:
            before = ends_at(negation, line, found.first, furthest=_NEGATION_WORDS)
            if before is not None and line.words[before.last - 1].clause == line.words[found.first].clause:
                return f"negated: “{_typed(text, line, before)}” stands before it"
    for guard in rule.unless:
        spared = next(find(guard, line), None)
        if spared is not None:
            return f"spared: “{_typed(text, line, spared)}” ({guard.text})"
    return ""


def _typed(text: str, line: Line, found: Found) -> str:
    return text[line.words[found.first].start : line.words[found.last - 1].end]


def _shouts(text: str) -> bool:
    capitals = sum(letter.isupper() for letter in text)
    letters = sum(letter.isalpha() for letter in text)
    return capitals >= _SHOUTED_LETTERS and capitals >= _SHOUTED_SHARE * letters and _SHOUTED_MARKS in text
