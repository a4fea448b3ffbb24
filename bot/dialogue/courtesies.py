"""A message in, the same without the politeness around what it asks out: greetings, excuses, thanks, a name below.

What a search makes of “Hello! Sorry to bother you, where is my parcel? Thanks, Tom” should be what it makes of “where
is my parcel?”. Only the two ends of a message are looked at, and what is nothing but courtesy stays as it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.groups import Groups, load_groups
from bot.dialogue.matching import Line, ends_at, lasts_at
from bot.dialogue.spoken import Spoken
from bot.dialogue.words import Sentence, sentences

FILE = Path(__file__).with_name("courtesies.yaml")
#: The language whose courtesies are understood everywhere: “hi”, “thanks”.
EVERYWHERE = "en"
_GROUPS = ("aside", "filler", "opening", "asking", "ending", "closing")
#: Words of the longest courtesy.
_LONGEST = 14
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

    def __init__(self, languages: Spoken[Groups]) -> None:
        self._languages = languages

    @classmethod
    def load(cls, file: Path = FILE, *, later: bool = False) -> "Courtesies":
        """Reads the phrases. Raises `bot.errors.SettingsInvalid`. `later` as in `load_groups`."""
        return cls(load_groups(file, _GROUPS, ("asks",), later=later))

    def prepare(self) -> None:
        """Reads every language now."""
        self._languages.prepare()

    def without(self, text: str, language: str) -> str:
        """The message without courtesies at its ends; as it is where there are none, or nothing else."""
        names = dict.fromkeys((language.split("-")[0], EVERYWHERE))
        known = [groups for groups in map(self._languages.get, names) if groups is not None]
        whole = _unquoted(text)
        parts = sentences(whole)
        kept = _from_back(_from_front(_unsigned(_open(parts, known), whole)))
        return _between(whole, kept, parts) if kept else text


def _open(parts: Sequence[Sentence], known: Sequence[Groups]) -> list[_Kept]:
    return [
        _Kept(part, tuple((groups, groups.read(part, typos=False)) for groups in known), 0, len(part.words))
        for part in parts
    ]


def _unsigned(kept: list[_Kept], text: str) -> list[_Kept]:
    """Without a closing line and the name below it."""
    for place in range(1, len(kept)):
        one = kept[place]
        below = kept[place + 1 :]
        said = max((last for _, _, last in _matches(one, ("closing",), 0)), default=0)
        if not said or "?" in one.sentence.mark or any("?" in later.sentence.mark for later in below):
            continue
        words = one.sentence.words
        parted = said == len(words) or words[said].clause != words[said - 1].clause
        named = len(words) - said + sum(len(later.sentence.words) for later in below)
        if parted and named <= _MOST_OF_A_NAME and _begins_line(text, words[0].start, below):
            return kept[:place]
    return kept


def _begins_line(text: str, start: int, below: Sequence[_Kept]) -> bool:
    """Whether a closing stands where one is expected: on a line of its own, or last of all."""
    return not below or "\n" in text[:start][len(text[:start].rstrip()) :]


def _from_front(kept: list[_Kept]) -> list[_Kept]:
    while kept:
        one = kept[0]
        first = max((last for _, _, last in _beginning(one)), default=one.first)
        if first == one.first:
            return kept
        if first == one.last:
            if len(kept) == 1:
                return []
            kept = kept[1:]
        else:
            kept = [_Kept(one.sentence, one.lines, first, one.last), *kept[1:]]
    return kept


def _beginning(one: _Kept) -> Iterator[tuple[str, int, int]]:
    """Courtesies at the first word that is left."""
    words = one.sentence.words
    for name, groups, last in _matches(one, ("aside", "filler", "opening", "asking"), one.first):
        over = last == one.last
        parted = over or words[last].clause != words[last - 1].clause
        if (
            (name in ("aside", "filler") and parted)
            or name == "opening"
            or (name == "asking" and not over and words[last].text in groups.words["asks"])
        ):
            yield name, one.first, last


def _from_back(kept: list[_Kept]) -> list[_Kept]:
    while kept:
        one = kept[-1]
        last = min(_ending(one), default=one.last)
        if last == one.last:
            return kept
        if last == one.first:
            if len(kept) == 1:
                return []
            kept = kept[:-1]
        else:
            kept = [*kept[:-1], _Kept(one.sentence, one.lines, one.first, last)]
    return kept


def _ending(one: _Kept) -> Iterator[int]:
    """Where courtesies begin that end with the last word that is left."""
    words = one.sentence.words
    for groups, line in one.lines:
        for name in ("aside", "ending"):
            for phrase in groups.phrases[name]:
                found = ends_at(phrase, line, one.last, furthest=min(_LONGEST, one.last - one.first))
                if found is None:
                    continue
                first = found.first
                parted = first == one.first or words[first].clause != words[first - 1].clause
                if parted or name == "ending":
                    yield first


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
