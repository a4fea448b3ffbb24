"""A sentence and compiled phrases in, the places where they stand out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.dialogue.phrases import Chain, Choice, Gap, One, Part, Phrase, PhraseBook, folded
from bot.dialogue.spelling import Vocabulary
from bot.dialogue.words import Sentence, Word


@dataclass(frozen=True, slots=True)
class Found:
    """Where a phrase stands in a sentence: words `first` up to, not including, `last`."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence read with a vocabulary."""

    words: tuple[Word, ...]
    all: frozenset[str]
    """Every reading in the sentence."""
    head: int
    """Number of fillers it begins with."""
    tail: int
    """Index of the first of the fillers it ends with."""
    mark: str
    where: Mapping[str, int]
    """For each reading the words that have it, a bit each."""
    barred: int = 0
    """The words that no gap goes across, a bit each."""
    ended: dict[tuple[int, int], int] = field(default_factory=dict, compare=False, repr=False)
    """Where choices ended by their `id` and where they began: named lists stand in many phrases of a book."""

    def standing(self, keys: frozenset[str]) -> int:
        """The words that have one of these readings, a bit each."""
        found = 0
        for key in keys & self.all:
            found |= self.where[key]
        return found

    @property
    def places(self) -> int:
        """Where a part may begin or end, a bit each: before each word, and after the last."""
        return (2 << len(self.words)) - 1

    @property
    def beginnings(self) -> int:
        """Where the sentence begins, a bit each: a clause begins it anew ("you do not help, agent")."""
        words = self.words
        begins = (2 << self.head) - 1
        for at in range(self.head + 1, len(words)):
            if words[at - 1].clause != words[at].clause:
                begins |= 1 << at
        return begins

    @property
    def endings(self) -> int:
        """Where the sentence ends, a bit each: only the whole of it does."""
        return self.places >> self.tail << self.tail


class Reader:
    """Reads messages with the vocabulary of a finished phrase book."""

    def __init__(
        self,
        book: PhraseBook,
        known: Iterable[str] = (),
        spellings: Mapping[str, str] | None = None,
        masked: Iterable[str] = (),
    ) -> None:
        """Take a book, words that are no typos, what abbreviations stand for, and words written with stars."""
        self._vocabulary = Vocabulary(book.keys, [*known, *book.fillers], masked)
        self._fillers = book.fillers
        self._spellings = {word: tuple(folded(text)) for word, text in (spellings or {}).items()}

    def read(self, sentence: Sentence, *, typos: bool = True) -> Line:
        """The sentence with, for each word, what it may stand for; without `typos`, only what it is."""
        words: list[Word] = []
        for word in sentence.words:
            written = self._spellings.get(word.text)
            if written is None:
                words.append(word)
            else:
                words += [Word(text, word.start, word.end, word.clause) for text in written]
        look_up = self._vocabulary.readings if typos else self._vocabulary.exact
        readings = tuple(look_up(word.text) for word in words)
        fillers = [word.text in self._fillers for word in words]
        head = next((i for i, filler in enumerate(fillers) if not filler), 0)
        tail = len(words) - next((i for i, filler in enumerate(reversed(fillers)) if not filler), 0)
        where: dict[str, int] = {}
        for place, of_word in enumerate(readings):
            for reading in of_word:
                where[reading] = where.get(reading, 0) | 1 << place
        return Line(tuple(words), frozenset(where), head, tail, sentence.mark, where)


