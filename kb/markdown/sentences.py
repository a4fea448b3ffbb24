"""Reading text in, the places between its sentences out; knows the abbreviations of en, es, de and fr."""

import re

# Matched without their last full stop, in lower case, against the characters before it.
_ABBREVIATION_WORDS = (
    # English
    "mr mrs ms dr prof sr jr st vs e.g eg i.e ie cf approx dept est fig figs inc ltd co corp no nos vol pp ed eds "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri u.s u.k ext tel min max incl excl "
    # Spanish
    "sra srta dra d ee p.ej ej pág págs núm art tfno teléf avda av c apdo cap ud uds vd vds aprox máx mín dto "
    # German
    "z.b z d.h u.a o.ä s.o s.u bzw ca nr str abs vgl ggf inkl exkl evtl mind sog zzgl bspw tsd mio mrd geb hr fr hrn "
    "mo di mi do sa so okt dez mär "
    # French
    "m mm mme mmes mlle mlles p.ex ex c.-à-d n bd env réf janv févr avr juil déc etc.à chap éd".split()
)
_MAY_END = frozenset(
    {"co", "inc", "ltd", "corp", "st", "no", "max", "min", "ex", "so", "do", "sa", "est", "art", "fig"}
)
"""Abbreviations that are also words or often close a sentence: they hold it together only before a digit or name."""

_MONTHS = frozenset(
    [
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
        "quartal",
        "klasse",
        "stock",
        "etage",
        "generation",
        "auflage",
    ]
)
"""After `3.` these make a German ordinal, not a new sentence."""

_ZONES = frozenset(
    [
        "eastern",
        "pacific",
        "central",
        "mountain",
        "et",
        "pt",
        "ct",
        "mt",
        "est",
        "pst",
        "cst",
        "edt",
        "pdt",
        "gmt",
        "utc",
        "cet",
        "cest",
        "bst",
        "brussels",
    ]
)

_CLOSERS = "\"'”’»)]」』）】›*_"
_CLOSING = re.escape(_CLOSERS)
_END = re.compile(
    # Western: white space must follow. Each run is tried once, from its first mark, so that `!!!!…` stays cheap.
    rf"(?<![.!?…‽؟।])[.!?…‽؟।]++[{_CLOSING}]*+(?=\s)"
    # Chinese and Japanese: it need not.
    rf"|[。！？｡]++[{_CLOSING}]*+"
    # A hard line break, see _ends_at_break.
    r"|(?=\u2028)"
)
_NEAR = 40
"""Characters around a full stop that decide what it is."""
_SPACE = re.compile(r"\s*")
_WORD_BEFORE = re.compile(r"[^\s(\[\"“„«'’]*$")
_WORD_AFTER = re.compile(r"[\"'“„«(\[¿¡]*(\w*)")
_OPENERS = "\"'“„«‹(¿¡[‘「『（《【#$€£@&+-–—•*_"
_CJK_END = frozenset("。！？｡")
_LABEL = 24
"""Characters of a line that is a label rather than the first part of a sentence."""
HARD_BREAK = "\u2028"


def breaks(text: str) -> list[tuple[int, int]]:
    """Pairs (end of a sentence, start of the next), in order; an empty list for a single sentence."""
    found: list[tuple[int, int]] = []
    begin = _after_space(text, 0)
    for match in _END.finditer(text):
        end = match.end()
        after = _after_space(text, end)
        if after >= len(text):
            break
        if end > begin and _is_break(text, begin, match.start(), end, after):
            found.append((end, after))
            begin = after
    return found


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _is_break(text: str, begin: int, mark: int, end: int, after: int) -> bool:
    """Whether the sentence that starts at `begin` is over at `end`."""
    before = text[max(begin, mark - _NEAR) : mark]
    if mark == end:
        return _ends_at_break(before)
    if text[mark] in _CJK_END or HARD_BREAK in text[end:after]:
        return True
    if not _may_start(text, after):
        return False
    if text[mark:end].rstrip(_CLOSERS) != ".":
        return True  # ! ? … and … before a capital
    word = _WORD_BEFORE.search(before)
    return not _abbreviates(word.group() if word else "", before, _next_word(text, after))


def _ends_at_break(before: str) -> bool:
    """A hard break ends a sentence after its punctuation or a short label such as `Note`."""
    before = before.rstrip()
    return before[-1:] in ".!?…。！？:：" or len(before) <= _LABEL


def _may_start(text: str, at: int) -> bool:
    char = text[at]
    if char.isupper() or char.isdigit() or char in _OPENERS:
        return True
    if not char.isalpha():
        return ord(char) > 0x2000  # emoji, arrows
    if char.islower():
        return any(c.isupper() for c in text[at + 1 : at + 4])  # iPhone, eBay
    return True  # scripts without case


def _next_word(text: str, at: int) -> str:
    word = _WORD_AFTER.match(text, at, at + _NEAR)
    return word.group(1) if word else ""


def _abbreviates(word: str, sentence: str, following: str) -> bool:
    """Whether the full stop after `word` belongs to the word rather than to the sentence."""
    lower = word.lower()
    if len(word) == 1 and word.isalpha():
        # An initial (J. Smith); but "plan B. Then" and a vitamin may end: only a capital that opens a name counts.
        return (word.isupper() and sentence.strip() == word) or (word.isupper() and following[:1].isupper())
    if lower.isdigit():
        return sentence.strip() == word or (len(lower) <= 2 and following.lower() in _MONTHS)
    if lower in {"a.m", "p.m"}:
        return following.lower() in _ZONES
    if lower in _MAY_END:
        return following[:1].isdigit() or (lower == "st" and following[:1].isupper())
    return lower in _ABBREVIATIONS
