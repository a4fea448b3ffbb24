"""A text in, the bank accounts in it out: IBANs by their check digits, other numbers where they are announced."""

import re
from collections.abc import Iterator

from bot.redaction.checkdigits import IBAN_LENGTHS, valid, valid_iban
from bot.redaction.dates import DATE
from bot.redaction.kinds import Finding, Kind
from bot.redaction.reading import Reading
from bot.redaction.words import Words

#: The longest IBAN with one sign between all its characters would be 67; people leave at most one in three.
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\s?\d{2}(?:[ \-.\n]{0,2}[A-Za-z0-9]){11,32}", re.ASCII)
_CHARACTER = re.compile(r"[A-Za-z0-9]", re.ASCII)
#: Spanish accounts before IBAN, as their owners still write them: bank, branch, check digits, account.
_CCC = re.compile(r"(?<!\d)\d{4}[ \-]\d{4}[ \-]\d{2}[ \-]\d{10}(?!\d)", re.ASCII)
_NUMBER = re.compile(r"\d[\d \-./]{4,32}\d(?![\d%€$£])", re.ASCII)
#: The account that belongs to a sort code or routing number beside it.
_BESIDE = re.compile(
    r"(?<!\w)(?:a/c|acct?|account|konto)(?: number| no)?[.:=#\s]{0,3}(?:is )?(?P<number>\d{6,17})(?!\w)",
    re.ASCII,
)
#: Fewer digits tell no account, more are no account.
SHORTEST, LONGEST = 6, 24


def find(reading: Reading, words: Words, links: re.Pattern[str]) -> Iterator[Finding]:
    """The bank accounts of a text."""
    found = _IBAN.search(reading.text)
    while found is not None:
        end = _iban_end(found)
        if end is not None:
            yield Finding(Kind.BANK_ACCOUNT, found.start(), end)
        # What follows an account, or was taken for the rest of one, may hold another.
        found = _IBAN.search(reading.text, end or found.start() + 1)
    for ccc in _CCC.finditer(reading.text):
        if valid("es.ccc", ccc[0]):
            yield Finding(Kind.BANK_ACCOUNT, *ccc.span())
    announced = [one for _, end in words.spans(reading) if (one := _announced(reading, end, links))]
    for number in announced:
        yield Finding(Kind.BANK_ACCOUNT, *number.span())
    for beside in _BESIDE.finditer(reading.lower) if announced else ():
        yield Finding(Kind.BANK_ACCOUNT, *beside.span("number"))


def _announced(reading: Reading, end: int, links: re.Pattern[str]) -> re.Match[str] | None:
    link = links.match(reading.lower, end)
    found = _NUMBER.match(reading.lower, link.end()) if link else None
    if found is None or DATE.fullmatch(found[0]):
        return None
    return found if SHORTEST <= sum(map(str.isdigit, found[0])) <= LONGEST else None


def _iban_end(found: re.Match[str]) -> int | None:
    """Where the IBAN ends that a run of letters and digits begins with; words may follow it without a sign."""
    length = IBAN_LENGTHS.get(found[0][:2].upper(), 0)
    characters = [one.start() for one in _CHARACTER.finditer(found[0])][:length]
    if not length or len(characters) < length:
        return None
    number = "".join(found[0][place] for place in characters).upper()
    end = found.start() + characters[-1] + 1
    follows = found.string[end : end + 1]
    if follows.isalnum() or not valid_iban(number):
        return None
    return end
