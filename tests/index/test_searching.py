"""A search returns as many results as exist, passes filters before ranking, and takes whatever people type."""

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.compiled import CompiledEncoder
from index.generation import Generation
from index.hit import Filters
from index.lexical import LexicalIndex, Posting, revise
from index.searcher import Found, Searcher
from index.words import Analyzer
from tests.index.small_centre import ARTICLES, SECRETS, Centre

ODD = [
    "",
    " ",
    "?",
    "???!!! ... ---",
    "\x00",
    "a\x00b",
    "📶📶📶",
    "👩‍👩‍👧",
    "\ud800",
    "x" * 10_000,
    "how do I cancel my order " * 400,
    "退款需要多长时间",
    "ご注文の取り消し",
    "אני רוצה לבטל",
    "إلغاء الطلب",
    "как отменить заказ",
    'title:"unclosed AND (OR NOT ^3 ~2 [a TO',
    "*:* +a -b \\",
    "'; DROP TABLE articles; --",
    "the of and to",
    "\u202egnihton",
    "ﬁﬂ ½ ①",
]


@pytest.fixture(scope="module")
def generation(shared_centre: Centre) -> Generation:
    return Generation(shared_centre.data / "index", "1")


@pytest.fixture(scope="module")
def searcher(generation: Generation, encoder: CompiledEncoder) -> Searcher:
    return Searcher(encoder, generation)


def search(searcher: Searcher, words: str, filters: Filters | None = None, limit: int = 100) -> Found:
    return searcher.search(searcher.question(words), filters or Filters(), limit)


def ids(found: Found) -> set[str]:
    return {str(hit.chunk.key) for hit in found.hits}


def rows_where(generation: Generation, **wanted: object) -> int:
    """Rows of articles whose facts are as wanted."""
    return sum(
        all(getattr(generation.facts(row), name) == value for name, value in wanted.items())
        for row in range(len(generation.rows))
    )


@pytest.mark.parametrize("words", ODD)
def test_no_text_is_too_odd_to_search_for(searcher: Searcher, words: str) -> None:
    found = search(searcher, words, limit=5)
    assert len(found.hits) == 5
    for hit in found.hits:
        assert all(math.isfinite(value) for value in (hit.score, hit.scores.late, hit.scores.lexical))
    passage = found.passage(0)
    assert passage.likeness.shape == (len(passage.spans), len(passage.weights))


def test_no_passage_is_read_before_somebody_looks_at_the_hits(searcher: Searcher) -> None:
    read = searcher.generation.chunk
    read.cache_clear()
    found = search(searcher, "order", limit=5)
    assert len(found.positions) == 5
    assert read.cache_info().misses == 0
    assert [searcher.generation.chunk(position) for position in found.positions] == [
        hit.chunk for hit in found.hits
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_the_word_search_takes_any_text(generation: Generation, text: str) -> None:
    terms = [(term, 1.0) for term in Analyzer().terms(text, "en")]
    found = generation.lexical.search(terms, Filters(), 10)
    assert len(found) <= 10
    assert all(score > 0 for _, score in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["en", "es", "de", "xx", "", "../..", "zh-Hant"]))
def test_the_analysis_takes_any_text_and_gives_clean_terms(text: str, language: str) -> None:
    for term in Analyzer().terms(text, language):
        assert term
        assert len(term) <= 64
        assert not any(char.isspace() for char in term)


def test_more_results_than_exist_are_as_many_as_exist(searcher: Searcher, generation: Generation) -> None:
    for limit in (rows_where(generation), 1000, 10**9):
        assert len(search(searcher, "order", Filters(audience="agent"), limit).hits) == len(generation.rows)


FILTERS = [
    (Filters(locales=("es",)), {"es/account/password", "es/returns/send-back"}),
    (Filters(tags=("devices",)), {"en/devices/descale", "en/devices/error-codes"}),
    (
        Filters(tags=("returns", "account")),
        {"en/returns/send-back", "en/account/password", "en/account/email"},
    ),
    (Filters(product="Brewer One"), {"en/devices/descale", "en/devices/error-codes"}),
    (Filters(article_ids=("account/password",)), {"en/account/password", "es/account/password"}),
    (Filters(article_ids=("account/password",), locales=("es",)), {"es/account/password"}),
    (Filters(tags=("internal",)), set()),
    (Filters(tags=("internal",), audience="agent"), {"en/agents/goodwill"}),
    (Filters(tags=("orders",), product="Brewer One"), set()),
    (Filters(locales=("xx",)), set()),
    (Filters(article_ids=("agents/goodwill",)), set()),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS)
