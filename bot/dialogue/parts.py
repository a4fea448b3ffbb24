"""A message in, the questions that it asks one after another out: each is answered by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.choices import telling_words
from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.run_on import RunOn, run_on
from bot.dialogue.story import FEWEST_SENTENCES, Story, story
from bot.dialogue.words import Sentence, Word, fold, sentences

FILE = Path(__file__).with_name("parts.yaml")
#: Rule of a reply that answers several questions.
PARTS = "parts"
#: Questions of one message that are answered; each costs a search, and nobody asks more in one breath.
MOST_PARTS = 3
#: A longer message tells a story, and its question marks do not part it.
_MOST_WORDS = 60
#: Questions with more words carry what they need with them, and are read whole.
_LONGEST_PART = 14
#: A part says at least this many words.
_FEWEST_WORDS = 2
#: Telling words of an order and of what stands before it: “find and print an invoice” does two things to one.
_FEWEST_TELLING = 2
#: Words of which one may be the verb of a request: “please”, “i want to”.
_MOST_BEFORE_VERB = 5


@dataclass(frozen=True, slots=True)
class _Signs:
    joins: frozenset[str]
    begins: frozenset[str]
    orders: frozenset[str]
    asks: frozenset[str]
    each: frozenset[str]
    mine: frozenset[str]
    ends: bool
    """Orders end with their verb: “Abo pausieren”."""
    unjoined: RunOn
    """Questions that follow without a joining word."""


class Parts:
    """Knows how people join questions in each language."""

    def __init__(self, languages: Mapping[str, _Signs]) -> None:
        self._languages = languages

    @classmethod
    def load(cls, file: Path = FILE) -> "Parts":
        """Reads the signs. Raises `bot.errors.SettingsInvalid` naming the file and the language."""
        languages = {}
        for language, fields in read_yaml(file).items():
            reader = MappingReader(file, f"language “{language}”", fields)
            names = ("joins", "begins", "orders", "asks", "each", "mine")
            reader.only(*names, "verb", "subjects", "whole", "anew", "asking", "open")
            words = {name: frozenset(map(fold, reader.text(name).split())) for name in names}
            languages[language] = _Signs(**words, ends=reader.text("verb") == "last", unjoined=run_on(reader))
        return cls(languages)

    def of(self, text: str, language: str) -> tuple[str, ...]:
        """The questions of a message as written, at most `MOST_PARTS`; one or none where it asks a single thing.

        Told things stay with the question after them: “my ring is red. What do I do?” is one.
        """
        signs = self._languages.get(language)
        read = sentences(text)
        if signs is None or sum(len(sentence.words) for sentence in read) > _MOST_WORDS:
            return ()
        asked: list[str] = []
        told: Word | None = None
        for sentence in read:
            for words, asks in _segments(sentence, signs, language):
                first = told or words[0]
                if len(words) > _LONGEST_PART:
                    return ()
                if not asks:
                    told = first
                elif telling_words(written := text[first.start : words[-1].end], language):
                    asked.append(written)
                    told = None
        if len(asked) == 1 and told is None and len(read) == 1:
            return _for_each(text, read[0].words, signs)
        return tuple(asked) if 1 < len(asked) <= MOST_PARTS and told is None else ()

    def story(self, text: str, language: str) -> Story | None:
        """The sentence of a longer message that asks, and what is told around it; None where not exactly one asks.

        Where no sentence has a question mark, the one that begins as questions or orders do.
        """
        signs, read = self._languages.get(language), sentences(text)
        if signs is None or len(read) < FEWEST_SENTENCES:
            return None
        asking = [one for one in read if "?" in one.mark] or [
            one for one in read if one.words[0].text in signs.begins or _is_order(one.words, signs)
        ]
        return story(text, read, asking[0], language) if len(asking) == 1 else None


def _segments(sentence: Sentence, signs: _Signs, language: str) -> Iterator[tuple[Sequence[Word], bool]]:
    """The runs of a sentence that ask something of their own, and whether each asks."""
    words = sentence.words
    starts = [0]
    line = signs.unjoined.read(sentence)
    for place in range(1, len(words) - 1):
        if signs.unjoined.begins(line, starts[-1], place):
            starts.append(place)
            continue
        joined = words[place].text in signs.joins and words[place - 1].text not in signs.joins
        begin = place + 1
        while joined and begin < len(words) - 1 and words[begin].text in signs.joins:
            begin += 1
        if not joined or place - starts[-1] < _FEWEST_WORDS:
            continue
        if words[begin].text in signs.begins or _orders(
            words[starts[-1] : place], words[begin:], signs, language
        ):
            starts.append(begin)
    ends = [*(start for start in starts[1:]), len(words)]
    for start, end in zip(starts, ends, strict=True):
        run = words[start:end]
        while len(run) > 1 and run[-1].text in signs.joins:
            run = run[:-1]
        while len(run) > 1 and run[0].text in signs.joins:
            run = run[1:]
        last = end == len(words)
        marked = "?" in sentence.mark
        begins = run[0].text in signs.begins or _is_order(run, signs)
        # “Who may return on the 52. day?” has a stop inside: a sentence asks with its mark, or where it has none.
        yield run, marked if last and sentence.mark else begins


def _for_each(text: str, words: Sequence[Word], signs: _Signs) -> tuple[str, ...]:
    """“Change my email and my phone number” as an order for each thing; empty where it is no such order.

    Only verbs that are done to one thing after another: who connects two things asks once.
    """
    mine = [place for place, word in enumerate(words) if word.text in signs.mine]
    if len(mine) != 2 or words[mine[1] - 1].text not in signs.joins or mine[1] - 1 - mine[0] < _FEWEST_WORDS:
        return ()
    last = len(words) - 1 if signs.ends else len(words)
    verbs = words[last:] if signs.ends else words[: mine[0]]
    if mine[1] + 1 >= last or not any(word.text in signs.each for word in verbs):
        return ()
    before = text[: words[mine[0]].start]
    after = f" {text[words[last].start : words[last].end]}" if signs.ends else ""
    first = text[words[mine[0]].start : words[mine[1] - 2].end]
    second = text[words[mine[1]].start : words[last - 1].end]
    return f"{before}{first}{after}", f"{before}{second}{after}"


def _orders(before: Sequence[Word], after: Sequence[Word], signs: _Signs, language: str) -> bool:
    """Whether something is asked for on both sides of a joining word: “pause my plan and change my address”."""
    following = _up_to_join(after, signs)
    if not _is_order(following, signs) or (not signs.ends and following[0].text not in signs.orders):
        return False
    # Where the verb stands last, “wie kann ich meine E-Mail” still waits for it.
    if not (_is_order(before, signs) or (not signs.ends and before[0].text in signs.begins)):
        return False
    return all(
        len(telling_words(" ".join(word.text for word in run), language) - signs.asks) >= _FEWEST_TELLING
        for run in (before, following)
    )


def _is_order(run: Sequence[Word], signs: _Signs) -> bool:
    """Whether a run says what is to be done, perhaps after “please” or “i want to”."""
    if signs.ends:
        return run[-1].text in signs.orders
    for word in run[:_MOST_BEFORE_VERB]:
        if word.text in signs.orders:
            return True
        if word.text not in signs.asks:
            return False
    return False


def _up_to_join(words: Sequence[Word], signs: _Signs) -> Sequence[Word]:
    end = next((place for place, word in enumerate(words) if place and word.text in signs.joins), len(words))
    return words[:end]
