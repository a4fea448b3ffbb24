"""Titles of articles that fit about equally in, what to offer the customer to choose from out."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.reply import Reply
from bot.dialogue.words import fold
from index.words import stopwords

FILE = Path(__file__).with_name("choices.yaml")
_WORD = re.compile(r"\w+")
#: Passages that share this much of their words say the same. Copies share nearly all; sections that only follow one
#: template, such as two machines' instructions, share less.
_COPY = 0.8
#: Letters that two forms of a word have in common at least; with fewer, words of other meanings do too.
_STEM = 5

#: Words of a message that picks a choice; a longer one asks something of its own.
_MOST_PICKING = 4
#: Titles and passages whose words are remembered.
_REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class _Answers:
    """Folded words that take or refuse what was offered."""

    yes: frozenset[str]
    no: frozenset[str]
    beside: frozenset[str]
    stands: frozenset[str]
    """Words that stand for a choice."""
    places: tuple[frozenset[str], ...]
    """Words for the first, the second and the third."""
    last: frozenset[str]
    all: frozenset[str]
    joins: frozenset[str]


def differ_in_a_name(question: str, first: str, second: str, language: str) -> bool:
    """Whether two titles are alike but for one word, in the same place, that the customer did not say.

    "Descale the Heron" and "Descale the Wren" are, unless the question names one of the two machines. Titles that
    differ in nothing are copies, and titles that differ in more are other matters: neither is worth asking about.
    """
    one, other = _in_order(first), _in_order(second)
    if len(one) != len(other):
        return False
    silent = _silent(language)
    # Articles follow the name: “la Heron”, “el Wren”.
    apart = {pair for pair in zip(one, other, strict=True) if len(set(pair)) > 1 and not set(pair) <= silent}
    shared = (set(one) & set(other)) - silent
    if len(apart) != 1 or not shared:
        return False
    return not _says(telling_words(question, language), {word for pair in apart for word in pair})


def undecided(question: str, titles: Sequence[str], language: str) -> tuple[str, ...]:
    """The first title and those that differ from it in an unsaid name; empty where there are none."""
    rivals = [title for title in titles[1:] if differ_in_a_name(question, titles[0], title, language)]
    return (titles[0], *rivals) if rivals else ()


def already_said(question: str, said: Sequence[str], title: str, rival: str, language: str) -> bool:
    """Whether earlier messages say the name in which `title` differs from its rival, and nobody the rival's."""
    if not differ_in_a_name(question, title, rival, language):
        return False
    spoken = telling_words("\n".join(said), language)
    own, others = telling_words(title, language), telling_words(rival, language)
    return _says(spoken, own - others) and not _says(spoken, others - own)


def is_copy(first: str, second: str) -> bool:
    """Whether two passages say the same in nearly the same words: between those nobody can choose."""
    one, other = set(_in_order(first)), set(_in_order(second))
    # A number or name of its own makes another passage of it: prices by country are written from one template.
    every = len(one | other)
    return bool(every) and len(one & other) >= _COPY * every


def same_choice(text: str, choices: Sequence[str]) -> str:
    """The choice that a message repeats, or empty."""
    wanted = " ".join(text.split()).casefold()
    return next((choice for choice in choices if " ".join(choice.split()).casefold() == wanted), "")


def picked_choice(text: str, choices: Sequence[str], language: str) -> str:
    """The choice that a message means: it repeats it, gives its number, or says what only that one has; or empty.

    "The monthly one" is "Cancel a monthly plan" beside "Cancel a yearly plan".
    """
    if exact := same_choice(text, choices):
        return exact
    said = _in_order(text)
    if not said or len(said) > _MOST_PICKING:
        return ""
    if len(choices) == 1 and takes(text):
        return choices[0]
    # "Nova One" is a name, "the yearly one" is not.
    words = set(said) - _silent(language)
    for own in (words, words - _answers().stands):
        holding = [choice for choice in choices if own and own <= telling_words(choice, language)]
        if len(holding) == 1 and not said[0].isdecimal():
            return holding[0]
    place = _place_said(said, len(choices))
    return choices[place] if place is not None and 0 <= place < len(choices) else ""


