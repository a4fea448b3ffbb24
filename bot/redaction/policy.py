"""The policy file in, a checked `Policy` out: which kinds go when, what stands in their place, which words announce."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.redaction.kinds import Kind, Level
from bot.redaction.words import Words, linked

FILE = Path(__file__).with_name("policy.yaml")
VERSION = 1
#: Lists of words that the detectors ask for.
WORD_LISTS = (
    "password",
    "code",
    "pin",
    "card_code",
    "card",
    "payment_card",
    "key",
    "bank_account",
    "national_id",
    "phone",
    "birth_date",
    "name",
    "title",
    "other_number",
    "not_a_secret",
    "not_a_name",
)
#: Lists whose entries are single words parted by spaces; the others have a word or phrase a line.
_LINK, _SINGLE = "link", frozenset({"not_a_secret", "not_a_name", "link"})
_SHAPE_SIGNS = {"#": "[0-9]", "@": "[A-Za-z]"}
#: A shape that says less would take ordinary words and amounts with it.
_FEWEST_IN_SHAPE = 4


@dataclass(frozen=True, slots=True)
class Policy:
    """What the policy file says."""

    levels: Mapping[Level, frozenset[Kind]]
    placeholders: Mapping[Kind, str]
    """What stands in a text instead; `{last4}` for the last four digits of a card."""
    regions: Mapping[str, tuple[str, ...]]
    """By language, the countries whose phone numbers are known without +."""
    words: Mapping[str, Words]
    links: re.Pattern[str]
    """What may stand between an announcement and the thing itself."""
    key_prefixes: Mapping[str, re.Pattern[str]]
    own: re.Pattern[str] | None
    """Numbers of the team's own that are taken out."""
    untouched: re.Pattern[str]
    """Numbers that are left alone whatever they look like, and placeholders."""

    @classmethod
    def load(cls, file: Path = FILE) -> "Policy":
        """Reads a policy; raises `bot.errors.SettingsInvalid` with the file, the place and what to change."""
        content = read_yaml(file)
        reader = MappingReader(file, "the file", content)
        reader.only(
            "version",
            "before_storage",
            "masking",
            "placeholders",
            "phone_regions",
            "shapes",
            "words",
            "key_prefixes",
        )
        if content.get("version") != VERSION:
            reader.refuse(f"“version” must be {VERSION}, not {content.get('version')!r}")
        placeholders = _placeholders(reader)
        words = MappingReader(file, "words", content.get("words"))
        words.only(*WORD_LISTS, _LINK)
        shapes = MappingReader(file, "shapes", content.get("shapes") or {})
        shapes.only("never", "own")
        return cls(
            levels=_levels(reader),
            placeholders=placeholders,
            regions={
                language: tuple(names.upper().split())
                for language, names in reader.texts("phone_regions").items()
            },
            words={name: Words(_entries(words, name)) for name in WORD_LISTS},
            links=linked(_entries(words, _LINK)),
            key_prefixes={
                prefix: _key_pattern(reader, prefix, fewest)
                for prefix, fewest in reader.texts("key_prefixes").items()
            },
            own=_either([_shape(shapes, one) for one in shapes.lines("own")]),
            untouched=_untouched([_shape(shapes, one) for one in shapes.lines("never")], placeholders),
        )

    def regions_of(self, locale: str) -> tuple[str, ...]:
        """Countries to try for a phone number without +: that of the locale, those of its language, all others."""
        language, *parts = locale.replace("_", "-").split("-") if locale else [""]
        own = [part.upper() for part in parts if len(part) == 2]
        others = (region for regions in self.regions.values() for region in regions)
        return tuple(dict.fromkeys((*own, *self.regions.get(language.lower(), ()), *others)))


def _levels(reader: MappingReader) -> dict[Level, frozenset[Kind]]:
    levels = {
        level: frozenset(Kind(reader.choice_of(name, list(Kind))) for name in reader.words(level.value))
        for level in Level
    }
    forgotten = levels[Level.STORAGE] - levels[Level.MASKING]
    if forgotten:
        reader.refuse(f"“masking” must also have {', '.join(sorted(forgotten))}, which “before_storage” has")
    return levels


def _placeholders(reader: MappingReader) -> dict[Kind, str]:
    given = reader.texts("placeholders")
    for name, text in given.items():
        reader.choice_of(name, list(Kind))
        bare = text.replace("{last4}", "") if name == Kind.CARD else text
        if not re.fullmatch(r"\[[^\W\d_][^\d\[\]{}\n]{0,60}\]", bare):
            reader.refuse(f"the placeholder of “{name}” must be words in square brackets, not {text!r}")
    for kind in Kind:
        if kind.value not in given:
            reader.refuse(f"“placeholders” must say what stands for “{kind.value}”")
    return {kind: given[kind.value] for kind in Kind}


def _entries(words: MappingReader, name: str) -> tuple[str, ...]:
    entries = words.words(name) if name in _SINGLE else words.lines(name)
    if not entries:
        words.refuse(f"“{name}” must have at least one word")
    return entries


def _key_pattern(reader: MappingReader, prefix: str, fewest: str) -> re.Pattern[str]:
    if not prefix or not fewest.isdecimal() or not 8 <= int(fewest) <= 500:
        reader.refuse(
            f"“key_prefixes”: {prefix!r} needs a number of characters from 8 to 500, not {fewest!r}"
        )
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(prefix)}[A-Za-z0-9_.\-]{{{fewest},2048}}")


def _shape(reader: MappingReader, shape: str) -> str:
    if sum(sign in _SHAPE_SIGNS for sign in shape) < _FEWEST_IN_SHAPE:
        reader.refuse(f"the shape {shape!r} needs at least {_FEWEST_IN_SHAPE} of the signs # and @")
    inner = "".join(_SHAPE_SIGNS.get(sign) or re.escape(sign) for sign in shape)
    return rf"(?<![^\W_]){inner}(?![^\W_])"


def _either(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None


def _untouched(never: list[str], placeholders: Mapping[Kind, str]) -> re.Pattern[str]:
    own = [re.escape(text).replace(re.escape("{last4}"), "[0-9]{4}") for text in placeholders.values()]
    return re.compile("|".join([*never, *own]), re.IGNORECASE)
