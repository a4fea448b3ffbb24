"""A message in, the questions that it asks one after another out: each is answered by itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.choices import telling_words
from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.words import Sentence, Word, fold, sentences

FILE = Path(__file__).with_name("parts.yaml")
#: Questions of one message that are answered; each costs a search, and nobody asks more in one breath.
MOST_PARTS = 3
#: A longer message tells a story, and its question marks do not part it.
_MOST_WORDS = 60
#: Questions with more words carry what they need with them, and are read whole.
_LONGEST_PART = 14
#: A part says at least this many words.
_FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class _Signs:
    joins: frozenset[str]
    begins: frozenset[str]


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
            reader.only("joins", "begins")
            joins, begins = (frozenset(map(fold, reader.text(name).split())) for name in ("joins", "begins"))
            languages[language] = _Signs(joins, begins)
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
            for words, asks in _segments(sentence, signs):
                first = told or words[0]
                if len(words) > _LONGEST_PART:
                    return ()
                if not asks:
                    told = first
                elif telling_words(written := text[first.start : words[-1].end], language):
                    asked.append(written)
                    told = None
        return tuple(asked) if 1 < len(asked) <= MOST_PARTS and told is None else ()


def _segments(sentence: Sentence, signs: _Signs) -> Iterator[tuple[Sequence[Word], bool]]:
    """The runs of a sentence that ask something of their own, and whether each asks."""
    words = sentence.words
    starts = [0]
    for place in range(1, len(words) - 1):
        joined = words[place].text in signs.joins and words[place - 1].text not in signs.joins
        begin = place + 1
        while joined and begin < len(words) - 1 and words[begin].text in signs.joins:
            begin += 1
        if joined and words[begin].text in signs.begins and place - starts[-1] >= _FEWEST_WORDS:
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
        begins = run[0].text in signs.begins
        # “Who may return on the 52. day?” has a stop inside: a sentence asks with its mark, or where it has none.
        yield run, marked if last and sentence.mark else begins