def picked_several(text: str, choices: Sequence[str]) -> tuple[str, ...]:
    """The choices that a message names more than one of, such as “both” or “1 and 3”; empty where it does not."""
    said, words = _in_order(text), _answers()
    if len(choices) < 2 or len(said) > 2 * _MOST_PICKING:
        return ()
    silent = words.stands | words.yes | words.joins
    if words.all.intersection(said) and (words.all | silent).issuperset(said):
        return tuple(choices)
    places = {_place_said((word,), len(choices)) for word in said if word not in silent}
    named = sorted(place for place in places if place is not None and 0 <= place < len(choices))
    return tuple(choices[place] for place in named) if len(named) == len(places) > 1 else ()


def takes(text: str) -> bool:
    """Whether a message says yes and no more, which takes one choice and cannot tell which of several."""
    said = _in_order(text)
    return bool(said) and _answers().yes.issuperset(said)


def _place_said(said: Sequence[str], count: int) -> int | None:
    """The place, from 0 on, that a message names, such as “2”, “number 2” or “the first one”; None where none."""
    words = _answers()
    left = set(said) - words.stands - words.yes
    if len(left) != 1:
        return None
    (named,) = left
    if named.isdecimal():
        return int(named[:3]) - 1
    if named in words.last:
        return count - 1
    return next((place for place, names in enumerate(words.places) if named in names), None)


def refuses(text: str) -> bool:
    """Whether a message says that none of the choices is meant. “No thanks” ends the matter and refuses nothing."""
    said = set(_in_order(text))
    words = _answers()
    return bool(said & words.no) and said <= words.no | words.beside


def refuses_all(text: str, offered: Reply | None) -> bool:
    """Whether a message refuses what the bot has just offered, by the button for that or in words of its own."""
    if offered is None or not offered.choices:
        return False
    return bool(same_choice(text, (offered.none_of_these,))) or refuses(text)


def names_heading(question: str, title: str, heading: Sequence[str], language: str) -> bool:
    """Whether a heading says a telling word of the question, or a form of it, that the title does not say."""
    known = telling_words(title, language)
    said = telling_words(" ".join(heading), language) - known
    if not said:
        return False
    asked = telling_words(question, language) - known
    return any(related(word, own) for word in said for own in asked)


def related(one: str, other: str) -> bool:
    """Whether two folded words are forms of one another, as “forgot” and “forgotten”: by what they begin with."""
    shorter = min(len(one), len(other))
    return one == other or (shorter >= _STEM and one[:shorter] == other[:shorter])


def _says(spoken: Set[str], names: Set[str]) -> bool:
    """Whether one of the names is said in some form: “abonnement mensuel” says which of two “formules mensuelles”."""
    return any(related(word, name) for word in spoken for name in names)


def telling(word: str, language: str) -> bool:
    """Whether a word says what a text is about."""
    return fold(word) not in _silent(language)


@lru_cache(maxsize=_REMEMBERED)
def telling_words(text: str, language: str) -> frozenset[str]:
    """The telling words of a text."""
    return frozenset(_in_order(text)) - _silent(language)


@lru_cache(maxsize=_REMEMBERED)
def _in_order(text: str) -> tuple[str, ...]:
    """The words of a text; titles and passages are compared with each other in every search."""
    return tuple(_WORD.findall(fold(text)))


@cache
def _answers() -> _Answers:
    """Read when somebody was first asked back. Raises `bot.errors.SettingsInvalid`."""
    reader = MappingReader(FILE, "the file", read_yaml(FILE))
    names = ("takes", "refuses", "beside", "stands", "first", "second", "third", "last", "all", "joins")
    yes, no, beside, stands, first, second, third, last, every, joins = (
        frozenset(map(fold, reader.text(name).split())) for name in names
    )
    return _Answers(yes, no, beside, stands, (first, second, third), last, every, joins)


@cache
def _silent(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in stopwords(language))
