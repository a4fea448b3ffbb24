"""Two articles are asked about only where they say the same thing with another number, or deny it."""

import pytest

from bot.upkeep.pairs import Contradiction, Statement, contradictions, near_copies
from index.words import Analyzer
from kb.article import ArticleKey

FILLER = (
    "Orders are packed in the evening.",
    "We send a tracking link by email.",
    "Choose a colour that you like.",
    "The tank holds one litre of water.",
    "Vouchers cannot be paid out.",
    "Press the button until the lamp blinks.",
)


def compared(
    a: str, b: str, *, titles: tuple[str, str] = ("Returns", "Refunds"), language: str = "en"
) -> list[str]:
    analyzer = Analyzer()
    others = [Statement(ArticleKey(f"f{place}", language), "", "", text) for place, text in enumerate(FILLER)]
    pair = [
        Statement(ArticleKey(name, language), title, "", text)
        for name, title, text in zip("ab", titles, (a, b), strict=True)
    ]
    found: tuple[Contradiction, ...] = contradictions(
        [*others, *pair], language, lambda text: analyzer.terms(text, language)
    )
    return [one.question for one in found]


@pytest.mark.parametrize(
    ("a", "b", "question"),
    [
        (
            "You can send a product back within 30 days after delivery.",
            "You can send a product back within 14 days after delivery.",
            "Is it 30 or 14?",
        ),
        (
            "The reset link for your password works for 1 hour.",
            "The reset link for your password works for 24 hour.",
            "Is it 1 or 24?",
        ),
        (
            "Opened coffee bags can be returned for a full refund.",
            "Opened coffee bags cannot be returned for a full refund.",
            "One says so, the other denies it: which is true?",
        ),
    ],
)
def test_a_different_number_or_a_denial_is_a_question(a: str, b: str, question: str) -> None:
    assert compared(a, b) == [question]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "You can send a product back within 30 days after delivery.",
            "You can send a product back within 30 days after delivery.",
        ),
        (
            "You can send a product back within 30 days after delivery.",
            "A delivery to Norway takes 14 days after dispatch.",
        ),
        (
            "You can send a product back within 30 days after delivery.",
            "You can send a product back within 14 weeks after delivery.",
        ),
        ("Wait 5 minutes.", "Wait 9 minutes."),
    ],
)
def test_other_things_with_numbers_are_not(a: str, b: str) -> None:
    assert compared(a, b) == []


def test_two_machines_may_differ() -> None:
    titles = ("Set up your Heron machine", "Set up your Wren machine")
    assert (
        compared(
            "Pairing mode ends by itself after 10 minutes.",
            "Pairing mode ends by itself after 3 minutes.",
            titles=titles,
        )
        == []
    )


def test_one_article_may_say_two_things() -> None:
    key = ArticleKey("a", "en")
    said = [
        Statement(key, "", "", f"You can send a product back within {days} days of delivery.")
        for days in (14, 30)
    ]
    analyzer = Analyzer()
    assert contradictions(said, "en", lambda text: analyzer.terms(text, "en")) == ()


def test_articles_that_say_nearly_the_same_are_a_pair() -> None:
    analyzer = Analyzer()
    text = "You can send a product back within thirty days after delivery. Print the label for the parcel."
    articles = [
        (ArticleKey("a", "en"), text),
        (ArticleKey("b", "en"), f"{text} Thank you."),
        (ArticleKey("c", "en"), " ".join(FILLER)),
    ]
    (pair,) = near_copies(articles, lambda text: analyzer.terms(text, "en"))
    assert (pair.first.id, pair.second.id, pair.share > 0.8) == ("a", "b", True)
