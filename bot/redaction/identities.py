"""A text in, the national ids in it out: each country's shape with its check digit, or an announced number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.redaction.checkdigits import valid
from bot.redaction.dates import DATE
from bot.redaction.kinds import Finding, Kind
from bot.redaction.reading import Reading
from bot.redaction.words import Words


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the id of one country is written."""

    pattern: re.Pattern[str]
    rules: str
    """What python-stdnum calls it; empty where it has no check digit."""


def _shape(pattern: str, rules: str = "") -> _Shape:
    # Neither a longer word or number, nor a part of an amount, an address or a version.
    edges = rf"(?<![A-Za-z0-9_])(?<![\d][.,/\-])(?:{pattern})(?![A-Za-z0-9_])(?![.,/\-]\d)"
    return _Shape(re.compile(edges, re.ASCII | re.IGNORECASE), rules)


#: Written so that hardly anything else is; behind words such as “order” they are left alone all the same.
_TELLING = (
    _shape(r"\d{3}-\d{2}-\d{4}", "us.ssn"),
    _shape(r"9\d{2}-\d{2}-\d{4}", "us.itin"),
    # No check digit: only in the groups of the letters that the office sends.
    _shape(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d{2} \d{2} \d{2} [A-D]"),
    _shape(r"\d{8}[ -]?[A-HJ-NP-TV-Z]|\d{2}\.\d{3}\.\d{3}[ -]?[A-HJ-NP-TV-Z]", "es.dni"),
    _shape(r"[XYZ][ -]?\d{7}[ -]?[A-HJ-NP-TV-Z]", "es.nie"),
    _shape(r"\d{2} \d{3} \d{3} \d{3}", "de.idnr"),
    _shape(r"[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}", "fr.nir"),
    _shape(r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", "it.codicefiscale"),
    _shape(r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d", "mx.curp"),
    _shape(r"\d{3}\.\d{3}\.\d{3}-\d{2}", "br.cpf"),
    _shape(r"756\.\d{4}\.\d{4}\.\d{2}", "ch.ssn"),
    _shape(r"[2-9]\d{3} \d{4} \d{4}", "in_.aadhaar"),
)
#: What may stand behind an announcement; its digits are not checked, since people mistype them too.
_ANNOUNCED = re.compile(
    r"(?P<number>(?=[a-z]{0,4}[ \-.]{0,2}\d)[a-z0-9](?:[ .\-/]?[a-z0-9]){5,17})(?![\w%€$£])", re.ASCII
)
_WORDS_BEHIND = re.compile(r"[ .\-/][a-z]{2,}.*", re.ASCII | re.DOTALL)
#: Fewer digits tell nobody from others.
FEWEST_DIGITS = 6


def find(
    reading: Reading, zones: list[tuple[int, int]], words: Words, links: re.Pattern[str], others: Words
) -> Iterator[Finding]:
    """The national ids of a text; `zones` are the parts of it that have digits enough."""
    for start, end in zones:
        for shape in _TELLING:
            for found in shape.pattern.finditer(reading.text, start, end):
                if shape.rules and not valid(shape.rules, found[0]):
                    continue
                if not others.precede(reading, found.start()):
                    yield Finding(Kind.NATIONAL_ID, *found.span())
    for _, end in words.spans(reading) if zones else ():
        span = _announced(reading, end, links)
        if span is not None:
            yield Finding(Kind.NATIONAL_ID, *span)


def _announced(reading: Reading, end: int, links: re.Pattern[str]) -> tuple[int, int] | None:
    link = links.match(reading.lower, end)
    found = _ANNOUNCED.match(reading.lower, link.end()) if link else None
    if found is None or DATE.fullmatch(found[0]):
        return None
    number = _WORDS_BEHIND.sub("", found[0])
    if sum(map(str.isdigit, number)) < FEWEST_DIGITS:
        return None
    return found.start(), found.start() + len(number)
