"""The help centre's search over the sample articles, through the product's own index."""

from collections.abc import Iterator

import pytest

from bot.composition import Services
from bot.help_centre.search import HelpSearch, Searched
from bot.settings import load
from kb.article import ArticleKey
from tests.flows import sample_centre
from tests.index import small_centre

INTERNAL = (
    "---\ntitle: Goodwill refund limits\naudience: agent\n---\n"
    "Refund up to 40 euros out of goodwill without asking.\n"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A part of the sample shop, and an article for agents."""
    centre = sample_centre.ingested(tmp_path_factory.mktemp("portal"))
    centre.write("en/agents/goodwill.md", INTERNAL)
    centre.ingest()
    opened = Services(load(data=centre.data), _encoder=small_centre.encoder())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def search(shop: Services) -> HelpSearch:
    return shop.help_search


def ids(search: HelpSearch, text: str, locale: str = "en", **narrowed: str) -> list[str]:
    return [one.key.id for one in search.search(text, locale, **narrowed).articles]


def test_the_fitting_article_comes_with_the_quote_that_answers(search: HelpSearch) -> None:
    found = search.search("how do I pause my subscription?", "en")
    assert found.articles[0].key.id == "subscriptions/pause-or-skip"
    assert found.answer is not None
    assert found.answer.article_id == "subscriptions/pause-or-skip"


def test_each_article_comes_once(search: HelpSearch) -> None:
    found = ids(search, "refund")
    assert len(found) == len(set(found)) > 2


@pytest.mark.parametrize("typed", ["pau", "pause or sk", "Pause your sub"])
def test_a_title_is_found_while_its_words_are_typed(search: HelpSearch, typed: str) -> None:
    assert ids(search, typed)[0] == "subscriptions/pause-or-skip"


def test_what_nothing_answers_brings_articles_and_no_answer(search: HelpSearch) -> None:
    assert search.search("do you sell bicycles in Patagonia", "en").answer is None


def test_a_typo_is_read_and_said_unless_the_words_are_meant_as_they_are_written(search: HelpSearch) -> None:
    assert search.search("pause my subscribtion", "en").read == "pause my subscription"
    for narrowed in ({}, {"tag": search.narrowing("en").tags[0]}):
        assert search.search("pause my subscribtion", "en", as_written=True, **narrowed).read == ""


@pytest.mark.parametrize("typed", ["asdkfj qwpoe", "hjkl hjkl", "sdf", "poiuzt", "dsfjkh skjdfh ksjdhf"])
def test_letters_hit_at_random_bring_nothing_and_words_that_no_article_has_still_do(
    search: HelpSearch, typed: str
) -> None:
    assert search.search(typed, "en") == Searched((), None, "")
    assert ids(search, "reimbursement")


def test_articles_for_agents_are_in_no_result_whatever_is_asked(search: HelpSearch) -> None:
    for text in ("goodwill refund limits", "good", "refund up to 40 euros out of goodwill without asking"):
        found = search.search(text, "en")
        assert "agents/goodwill" not in {one.key.id for one in found.articles}
        assert found.answer is None or found.answer.article_id != "agents/goodwill"
    for article in ("returns/refund-times", "returns/return-coffee"):
        assert "agents/goodwill" not in {other.id for other, _ in search.related(ArticleKey(article, "en"))}
    assert search.related(ArticleKey("agents/goodwill", "en")) == ()


def test_a_search_narrowed_by_a_tag_brings_only_articles_with_it(search: HelpSearch, shop: Services) -> None:
    tag = search.narrowing("en").tags[0]
    tagged = {facts.key.id for facts in shop.knowledge.searcher.generation.articles if tag in facts.tags}
    found = ids(search, "how does it work", tag=tag)
    assert found
    assert set(found) <= tagged


def test_related_articles_are_public_ones_of_the_same_language(search: HelpSearch) -> None:
    key = ArticleKey("devices/set-up-heron", "de")
    related = search.related(key)
    assert 0 < len(related) <= 4
    assert {other.locale for other, _ in related} == {"de"}
    assert key not in dict(related)
    assert search.related(ArticleKey("no/such", "en")) == ()
