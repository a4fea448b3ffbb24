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


@pytest.mark.parametrize(
    ("a", "b", "language", "question"),
    [
        ("Orders to islands leave our warehouse every Tuesday.", "Orders to islands leave our warehouse every Friday.",
         "en", "Is it Tuesday or Friday?"),
        ("Prices of the monthly plan for teams change on 1 May 2027.",
         "Prices of the monthly plan for teams change on 1 July 2027.", "en", "Is it 1 May 2027 or 1 July 2027?"),
        ("Gift cards of our shop are valid for three years.", "Gift cards of our shop are valid for two years.",
         "en", "Is it three or two?"),
        ("Der Gutschein gilt zwei Jahre ab dem Kauf im Laden.", "Der Gutschein gilt drei Jahre ab dem Kauf im Laden.",
         "de", "Is it zwei or drei?"),
        ("A yearly subscription with a discount can be paused for up to 8 weeks.",
         "A yearly subscription with a discount can be paused for at most 12 weeks.", "en", "Is it 8 or 12?"),
    ],
)  # fmt: skip
def test_dates_and_numbers_in_words_are_held_against_each_other_too(
    a: str, b: str, language: str, question: str
) -> None:
    assert compared(a, b, language=language) == [question]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        # Both may be true: some do, some do not.
        ("Some banks allow payments by instalments for large orders.",
         "Some banks do not allow payments by instalments for large orders."),
        # What stands in brackets says which word is meant.
        ("The list of values of a filter holds one number, text or set of either.",
         "The list of values of a filter holds one number or text (not a set of either)."),
        # Another condition.
        ("Before it was packed, the delivery address can be changed by support.",
         "After it was packed, the delivery address cannot be changed by support."),
        # The lowest and the highest.
        ("A password of your account must have at least 12 characters.",
         "A password of your account must have at most 64 characters."),
        # Items of a list, which mean the opposite below a denial.
        ("A post box as the delivery address of your order", "Not a post box as the delivery address of your order"),
        # Names of things.
        ("Step 3 of the set-up asks for the password of your network.",
         "Step 4 of the set-up asks for the password of your network."),
        # Denials that deny nothing.
        ("Do not forget to sign out of public computers in the library.",
         "Sign out of public computers in the library."),
        ("You cannot use the code more than once to sign in to your account.",
         "You can use the code once to sign in to your account."),
    ],
)  # fmt: skip
def test_what_can_both_be_true_is_no_question(a: str, b: str) -> None:
    assert compared(a, b) == []
