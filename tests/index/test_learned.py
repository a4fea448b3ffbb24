"""Learned questions: what they say is bounded, passes the filters, and brings in what the text search missed."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.compiled import CompiledEncoder
from index.generation import Generation
from index.hit import Filters, Hit
from index.learned import FLOOR, Learned, Lesson, Sections, Standing, Vote, likeness, signals
from index.ranking import RECIPE, Recipe
from index.searcher import Searcher
from index.signs import SignIndex
from kb.article import ArticleKey
from tests.index import small_centre
from tests.index.small_centre import Centre

QUESTIONS = (
    "how do I reset my password",
    "when is my money back",
    "my cup tastes sour",
    "the pump has no water",
    "parcel to Norway",
)


@pytest.fixture(scope="module")
def generation(shared_centre: Centre) -> Iterator[Generation]:
    with shared_centre.services() as opened:
        yield opened.knowledge.searcher.generation


@cache
def vector_of(text: str) -> np.ndarray:
    return small_centre.encoder().encode([text])[0].vector


def lesson(text: str, article: str, number: int = 0, **more: object) -> Lesson:
    votes = (Vote(f"conversation:{number}", 1.0),)
    given = {"revision": "", "anchor": None, "digest": "", "votes": votes, **more}
    return Lesson(number, ArticleKey(article, "en"), vector=vector_of(text), **given)  # type: ignore[arg-type]


def taught(generation: Generation, lessons: Sequence[Lesson], recipe: Recipe = RECIPE) -> Searcher:
    """A searcher that has learned lessons of the articles as they are."""
    sections = Sections(generation)
    now = [
        Lesson(
            one.id,
            one.key,
            sections.revision(one.key) or "",
            one.anchor,
            one.digest,
            one.vector,
            one.votes,
        )
        for one in lessons
    ]
    searcher = Searcher(small_centre.encoder(), generation, recipe)
    searcher.learned = Learned(sections, now)
    return searcher


def hits(searcher: Searcher, question: str, limit: int = 30, **filters: object) -> tuple[Hit, ...]:
    return searcher.search(searcher.question(question), Filters(**filters), limit).hits  # type: ignore[arg-type]


EVIDENCE = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.floats(0.0, 1.0),
        st.lists(st.builds(Vote, st.sampled_from("abcdef"), st.sampled_from([-1.0, 1.0, 4.0])), max_size=4),
    ),
    max_size=20,
)


@given(EVIDENCE)
def test_all_that_is_said_together_never_passes_one(spoken: list[tuple[int, float, list[Vote]]]) -> None:
    found = signals(spoken)
    assert all(0.0 <= value < 1.0 for value in found.values())
    assert sum(found.values()) < 1.0


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_one_customer_moves_an_article_half_way_at_most(nearness: list[float]) -> None:
    nearest_first = sorted(nearness, reverse=True)
    found = signals([(7, near, [Vote("conversation:1", 1.0)]) for near in nearest_first])
    assert found.get(7, 0.0) == pytest.approx(nearest_first[0] / (nearest_first[0] + 1.0))
    assert found.get(7, 0.0) <= 0.5


@pytest.mark.parametrize(
    ("spoken", "found"),
    [
        ([], {}),
        ([(1, 1.0, "+a")], {1: 1 / 2}),
        ([(1, 1.0, "+a"), (1, 1.0, "+b")], {1: 2 / 3}),
        ([(1, 1.0, "+a"), (1, 0.5, "+a")], {1: 1 / 2}),
        ([(1, 1.0, "+a"), (1, 1.0, "-b")], {}),
        ([(1, 1.0, "-a"), (2, 0.5, "+b")], {2: 1 / 3}),
        # Two customers who disagree are believed half as much as one alone.
        ([(1, 1.0, "+a"), (2, 1.0, "+b")], {1: 1 / 4, 2: 1 / 4}),
        # Four out of five outweigh the fifth by far.
        (
            [(1, 1.0, "+a"), (1, 1.0, "+b"), (1, 1.0, "+c"), (1, 1.0, "+d"), (2, 1.0, "+e")],
            {1: 4 / 5 * 4 / 5, 2: 1 / 2 * 1 / 5},
        ),
    ],
)
def test_what_is_said_of_each_article(spoken: list[tuple[int, float, str]], found: dict[int, float]) -> None:
    given_ = [
        (article, near, [Vote(said[1], 1.0 if said[0] == "+" else -1.0)]) for article, near, said in spoken
    ]
    assert signals(given_) == pytest.approx(found)


def test_questions_that_have_little_in_common_say_nothing() -> None:
    assert likeness(FLOOR) == likeness(-1.0) == 0.0
    assert likeness(1.0) == likeness(1.001) == 1.0


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_lesson_beats_a_clear_win_of_the_text(generation: Generation, data: st.DataObject) -> None:
    articles = [facts.key.id for facts in generation.articles if facts.key.locale == "en"]
    lessons = [
        lesson(
            data.draw(st.sampled_from(QUESTIONS)),
            data.draw(st.sampled_from(articles)),
            number,
            votes=(Vote(f"conversation:{number}", data.draw(st.sampled_from([-1.0, 1.0, 4.0, 1000.0]))),),
        )
        for number in range(data.draw(st.integers(1, 8)))
    ]
    question = data.draw(st.sampled_from(QUESTIONS))
    plain = {one.chunk.key: one for one in reversed(hits(taught(generation, []), question))}
    ranked = hits(taught(generation, lessons), question)
    text = [one.score - RECIPE.learned * one.scores.learned for one in ranked]
    for place, score in enumerate(text):
        assert max(text[place:]) - score <= RECIPE.learned + 1e-4
    # Raw signals are as they were: what was learned stands beside them.
    best = {one.chunk.key: one for one in reversed(ranked)}
    for key, one in plain.items():
        assert best[key].scores.dense == pytest.approx(one.scores.dense, abs=1e-5)
        assert best[key].scores.late == pytest.approx(one.scores.late, abs=1e-5)


def test_an_article_that_the_text_search_missed_is_brought_in(generation: Generation) -> None:
    few = Recipe(candidates=1)
    question = "my cup tastes sour"
    wanted = "devices/descale"
    assert wanted not in {one.chunk.key.id for one in hits(taught(generation, [], few), question, 1)}
    searcher = taught(
        generation, [lesson("my cup tastes so sour", wanted, votes=(Vote("agent:eve", 4.0),))], few
    )
    assert hits(searcher, question, 1)[0].chunk.key.id == wanted


@pytest.mark.parametrize(
    "filters",
    [
        {"locales": ("es",)},
        {"article_ids": ("billing/cards",)},
        {"tags": ("billing",)},
        {"product": "Another"},
    ],
)
def test_filters_hold_for_learned_articles_too(generation: Generation, filters: dict[str, object]) -> None:
    searcher = taught(generation, [lesson(QUESTIONS[2], "devices/descale")])
    assert all(one.scores.learned == 0.0 for one in hits(searcher, QUESTIONS[2], 30, **filters))


def test_agents_articles_are_found_for_agents_alone(generation: Generation) -> None:
    searcher = taught(generation, [lesson(QUESTIONS[2], "agents/goodwill")])
    assert "agents/goodwill" not in {one.chunk.key.id for one in hits(searcher, QUESTIONS[2])}
    found = hits(searcher, QUESTIONS[2], audience="agent")
    assert {one.chunk.key.id for one in found if one.scores.learned} == {"agents/goodwill"}


def test_lessons_of_filtered_articles_do_not_crowd_out_the_others(generation: Generation) -> None:
    crowd = [lesson(QUESTIONS[2], "agents/goodwill", number) for number in range(100)]
    searcher = taught(generation, [*crowd, lesson("my cup tastes sour today", "devices/descale", 200)])
    assert {one.chunk.key.id for one in hits(searcher, QUESTIONS[2]) if one.scores.learned} == {
        "devices/descale"
    }


def test_with_another_generation_lessons_are_silent(centre: Centre, encoder: CompiledEncoder) -> None:
    with centre.services() as opened:
        old = opened.knowledge.searcher.generation
        searcher = taught(old, [lesson(QUESTIONS[2], "devices/descale")])
        assert any(one.scores.learned for one in hits(searcher, QUESTIONS[2]))
        centre.edit("en/billing/cards.md", "Gift card", "Voucher")
        centre.ingest()
        opened.knowledge.refresh()
        searcher.swap(opened.knowledge.searcher.generation)
        assert not any(one.scores.learned for one in hits(searcher, QUESTIONS[2]))


def test_a_section_holds_while_it_reads_the_same(generation: Generation) -> None:
    sections = Sections(generation)
    key = ArticleKey("devices/error-codes", "en")
    digest = sections.digest(key, "e-17")
    assert digest
    assert digest != sections.digest(key, "e-23")
    cases = {
        (key, "another", "e-17", digest): Standing.HOLDS,
        (key, "another", "e-23", digest): Standing.CHANGED,
        (key, "another", "e-99", digest): Standing.CHANGED,
        (key, "another", "e-17", ""): Standing.CHANGED,
        (key, sections.revision(key) or "", "e-17", ""): Standing.HOLDS,
        (ArticleKey("no/such", "en"), "another", None, digest): Standing.WITHDRAWN,
    }
    assert {case: sections.standing(*case)[0] for case in cases} == cases


def test_signs_find_the_neighbours_that_cosines_find() -> None:
    draw = np.random.default_rng(5)
    vectors = draw.normal(size=(500, 100)).astype(np.float32)
    vectors[:20] += 3.0 * vectors[3]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = SignIndex(vectors)
    exact = vectors @ vectors[3]
    rows, cosines = index.search(vectors[3], 8)
    assert rows.tolist() == np.argsort(-exact)[:8].tolist()
    assert cosines == pytest.approx(exact[rows], abs=2e-3)
    mask = np.zeros(500, dtype=bool)
    mask[[7, 9, 400]] = True
    assert sorted(index.search(vectors[3], 8, mask)[0].tolist()) == [7, 9, 400]
    assert len(index.search(vectors[3], 8, np.zeros(500, dtype=bool))[0]) == 0
    assert len(SignIndex(vectors[:2]).search(vectors[3], 8)[0]) == 2
