"""What to write follows from what is found, what was shown and what helped in the end."""

from bot.gaps.cure import Advice, Cure, Evidence, Near, Probe, advise
from kb.article import ArticleKey

A, B = ArticleKey("returns/send-back", "en"), ArticleKey("orders/track", "en")


def probe(first: ArticleKey, likeness: float) -> Probe:
    other = B if first == A else A
    return Probe((Near(first, first.id, likeness), Near(other, other.id, likeness / 2)))


def advice(probes: list[Probe], questions: int = 10, **more: tuple[ArticleKey, ...]) -> Advice:
    return advise(Evidence(questions, tuple(probes), **more))


def test_where_nothing_comes_near_an_article_is_missing() -> None:
    found = advice([probe(A, 0.2), probe(B, 0.25), probe(A, 0.3)])
    assert (found.cure, found.article) == (Cure.NEW, None)
    assert "No article is about this" in found.why


def test_an_empty_knowledge_base_lacks_every_article() -> None:
    found = advice([Probe(())])
    assert (found.cure, found.why) == (Cure.NEW, "Nothing in the knowledge base comes near.")


def test_an_article_that_is_near_and_does_not_settle_it_should_be_better() -> None:
    found = advice([probe(A, 0.9), probe(A, 0.9), probe(B, 0.6)])
    assert (found.cure, found.article) == (Cure.BETTER, A)
    assert "comes first for 2 of 3" in found.why


def test_an_article_that_was_quoted_and_did_not_help_should_be_better() -> None:
    found = advice([probe(B, 0.3)], shown=(A, A, A))
    assert (found.cure, found.article) == (Cure.BETTER, A)
    assert "quoted for 3 of 10 questions and did not help" in found.why


def test_an_article_that_agents_link_and_customers_do_not_find_needs_their_words() -> None:
    found = advice([probe(B, 0.7), probe(B, 0.7), probe(A, 0.6)], helped=(A, A, A))
    assert (found.cure, found.article) == (Cure.TITLE, A)
    assert "comes first for only 1 of 3" in found.why


def test_one_linked_article_among_many_questions_decides_nothing() -> None:
    assert advice([probe(B, 0.7)], helped=(A,)).cure is Cure.BETTER
