"""A conversation and the next message in, whether it goes round in circles out: same problem, or no help, again."""

from functools import partial
from pathlib import Path
from typing import Final

from bot.dialogue.conversation import Conversation, Message, Role
from bot.dialogue.groups import Groups, load_groups
from bot.dialogue.reply import SMALL_TALK
from bot.dialogue.spelling import same_word
from bot.dialogue.spoken import Spoken
from bot.dialogue.words import sentences
from index.words import Analyzer

FILE = Path(__file__).with_name("circles.yaml")
#: The language whose phrases are understood everywhere.
EVERYWHERE: Final = "en"
#: Asking this often for the same is going round in circles; so is saying this often that an answer did not help.
SAME_PROBLEM: Final = 3
NOT_HELPED: Final = 2
#: Two messages are about the same when they share this much of all their terms: naming one more thing is still the
#: same (2 of 3), asking for a different one of two things is not (2 of 4).
ALIKE: Final = 0.6
#: A message that says that it is still so is about what was said before with less in common: in “the printer still does
#: not make any copies” after “my printer does not copy” the customer says so themselves.
ALIKE_STILL: Final = 0.4
#: A longer message says what it wants; that something did not help is said in a few words.
_MOST_WORDS: Final = 20
#: What is read of a message: comparing is by pairs of terms, and nobody repeats a page three times.
_LONGEST_TEXT: Final = 1000
_MOST_TERMS: Final = 40
#: Messages looked back at; a conversation that is longer has been handed off for less.
_MOST_MESSAGES: Final = 40

RULE_SAME: Final = "going_in_circles/same-problem"
RULE_NOT_HELPED: Final = "going_in_circles/not-helpful"


class Circles:
    """Notices conversations that get a customer no further."""

    def __init__(self, languages: Spoken[Groups]) -> None:
        self._languages = languages
        self._analyzer = Analyzer()
        self._beside = Spoken({name: partial(self._words_beside, name) for name in languages})

    @classmethod
    def load(cls, file: Path = FILE, *, later: bool = False) -> "Circles":
        """Read the phrases. Raises `bot.errors.SettingsInvalid`. `later` as in `load_groups`."""
        return cls(load_groups(file, ("not_helped",), ("beside",), later=later))

    def prepare(self) -> None:
        """Reads every language now."""
        self._languages.prepare()
        self._beside.prepare()

    def _words_beside(self, name: str) -> frozenset[str]:
        return frozenset(self._analyzer.terms(" ".join(self._languages[name].words["beside"]), name))

    def noticed(self, conversation: Conversation | None, text: str, language: str) -> str:
        """The rule that says so, or empty."""
        if conversation is None:
            return ""
        messages = conversation.messages[-_MOST_MESSAGES:]
        if self._not_helped(messages, text, language) >= NOT_HELPED:
            return RULE_NOT_HELPED
        said = _own_words(messages)
        if len(said) + 1 < SAME_PROBLEM:
            return ""
        asked = self._terms(text, language)
        still = self._says_so(text, language)
        alike = sum(
            _alike(
                asked,
                self._terms(message.text, language),
                ALIKE_STILL if still or self._says_so(message.text, language) else ALIKE,
            )
            for message in said
        )
        return RULE_SAME if asked and 1 + alike >= SAME_PROBLEM else ""

    def _not_helped(self, messages: tuple[Message, ...], text: str, language: str) -> int:
        """Replies that did not help; a click and a sentence about the same one count once."""
        useless = 0
        for place, message in enumerate(messages):
            if message.role is not Role.BOT or message.reply is None or message.reply.reason in SMALL_TALK:
                continue
            after = next((other.text for other in messages[place + 1 :] if other.role is Role.CUSTOMER), text)
            useless += message.helpful is False or self._says_so(after, language)
        return useless

    def _says_so(self, text: str, language: str) -> bool:
        parts = sentences(text)
        if sum(len(part.words) for part in parts) > _MOST_WORDS:
            return False
        names = dict.fromkeys((language.split("-")[0], EVERYWHERE))
        groups = [self._languages[name] for name in names if name in self._languages]
        return any(one.has("not_helped", one.read(part)) for one in groups for part in parts)

    def _terms(self, text: str, language: str) -> tuple[str, ...]:
        beside = self._beside.get(language.split("-")[0], frozenset())
        terms = dict.fromkeys(self._analyzer.terms(text[:_LONGEST_TEXT], language))
        return tuple(term for term in terms if term not in beside)[:_MOST_TERMS]


def _own_words(messages: tuple[Message, ...]) -> list[Message]:
    """What the customer wrote, small talk and the choice of an offered title left out."""
    kept = []
    for place, message in enumerate(messages):
        if message.role is not Role.CUSTOMER:
            continue
        offered = messages[place - 1].reply if place else None
        answer = messages[place + 1].reply if place + 1 < len(messages) else None
        if offered is not None and message.text.strip() in offered.choices:
            continue
        if answer is None or answer.reason not in SMALL_TALK:
            kept.append(message)
    return kept


def _alike(one: tuple[str, ...], other: tuple[str, ...], least: float) -> bool:
    shared = sum(any(same_word(term, again) for again in other) for term in one)
    return shared > 0 and shared >= least * (len(one) + len(other) - shared)
