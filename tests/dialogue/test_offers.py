"""What a question about a price or about goods may be answered with."""

import pytest

from bot.dialogue.offers import Offers
from index.words import Analyzer
from kb.article import Span, SpanKind


@pytest.fixture(scope="module")
def offers() -> Offers:
    return Offers.load()


CASES = [
    ("the thing's own price", "how much is a kettle", "en", "The shop", "A kettle costs €40.", True),
    ("a part of it", "how much is a kettle", "en", "Kettle", "A new lid costs €4.", False),
    ("what its article is about", "price of the kettle", "en", "Rent a kettle", "Renting a kettle costs €4.", False),
    ("who asks for that", "how much is it to rent a kettle", "en", "Rent a kettle", "Renting a kettle costs €4.", True),
    ("it, below its name", "how much is a kettle", "en", "The kettle", "It costs €40.", True),
    ("each of its refills", "how much is a kettle", "en", "The kettle", "Each refill costs €4.", False),
    ("in words", "how much is a kettle", "en", "The shop", "A kettle costs forty euros.", True),
    ("no amount", "how much is a kettle", "en", "The kettle", "A kettle boils a litre.", False),
    ("free is a price", "how much is delivery", "en", "Delivery", "Delivery is free.", True),
    ("a quantity is no price", "how much water does it take", "en", "Kettle", "A kettle takes a litre.", True),
    ("what it does is no price", "what does the kettle do", "en", "Kettle", "A kettle boils.", True),
    ("goods", "do you sell green tea", "en", "Tea", "We have six kinds of green tea.", True),
    ("a mention is no offer", "do you sell green tea", "en", "Kettle", "Green tea wants 70 degrees.", False),
    ("German", "was kostet der Kessel", "de", "Kessel mieten", "Einen Kessel zu mieten kostet 4 €.", False),
    ("German, its own", "was kostet der Kessel", "de", "Preise", "Der Kessel kostet 40 €.", True),
    ("Spanish", "cuánto cuesta la tetera", "es", "Tetera", "Una tapa nueva cuesta 4 €.", False),
    ("French", "combien coûte la bouilloire", "fr", "Bouilloire", "Un couvercle coûte 4 €.", False),
    ("French, it", "combien coûte la bouilloire", "fr", "Bouilloire", "Elle coûte 40 €.", True),
    ("another language", "how much is a kettle", "pl", "Kettle", "A lid costs €4.", True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "locale", "title", "text", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_price_is_that_of_the_thing_asked_for(
    offers: Offers, question: str, locale: str, title: str, text: str, expected: bool
) -> None:
    span = Span(0, len(text), text, SpanKind.SENTENCE, 0, -1)
    assert offers.answered(question, title, (), [span], locale, Analyzer().terms) is expected


def test_a_row_that_names_the_thing_gives_its_price(offers: Offers) -> None:
    text = "Thing: Kettle; Price: €40"
    span = Span(0, len(text), text, SpanKind.ROW, 0, 0)
    assert offers.answered("how much is a kettle", "Rent and prices", (), [span], "en", Analyzer().terms)