@pytest.mark.parametrize("words", ["coffee machine lamp", "zzzz", "???"])
def test_filters_give_all_that_passes_them_and_nothing_else(
    searcher: Searcher, generation: Generation, filters: Filters, expected: set[str], words: str
) -> None:
    found = search(searcher, words, filters)
    assert ids(found) == expected
    rows = sum(str(generation.facts(row).key) in expected for row in range(len(generation.rows)))
    assert len(found.hits) == rows
    # One result is asked for and there is one, whatever ranks above it without the filter.
    assert len(search(searcher, words, filters, 1).hits) == min(1, rows)


def test_an_article_for_agents_is_found_by_agents_alone(searcher: Searcher) -> None:
    text = ARTICLES["en/agents/goodwill.md"].split("---\n")[2]
    for words in (text, *text.splitlines(), *SECRETS, "Goodwill payments by the floor team"):
        assert "en/agents/goodwill" not in ids(search(searcher, words))
    assert search(searcher, text, Filters(audience="agent"), 1).hits[0].chunk.key.id == "agents/goodwill"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("my pasword is gone", "en/account/password"),
        ("E17", "en/devices/error-codes"),
        ("shipping price for Norway", "en/delivery/times"),
        ("contraseña olvidada", "es/account/password"),
        ("download invoice pdf", "en/billing/invoices"),
        ("calcify coffee maker cleaning", "en/devices/descale"),
    ],
)
def test_the_fitting_article_comes_first(searcher: Searcher, words: str, expected: str) -> None:
    assert str(search(searcher, words, limit=1).hits[0].chunk.key) == expected


def test_scores_stay_what_they_are_whoever_competes(searcher: Searcher) -> None:
    everything = search(searcher, "reset my password", limit=100)
    alone = search(searcher, "reset my password", Filters(article_ids=("account/password",), locales=("en",)))
    best = {hit.chunk: hit for hit in everything.hits}
    for hit in alone.hits:
        assert hit.scores.dense == pytest.approx(best[hit.chunk].scores.dense, abs=1e-5)
        assert hit.scores.late == pytest.approx(best[hit.chunk].scores.late, abs=1e-5)
        assert -1.0 <= hit.scores.dense <= 1.0001
        assert 0.0 <= hit.scores.coverage <= 1.0001


def test_a_follow_up_leans_on_what_was_said(searcher: Searcher) -> None:
    alone = searcher.search(searcher.question("and to Norway?"), Filters(locales=("en",)), 3)
    leaning = searcher.search(
        searcher.question("and the cost?", ["how many days does delivery to Spain take"]),
        Filters(locales=("en",)),
        1,
    )
    assert alone.hits
    assert leaning.hits[0].chunk.key.id == "delivery/times"


def test_a_passage_is_the_whole_section_in_order(searcher: Searcher) -> None:
    found = search(searcher, "stick the label on the parcel", Filters(locales=("en",)), 1)
    spans = found.passage(0).spans
    assert [span.start for span in spans] == sorted(span.start for span in spans)
    assert [span.number for span in spans] == [0, 1, 2, 3, 4]


def test_the_word_index_forgets_what_is_removed(tmp_path: Path) -> None:
    def posting(uid: int) -> Posting:
        return Posting(uid, f"lamp number{uid}", "en", "public", f"a{uid}", "", ())

    first = (7 << 32) + 1
    revise(tmp_path / "1", None, (), [posting(first + place) for place in range(5)])
    revise(tmp_path / "2", tmp_path / "1", [first, first + 3], [posting(first + 9)])
    revise(tmp_path / "3", tmp_path / "2", [first + 9], ())
    expected = [[0, 1, 2, 3, 4], [1, 2, 4, 9], [1, 2, 4]]
    for name, places in zip("123", expected, strict=True):
        words = LexicalIndex(tmp_path / name)
        assert words.documents == len(places)
        uids = sorted(uid for uid, _ in words.search([("lamp", 1.0)], Filters(), 100))
        assert uids == [first + place for place in places]
