"""Which articles a customer is asked about, and by which titles."""

import pytest

from bot.answering.choosing import choices, of_one_subject, titles_in
from index.facets import ArticleFacts
from index.hit import Hit, Scores
from kb.article import ArticleKey, Chunk


def article(name: str, locale: str, title: str) -> ArticleFacts:
    return ArticleFacts(ArticleKey(name, locale), "1", title, "public", "", "", ())


def hit(title: str, likeness: float, name: str = "") -> Hit:
    chunk = Chunk(ArticleKey(name or title, "en"), "1", 0, title, (), "", 0, 1, ())
    return Hit(chunk, "public", "", (), 1.0, Scores(0.5, likeness, 0.5, 1.0, 1.0))


def test_a_title_that_is_nothing_like_the_question_is_no_choice() -> None:
    lost, late, other = hit("Lost parcels", 0.6), hit("Late parcels", 0.5), hit("Quiet hours", 0.05)
    assert choices(lost, [late, other]) == ("Lost parcels", "Late parcels")
    assert choices(other, [lost, late]) == ("Lost parcels", "Late parcels")
    assert choices(lost, [other]) == ()


@pytest.mark.parametrize(
    ("message", "language", "titles", "offered"),
    [
        ("cancel", "en", ["Cancel a plan", "Cancel an order"], (0, 1)),
        ("my invoice", "en", ["Find invoices", "Business invoices", "Payment methods"], (0, 1)),
        ("kündigen!", "de", ["Monatsabo kündigen", "Jahresabo kündigen"], (0, 1)),
        ("how do I cancel", "en", ["Cancel a plan", "Cancel an order"], ()),
        ("refund time", "en", ["Refund times", "Refund in time"], ()),
        ("refund", "en", ["When will I get my refund?", "Return coffee"], ()),
        ("coffee", "en", ["Return a machine", "Return coffee", "Change the coffee"], ()),
        ("the", "en", ["The shop", "The app"], ()),
    ],
)
def test_a_message_that_only_names_a_subject_means_one_of_the_articles_that_name_it(
    message: str, language: str, titles: list[str], offered: tuple[int, ...]
) -> None:
    assert of_one_subject(message, titles, language) == tuple(titles[place] for place in offered)


def test_choices_are_read_in_the_language_of_the_customer_where_it_has_the_articles() -> None:
    hits = [hit("Track your order", 0.5, "track"), hit("Lost parcels", 0.5, "lost")]
    known = [article("track", "en", "Track your order"), article("track", "fr", "Suivre votre commande")]
    offered = titles_in(known, hits, ["Track your order", "Lost parcels", "A heading"], "fr")
    assert offered == ("Suivre votre commande", "Lost parcels", "A heading")
