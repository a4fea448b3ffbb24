"""A YAML file of phrases in, named groups of them for each language out: small talk, vague messages, follow-ups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.matching import Covering, Line, Reader, find
from bot.dialogue.phrases import Phrase, PhraseBook, PhraseInvalid
from bot.dialogue.spoken import Spoken
from bot.dialogue.words import Sentence


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one language."""

    reader: Reader
    phrases: Mapping[str, tuple[Phrase, ...]]
    words: Mapping[str, frozenset[str]]
    """Plain word lists of the file, folded."""
    _coverings: dict[tuple[str, ...], Covering] = field(default_factory=dict)
    """Put together when they are first asked for."""

    def read(self, sentence: Sentence, *, typos: bool = True) -> Line:
        """The sentence as the phrases of this language see it; without `typos`, word for word."""
        return self.reader.read(sentence, typos=typos)

    def has(self, name: str, line: Line) -> bool:
        """Whether a phrase of the group stands in the line."""
        return any(next(find(phrase, line), None) is not None for phrase in self.phrases[name])

    def cover(self, names: tuple[str, ...], line: Line) -> frozenset[str] | None:
        """The groups whose phrases make up the whole line; None if something else is said too."""
        covering = self._coverings.get(names)
        if covering is None:
            named = ((name, phrase) for name in names for phrase in self.phrases[name])
            covering = self._coverings[names] = Covering(named)
        return covering.cover(line)


def load_groups(
    file: Path, groups: tuple[str, ...], words: tuple[str, ...] = (), *, later: bool = False
) -> Spoken[Groups]:
    """The groups of every language; `later`, each is read when it is first spoken, for a file that was read before.

    Raises `bot.errors.SettingsInvalid` naming the file, language and group.
    """
    languages = Spoken(
        {
            language: partial(_groups, file, language, fields, groups, words)
            for language, fields in read_yaml(file).items()
        }
    )
    if not later:
        languages.prepare()
    return languages


def _groups(
    file: Path, language: str, fields: object, groups: tuple[str, ...], words: tuple[str, ...]
) -> Groups:
    reader = MappingReader(file, f"language “{language}”", fields)
    reader.only("lists", "fillers", "spellings", "known", *groups, *words)
    try:
        book = PhraseBook(reader.texts("lists"), reader.words("fillers"))
        phrases = {name: tuple(book.compile(line) for line in reader.lines(name)) for name in groups}
    except PhraseInvalid as exc:
        reader.refuse(str(exc))
    return Groups(
        reader=Reader(book, reader.folded("known"), reader.texts("spellings")),
        phrases=phrases,
        words={name: frozenset(reader.folded(name)) for name in words},
    )
