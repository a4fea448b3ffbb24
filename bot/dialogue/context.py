"""A message and the conversation before it in, the question to look up out, with what it leans on kept apart.

The parts stay separate (the message, earlier messages, titles cited before), so that the search can weigh them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.conversation import Message, Role
from bot.dialogue.groups import Groups, load_groups
from bot.dialogue.matching import Found, Line, find
from bot.dialogue.phrases import Phrase
from bot.dialogue.reply import SMALL_TALK, ReplyKind
from bot.dialogue.spoken import Spoken
from bot.dialogue.words import sentences

FILE = Path(__file__).with_name("context.yaml")
_FALLBACK = "en"
#: Earlier messages worth carrying over; what was said before them is seldom meant.
_REMEMBERED = 3
#: How far back what a row of fragments is about is looked for (“and to Norway?” “and express?” “how about the UK?”).
_TOPIC_WITHIN = 6
#: Characters of the last answer that are carried over: about what the encoder reads.
_CITED_CHARS = 600
#: A message with at most this many telling words is a fragment: it says what changes, not what it is about.
_FRAGMENT_WORDS = 2
#: A pronoun stands for something said earlier in the conversation if at most this many telling words precede it.
_WORDS_BEFORE_PRONOUN = 1
#: A message with more telling words than this is taken to say itself what it is about.
_SELF_CONTAINED_WORDS = 9


@dataclass(frozen=True, slots=True)
class Question:
    """What to look up."""

    text: str
    """The message itself."""
    previous: tuple[str, ...]
    """The customer's earlier messages, newest first, without small talk; at most three."""
    titles: tuple[str, ...]
    """Titles of the articles cited before, newest first, each once."""
    is_followup: bool
    """Whether the message leans on what was said before."""
    cited: tuple[str, ...] = ()
    """Title, heading and quote of the last answer, as one text; empty where the bot said something else last."""
    topic: tuple[str, ...] = ()
    """What a message that leans is about, newest first: `previous`, or where the newest leans too, that and the last
    one that stood by itself."""
    alone: str = ""
    """A message that leans by its first word alone, without that (“and my parcel is late”): it may be a new matter."""

    @property
    def history_text(self) -> str:
        """What the message leans on as one text, newest first; empty if it stands alone."""
        return "\n".join((*self.titles[:1], *self.previous)) if self.is_followup else ""


class Context:
    """Knows the signs of a message that leans on the conversation."""

    def __init__(self, languages: Spoken[Groups]) -> None:
        self._languages = languages

    @classmethod
    def load(cls, file: Path = FILE, *, later: bool = False) -> "Context":
        """Read the signs of each language. Raises `bot.errors.SettingsInvalid`. `later` as in `load_groups`."""
        groups = ("opener", "pronoun", "demonstrative", "short", "complete", "announces")
        return cls(load_groups(file, groups, ("function", "determiner", "joins"), later=later))

    def prepare(self) -> None:
        """Reads every language now."""
        self._languages.prepare()

    def standalone(self, message: str, history: tuple[Message, ...], language: str = _FALLBACK) -> Question:
        """The question to look up. `history` is oldest first and does not hold the message itself."""
        said = _previous(history)
        previous = said[:_REMEMBERED]
        titles = dict.fromkeys(
            citation.title
            for one in reversed(history)
            if one.reply is not None
            for citation in one.reply.citations
        )
        asked, complete = self._asked(message, language)
        if not previous or complete or not self.leans(asked, language):
            return Question(asked, previous, tuple(titles), False, _cited(history))
        topic, alone = self._topic(said, language), self._alone(asked, language)
        return Question(asked, previous, tuple(titles), True, _cited(history), topic, alone)

    def _topic(self, said: tuple[str, ...], language: str) -> tuple[str, ...]:
        """What a message that leans on those before it is about, newest first."""
        if not self.leans(said[0], language):
            return said[:_REMEMBERED]
        stood = next((one for one in said[1:] if not self.leans(one, language)), None)
        return said[:_REMEMBERED] if stood is None else (said[0], stood)

    def _asked(self, message: str, language: str) -> tuple[str, bool]:
        """The message without what only announces it (“one more thing: …”), and whether that makes it complete."""
        groups = self._languages.get(language, self._languages[_FALLBACK])
        for sentence in sentences(message):
            line = groups.read(sentence)
            for name in ("complete", "announces"):
                after = next(
                    (place for phrase in groups.phrases[name] for place in _after(phrase, line, groups)), None
                )
                if after is not None:
                    return message[after:], name == "complete"
            if _telling(line, groups):
                break
        return message, False

    def _alone(self, message: str, language: str) -> str:
        """The message without the words that join it to what was said; empty where too little is left of it."""
        groups = self._languages.get(language, self._languages[_FALLBACK])
        read = sentences(message)
        if not read:
            return ""
        line = groups.read(read[0])
        own = next((at for at, word in enumerate(line.words) if word.text not in groups.words["joins"]), 0)
        if not own or len(_telling(line, groups)) < _FRAGMENT_WORDS:
            return ""
        left = message[line.words[own].start :]
        return "" if self.leans(left, language) else left

    def leans(self, message: str, language: str) -> bool:
        """Whether the message needs what was said before it to be understood."""
        groups = self._languages.get(language, self._languages[_FALLBACK])
        lines = [groups.read(sentence) for sentence in sentences(message)]
        if not lines:
            return True
        if any(groups.has("complete", line) for line in lines):
            return False
        telling = sum(len(_telling(line, groups)) for line in lines)
        if telling > _SELF_CONTAINED_WORDS:
            return False
        if telling == 0 or groups.has("opener", lines[0]) or _begins_with_pronoun(lines[0], groups):
            return True
        if len(lines) == 1 and lines[0].mark == "?" and len(lines[0].words) == 1:
            # “Norway?” after the price for Sweden.
            return True
        return telling <= _FRAGMENT_WORDS and any(groups.has("short", line) for line in lines)


