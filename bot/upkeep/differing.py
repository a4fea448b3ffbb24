"""Two sentences of one language in, in what alone they differ out: a number, a date, a denial; pure.

What makes both true is looked for first: another condition, another bound, "some" and "most", a unit that differs.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

#: Alone: not a part of a name, a version, an address or a setting such as `size=0`.
_NUMBER: Final = re.compile(r"(?<![\w.=/#-])\d+(?:[.,:]\d+)*(?![\w=/-]|\.\w)")
#: What stands in brackets narrows a word down: "a number (not a set)" denies nothing that "a number" says.
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_MONTHS: Final = {
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
    "de": "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    "es": "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    "fr": "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
}
_WEEKDAYS: Final = {
    "en": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    "de": "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag",
    "es": "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
    "fr": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
}
#: In words from two on: "one" is a pronoun too.
_WORDS: Final = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
}
#: What says that something is not so; "not only" and "do not forget to" do not, nor does "no later than".
_DENIALS: Final = {
    "en": r"(?:do not|don't|never) forget\b|\bnot only\b|\bno (?:later|more|less|fewer) than\b"
    r"|(?P<denies>\b(?:not|never|no|cannot|no longer)\b(?!-)|\b\w+n't\b)",
    "de": r"\bnicht nur\b|\bnicht (?:später|mehr|weniger) als\b|\bnicht vergessen\b"
    r"|(?P<denies>\b(?:nicht|nie|niemals|kein\w*)\b)",
    "es": r"\bno solo\b|\bno sólo\b|\bno olvid\w+\b|\bno más (?:de|tarde)\b|(?P<denies>\b(?:no|nunca|jamás|tampoco)\b)",
    "fr": r"\bn'oublie\w*\b|\bpas seulement\b|(?P<denies>\b(?:pas|jamais|aucun\w*)\b)|\bne\b|\bn'",
}
#: Where some do and some do not, both sentences are true.
_PARTLY: Final = {
    "en": "some most many few several certain sometimes often usually other others another",
    "de": "einige manche viele wenige mehrere bestimmte manchmal oft meist meistens andere anderen",
    "es": "algunos algunas muchos muchas pocos varias varios ciertos ciertas veces otros otras",
    "fr": "certains certaines plusieurs beaucoup quelques parfois souvent autres autre",
}
#: Words of conditions: of two sentences that say what holds, each must name the same ones.
_CONDITIONS: Final = {
    "en": "if unless before after when while until without with except only once instead more",
    "de": "wenn falls sofern bevor vor nach nachdem während bis ohne mit außer nur statt mehr",
    "es": "si salvo antes después cuando mientras hasta sin con excepto solo sólo más",
    "fr": "si sauf avant après quand lorsque pendant jusqu'à sans avec uniquement seulement plus",
}
_UPPER: Final = {
    "en": "up to|at most|a maximum of|maximum|no more than|within|not more than",
    "de": "bis zu|höchstens|maximal|innerhalb von|binnen",
    "es": "hasta|como máximo|máximo|un máximo de|en un plazo de",
    "fr": "jusqu'à|au plus|maximum|au maximum",
}
_LOWER: Final = {
    "en": "at least|a minimum of|minimum|more than|from|above|over",
    "de": "mindestens|minimal|mehr als|ab|über",
    "es": "al menos|como mínimo|mínimo|más de|desde",
    "fr": "au moins|minimum|au minimum|plus de|à partir de",
}
#: Numbers behind these are names of things and no amounts.
_NAMED: Final = frozenset(
    {
        *(
            "step",
            "steps",
            "version",
            "level",
            "line",
            "room",
            "chapter",
            "section",
            "page",
            "model",
            "no",
            "number",
        ),
        *(
            "option",
            "type",
            "schritt",
            "stufe",
            "seite",
            "kapitel",
            "paso",
            "versión",
            "nivel",
            "página",
            "étape",
        ),
        "niveau",
    }
)
#: Words that stand in the place of numbers are read as these.
_READ: Final = {
    language: {word: str(place) for place, word in enumerate(words.split(), 2)}
    for language, words in _WORDS.items()
}
#: Endings that singular and plural differ in: hour and hours, Tag and Tage, Stunde and Stunden.
_ENDINGS: Final = "nes"


class Differs(StrEnum):
    """In what two sentences differ."""

    NUMBER = "number"
    DATE = "date"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Difference:
    """What one says and what the other says in its place."""

    what: Differs
    first: str = ""
    second: str = ""
    """Both empty for a denial."""


@dataclass(frozen=True, slots=True)
class _Amount:
    shown: str
    value: str
    unit: str
    bound: str


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence, with what two of the same may differ in taken out."""

    rest: str
    """The words by which it is told what it is about."""
    amounts: tuple[_Amount, ...]
    dates: tuple[str, ...]
    denials: int
    conditions: frozenset[str]
    partly: bool

    @property
    def values(self) -> tuple[str, ...]:
        """What stands in the places in which sentences of one form differ."""
        return (*(one.value for one in self.amounts), *(one.casefold() for one in self.dates))


