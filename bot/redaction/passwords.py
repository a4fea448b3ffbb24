"""A text in, the passwords, codes, PINs and keys in it out: what is announced as one, and what is shaped like one.

“My password is wrong” says nothing secret: a plain word counts as a password only at the end of a sentence, and
only where it is no word that people say of passwords.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from bot.redaction.kinds import Finding, Kind
from bot.redaction.reading import Reading
from bot.redaction.words import Words

_QUOTES = "\"'“”„«»‘’`"
_QUOTED = re.compile(rf"[{_QUOTES}](?P<value>[^{_QUOTES}\n]{{1,64}})[{_QUOTES}]")
_TOKEN = re.compile(rf"[{_QUOTES}(]?(?P<value>[^\s{_QUOTES}]{{3,128}})")
_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_FIGURES = re.compile(r"\d+(?:[-–]\d+)?", re.ASCII)
#: Behind a number these say that it counts something.
_COUNTED = re.compile(
    r"\s?(?:%|char|letter|digit|bit|word|zeichen|buchstaben|stellen|car[aá]ct|letra|d[ií]gito|caract|lettre|chiffre"
    r"|day|hour|minute|month|year|time|tag|stund|minut|d[ií]a|hora|jour|heure)"
)
#: What belongs to the sentence and not to the password.
_TRAILING = ".,;:!?)]}…"
_CODE = re.compile(r"(?P<value>[a-z]?-?\d(?:[ \-]?\d){3,9}|(?=[a-z]{0,7}\d)[a-z0-9]{4,8})(?![\w%])", re.ASCII)
_PIN = re.compile(r"(?P<value>\d{4,5}|\d{7,8}|\d{6})(?![\w%]|[.,]\d)", re.ASCII)
_POSSESSIVE = re.compile(r"\b(?:my|mi|meine?|mon)\s{1,3}\Z")
_PLACE = 6
_KEY = re.compile(rf"[{_QUOTES}]?(?P<value>[A-Za-z0-9_\-+/=.~]{{16,512}})", re.ASCII)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----")
_PRIVATE_KEY_END = re.compile(r"-----END [A-Z ]{0,40}PRIVATE KEY-----")
#: Parts of an address that let whoever follows it in.
_IN_LINK = re.compile(
    r"[?&#](?:access_token|auth|api_?key|otp|pass|passwd|password|pwd|secret|token)=(?P<value>[^\s&#\"'<>]{4,2048})"
    r"|[?&#](?:code|key|session|sid|sig|signature)=(?P<random>[^\s&#\"'<>]{16,2048})",
    re.IGNORECASE,
)
_LOGIN_IN_LINK = re.compile(r"://[^\s/:@]{1,64}:(?P<value>(?!\$)[^\s/@]{1,64})@")
#: Bits per character; words and numbers have less, random keys more.
_RANDOM = 3.0


def find_passwords(
    reading: Reading, words: Words, links: re.Pattern[str], harmless: Words
) -> Iterator[Finding]:
    """What is announced as a password."""
    for _, end in words.spans(reading):
        link = links.match(reading.lower, end)
        span = _password(reading, link.end(), link[0], harmless) if link and link[0] else None
        if span is not None:
            yield Finding(Kind.PASSWORD, *span)
    for found in _LOGIN_IN_LINK.finditer(reading.text):
        yield Finding(Kind.PASSWORD, *found.span("value"))


def _password(reading: Reading, place: int, link: str, harmless: Words) -> tuple[int, int] | None:
    quoted = _QUOTED.match(reading.text, place)
    if quoted is not None:
        inside = quoted["value"].lower().strip(_TRAILING).split()
        return None if all(word in harmless for word in inside) else quoted.span("value")
    token = _TOKEN.match(reading.text, place)
    if token is None:
        return None
    value = token["value"].rstrip(_TRAILING)
    start, end = token.start("value"), token.start("value") + len(value)
    if len(value) < 3 or value[0] in "[<{$" or value.lower().startswith(("http:", "https:", "www.")):
        return None
    if _PLAIN_WORD.fullmatch(value):
        # “password reset” announces nothing, and “my password is wrong” nothing secret.
        # “Send the password to support.” names somebody.
        said = link.split()[-1:] not in ([], ["to"]) and _ends_sentence(
            reading.text, end, token["value"][len(value) :]
        )
        return (start, end) if said and len(value) > 3 and value.lower() not in harmless else None
    if not link.strip():
        return (start, end) if _three_sorts(value) else None
    if _FIGURES.fullmatch(value) and (len(value) < 4 or _COUNTED.match(reading.lower, end)):
        return None
    if any(part in harmless for part in _PLAIN_WORD.findall(value.lower())) and not any(
        map(str.isdigit, value)
    ):
        return None
    if not any(map(str.isalnum, value)) or (value[:-1].isdigit() and value[-1] in "%€$£"):
        return None
    return start, end


def _ends_sentence(text: str, end: int, trailing: str) -> bool:
    rest = text[end : end + 3]
    return bool(trailing) or not rest.strip() or rest.lstrip(" ")[:1] == "\n"


def _three_sorts(value: str) -> bool:
    """Letters, digits and signs that no product name has."""
    return (
        len(value) >= 6
        and any(map(str.isdigit, value))
        and any(map(str.isalpha, value))
        and any(char in "!@#$%^&*+=?~§€" for char in value)
    )


def find_codes(reading: Reading, codes: Words, pins: Words, links: re.Pattern[str]) -> Iterator[Finding]:
    """One-time codes and PINs that are announced."""
    lower = reading.lower
    for _, end in codes.spans(reading):
        link = links.match(lower, end)
        found = _CODE.match(lower, link.end()) if link else None
        if found is not None and not _COUNTED.match(lower, found.end()):
            yield Finding(Kind.CODE, *found.span("value"))
    for start, end in pins.spans(reading):
        link = links.match(lower, end)
        found = _PIN.match(lower, link.end()) if link else None
        if found is None or _COUNTED.match(lower, found.end()):
            continue
        mine = _POSSESSIVE.search(lower, max(0, start - 8), start) is not None
        # In India a pin code of six digits is a place, which people give to ask about delivery.
        if len(found["value"]) != _PLACE or (mine and "code" not in lower[start:end]):
            yield Finding(Kind.CODE, *found.span("value"))


def find_keys(
    reading: Reading, words: Words, links: re.Pattern[str], prefixes: Mapping[str, re.Pattern[str]]
) -> Iterator[Finding]:
    """Keys by their well-known beginnings, in links, and where they are announced and look random."""
    text = reading.text
    for found in _PRIVATE_KEY.finditer(text):
        closing = _PRIVATE_KEY_END.search(text, found.end())
        yield Finding(Kind.KEY, found.start(), closing.end() if closing else len(text))
        if closing is None:
            break
    for prefix, pattern in prefixes.items():
        if prefix in text:
            yield from (Finding(Kind.KEY, *found.span()) for found in pattern.finditer(text))
    if "=" in text:
        for found in _IN_LINK.finditer(text):
            if found["value"] or looks_random(found["random"]):
                yield Finding(Kind.KEY, *found.span("value" if found["value"] else "random"))
    for _, end in words.spans(reading):
        link = links.match(reading.lower, end)
        found_key = _KEY.match(text, link.end()) if link else None
        if found_key is not None and looks_random(found_key["value"]):
            yield Finding(Kind.KEY, *found_key.span("value"))


def looks_random(value: str) -> bool:
    """Whether characters are as mixed as those of a key: Shannon's entropy, with digits and letters among them."""
    if not (any(map(str.isdigit, value)) and any(map(str.isalpha, value))):
        return False
    counts = Counter(value).values()
    entropy = -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
    return entropy >= _RANDOM
