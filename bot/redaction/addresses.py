"""A text in, the street addresses in it out, in the usual spellings of English, Spanish, German and French.

This is for masking what people read again: an address without a street or a house number is not found.
"""

import re
from collections.abc import Iterator

from bot.redaction.kinds import Finding, Kind
from bot.redaction.reading import Reading

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’\-]{1,30}"
_WORD = r"[\w'’\-]{2,30}"
#: “5 days in the street” is none.
_SMALL = rf"(?!(?:in|my|the|of|on|at|to|a|an|and|for|per|days?|times?|weeks?)\b){_WORD}"
#: No part of an amount, a date or an address.
_BEGIN = r"(?<![\w.,:/\-#€$£])"
_NUMBER = r"\d{1,4}(?:\s?[a-z](?!\w))?(?!\w|[.,]\d)"
_TOWN = rf"(?:,?\s{{1,2}}(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s{_CAPITAL}(?:\s{_CAPITAL})?)?"
_FLAT = r"(?:,?\s(?i:apt|apartment|flat|unit|suite)\.?\s?\w{1,5})?"
_DE_LA = r"(?:(?:de|del|du|des|la|las|los|el|le|les)\s){0,3}(?:[dl]['’])?"

_ENGLISH_LONG = r"(?i:street|road|avenue|boulevard|crescent|terrace)(?!\w)"
#: These are words and abbreviations of much else, so every word must have its capital.
_ENGLISH_SHORT = r"(?:St|Rd|Ave|Blvd|Lane|Ln|Drive|Dr|Close|Court|Ct|Way|Place|Square|Gardens)(?!\w)"
_GERMAN_END = r"(?i:straße|strasse|str\.|gasse|allee|damm)"
_GERMAN_WORD = r"(?:Straße|Strasse|Str\.|Allee|Weg|Platz)"
_SPANISH = r"(?i:calle|c/|avda\.?|avenida|av\.|plaza|paseo|pza\.?)"
_FRENCH = r"(?i:rue|avenue|av\.|boulevard|bd|chemin|allée|impasse|quai)"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 221b Baker Street, 12 oak tree lane
        rf"{_BEGIN}\d{{1,5}}[A-Za-z]?,? (?:{_SMALL} ){{1,3}}{_ENGLISH_LONG}{_FLAT}",
        rf"{_BEGIN}\d{{1,5}}[A-Za-z]?,? (?:{_CAPITAL} ){{1,3}}{_ENGLISH_SHORT}{_FLAT}",
        # Hauptstraße 5, 20095 Hamburg; Lange Straße 3 a; Kirchweg 7, 50667 Köln
        rf"(?<!\w)(?:{_CAPITAL}[ \-]){{0,2}}\w{{2,30}}{_GERMAN_END}\s?{_NUMBER}{_TOWN}",
        rf"(?<!\w)(?:{_CAPITAL}[ \-]){{1,3}}{_GERMAN_WORD}\s{_NUMBER}{_TOWN}",
        rf"(?<!\w)[A-ZÄÖÜ]\w{{2,30}}(?:weg|platz|ring|ufer)\s{_NUMBER},?\s{{1,2}}\d{{5}}\s{_CAPITAL}",
        # calle Mayor 5, C/ de la Paz, 12
        rf"(?<!\w){_SPANISH}\s?{_DE_LA}{_WORD}(?:\s{_WORD}){{0,3}},?\s(?:n[ºo°.]\s?)?{_NUMBER}{_TOWN}",
        # 12 bis, rue de la Paix, 75002 Paris
        rf"{_BEGIN}\d{{1,4}}(?: ?(?:bis|ter|[A-D]))?,? {_FRENCH} {_DE_LA}{_WORD}(?: {_CAPITAL}){{0,2}}{_TOWN}",
    )
)
#: Without one of these no pattern fits.
_STREETS = re.compile(
    r"street|road|avenue|boulevard|crescent|terrace|stra(?:ß|ss)e|str\.|gasse|allee|damm|weg|platz|ring|ufer"
    r"|\b(?:st|rd|ave|blvd|lane|ln|drive|dr|close|court|ct|way|place|square|gardens|rue|av|bd)\b"
    r"|calle|\bc/|avda|avenida|plaza|paseo|pza|chemin|allée|impasse|quai"
)


def find(reading: Reading) -> Iterator[Finding]:
    """Streets with their house numbers, and the town behind them."""
    if _STREETS.search(reading.lower) is None:
        return
    for pattern in _PATTERNS:
        for found in pattern.finditer(reading.text):
            yield Finding(Kind.ADDRESS, *found.span())
