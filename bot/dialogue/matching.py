"""A sentence and compiled phrases in, the places where they stand out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue.phrases import Chain, Choice, Edge, Gap, One, Part, Phrase, PhraseBook, folded
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
    readings: tuple[frozenset[str], ...]
    all: frozenset[str]
    """Every reading in the sentence."""
    head: int
    """Number of fillers it begins with."""
    tail: int
    """Index of the first of the fillers it ends with."""
    mark: str


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
        return Line(tuple(words), readings, frozenset().union(*readings), head, tail, sentence.mark)


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

    def find(self, line: Line) -> Iterator[tuple[int, Found]]:
        """Each place where a phrase stands, with the position of the phrase, in the order of the phrases."""
        likely = {position for key in line.all for position in self._by_key.get(key, ())}
        for position in sorted(likely):
            for found in find(self._phrases[position], line):
                yield position, found


def find(phrase: Phrase, line: Line) -> Iterator[Found]:
    """Every place where the phrase stands in the line, the shortest match first at each word."""
    for need in phrase.needs:
        if need.isdisjoint(line.all):
            return
    for first in range(len(line.words)):
        last = min(_ends(phrase.part, line, first), default=None)
        if last is not None and last > first:
            yield Found(first, last)


def ends_at(phrase: Phrase, line: Line, last: int, *, furthest: int) -> Found | None:
    """The phrase where it ends right before word `last`, beginning at most `furthest` words earlier."""
    if any(need.isdisjoint(line.all) for need in phrase.needs):
        return None
    for first in range(max(0, last - furthest), last):
        if last in _ends(phrase.part, line, first):
            return Found(first, last)
    return None


def cover(named: Iterable[tuple[str, Phrase]], line: Line) -> frozenset[str] | None:
    """The names of phrases that, one after the other, make up the whole line; None if something is left over."""
    usable = [
        (name, phrase) for name, phrase in named if not any(n.isdisjoint(line.all) for n in phrase.needs)
    ]
    reached: dict[int, frozenset[str]] = {0: frozenset()}
    for first in range(len(line.words)):
        names = reached.get(first)
        if names is None:
            continue
        for name, phrase in usable:
            for last in _ends(phrase.part, line, first):
                if last > first:
                    reached.setdefault(last, names | {name})
    return reached.get(len(line.words))


def _ends(part: Part, line: Line, first: int) -> set[int]:
    """Where the part can end if it begins at word `first`."""
    match part:
        case One(keys):
            if first < len(line.words) and not keys.isdisjoint(line.readings[first]):
                return {first + 1}
            return set()
        case Chain(parts):
            ends = {first}
            for inner in parts:
                ends = set().union(*(_ends(inner, line, at) for at in ends))
                if not ends:
                    return ends
            return ends
        case Choice(options):
            return set().union(*(_ends(option, line, first) for option in options))
        case Gap(most):
            return set(range(first, min(first + most, len(line.words)) + 1))
        case Edge(end):
            return {first} if _at_edge(line, first, end) else set()


def _at_edge(line: Line, at: int, end: bool) -> bool:
    """A clause begins a sentence anew ("you do not help, agent"); only the whole sentence ends it."""
    if end:
        return at >= line.tail
    return at <= line.head or (at < len(line.words) and line.words[at - 1].clause != line.words[at].clause)
