"""A question and verified passages in, sentences that restate them out; what does not align is dropped."""

import logging
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.errors import SettingsInvalid
from bot.writing.alignment import Alignment, split
from bot.writing.completions import Completions, WritingFailed
from bot.writing.prompt import MOST_SENTENCES, NOTHING, messages
from kb.sentences import breaks

#: A sentence longer than this is none; what comes before its end is not looked at twice.
_LONGEST_SENTENCE = 600
#: What stands before a line's mark is looked at in that line alone: thousands of empty lines cost their number.
_MARKUP = re.compile(r"\*{1,3}|_{2,3}|`+|^#{1,6}\s+|^[^\S\n]*(?:[-*•]|\d{1,2}[.)])\s+", re.MULTILINE)
_log = logging.getLogger(__name__)

#: Told each sentence as soon as it has been checked.
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A passage whose quote code has checked."""

    head: str
    """Title and headings."""
    text: str
    """The passage as a person reads it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that restates a passage."""

    text: str
    source: int
    """Place of the passage among those that were given."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is left of a model's reply."""

    sentences: tuple[Sentence, ...]
    dropped: int
    """Sentences that restated nothing."""
    complete: bool
    """Whether the model came to its end; one that broke off may still have said something that holds."""


class Writer:
    """Has answers written, and lets nothing through that the passages do not say."""

    def __init__(self, completions: Completions, alignment: Alignment) -> None:
        self._completions = completions
        self._alignment = alignment

    def write(
        self, question: str, sources: Sequence[Source], language: str, tell: Tell | None = None
    ) -> Written | None:
        """The sentences that hold, in their order; None where none does, whatever the reason."""
        passages = [(source.head, source.text) for source in sources]
        units = self._alignment.units(passages, language)
        kept: list[Sentence] = []
        dropped, complete = 0, True
        try:
            for text in self._sentences(question, passages, language):
                place = self._alignment.source_of(text, units, language)
                if place is None:
                    dropped += 1
                    continue
                kept.append(Sentence(text, place))
                if tell is not None:
                    tell(text)
                if len(kept) == MOST_SENTENCES:
                    break
        except (WritingFailed, SettingsInvalid) as exc:
            _log.warning("no written answer: %s", exc)
            complete = False
        if dropped:
            _log.info("sentences dropped from a written answer: %d of %d", dropped, dropped + len(kept))
        return Written(tuple(kept), dropped, complete) if kept else None

    def _sentences(self, question: str, passages: Sequence[tuple[str, str]], language: str) -> Iterator[str]:
        """Sentences as they are completed; nothing after the model says that the passages do not answer."""
        waiting = ""
        for piece in self._completions.stream(messages(question, passages, language, secrets.token_hex(8))):
            waiting += piece
            if len(waiting) > _LONGEST_SENTENCE and not breaks(waiting) and "\n" not in waiting:
                return
            cut = _complete(waiting)
            for sentence in split(_plain(waiting[:cut])):
                if sentence.strip(" .!") == NOTHING:
                    return
                yield sentence
            waiting = waiting[cut:]
        for sentence in split(_plain(waiting)):
            # What the model was cut off in is no sentence.
            if sentence[-1:] in ".!?…。！？" or len(sentence.split()) > 3:
                if sentence.strip(" .!") == NOTHING:
                    return
                yield sentence


def _complete(text: str) -> int:
    """Where the last sentence begins that may still go on."""
    line = text.rfind("\n") + 1
    ends = breaks(text[line:])
    return line + (ends[-1][1] if ends else 0)


def _plain(text: str) -> str:
    """Without Markdown and control characters: a written answer is text and nothing else."""
    plain = _MARKUP.sub("", text)
    return "".join(sign for sign in plain if sign == "\n" or sign.isprintable())