class Index:
    """Phrases by the words they need, so that a sentence is compared with a few of many."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        frequency = Counter(key for phrase in phrases for need in phrase.needs for key in need)
        self._phrases = phrases
        self._by_key: dict[str, list[int]] = {}
        for position, phrase in enumerate(phrases):
            # The need that the fewest phrases share tells most.
            for key in min(phrase.needs, key=lambda need: sum(frequency[key] for key in need)):
                self._by_key.setdefault(key, []).append(position)

    def __getitem__(self, position: int) -> Phrase:
        return self._phrases[position]

    def likely(self, line: Line) -> list[int]:
        """Positions of the phrases that may stand in a line, ascending; of all others a word is missing."""
        by_key = self._by_key
        return sorted({position for key in line.all if key in by_key for position in by_key[key]})

    def find(self, line: Line) -> Iterator[tuple[int, Found]]:
        """Each place where a phrase stands, with the position of the phrase, in the order of the phrases."""
        for position in self.likely(line):
            for found in find(self._phrases[position], line):
                yield position, found


class Covering:
    """Named phrases that, one after the other, may make up a whole line."""

    def __init__(self, named: Iterable[tuple[str, Phrase]]) -> None:
        self._named = tuple(named)
        self._index = Index([phrase for _, phrase in self._named])
        self._words = [_words(phrase.part) for _, phrase in self._named]

    def cover(self, line: Line) -> frozenset[str] | None:
        """The names of phrases that make up the line; None if something is left over."""
        likely = [
            position for position in self._index.likely(line) if _possible(self._named[position][1], line)
        ]
        if not self._hold_all(likely, line):
            return None
        return cover((self._named[position] for position in likely), line)

    def _hold_all(self, likely: Sequence[int], line: Line) -> bool:
        """Whether each word of the line is in one of the phrases; most messages have one that is in none."""
        held = 0
        for position in likely:
            words = self._words[position]
            if words is None:
                return True
            held |= line.standing(words)
        return held == (1 << len(line.words)) - 1


def find(phrase: Phrase, line: Line) -> Iterator[Found]:
    """Every place where the phrase stands in the line, the shortest match first at each word."""
    if not _possible(phrase, line):
        return
    starts = (1 << len(line.words)) - 1
    if not _ends(phrase.part, line, starts):
        return
    for first in range(len(line.words)):
        ends = _ends(phrase.part, line, 1 << first)
        last = (ends & -ends).bit_length() - 1
        if last > first:
            yield Found(first, last)


def ends_at(phrase: Phrase, line: Line, last: int, *, furthest: int) -> Found | None:
    """The phrase where it ends right before word `last`, beginning at most `furthest` words earlier."""
    if not _possible(phrase, line):
        return None
    for first in range(max(0, last - furthest), last):
        if _ends(phrase.part, line, 1 << first) >> last & 1:
            return Found(first, last)
    return None


def begins_at(phrase: Phrase, line: Line, first: int) -> Found | None:
    """The shortest match of the phrase that begins at word `first`."""
    if first >= len(line.words) or not _possible(phrase, line):
        return None
    ends = _ends(phrase.part, line, 1 << first) >> first + 1
    return Found(first, first + (ends & -ends).bit_length()) if ends else None


def lasts_at(phrase: Phrase, line: Line, first: int) -> Iterator[int]:
    """Where the phrase may end that begins at word `first`, the longest match first: one past its last word."""
    if first >= len(line.words) or not _possible(phrase, line):
        return
    ends = _ends(phrase.part, line, 1 << first)
    for last in range(len(line.words), first, -1):
        if ends >> last & 1:
            yield last


def stands(phrase: Phrase, line: Line, first: int, *, barred: int) -> bool:
    """Whether the phrase stands at word `first` without a gap over the words `barred`, a bit each."""
    return _ends(phrase.part, replace(line, barred=barred, ended={}), 1 << first) != 0


def cover(named: Iterable[tuple[str, Phrase]], line: Line) -> frozenset[str] | None:
    """The names of phrases that, one after the other, make up the whole line; None if something is left over."""
    usable = [(name, phrase) for name, phrase in named if _possible(phrase, line)]
    reached: dict[int, frozenset[str]] = {0: frozenset()}
    for first in range(len(line.words)):
        names = reached.get(first)
        if names is None:
            continue
        for name, phrase in usable:
            ends = _ends(phrase.part, line, 1 << first) >> first + 1
            for last in range(first + 1, len(line.words) + 1):
                if ends & 1:
                    reached.setdefault(last, names | {name})
                ends >>= 1
    return reached.get(len(line.words))


def _words(part: Part) -> frozenset[str] | None:
    """All readings that a part is made of; None where it has a gap, which takes any word."""
    if isinstance(part, One):
        return part.keys
    if isinstance(part, Gap):
        return None
    found: set[str] = set()
    for inner in part.parts if isinstance(part, Chain) else part.options if isinstance(part, Choice) else ():
        words = _words(inner)
        if words is None:
            return None
        found |= words
    return frozenset(found)


def _possible(phrase: Phrase, line: Line) -> bool:
    """Whether the line has a reading of each set that the phrase needs."""
    # Asked a hundred times a message: a loop costs half of what `any` over a generator does.
    said = line.all
    for need in phrase.needs:  # noqa: SIM110
        if need.isdisjoint(said):
            return False
    return True


def _ends(part: Part, line: Line, firsts: int) -> int:
    """Where the part can end if it begins at one of the words `firsts`; both are sets of words, a bit each.

    Sets of places as bits take all places in one step, as in Baeza-Yates & Gonnet, "A new approach to text searching"
    (1992).
    """
    # By `isinstance`: to take the fields out in the patterns of a `match` takes as long as all else here.
    if isinstance(part, One):
        return (firsts & line.standing(part.keys)) << 1
    if isinstance(part, Chain):
        for inner in part.parts:
            firsts = _ends(inner, line, firsts)
            if not firsts:
                break
        return firsts
    ends = 0
    if isinstance(part, Choice):
        at = (id(part), firsts)
        known = line.ended.get(at)
        if known is not None:
            return known
        for option in part.options:
            ends |= _ends(option, line, firsts)
        line.ended[at] = ends
        return ends
    if isinstance(part, Gap):
        ends = firsts
        for _ in range(part.most):
            ends |= (ends & ~line.barred) << 1
        return ends & line.places
    return firsts & (line.endings if part.end else line.beginnings)
