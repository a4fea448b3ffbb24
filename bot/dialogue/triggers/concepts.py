"""Words in, what they are about out, the same for four languages: `concepts.yaml` read and looked up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.words import Sentence

FILE = Path(__file__).with_name("concepts.yaml")
#: Shortest beginning of a word that stands for all words with it.
_SHORTEST = 2
#: Concepts that questions begin with.
_ASKING = frozenset({"how", "what", "where", "when", "why", "who", "if", "may"})
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Concepts:
    """What words are about."""

    words: dict[str, frozenset[str]]
    """Folded word -> its concepts."""
    beginnings: dict[str, frozenset[str]]
    """Beginning of folded words -> their concepts."""
    longest: int
    """Letters of the longest beginning."""

    @classmethod
    def load(cls, file: Path = FILE) -> "Concepts":
        """Read and check the file. Raises `bot.errors.SettingsInvalid` naming the file and the concept."""
        content = read_yaml(file)
        reader = MappingReader(file, "the file", content)
        words: dict[str, set[str]] = {}
        beginnings: dict[str, set[str]] = {}
        for name in content:
            for word in reader.words(name):
                stem = word.removesuffix("*")
                if len(stem) < _SHORTEST and word.endswith("*"):
                    reader.refuse(f"“{word}” in “{name}” would stand for nearly every word")
                (beginnings if word.endswith("*") else words).setdefault(stem, set()).add(name)
        return cls(_frozen(words), _frozen(beginnings), max(map(len, beginnings), default=0))

    def of(self, word: str) -> frozenset[str]:
        """The concepts of a folded word."""
        found = self.words.get(word, _NONE)
        for length in range(_SHORTEST, min(len(word), self.longest) + 1):
            more = self.beginnings.get(word[:length])
            if more:
                found = found | more
        return found

    def asks(self, parts: Iterable[Sentence]) -> bool:
        """Whether a sentence ends as a question or begins as one does (“how”, “kann ich”, “dónde”)."""
        return any(
            "?" in part.mark or (part.words and not _ASKING.isdisjoint(self.of(part.words[0].text)))
            for part in parts
        )

    def features(self, parts: Iterable[Sentence]) -> set[str]:
        """What a message is about: each concept, each two in one sentence, each that follows another, a question."""
        found: set[str] = set()
        for part in parts:
            about = [concepts for word in part.words if (concepts := self.of(word.text))]
            found.update(_together(sorted(set().union(*about))))
            for before, after in pairwise(about):
                found.update(f"{one}>{next_}" for one in before for next_ in after)
            if "?" in part.mark:
                found.add("?")
        return found


def _together(names: list[str]) -> Iterator[str]:
    for place, one in enumerate(names):
        yield one
        for other in names[place + 1 :]:
            yield f"{one}+{other}"


def _frozen(found: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(names) for word, names in found.items()}
