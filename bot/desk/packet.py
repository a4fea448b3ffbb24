"""A conversation in, what the person who takes over reads first out; pure, in the customer's own words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.choices import refuses_all, telling
from bot.dialogue.conversation import Message, Role
from bot.dialogue.reply import SMALL_TALK, Reply, ReplyKind
from bot.dialogue.whereabouts import NOWHERE, Whereabouts

#: Characters of one sentence of a summary; more is cut at a word.
SENTENCE_CHARS = 200
#: Telling words beyond this many make a sentence no better: it rambles.
_ENOUGH_WORDS = 14
#: Messages that a problem is looked for in; what stands before them is seldom what people are wanted for.
_MOST_MESSAGES = 8
#: Attempts that a packet tells of.
_MOST_TRIED = 6

_END = re.compile(r"(?<=[.!?…。！？])\s+|\n+")
#: A run of letters, or what has a digit near its beginning: looked for further on, it would be at every sign.
_WORD = re.compile(r"[^\W\d_]{2,}|\w{0,40}\d\w*")


class Mood(StrEnum):
    """How the customer sounds."""

    CALM = "calm"
    UPSET = "upset"


class Attempt(StrEnum):
    """What was tried before people were brought in."""

    SHOWN = "shown"
    """An article was quoted."""
    OFFERED = "offered"
    """The customer was asked which of some things they mean."""
    CHOSEN = "chosen"
    """The customer picked one of them."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing that did not settle the matter."""

    what: Attempt
    title: str
    """The article's title with its heading, or the choices."""
    article_id: str = ""
    locale: str = ""
    helpful: bool | None = None
    """What the customer said of it; None where they said nothing."""


@dataclass(frozen=True, slots=True)
class Packet:
    """What a person reads before the conversation itself."""

    summary: str = ""
    """One or two sentences of the customer: the matter, and what they asked last."""
    mood: Mood = Mood.CALM
    tried: tuple[Tried, ...] = ()
    """Oldest first."""
    where: Whereabouts = NOWHERE
    """What the customer's page said of itself when people were wanted."""


def pack(messages: Sequence[Message], language: str, mood: Mood, helpful: Mapping[str, bool]) -> Packet:
    """The packet of a conversation; `helpful` is the last feedback by the id of the bot's message."""
    said = [
        message.text
        for message in messages
        if message.role is Role.CUSTOMER
        and not _chatted(messages, message)
        # “None of these” tells nothing of the matter.
        and not refuses_all(message.text, _reply_before(messages, message))
    ]
    said = said or [message.text for message in messages if message.role is Role.CUSTOMER]
    return Packet(summarise(said, language), mood, tried(messages, helpful))


def summarise(said: Sequence[str], language: str) -> str:
    """Two sentences of the customer, oldest first: the one that tells most, and the last thing asked.

    Extractive: both are the customer's own, shortened at a word where they are very long. One sentence where the
    last one is also the most telling; empty where nothing was written.
    """
    sentences = [one for text in said[-_MOST_MESSAGES:] for one in _sentences(text)]
    if not sentences:
        return ""
    asked = _last_ask(said)
    # The earliest of equals: a problem is told before it is repeated.
    matter = max(sentences, key=lambda one: _worth(one, language))
    parts = [matter] if _same(matter, asked) else [matter, asked]
    return " ".join(_closed(_cut(part)) for part in parts)


def tried(messages: Sequence[Message], helpful: Mapping[str, bool]) -> tuple[Tried, ...]:
    """What the bot showed and asked, and what the customer made of it, oldest first."""
    found: list[Tried] = []
    offered: tuple[str, ...] = ()
    for message in messages:
        reply = message.reply
        if message.role is Role.CUSTOMER and message.text in offered:
            found.append(Tried(Attempt.CHOSEN, message.text))
        if reply is None:
            continue
        offered = reply.choices if reply.kind is ReplyKind.CLARIFY else ()
        if offered and reply.reason not in SMALL_TALK:
            found.append(Tried(Attempt.OFFERED, " / ".join(offered)))
        if reply.kind is ReplyKind.ANSWER and reply.citations:
            first = reply.citations[0]
            title = " › ".join((first.title, *first.heading_path))
            said = helpful.get(message.id)
            found.append(Tried(Attempt.SHOWN, title, first.article_id, first.locale, said))
    return tuple(found[-_MOST_TRIED:])


def _chatted(messages: Sequence[Message], said: Message) -> bool:
    """Whether a message got small talk back."""
    place = _place(messages, said)
    answer = messages[place + 1].reply if place + 1 < len(messages) else None
    return answer is not None and answer.reason in SMALL_TALK


def _reply_before(messages: Sequence[Message], said: Message) -> Reply | None:
    """What the bot had said last when a message came."""
    place = _place(messages, said)
    return messages[place - 1].reply if place else None


def _place(messages: Sequence[Message], said: Message) -> int:
    return next(place for place, message in enumerate(messages) if message is said)


def _sentences(text: str) -> list[str]:
    found = (" ".join(part.split()) for part in _END.split(text))
    return [one for one in found if any(map(str.isalnum, one))]


def _last_ask(said: Sequence[str]) -> str:
    """The last question of the last message with words, or its last sentence."""
    last = next((found for text in reversed(said) if (found := _sentences(text))), [])
    questions = [one for one in last if one.endswith(("?", "？"))]
    return (questions or last)[-1]


def _worth(sentence: str, language: str) -> int:
    """How much a sentence tells: its different telling words, up to a number."""
    words = {word.casefold() for word in _WORD.findall(sentence) if telling(word, language)}
    return min(len(words), _ENOUGH_WORDS)


def _same(one: str, other: str) -> bool:
    return one.casefold().rstrip(".!?") == other.casefold().rstrip(".!?")


def _cut(sentence: str) -> str:
    if len(sentence) <= SENTENCE_CHARS:
        return sentence
    shorter = sentence[: SENTENCE_CHARS - 1]
    return f"{shorter.rsplit(' ', 1)[0] if ' ' in shorter else shorter}…"


def _closed(sentence: str) -> str:
    """With a mark at its end, so that two of them read as two."""
    return sentence if sentence.endswith((".", "!", "?", "…", "。", "！", "？")) else f"{sentence}."
