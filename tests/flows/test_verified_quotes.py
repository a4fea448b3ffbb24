"""Every quote shown is cut from the stored text of the revision it names, or it is not shown."""

from dataclasses import replace

import pytest

from bot.answering.quotes import Place, Verifier
from bot.dialogue.reply import Citation
from bot.ports import Published
from index.hit import Filters
from kb.article import ArticleKey, Audience, Span
from tests.flows.deciding import NEVER_ANSWER, deciding
from tests.index.small_centre import ARTICLES, Centre

QUESTIONS = (
    "how do i reset my password",
    "where is my parcel",
    "cancel order",
    "return label",
    "when do I get my money back after a return",
    "do you take bank transfer",
    "how long does delivery to Norway take",
    "E-23",
    "orange lamp blinks",
    "invoice pdf",
    "change email",
    "olvidé mi contraseña",
    "quiero devolver un pedido",
    "what does delivery cost, and where are invoices, and how to pay",
    "pump reset command",
)


def assert_verbatim(source: str, citation: Citation) -> None:
    assert source[citation.start : citation.end] == citation.quote
    assert citation.quote.strip()


@pytest.mark.parametrize("question", QUESTIONS)
def test_citations_are_verbatim_and_lead_to_their_article(shared_centre: Centre, question: str) -> None:
    with deciding(shared_centre) as opened:
        reply = opened.answering.answer(question).reply
        assert 1 <= len(reply.citations) <= 3
        for citation in reply.citations:
            path = f"{citation.locale}/{citation.article_id}.md"
            assert_verbatim(ARTICLES[path], citation)
            assert citation.url.startswith(f"/help/{citation.locale}/{citation.article_id}")
            key = ArticleKey(citation.article_id, citation.locale)
            assert opened.shelf.published([key])[key].revision == citation.revision
        assert reply.citations[0].text in reply.text
        assert 0.0 <= reply.confidence <= 1.0


@pytest.mark.parametrize("question", QUESTIONS[:4])
def test_considered_passages_are_verbatim_too(shared_centre: Centre, question: str) -> None:
    with deciding(shared_centre, NEVER_ANSWER) as opened:
        considered = opened.answering.answer(question).considered
        assert 2 <= len(considered) <= 5
        assert len({(one.article_id, one.locale) for one in considered}) == len(considered)
        for citation in considered:
            assert_verbatim(ARTICLES[f"{citation.locale}/{citation.article_id}.md"], citation)


def test_steps_are_quoted_whole_and_in_order(shared_centre: Centre) -> None:
    with deciding(shared_centre) as opened:
        reply = opened.answering.answer("where do I stick the return label").reply
    text = reply.citations[0].text
    assert [text.index(f"{number}. ") for number in (1, 2, 3, 4)] == sorted(
        text.index(f"{number}. ") for number in (1, 2, 3, 4)
    )


class Checked:
    """A place of a real article, with the verifier that judges it."""

    def __init__(self, centre: Centre) -> None:
        with deciding(centre) as opened:
            searcher = opened.knowledge.searcher
            found = searcher.search(
                searcher.question("the link works for one hour"), Filters(locales=("en",)), 1
            )
            self.chunk = found.hits[0].chunk
            self.place = Place(self.chunk.key, self.chunk.revision, (), "", self.chunk.spans)
            self.published = dict(opened.verifier.published([self.chunk.key]))


@pytest.fixture
def checked(shared_centre: Centre) -> Checked:
    return Checked(shared_centre)


def judged(
    centre: Centre, place: Place, published: dict[ArticleKey, Published], audience: str = "public"
) -> Citation | None:
    with deciding(centre) as opened:
        verifier: Verifier = opened.verifier
        return verifier.citation(place, published, audience)


def test_an_untouched_place_holds(shared_centre: Centre, checked: Checked) -> None:
    citation = judged(shared_centre, checked.place, checked.published)
    assert citation is not None
    assert_verbatim(ARTICLES["en/account/password.md"], citation)


def moved(span: Span, start: int, end: int) -> Span:
    return replace(span, start=start, end=end)


def test_tampered_spans_are_refused(shared_centre: Centre, checked: Checked) -> None:
    first, second, *rest = checked.place.spans
    long = len(ARTICLES["en/account/password.md"])
    tampered: list[tuple[Span, ...]] = [
        (),
        (moved(first, -5, first.end), second),
        (moved(first, first.start, first.start),),
        (moved(first, first.end, first.start),),
        (first, moved(second, second.start, long + 1)),
        (first, moved(second, 10**12, 10**12 + 5)),
        (second, first),
        (first, moved(second, first.start, second.end)),
        (first, second, first, *rest),
    ]
    for spans in tampered:
        assert judged(shared_centre, replace(checked.place, spans=spans), checked.published) is None


def test_a_place_of_another_revision_article_or_audience_is_refused(
    shared_centre: Centre, checked: Checked
) -> None:
    key, place, published = checked.chunk.key, checked.place, checked.published
    assert judged(shared_centre, replace(place, revision="0" * 12), published) is None
    assert judged(shared_centre, replace(place, key=ArticleKey("no/such", "en")), published) is None
    assert judged(shared_centre, place, {}) is None
    # Published in a revision that the database has no text of.
    forged = {key: replace(published[key], revision="f" * 12)}
    assert judged(shared_centre, replace(place, revision="f" * 12), forged) is None
    internal = {key: replace(published[key], audience=Audience.AGENT)}
    assert judged(shared_centre, place, internal) is None
    assert judged(shared_centre, place, internal, "agent") is not None


def test_a_text_that_was_changed_in_the_database_is_not_quoted(centre: Centre) -> None:
    import sqlite3

    with deciding(centre) as opened:
        before = opened.answering.answer("how do i reset my password").reply
        assert before.citations[0].article_id == "account/password"
        with sqlite3.connect(centre.data / "tierzero.db") as connection:
            connection.execute("UPDATE revisions SET source = replace(source, 'one hour', 'one year')")
        connection.close()
        after = opened.answering.answer("how do i reset my password").reply
        assert ("account/password", "en") not in {(one.article_id, one.locale) for one in after.citations}
        from bot.health import examine

        bad = [finding for finding in examine(opened) if not finding.healthy]
        assert [finding.check for finding in bad] == ["stored revisions"]
        assert "en/account/password" in bad[0].detail
