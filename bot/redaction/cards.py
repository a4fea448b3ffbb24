"""Runs of digits in, the payment cards among them out, with the security codes that stand beside them.

A card number begins as ISO/IEC 7812 allots it, has a length of its brand and a right Luhn digit; and it is written
as people write one. Order numbers that pass all of that by chance are left alone where a word before them says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.redaction.checkdigits import valid
from bot.redaction.kinds import Finding, Kind
from bot.redaction.reading import Reading
from bot.redaction.words import Words

#: Digits with at most three signs between them; every character can be taken in one way only, so this is linear.
_RUN = re.compile(r"\d(?:[\s.,\-_/:|*]{0,3}\d){11,}", re.ASCII)
_GROUP = re.compile(r"\d+", re.ASCII)
SHORTEST, LONGEST = 12, 19
#: How banks print them.
_PRINTED = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 1)})
#: Signs that hold a number together, and signs between two numbers.
_JOINING = frozenset({".", "-", "/", "_"})
_PARTING = frozenset({",", "|", ":"})
#: Lengths that other numbers have more often than cards: these need to be announced or printed as cards are.
_USUAL = frozenset({15, 16})
#: Month and year of expiry and perhaps the security code, behind a card number.
_BEHIND = re.compile(
    r"\W{0,3}(?:\d{1,2}\W{0,3}\d{2}(?:\d{2})?)?(?:\W{0,3}(?P<code>\d{3,4}))?\W{0,3}", re.ASCII
)
_ANNOUNCED = re.compile(r"\d(?:[ \-.]{0,2}\d){12,18}(?![\w%]|[.,\-]\d)", re.ASCII)
_LETTERS = re.compile(r"[^\W\d_]+\Z")
#: Characters between the announcement of a card and its number.
_NEAR = 40


@dataclass(frozen=True, slots=True)
class _Run:
    """Groups of digits, and the signs between them."""

    spans: tuple[tuple[int, int], ...]
    signs: tuple[str, ...]
    """`signs[i]` stands behind group `i`; one fewer than groups."""


def find(reading: Reading, card_words: Words, code_words: Words, other_numbers: Words) -> Iterator[Finding]:
    """The card numbers of a text, and the codes beside them or announced."""
    for found in _RUN.finditer(reading.text):
        run = _run(reading.text, *found.span())
        first = 0
        while first < len(run.spans):
            last = _card_from(reading, run, first, card_words, other_numbers)
            if last is not None:
                end = run.spans[last][1]
                yield Finding(Kind.CARD, run.spans[first][0], end)
                yield from _beside(reading.text, end)
                first = last
            first += 1
    yield from _codes(reading, code_words)


def find_announced(reading: Reading, words: Words, links: re.Pattern[str]) -> Iterator[Finding]:
    """Numbers that are said to be a payment card's, whether or not the check digit is right."""
    for _, end in words.spans(reading):
        link = links.match(reading.lower, end)
        found = _ANNOUNCED.match(reading.text, link.end()) if link else None
        if found is not None:
            yield Finding(Kind.CARD, *found.span())


def _run(text: str, start: int, end: int) -> _Run:
    spans = tuple(found.span() for found in _GROUP.finditer(text, start, end))
    return _Run(spans, tuple(text[one[1] : two[0]] for one, two in pairwise(spans)))


def _card_from(reading: Reading, run: _Run, first: int, card_words: Words, others: Words) -> int | None:
    """The last group of a card that begins with the group `first`, or None."""
    start = run.spans[first][0]
    if not _may_begin(reading, start, card_words):
        return None
    digits, found = "", None
    for last in range(first, len(run.spans)):
        digits += reading.text[slice(*run.spans[last])]
        if len(digits) > LONGEST:
            break
        if len(digits) < SHORTEST or not _issued(digits) or not _apart(reading.text, run, first, last):
            continue
        if not _printed(run, first, last):
            unusual = len(digits) not in _USUAL and not _announced(reading, start, card_words)
            if unusual or others.precede(reading, start):
                continue
        if valid("luhn", digits):
            found = last
    return found


def _may_begin(reading: Reading, start: int, card_words: Words) -> bool:
    """Whether no word runs into the number, but for one such as “visa”."""
    letters = _LETTERS.search(reading.lower, max(0, start - 20), start)
    if letters is not None:
        return letters[0] in card_words
    return start == 0 or reading.text[start - 1] != "_"


def _apart(text: str, run: _Run, first: int, last: int) -> bool:
    """Whether the groups stand apart from what is before and behind them in the run."""
    end = run.spans[last][1]
    if end < len(text) and (text[end].isalpha() or text[end] == "_"):
        return False
    inner = run.signs[first:last]
    if first and not _edge(run.signs[first - 1], inner):
        return False
    if last == len(run.signs) or _edge(run.signs[last], inner):
        return True
    # What follows may be the month, the year and the code of the card.
    behind = _BEHIND.match(text, end)
    return behind is not None and behind.end() >= run.spans[-1][1]


def _edge(sign: str, inner: tuple[str, ...]) -> bool:
    """Whether a sign ends a number whose groups have the signs `inner` between them."""
    bare = sign.strip(" \t")
    if sign in inner or bare in _JOINING:
        return False
    return bool(inner) or not bare.strip("\n") or bare in _PARTING


def _printed(run: _Run, first: int, last: int) -> bool:
    """Whether the groups are those of a printed card, with the same sign between them."""
    shape = tuple(end - start for start, end in run.spans[first : last + 1])
    return shape in _PRINTED and len(set(run.signs[first:last])) == 1


def _announced(reading: Reading, start: int, words: Words) -> bool:
    before = re.findall(r"[^\W\d_]+", reading.lower[max(0, start - _NEAR) : start])
    return any(word in words for word in before)


def _issued(digits: str) -> bool:
    """Whether a brand gives out numbers that begin so, in this length."""
    length = len(digits)
    two, three, four = int(digits[:2]), int(digits[:3]), int(digits[:4])
    if digits[0] == "4":
        return length in (13, 16, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return length == 16
    if two in (34, 37):
        return length == 15
    if two in (36, 38, 39) or 300 <= three <= 305 or four == 3095:
        return length == 14
    discover = four == 6011 or 644 <= three <= 649 or two == 65
    if discover or 3528 <= four <= 3589 or 2200 <= four <= 2204 or two == 62 or three == 508:
        return 16 <= length <= 19
    maestro = four in (5018, 5020, 5038, 5612, 5893, 6304, 6759, 6761, 6762, 6763)
    return maestro and length >= SHORTEST


def _beside(text: str, end: int) -> Iterator[Finding]:
    """The security code behind a card number: behind the expiry date, or as all that is left of the line."""
    behind = _BEHIND.match(text, end)
    if behind is None or behind["code"] is None:
        return
    start, stop = behind.span("code")
    follows = text[stop : stop + 2]
    if not follows[:1].isalnum() and (not follows.strip() or not follows[-1].isalnum()):
        yield Finding(Kind.CARD_CODE, start, stop)


_CODE = re.compile(
    r"(?:\W{0,3}(?:number|code|num(?:ber)?|nr|no|is|was|ist|lautet|es|est)\b){0,3}\W{0,4}(?P<code>\d{3,4})(?![\d%])"
)


def _codes(reading: Reading, words: Words) -> Iterator[Finding]:
    for _, end in words.spans(reading):
        found = _CODE.match(reading.lower, end)
        if found is not None:
            yield Finding(Kind.CARD_CODE, *found.span("code"))
