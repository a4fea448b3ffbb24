"""Reading text in, the places between its sentences out; knows the abbreviations of en, es, de and fr."""

import re

# Abbreviations without their last full stop, in lower case.
_ENGLISH = "mr mrs ms dr prof sr jr vs e.g eg i.e ie cf approx dept figs vol pp eds u.s u.k ext incl excl"
_SPANISH = "sra srta dra ee p.ej ej pág págs núm tfno teléf avda av apdo cap ud uds vd vds aprox máx mín dto"
_GERMAN = (
    "z.b d.h u.a o.ä s.o s.u bzw ca nr str abs vgl ggf inkl exkl evtl mind sog zzgl bspw tsd mio mrd geb hrn"
)
_FRENCH = "mm mme mmes mlle mlles p.ex c.-à-d bd env réf janv févr avr juil déc chap éd"
_MONTHS = "jan feb mar apr jun jul aug sep sept oct nov dec okt dez mär"
_ABBREVIATIONS = frozenset(" ".join((_ENGLISH, _SPANISH, _GERMAN, _FRENCH, _MONTHS)).split())

_WORDS_TOO = (
    "co inc ltd corp no nos max min ex so do sa mo di mi fr hr art fig est ed tel mon tue wed thu fri st"
)
_BEFORE_DIGITS = frozenset(_WORDS_TOO.split())
"""Abbreviations that are words too, or often end a sentence: they hold it together before a digit only."""

_ORDINALS = (
    "januar februar märz april mai juni juli august september oktober november dezember quartal klasse stock"
)
_AFTER_ORDINAL = frozenset(_ORDINALS.split())
"""After `3.` these make a German ordinal, not a new sentence."""

_ZONE_WORDS = (
    "eastern pacific central mountain et pt ct mt est pst cst edt pdt gmt utc cet cest bst brussels london"
)
_ZONES = frozenset(_ZONE_WORDS.split())
"""After `a.m.` and `p.m.` these go on with the time."""

HARD_BREAK = "\u2028"
"""Stands in reading text for a line break that ends a sentence or a label such as `**Note**`."""
_NEAR = 40
"""Characters around a full stop that decide what it is."""

_CLOSERS = "\"'”’»)]」』）】›*_"
_CLOSING = re.escape(_CLOSERS)
_END = re.compile(
    # Western: white space must follow. Each run is tried once, from its first mark, so that `!!!!…` stays cheap.
    rf"(?<![.!?…‽؟।])[.!?…‽؟।]++[{_CLOSING}]*+(?=\s)"
    # Chinese and Japanese: it need not.
    rf"|[。！？｡]++[{_CLOSING}]*+"
    # A line break where the reader sees an end.
    rf"|(?={HARD_BREAK})"
)
_CJK_END = frozenset("。！？｡")
_OPENERS = frozenset("\"'“„«‹(¿¡[‘「『（《【#$€£@&+-–—•*_")
_SPACE = re.compile(r"\s*")
_WORD_BEFORE = re.compile(r"[^\s(\[\"“„«'’]*$")
_WORD_AFTER = re.compile(r"[\"'“„«(\[¿¡]*(\w*)")


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
    """Whether the sentence that starts at `begin` is over at `end`, with its mark at `mark`."""
    before = text[max(begin, mark - _NEAR) : mark]
    if mark == end or text[mark] in _CJK_END or HARD_BREAK in text[end:after]:
        return True
    if not _may_start(text, after):
        return False
    if text[mark:end].rstrip(_CLOSERS) != ".":
        return True
    following = _WORD_AFTER.match(text, after, after + _NEAR)
    return not _abbreviates(before, following.group(1) if following else "")


def _may_start(text: str, at: int) -> bool:
    """Whether a sentence may begin with the character at `at`."""
    char = text[at]
    if char.isupper() or char.isdigit() or char in _OPENERS:
        return True
    if not char.isalpha():
        return char > "\u2000"  # emoji, arrows
    if char.islower():
        return any(c.isupper() for c in text[at + 1 : at + 4])  # iPhone, eBay
    return True  # scripts without case


def _abbreviates(before: str, following: str) -> bool:
    """Whether the full stop behind `before` belongs to its last word rather than to the sentence."""
    found = _WORD_BEFORE.search(before)
    word = found.group() if found else ""
    rest = before[: len(before) - len(word)].rstrip()
    lower = word.lower()
    if len(word) == 1 and word.isalpha():
        # An initial or z. B.; but “Choose plan B. Then …” is two sentences.
        return word.islower() or not rest or rest.endswith(".") or word == "M"
    if lower.isdigit():
        return not rest or (len(lower) <= 2 and following.lower() in _AFTER_ORDINAL)
    if lower in {"a.m", "p.m"}:
        return following.lower() in _ZONES
    if lower in _BEFORE_DIGITS:
        return following[:1].isdigit() or (lower == "st" and following[:1].isupper())
    return lower in _ABBREVIATIONS
