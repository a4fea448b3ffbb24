"""A text in, the phone numbers in it out; the only user of phonenumbers.

Nearly every number of ten digits is a valid one somewhere, so a number without + counts only where it is announced,
or written the way people write phone numbers.
"""

import re
from collections.abc import Iterator, Sequence

from bot.redaction.dates import DATE
from bot.redaction.kinds import Finding, Kind
from bot.redaction.reading import Reading
from bot.redaction.words import Words

_CANDIDATE = re.compile(r"(?<![\w.,/\-+@=])\+?\(?\d(?:[ \t().\-/]{0,3}\d){6,16}(?![\w%€$£@])", re.ASCII)
_GROUP = re.compile(r"\d+", re.ASCII)
#: An amount such as 1.000.000 or 12,500.00; a run of dots alone is a version or an address.
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+(?:\.\d+){3,}|\d+\.\d+", re.ASCII)
#: Digits of each group, of numbers that do not begin with 0: North America, Spain.
_SHAPES = frozenset({(3, 3, 4), (3, 7), (3, 3, 3), (3, 2, 2, 2), (2, 3, 2, 2), (1, 3, 3, 4)})
#: Five pairs, often with dots.
_FRENCH = [2, 2, 2, 2, 2]
MOST_DIGITS = 15
#: Words may stand between the announcement and the number: “call me on my mobile, 07700 900123”.
_NEAR = 28


def find(reading: Reading, regions: Sequence[str], words: Words, others: Words) -> Iterator[Finding]:
    """The phone numbers of a text; `regions` are the countries whose numbers are known without +, the first first."""
    announcements = None
    for found in _CANDIDATE.finditer(reading.text):
        written = found[0]
        groups = [one.end() - one.start() for one in _GROUP.finditer(written)]
        if sum(groups) > MOST_DIGITS or _is_another(written, groups):
            continue
        if announcements is None:
            announcements = [end for _, end in words.spans(reading)]
        announced = any(0 <= found.start() - end <= _NEAR for end in announcements)
        if not announced and (others.precede(reading, found.start()) or not _like_a_phone(written, groups)):
            continue
        if _valid(written, regions, lenient=announced):
            yield Finding(Kind.PHONE, *found.span())


def _is_another(written: str, groups: list[int]) -> bool:
    """Whether it is a date, an amount or a version."""
    if groups == _FRENCH:
        return False
    return DATE.search(written) is not None or _AMOUNT.fullmatch(written) is not None


def _like_a_phone(written: str, groups: list[int]) -> bool:
    if written.startswith(("+", "(0", "0", "(")):
        return True
    return tuple(groups) in _SHAPES


def _valid(written: str, regions: Sequence[str], *, lenient: bool) -> bool:
    # Takes a tenth of a second to import, so only for a text that holds something like a phone number.
    import phonenumbers

    known = (None,) if written.startswith("+") else regions
    for region in known:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
        if (lenient or written.startswith("+")) and phonenumbers.is_possible_number(number):
            return True
    return False
