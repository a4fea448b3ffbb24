"""A question about a price or about what is sold in, whether a sentence answers it out.

To a ranker “how much is a pump” is like every sentence with the pump and an amount: what leasing it costs, or its
filters. The wrong price is worse than none.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.words import fold
from kb.article import Span, SpanKind

FILE = Path(__file__).with_name("offers.yaml")
_WORD = re.compile(r"\w+")
_AMOUNT = re.compile(
    r"[€£$¥]\s?\d|\d\s?[€£$¥]|\b(?:EUR|USD|GBP|CHF|CAD|AUD|JPY|SEK|NOK|DKK|PLN|CZK)\s?\d"
    r"|\d\s?(?:EUR|USD|GBP|CHF|CAD|AUD|JPY|SEK|NOK|DKK|PLN|CZK)\b"
    # Numbers may be written as words: “nine euros”.
    r"|\b(?i:euros?|dollars?|pounds?|francs?|cents?|franken|dólares|francos)\b"
)
#: Beginnings of a question that ask for a price only where “cost” follows: “what does the plan cost”.
_NEEDS_COST = ("what does", "what do")

Terms = Callable[[str, str], list[str]]
"""Stems of a text in a locale."""


@dataclass(frozen=True, slots=True)
class _Signs:
    price: tuple[str, ...]
    """Padded with spaces, like `sells`."""
    sells: tuple[str, ...]
    money: frozenset[str]
    offered: frozenset[str]
    standing: frozenset[str]
    aside: frozenset[str]


class Offers:
    """Knows questions about prices and goods in each language."""

    def __init__(self, languages: Mapping[str, _Signs]) -> None:
        self._languages = languages

    @classmethod
    def load(cls, file: Path = FILE) -> "Offers":
        """Read the signs. Raises `bot.errors.SettingsInvalid` naming the file and the language."""
        languages = {}
        for language, fields in read_yaml(file).items():
            reader = MappingReader(file, f"language “{language}”", fields)
            reader.only("price", "sells", "money", "offered", "standing", "aside")
            price, sells = (
                tuple(f" {_plain(line)} " for line in reader.lines(name)) for name in ("price", "sells")
            )
            money, offered, standing, aside = (
                frozenset(_plain(reader.text(name)).split())
                for name in ("money", "offered", "standing", "aside")
            )
            languages[language] = _Signs(price, sells, money, offered, standing, aside)
        return cls(languages)

    def answered(
        self,
        question: str,
        title: str,
        headings: Sequence[str],
        spans: Sequence[Span],
        locale: str,
        terms: Terms,
    ) -> bool:
        """Whether a quote may answer the question, which it always may where that asks for neither.

        A price must be said of the thing itself: in a row or sentence that names it, or in one that begins with “it”
        below a heading that does. A sentence whose subject is what the article is about, and the question is not
        (“Leasing a pump costs …”), gives another price.
        """
        signs = self._languages.get(locale.split("-")[0])
        if signs is None:
            return True
        plain = f" {_plain(question)} "
        price, sells = _asks_price(plain, signs), any(one in plain for one in signs.sells)
        if not price and not sells:
            return True
        wanted = set(terms(" ".join(word for word in plain.split() if word not in signs.aside), locale))
        if not wanted:
            return True
        head = set(terms("\n".join((title, *headings)), locale))
        topic = set(terms(title, locale)) - wanted - set(terms(" ".join(signs.aside), locale))
        tells = _priced if price else _offers
        return any(
            tells(span.text, signs) and _is_about(span, wanted, head, topic, signs, locale, terms)
            for span in spans
        )


def _is_about(
    span: Span, wanted: set[str], head: set[str], topic: set[str], signs: _Signs, locale: str, terms: Terms
) -> bool:
    said = terms(span.text, locale)
    if not wanted & set(said):
        first = _WORD.findall(fold(span.text))[:1]
        return bool(wanted & head) and bool(first) and first[0] in signs.standing
    amount = _AMOUNT.search(span.text)
    if span.kind is SpanKind.ROW or amount is None:
        return True
    return not topic & set(terms(span.text[: amount.start()], locale))


def _asks_price(plain: str, signs: _Signs) -> bool:
    return any(
        phrase in plain and (phrase.strip() not in _NEEDS_COST or " cost " in plain or " costs " in plain)
        for phrase in signs.price
    )


def _priced(text: str, signs: _Signs) -> bool:
    return _AMOUNT.search(text) is not None or bool(signs.money & set(_WORD.findall(fold(text))))


def _offers(text: str, signs: _Signs) -> bool:
    return _AMOUNT.search(text) is not None or bool(signs.offered & set(_WORD.findall(fold(text))))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))
