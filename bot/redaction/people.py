"""A text in, the names and dates of birth in it out: those that are announced, and names behind a title."""

import re
from collections.abc import Iterator

from bot.redaction.kinds import Finding, Kind
from bot.redaction.reading import Reading
from bot.redaction.words import Words

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’\-]{1,30}"
_FULL_NAME = re.compile(
    rf"[\s:,]{{1,3}}(?P<name>{_CAPITAL}(?:[ \-](?:de|del|van|von|da|la|le|di)\b)?(?:[ \-]{_CAPITAL}){{0,3}})"
)
_SMALL_NAME = re.compile(r"[\s:]{1,3}(?P<name>[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?)\s{0,2}(?=[.,;!\n]|\Z)")
_TITLED = re.compile(rf"\.?\s(?P<name>{_CAPITAL}(?:[ \-]{_CAPITAL}){{0,2}})")
_DATE = re.compile(
    r"[\s:=]{0,3}(?:(?:on|the|is|am|el|le|ist|est|es|was)\s){0,2}(?P<date>\d{1,4}[./\- ]\d{1,2}[./\- ]\d{1,4}"
    r"|\d{1,2}(?:st|nd|rd|th|\.|er)?\s(?:de\s)?[^\W\d_]{3,10}\.?,?\s(?:de[l]?\s)?\d{2,4}|[^\W\d_]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4})(?!\d)"
)
#: These introduce a customer, but much else too: only a capitalised name counts behind them.
_LOOSE = frozenset({"this is", "soy"})


def find_names(reading: Reading, announcing: Words, titles: Words, harmless: Words) -> Iterator[Finding]:
    """Names that are announced, and names behind a title."""
    for start, end in announcing.spans(reading):
        found = _FULL_NAME.match(reading.text, end)
        loose = reading.lower[start:end] in _LOOSE
        if found is None and not loose:
            found = _SMALL_NAME.match(reading.lower, end)
        if (
            found is None
            or found["name"].split()[0].lower() in harmless
            or (loose and found["name"].isupper())
        ):
            continue
        yield Finding(Kind.NAME, *found.span("name"))
    for _, end in titles.spans(reading):
        found = _TITLED.match(reading.text, end)
        if found is not None and found["name"].split()[0].lower() not in harmless:
            yield Finding(Kind.NAME, *found.span("name"))


def find_birth_dates(reading: Reading, words: Words) -> Iterator[Finding]:
    """Dates behind “date of birth” and the like."""
    for _, end in words.spans(reading):
        found = _DATE.match(reading.lower, end)
        if found is not None:
            yield Finding(Kind.BIRTH_DATE, *found.span("date"))
