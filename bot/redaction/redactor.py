"""A text and a level in, a `Redacted` text out; pure, and in time proportional to the text's length.

text -> Reading -> findings of each kind -> the stronger wins where two overlap -> placeholders
"""

import re
from collections.abc import Iterator

from bot.redaction import accounts, addresses, cards, contacts, identities, passwords, people, phones
from bot.redaction.kinds import Finding, Kind, Level, Redacted
from bot.redaction.policy import Policy
from bot.redaction.reading import Reading, read

_DIGITS = re.compile(r"\d+", re.ASCII)
#: Characters around digits that may belong to an id or an account.
_BEFORE, _AFTER = 24, 40
#: A part of a text with fewer digits holds no id.
_FEWEST_DIGITS = 5
_KINDS = tuple(Kind)
#: From 1, since 0 is a character that nobody wants.
_ORDER = {kind: place for place, kind in enumerate(_KINDS, 1)}
_RUN = re.compile(rb"([^\x00])\1*", re.DOTALL)
_LAST_FOUR = 4


class Redactor:
    """Takes out of texts what the policy says."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    @classmethod
    def load(cls) -> "Redactor":
        """With the shipped policy; raises `bot.errors.SettingsInvalid`."""
        return cls(Policy.load())

    def redact(self, text: str, level: Level = Level.STORAGE, locale: str = "") -> Redacted:
        """The text without what the level takes out.

        `locale` is the conversation's language tag: its countries are the first that phone numbers are read for.
        Redacting again changes nothing.
        """
        kinds = self._policy.levels[level]
        reading = read(text)
        wanted = [one for one in self._found(reading, kinds, locale) if one.kind in kinds]
        if not wanted:
            return Redacted(text, ())
        untouched = [found.span() for found in self._policy.untouched.finditer(reading.text)]
        return self._replaced(text, reading, _resolved(reading, wanted, untouched))

    def _found(self, reading: Reading, kinds: frozenset[Kind], locale: str) -> Iterator[Finding]:
        policy, words = self._policy, self._policy.words
        if Kind.KEY in kinds:
            yield from passwords.find_keys(reading, words["key"], policy.links, policy.key_prefixes)
        if Kind.PASSWORD in kinds:
            yield from passwords.find_passwords(
                reading, words["password"], policy.links, words["not_a_secret"]
            )
        if _DIGITS.search(reading.text) is not None:
            yield from self._numbers(reading, kinds, locale)
        if Kind.EMAIL in kinds:
            yield from contacts.find_emails(reading)
        if Kind.NAME in kinds:
            yield from people.find_names(reading, words["name"], words["title"], words["not_a_name"])

    def _numbers(self, reading: Reading, kinds: frozenset[Kind], locale: str) -> Iterator[Finding]:
        policy, words = self._policy, self._policy.words
        others = words["other_number"]
        if not kinds.isdisjoint({Kind.CARD, Kind.CARD_CODE}):
            yield from cards.find(reading, words["card"], words["card_code"], others)
            yield from cards.find_announced(reading, words["payment_card"], policy.links)
        if Kind.CODE in kinds:
            yield from passwords.find_codes(reading, words["code"], words["pin"], policy.links)
        zones = _zones(reading)
        if zones and Kind.BANK_ACCOUNT in kinds:
            yield from accounts.find(reading, words["bank_account"], policy.links)
        if zones and Kind.NATIONAL_ID in kinds:
            yield from identities.find(reading, zones, words["national_id"], policy.links, others)
        if Kind.OWN in kinds and policy.own is not None:
            yield from (Finding(Kind.OWN, *found.span()) for found in policy.own.finditer(reading.text))
        if zones and Kind.PHONE in kinds:
            yield from phones.find(reading, policy.regions_of(locale), words["phone"], others)
        if Kind.IP_ADDRESS in kinds:
            yield from contacts.find_ips(reading)
        if Kind.BIRTH_DATE in kinds:
            yield from people.find_birth_dates(reading, words["birth_date"])
        if Kind.ADDRESS in kinds:
            yield from addresses.find(reading)

    def _replaced(self, text: str, reading: Reading, findings: list[Finding]) -> Redacted:
        parts, place, found = [], 0, []
        for one in findings:
            start, end = reading.span(one.start, one.end)
            digits = "".join(_DIGITS.findall(reading.text[one.start : one.end]))
            instead = self._policy.placeholders[one.kind].replace("{last4}", digits[-_LAST_FOUR:])
            parts += [text[place:start], instead]
            found.append(Finding(one.kind, start, end))
            place = end
        return Redacted("".join((*parts, text[place:])), tuple(found))


def _zones(reading: Reading) -> list[tuple[int, int]]:
    """The parts of a text around its digits, where there are enough of them; in order, never overlapping."""
    zones: list[list[int]] = []
    for found in _DIGITS.finditer(reading.text):
        start, end = max(0, found.start() - _BEFORE), min(len(reading.text), found.end() + _AFTER)
        if zones and start <= zones[-1][1]:
            zones[-1][1] = end
            zones[-1][2] += len(found[0])
        else:
            zones.append([start, end, len(found[0])])
    return [(start, end) for start, end, digits in zones if digits >= _FEWEST_DIGITS]


def _resolved(reading: Reading, findings: list[Finding], untouched: list[tuple[int, int]]) -> list[Finding]:
    """Findings that do not overlap: each character belongs to the strongest kind that wants it.

    Characters are painted, the weakest kind first, so that the cost is the length of all findings.
    """
    paint = bytearray(len(reading.text))
    protected = bytearray(len(reading.text))
    for start, end in untouched:
        protected[start:end] = b"\x01" * (end - start)
    for one in sorted(findings, key=lambda one: -_ORDER[one.kind]):
        if not all(protected[one.start : one.end]):
            paint[one.start : one.end] = bytes([_ORDER[one.kind]]) * (one.end - one.start)
    runs = ((_KINDS[run[0][0] - 1], *run.span()) for run in _RUN.finditer(paint))
    # What is left of a weaker finding may be a space or a comma.
    return [Finding(*run) for run in runs if any(map(str.isalnum, reading.text[run[1] : run[2]]))]