def _previous(history: tuple[Message, ...]) -> tuple[str, ...]:
    """What the customer said before, newest first; a message that got small talk back asked nothing."""
    kept: list[str] = []
    answered_with_small_talk = False
    for said in reversed(history):
        if said.role is Role.BOT:
            answered_with_small_talk = said.reply is not None and said.reply.reason in SMALL_TALK
        elif said.role is Role.CUSTOMER:
            if not answered_with_small_talk:
                kept.append(said.text)
            answered_with_small_talk = False
    return tuple(kept[:_TOPIC_WITHIN])


def _cited(history: tuple[Message, ...]) -> tuple[str, ...]:
    """What the last answer was about and said; nothing where the bot asked back since: that was of another matter."""
    for said in reversed(history):
        if said.reply is None or said.reply.reason in SMALL_TALK:
            continue
        if not said.reply.citations:
            return ()
        first = said.reply.citations[0]
        return (". ".join((first.title, *first.heading_path, first.text))[:_CITED_CHARS],)
    return ()


def asked_before_choice(history: tuple[Message, ...]) -> str:
    """The customer's message that the bot last asked back about; empty where it did not."""
    for place in range(len(history) - 1, 0, -1):
        reply = history[place].reply
        if reply is None or reply.reason in SMALL_TALK:
            # Small talk may show the same choices again.
            continue
        if reply.kind is ReplyKind.CLARIFY and reply.choices:
            return history[place - 1].text
    return ""


def _telling(line: Line, groups: Groups) -> list[int]:
    """Positions of the words that say what a sentence is about."""
    known = groups.words["function"] | groups.words["determiner"]
    return [at for at, word in enumerate(line.words) if word.text not in known and len(word.text) > 1]


def _after(phrase: Phrase, line: Line, groups: Groups) -> Iterator[int]:
    """Where in the message the clause after a phrase begins, if nothing telling stands before the phrase."""
    telling = _telling(line, groups)
    for found in find(phrase, line):
        clause = line.words[found.last - 1].clause
        after = next((word.start for word in line.words if word.clause > clause), None)
        if after is not None and not any(at < found.first for at in telling):
            yield after


def _begins_with_pronoun(line: Line, groups: Groups) -> bool:
    """Whether a pronoun stands before anything it could stand for in its own sentence."""
    telling = _telling(line, groups)
    for found in _pronouns(line, groups, telling):
        before = [at for at in telling if at < found.first]
        named = any(at > 0 and line.words[at - 1].text in groups.words["determiner"] for at in before)
        if len(before) <= _WORDS_BEFORE_PRONOUN and not named:
            return True
    return False


def _pronouns(line: Line, groups: Groups, telling: list[int]) -> Iterator[Found]:
    for phrase in groups.phrases["pronoun"]:
        yield from find(phrase, line)
    for phrase in groups.phrases["demonstrative"]:
        # "This" stands for something unless it goes with the next word, as in "this lamp".
        yield from (found for found in find(phrase, line) if found.last not in telling)
