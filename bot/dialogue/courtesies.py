"""A message in, the same without the politeness around what it asks out: greetings, excuses, thanks, a name below.

What a search makes of “Hello! Sorry to bother you, where is my parcel? Thanks, Tom” should be what it makes of “where
is my parcel?”. Only the two ends of a message are looked at, and what is nothing but courtesy stays as it is. Phrases
find courtesies within a sentence; whole sentences, and parts of them up to a comma, are told by
`bot.dialogue.courtesy` too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.dialogue import courtesy
from bot.dialogue.courtesy import CourtesyModel
from bot.dialogue.groups import Groups, load_groups
from bot.dialogue.matching import Line, ends_at, lasts_at
from bot.dialogue.spoken import Spoken
from bot.dialogue.words import Sentence, Word, sentences

FILE = Path(__file__).with_name("courtesies.yaml")
#: The language whose courtesies are understood everywhere: “hi”, “thanks”.
EVERYWHERE = "en"
_GROUPS = ("aside", "filler", "opening", "asking", "ending", "closing")
#: Words of the longest courtesy.
_LONGEST = 14
#: From this probability on a piece is courtesy.
SURE = 0.95
#: Words of the longest piece that is told by the model: a longer one says something.
_LONGEST_PIECE = 24
#: Words of the name below a closing line.
_MOST_OF_A_NAME = 4
_SIGNS = "\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3"
#: What stands behind the last word and says nothing: marks, and signs that are no letters, such as emoji.
_TAIL = re.compile(rf"[\s.!?…,;:\-–—{_SIGNS}¡¿]*\Z")
#: Marks that are more than one needs.
_LOUD = re.compile(rf"[?!]{{2}}|\.{{2}}|[…{_SIGNS}]")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’"}


@dataclass(frozen=True, slots=True)
class _Kept:
    """Words of a sentence that are left: from `first` up to, not including, `last`."""

    sentence: Sentence
    lines: tuple[tuple[Groups, Line], ...]
    """The sentence as each language reads it; words are the same in all of them."""
    first: int
    last: int


class Courtesies:
    """Knows what people say around a question."""

    def __init__(self, languages: Spoken[Groups], model: CourtesyModel | None) -> None:
        """Without a `model` only phrases tell."""
        self._languages = languages
        self._model = model

    @classmethod
    def load(cls, file: Path = FILE, *, later: bool = False) -> "Courtesies":
        """Reads the phrases and the model. Raises `bot.errors.SettingsInvalid`. `later` as in `load_groups`."""
        return cls(load_groups(file, _GROUPS, ("asks",), later=later), courtesy.read())

    def prepare(self) -> None:
        """Reads every language now."""
        self._languages.prepare()

    def without(self, text: str, language: str) -> str:
        """The message without courtesies at its ends; as it is where there are none, or nothing else."""
        names = dict.fromkeys((language.split("-")[0], EVERYWHERE))
        known = [groups for groups in map(self._languages.get, names) if groups is not None]
        whole = _unquoted(text)
        parts = sentences(whole)
        kept = _Ends(whole, parts, known, self._model).cut()
        return _between(whole, kept, parts) if kept else text


class _Ends:
    """Cuts a message at both ends."""

    def __init__(
        self, text: str, parts: Sequence[Sentence], known: Sequence[Groups], model: CourtesyModel | None
    ) -> None:
        self._text = text
        self._model = model
        self._kept = [
            _Kept(
                part,
                tuple((groups, groups.read(part, typos=False)) for groups in known),
                0,
                len(part.words),
            )
            for part in parts
        ]

    def cut(self) -> list[_Kept]:
        """What is left; empty where all is courtesy."""
        self._unsign()
        while self._kept and self._from_front():
            pass
        while self._kept and (self._from_back() or self._unnamed()):
            pass
        return self._kept

    def _unsign(self) -> None:
        """Without a closing line and the name below it."""
        kept = self._kept
        for place in range(1, len(kept)):
            one, below = kept[place], kept[place + 1 :]
            said = max((last for _, _, last in _matches(one, ("closing",), 0)), default=0)
            if not said or any("?" in later.sentence.mark for later in (one, *below)):
                continue
            words = one.sentence.words
            parted = said == len(words) or _is_parted(words, said)
            named = len(words) - said + sum(len(later.sentence.words) for later in below)
            if parted and named <= _MOST_OF_A_NAME and (not below or self._begins_line(one)):
                self._kept = kept[:place]
                return

    def _begins_line(self, one: _Kept) -> bool:
        before = self._text[: one.sentence.words[0].start]
        return "\n" in before[len(before.rstrip()) :]

    def _from_front(self) -> bool:
        """Whether something was cut."""
        one = self._kept[0]
        first = max(self._beginning(one), default=one.first)
        if first == one.first:
            return False
        rest = [replace(one, first=first)] if first < one.last else []
        self._kept = [*rest, *self._kept[1:]]
        return True

    def _beginning(self, one: _Kept) -> Iterator[int]:
        """Where courtesies end that begin with the first word that is left."""
        words = one.sentence.words
        for name, groups, last in _matches(one, ("aside", "filler", "opening", "asking"), one.first):
            over = last == one.last
            parted = over or _is_parted(words, last)
            if (
                (name in ("aside", "filler") and parted)
                or name == "opening"
                or (name == "asking" and not over and words[last].text in groups.words["asks"])
            ):
                yield last
        end = next((at for at in range(one.first + 1, one.last) if _is_parted(words, at)), one.last)
        yield from (last for last in (end, one.last) if self._is_courtesy(one, one.first, last))

    def _from_back(self) -> bool:
        """Whether something was cut."""
        one = self._kept[-1]
        last = min(self._ending(one), default=one.last)
        if last == one.last:
            return False
        rest = [replace(one, last=last)] if last > one.first else []
        self._kept = [*self._kept[:-1], *rest]
        return True

    def _ending(self, one: _Kept) -> Iterator[int]:
        """Where courtesies begin that end with the last word that is left."""
        words = one.sentence.words
        for groups, line in one.lines:
            for name in ("aside", "ending"):
                for phrase in groups.phrases[name]:
                    found = ends_at(phrase, line, one.last, furthest=min(_LONGEST, one.last - one.first))
                    if found is None:
                        continue
                    if name == "ending" or found.first == one.first or _is_parted(words, found.first):
                        yield found.first
        begin = next((at for at in range(one.last - 1, one.first, -1) if _is_parted(words, at)), one.first)
        # One word behind a comma turns a statement into a question: “right?”.
        for first in {begin if one.last - begin > 1 else one.first, one.first}:
            if self._is_courtesy(one, first, one.last):
                yield first

    def _unnamed(self) -> bool:
        """Whether a name was cut that stands below a line of courtesy."""
        if len(self._kept) < 2:
            return False
        above, one = self._kept[-2:]
        name = len(one.sentence.words) <= _MOST_OF_A_NAME and not one.sentence.mark.strip(".")
        if not (name and self._begins_line(one)):
            return False
        if min(self._ending(above), default=above.last) > above.first:
            return False
        self._kept = self._kept[:-2]
        return True

    def _is_courtesy(self, one: _Kept, first: int, last: int) -> bool:
        """Whether the model says so of a piece."""
        if self._model is None or last - first > _LONGEST_PIECE:
            return False
        if len(self._kept) == 1 and (first, last) == (one.first, one.last):
            return False  # nothing would be left
        asks = last == len(one.sentence.words) and "?" in one.sentence.mark
        return self._model.probability(one.sentence.words[first:last], asks=asks) >= SURE


def _is_parted(words: Sequence[Word], at: int) -> bool:
    """Whether a part of the sentence begins at a word."""
    return words[at].clause != words[at - 1].clause


def _matches(one: _Kept, names: Sequence[str], first: int) -> Iterator[tuple[str, Groups, int]]:
    """Phrases of these groups that begin at a word, with where they end: at the last word that is left, or before."""
    for groups, line in one.lines:
        for name in names:
            for phrase in groups.phrases[name]:
                for last in lasts_at(phrase, line, first):
                    if last <= one.last:
                        yield name, groups, last


def _between(text: str, kept: Sequence[_Kept], parts: Sequence[Sentence]) -> str:
    """What is left of the text, with a question mark where it had one."""
    first, end = kept[0], kept[-1]
    words = end.sentence.words
    start, stop = first.sentence.words[first.first].start, words[end.last - 1].end
    if end.sentence is not parts[-1] or end.last < len(words):
        return text[start:stop] + ("?" if "?" in end.sentence.mark else "")
    closed = _TAIL.sub("", text[stop:])
    tail = text[stop + len(closed) :]
    if first.sentence is parts[0] and not first.first and not _LOUD.search(tail):
        return text  # nothing was cut
    return text[start:stop] + closed + ("?" if "?" in tail else "")


def _unquoted(text: str) -> str:
    """Without the marks around a message that is all a quotation."""
    bare = text.strip()
    if len(bare) > 2 and _QUOTES.get(bare[0]) == bare[-1] and bare[-1] not in bare[1:-1]:
        return bare[1:-1]
    return text
