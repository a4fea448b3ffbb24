"""Phrases as a support person writes them in, compiled phrases out; `bot.dialogue.matching` finds them in messages.

    talk|speak to [a|an] [real|live] {person}     alternatives, optional words, a named list
    (get rid of|delete) ... my data               alternatives of several words; a gap of up to five words
    someone .. my account                         a gap of up to two words
    ^ agent $                                     nothing else in the sentence, greetings and "please" aside
    hack*                                         any word that begins so
    #                                             any number
    =sue                                          exactly this word: no typo is taken for it

Words of four letters and more match with typos (`bot.dialogue.spelling`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.dialogue.spelling import NUMBER
from bot.dialogue.words import ADDRESS, QUOTE, fold, sentences

_PIECE = re.compile(r"\.\.\.|\.\.|\{[\w-]+\}|[()\[\]|^$]|=?[^\s()\[\]|{}^$=]+")
_WRITABLE = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*['’]?")
_GAPS = {"..": 2, "...": 5}


class PhraseInvalid(ValueError):
    """A phrase that cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class One:
    """One word: any of these readings."""

    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `most` words of any kind."""

    most: int


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning (`^`) or end (`$`) of the sentence, fillers aside."""

    end: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Parts one after the other."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several parts; an optional part is a choice with an empty chain."""

    options: tuple["Part", ...]


Part = One | Gap | Edge | Chain | Choice


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase with the text it was written as."""

    text: str
    part: Part
    needs: tuple[frozenset[str], ...]
    """Sets of readings of which a sentence must have one each; the cheap test before matching."""


class PhraseBook:
    """All phrases of one language in one place: named lists, fillers, and the vocabulary they make."""

    def __init__(self, lists: Mapping[str, str] | None = None, fillers: Iterable[str] = ()) -> None:
        self._lists: dict[str, Part] = {}
        #: Rule files say the same words again and again: read once each, the files load in half the time.
        self._words: dict[str, Part] = {}
        self._keys: set[str] = set()
        self.fillers = frozenset(word for text in fillers for word in folded(text))
        for name, text in (lists or {}).items():
            # As if in brackets: `|` separates whole alternatives.
            self._lists[name] = self._parse(f"({text})")

    def compile(self, text: str) -> Phrase:
        """Read a phrase. Raises `PhraseInvalid`."""
        part = self._parse(text)
        needs = tuple(sorted(_needs(part), key=len))
        if not needs:
            raise PhraseInvalid(f"“{text}” needs at least one word that is not optional")
        return Phrase(text, part, needs)

    @property
    def keys(self) -> frozenset[str]:
        """Every reading that a phrase or list compiled so far is made of."""
        return frozenset(self._keys)

    def _parse(self, text: str) -> Part:
        pieces = _PIECE.findall(text)
        if "".join(pieces) != re.sub(r"\s+", "", text):
            raise PhraseInvalid(f"“{text}” has a sign that means nothing here")
        part, rest = self._choice(pieces, text)
        if rest:
            raise PhraseInvalid(f"“{text}” closes a bracket that was not opened")
        return part

    def _choice(self, pieces: list[str], text: str, closing: str = "") -> tuple[Part, list[str]]:
        """Inside brackets, `|` separates whole alternatives; outside, it joins the words beside it."""
        options: list[list[Part]] = [[]]
        joined = False
        while pieces and pieces[0] not in (")", "]"):
            piece, pieces = pieces[0], pieces[1:]
            if piece == "|" and closing:
                options.append([])
                continue
            if piece == "|":
                joined = True
                continue
            part, pieces = self._one(piece, pieces, text)
            if joined:
                if not options[-1]:
                    raise PhraseInvalid(f"“{text}” has a | with nothing before it")
                part = _either(options[-1].pop(), part)
                joined = False
            options[-1].append(part)
        if joined or any(not option for option in options):
            raise PhraseInvalid(f"“{text}” has an empty alternative")
        chains = [_chain(option) for option in options]
        whole = chains[0]
        for other in chains[1:]:
            whole = _either(whole, other)
        return whole, pieces

    def _one(self, piece: str, pieces: list[str], text: str) -> tuple[Part, list[str]]:
        if piece in "([":
            closing = ")" if piece == "(" else "]"
            part, pieces = self._choice(pieces, text, closing)
            if not pieces or pieces[0] != closing:
                raise PhraseInvalid(f"“{text}” opens a {piece} that is not closed by {closing}")
            return (part if piece == "(" else Choice((part, Chain(())))), pieces[1:]
        if piece in _GAPS:
            return Gap(_GAPS[piece]), pieces
        if piece in "^$":
            return Edge(piece == "$"), pieces
        if piece.startswith("{"):
            name = piece[1:-1]
            if name not in self._lists:
                raise PhraseInvalid(f"“{text}” uses the list {piece}, which is not defined above it")
            return self._lists[name], pieces
        word = self._words.get(piece)
        if word is None:
            word = self._words[piece] = self._word(piece, text)
        return word, pieces

    def _word(self, piece: str, text: str) -> Part:
        if piece == NUMBER:
            return One(frozenset((NUMBER,)))
        exact, stem = piece.startswith("="), piece.endswith("*")
        bare = piece.removeprefix("=").removesuffix("*")
        words = folded(bare)
        if not _WRITABLE.fullmatch(bare) or not words or (stem and len(words) > 1):
            raise PhraseInvalid(f"“{text}” has “{piece}”, which is not a word")
        keys = [("=" if exact else "") + word + ("*" if stem else "") for word in words]
        self._keys.update(keys)
        return _chain([One(frozenset((key,))) for key in keys])


def _needs(part: Part) -> list[frozenset[str]]:
    match part:
        case One(keys):
            return [keys]
        case Chain(parts):
            return [need for inner in parts for need in _needs(inner)]
        case Choice(options):
            inner = [_needs(option) for option in options]
            if any(not needs for needs in inner):
                return []
            # Of each option the most telling need; together they are what the choice needs.
            return [frozenset().union(*(min(needs, key=len) for needs in inner))]
        case _:
            return []


def _chain(parts: list[Part]) -> Part:
    return parts[0] if len(parts) == 1 else Chain(tuple(parts))


def _either(left: Part, right: Part) -> Part:
    if isinstance(left, One) and isinstance(right, One):
        return One(left.keys | right.keys)
    return Choice((left, right))


def folded(text: str) -> list[str]:
    """The words of a text as messages are folded."""
    if text.isalnum():  # nearly all that is written in rule files, and thousands are read at a start
        return [fold(text)]
    return [
        word.text
        for sentence in sentences(text)
        for word in sentence.words
        if word.text not in (ADDRESS, QUOTE)
    ]