def read(text: str, language: str) -> Read:
    """Takes a sentence apart. A language without words here is read for its digits alone."""
    language = language.partition("-")[0].lower()
    plain = text.replace("’", "'")
    conditions = _found(_CONDITIONS, language, plain)
    plain, dates = _dates(plain, language)
    plain, denials = _denials(plain, language)
    plain, amounts = _amounts(plain, language)
    # Only now: "most" of "at most" is gone.
    partly = bool(_found(_PARTLY, language, plain))
    return Read(plain, amounts, dates, denials, conditions, partly)


def difference(first: Read, second: Read) -> Difference | None:
    """The one thing in which two sentences about the same differ; None where it is none, or more than one."""
    if first.partly or second.partly or first.conditions != second.conditions:
        return None
    changed = _changed(first.amounts, second.amounts)
    if changed is None or len(first.dates) != len(second.dates):
        return None
    days = [(a, b) for a, b in zip(first.dates, second.dates, strict=True) if a.casefold() != b.casefold()]
    denies = abs(first.denials - second.denials)
    if len(changed) + len(days) + denies != 1:
        return None
    if denies:
        return Difference(Differs.NEGATION)
    if days:
        return Difference(Differs.DATE, *days[0])
    return Difference(Differs.NUMBER, changed[0][0].shown, changed[0][1].shown)


def _changed(first: tuple[_Amount, ...], second: tuple[_Amount, ...]) -> list[tuple[_Amount, _Amount]] | None:
    """Amounts of one kind that differ; None where they are not of one kind."""
    if len(first) != len(second):
        return None
    found = []
    for a, b in zip(first, second, strict=True):
        if a.unit != b.unit or (a.bound and b.bound and a.bound != b.bound):
            return None
        if a.value != b.value:
            found.append((a, b))
    return found


def _found(words: dict[str, str], language: str, text: str) -> frozenset[str]:
    known = words.get(language, "").split()
    return frozenset(re.findall(r"[\w']+", text.casefold())) & frozenset(known)


def _dates(text: str, language: str) -> tuple[str, tuple[str, ...]]:
    if language not in _MONTHS:
        return text, ()
    pattern = _of_dates(language)
    return pattern.sub(" ", text), tuple(match[0].strip() for match in pattern.finditer(text))


@cache
def _of_dates(language: str) -> re.Pattern[str]:
    day, year = r"(?:\d{1,2}(?:\.|er)?\s+(?:de\s+)?)?", r"(?:,?\s+(?:de\s+)?\d{4}\b)?"
    month = rf"{day}\b(?:{_MONTHS[language]})\b(?:\s+\d{{1,2}}\b(?!\s*[:%]))?{year}"
    # "May" and "March" are months with a capital alone.
    return re.compile(rf"{month}|\b(?:{_WEEKDAYS[language]})s?\b", 0 if language == "en" else re.IGNORECASE)


def _denials(text: str, language: str) -> tuple[str, int]:
    if language not in _DENIALS:
        return text, 0
    pattern = _of_denials(language)
    count = sum(match["denies"] is not None for match in pattern.finditer(_BRACKETS.sub(" ", text)))
    return pattern.sub(" ", text), count


@cache
def _of_denials(language: str) -> re.Pattern[str]:
    return re.compile(_DENIALS[language], re.IGNORECASE)


def _amounts(text: str, language: str) -> tuple[str, tuple[_Amount, ...]]:
    words = _READ.get(language, {})
    pattern = _of_numbers(language)
    found = []
    for match in pattern.finditer(text):
        before = text[: match.start()].rstrip()
        named = re.search(r"(\w+)\W*$", before)
        value = words.get(match[0].casefold(), _plain(match[0]))
        unit = re.match(r"\W*(\w*)", text[match.end() :])
        if named and (named[1].casefold() in _NAMED or (named[1][0].isupper() and named.start() > 0)):
            unit, value = None, f"{named[1].casefold()} {value}"
        kind = (unit[1].casefold().rstrip(_ENDINGS) or unit[1]) if unit else value
        found.append(_Amount(match[0], value, kind, _bound(before, language)))
    rest = pattern.sub(" ", text)
    return (_of_bounds(language).sub(" ", rest) if language in _UPPER else rest), tuple(found)


@cache
def _of_numbers(language: str) -> re.Pattern[str]:
    """Digits, and the words that are read as numbers."""
    words = _READ.get(language, {})
    spelled = rf"|\b(?:{'|'.join(words)})\b" if words else ""
    return re.compile(_NUMBER.pattern + spelled, re.IGNORECASE)


@cache
def _of_bounds(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_UPPER[language]}|{_LOWER[language]})\b", re.IGNORECASE)


@cache
def _of_ends(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What stands right before an amount, and the side on which it bounds it."""
    ends = (("upper", _UPPER[language]), ("lower", _LOWER[language]))
    return tuple((name, re.compile(rf"\b(?:{words})$", re.IGNORECASE)) for name, words in ends)


def _bound(before: str, language: str) -> str:
    if language not in _UPPER:
        return ""
    return next((name for name, pattern in _of_ends(language) if pattern.search(before)), "")


def _plain(number: str) -> str:
    """`604,800` and `604.800` as 604800; what is no group of three stays."""
    return re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number)
