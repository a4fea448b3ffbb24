"""Outcomes teach the search: confirmed and linked questions, what takes them back, and when they lapse."""

import time
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from bot.chat.incoming import Handled, Incoming
from bot.composition import Services
from bot.dialogue.learned import State, What
from bot.dialogue.reply import Reason
from bot.errors import BadRequest, NotFound, TooLarge
from bot.explanation import explain
from bot.web.app import create_app
from index.hit import Filters
from index.ranking import RECIPE
from kb.article import ArticleKey
from tests.flows.deciding import ALWAYS_ANSWER, NEVER_ANSWER, deciding
from tests.index.small_centre import Centre

DESCALE = ArticleKey("devices/descale", "en")
GOODWILL = ArticleKey("agents/goodwill", "en")
#: No word of it is in the article that answers it; the search by itself takes another one.
SOUR = "my cup tastes sour"
SOURER = "my cup tastes so sour"


@pytest.fixture
def services(centre: Centre) -> Iterator[Services]:
    with deciding(centre, ALWAYS_ANSWER) as opened:
        yield opened


def say(opened: Services, text: str, before: Handled | None = None) -> Handled:
    return opened.chat.reply(Incoming(text, conversation_id=before.conversation_id if before else ""))


def confirmed(opened: Services, text: str, helpful: bool = True) -> Handled:
    handled = say(opened, text)
    opened.chat.feedback(handled.message_id, helpful, "")
    return handled


def learned(opened: Services, question: str, locale: str = "en") -> dict[str, float]:
    """What is said for each article when a question is asked."""
    opened.learning.refresh()
    searcher = opened.knowledge.searcher
    found = searcher.search(searcher.question(question), Filters(locales=(locale,)), 20)
    return {hit.chunk.key.id: hit.scores.learned for hit in found.hits if hit.scores.learned}


def first(opened: Services, question: str) -> str:
    opened.learning.refresh()
    return say(opened, question).reply.citations[0].article_id


def states(opened: Services) -> list[State]:
    return [one.state for one in opened.learning.listing()]


def test_an_agents_link_makes_a_similar_question_find_the_article(services: Services) -> None:
    # Which article is first without the link is a near tie, and not the same on every machine.
    assert learned(services, SOURER) == {}
    services.learning.link(SOUR, DESCALE, "eve")
    assert learned(services, SOURER)[DESCALE.id] > 0.0
    assert first(services, SOURER) == DESCALE.id
    (entry,) = services.learning.listing()
    assert (entry.state, entry.worth) == (State.ACTIVE, 4.0)
    assert [(one.what, one.source) for one in entry.question.events] == [(What.AGENT_LINKED, "agent:eve")]


def test_what_customers_confirm_speaks_for_the_quoted_section(services: Services) -> None:
    handled = confirmed(services, "the carrier does not show my parcel, the link is dead")
    citation = handled.reply.citations[0]
    assert citation.article_id == "orders/track"
    assert 0.0 < learned(services, "the carrier does not show my parcel, link is dead")["orders/track"] < 0.5
    (entry,) = services.learning.listing()
    assert entry.question.pair.anchor == "the-link-does-not-work"
    (event,) = entry.question.events
    assert event.source == f"conversation:{handled.conversation_id}"
    assert event.message_id == handled.message_id


def test_feedback_over_http_helps_the_next_customer(services: Services) -> None:
    with TestClient(create_app(lambda: services), base_url="https://help.shop.example") as client:
        before = client.post("/chat", json={"message": SOUR}).json()
        judged = client.post(f"/chat/{before['message_id']}/feedback", json={"helpful": True})
        assert judged.status_code == 204
    article = before["citations"][0]["article_id"]
    found = learned(services, SOURER)
    assert set(found) == {article}
    assert 0.3 < found[article] < 0.5


def test_more_customers_count_more_and_one_customer_counts_once(services: Services) -> None:
    once = confirmed(services, SOUR)
    alone = learned(services, SOUR)
    services.chat.feedback(once.message_id, True, "")
    assert learned(services, SOUR) == alone
    article = once.reply.citations[0].article_id
    assert alone == {article: pytest.approx(0.5, abs=0.01)}
    confirmed(services, SOUR)
    assert learned(services, SOUR) == {article: pytest.approx(2 / 3, abs=0.01)}


def test_customers_who_say_no_outvote_those_who_said_yes(services: Services) -> None:
    confirmed(services, SOUR)
    confirmed(services, SOUR, helpful=False)
    assert learned(services, SOUR) == {}
    assert states(services) == [State.OUTVOTED]
    confirmed(services, SOUR, helpful=False)
    assert learned(services, SOUR) == {}


def test_only_answers_to_questions_that_stand_alone_teach(centre: Centre) -> None:
    with deciding(centre, ALWAYS_ANSWER) as opened:
        question = say(opened, "how long does a parcel to Spain take")
        followup = say(opened, "and to Norway?", question)
        greeting = say(opened, "hello")
        for handled in (followup, greeting):
            opened.chat.feedback(handled.message_id, True, "")
        assert opened.learning.listing() == ()
    with deciding(centre, NEVER_ANSWER) as opened:
        handled = confirmed(opened, SOUR)
        assert handled.reply.reason is Reason.LOW_CONFIDENCE
        assert opened.learning.listing() == ()


def test_a_changed_section_is_to_be_confirmed_again(services: Services, centre: Centre) -> None:
    services.learning.link(SOUR, DESCALE, "eve", anchor="")
    services.learning.link("what does the pump need", ArticleKey("devices/error-codes", "en"), "eve", "e-23")
    assert states(services) == [State.ACTIVE, State.ACTIVE]
    centre.edit("en/devices/descale.md", "every three months", "every four months")
    centre.edit("en/devices/error-codes.md", "push it in until it clicks", "push it in")
    centre.ingest()
    services.knowledge.refresh()
    assert learned(services, SOUR) == {}
    assert learned(services, "what does the pump need") == {
        "devices/error-codes": pytest.approx(0.8, abs=0.01)
    }
    # The section that was linked reads as before; the other one of its article changed.
    assert states(services) == [State.TO_CONFIRM, State.ACTIVE]


def test_a_changed_section_that_is_confirmed_again_counts_again(services: Services, centre: Centre) -> None:
    services.learning.link(SOUR, DESCALE, "eve")
    centre.edit("en/devices/descale.md", "every three months", "every four months")
    centre.ingest()
    services.knowledge.refresh()
    services.learning.link(SOUR, DESCALE, "eve")
    assert first(services, SOURER) == DESCALE.id
    assert states(services) == [State.TO_CONFIRM, State.ACTIVE]


def test_a_confirmation_of_an_answer_that_changed_meanwhile_counts_for_nothing(
    services: Services, centre: Centre
) -> None:
    handled = say(services, "descale the machine when the lamp blinks orange")
    centre.edit("en/devices/descale.md", "every three months", "every four months")
    centre.ingest()
    services.knowledge.refresh()
    services.chat.feedback(handled.message_id, True, "")
    assert states(services) == [State.TO_CONFIRM]
    assert learned(services, "descale the machine when the lamp blinks orange") == {}


def test_withdrawn_and_internal_articles_never_come_back(services: Services, centre: Centre) -> None:
    services.learning.link(SOUR, DESCALE, "eve")
    services.learning.link(SOUR, GOODWILL, "eve")
    # Customers' searches know nothing of the agents' article, and it takes nothing from the other one's share.
    assert learned(services, SOUR) == {DESCALE.id: pytest.approx(0.8, abs=0.01)}
    (centre.source / "en/devices/descale.md").unlink()
    centre.ingest()
    # Also before the learned questions have caught up with the new index.
    services.knowledge.refresh()
    for _ in range(2):
        citations = say(services, SOUR).reply.citations
        assert not {DESCALE.id, GOODWILL.id} & {one.article_id for one in citations}
        services.learning.refresh()
    assert states(services) == [State.WITHDRAWN, State.ACTIVE]
    assert learned(services, SOUR) == {}


def test_an_article_that_becomes_internal_is_no_longer_found(services: Services, centre: Centre) -> None:
    services.learning.link(SOUR, DESCALE, "eve", anchor="")
    centre.edit("en/devices/descale.md", "title: Descale", "audience: agent\ntitle: Descale")
    centre.ingest()
    services.knowledge.refresh()
    assert learned(services, SOUR) == {}


def test_learned_questions_obey_the_language(services: Services) -> None:
    services.learning.link(SOUR, DESCALE, "eve")
    assert learned(services, SOUR, "es") == {}


def test_forgetting_undoes_and_customers_do_not_bring_it_back(services: Services) -> None:
    handled = confirmed(services, SOUR)
    (entry,) = services.learning.listing()
    services.learning.forget(entry.question.id, "eve")
    assert learned(services, SOUR) == {}
    assert states(services) == [State.FORGOTTEN]
    confirmed(services, SOUR)
    assert learned(services, SOUR) == {}
    article = ArticleKey(handled.reply.citations[0].article_id, "en")
    assert services.learning.link(SOUR, article, "eve", entry.question.pair.anchor) == entry.question.id
    assert set(learned(services, SOUR)) == {article.id}


def test_all_that_leads_to_an_article_is_forgotten_at_once(services: Services) -> None:
    for question in (SOUR, "limescale everywhere"):
        services.learning.link(question, DESCALE, "eve")
    services.learning.link("where is my bill", ArticleKey("billing/invoices", "en"), "eve")
    assert services.learning.forget_article(DESCALE.id, "eve") == 2
    assert states(services) == [State.FORGOTTEN, State.FORGOTTEN, State.ACTIVE]
    with pytest.raises(NotFound, match="tierzero learned list"):
        services.learning.forget_article(DESCALE.id, "eve")
    with pytest.raises(NotFound, match="tierzero learned list"):
        services.learning.forget(999, "eve")


def test_what_one_conversation_taught_can_be_erased(services: Services) -> None:
    handled = confirmed(services, SOUR)
    assert services.learning.erase(handled.conversation_id) == 1
    assert services.learning.listing() == ()
    assert learned(services, SOUR) == {}


@pytest.mark.parametrize(
    ("question", "key", "anchor", "error"),
    [
        ("  ", DESCALE, None, BadRequest),
        ("x" * 4001, DESCALE, None, TooLarge),
        (SOUR, ArticleKey("devices/descale", "fr"), None, NotFound),
        (SOUR, DESCALE, "no-such-section", NotFound),
    ],
)
def test_a_link_that_leads_nowhere_is_refused(
    services: Services, question: str, key: ArticleKey, anchor: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        services.learning.link(question, key, "eve", anchor)
    assert services.learning.listing() == ()


def test_personal_data_is_taken_out_of_a_linked_question(services: Services) -> None:
    services.learning.link("card 4111 1111 1111 1111 was refused", ArticleKey("billing/cards", "en"), "eve")
    (entry,) = services.learning.listing()
    assert "4111" not in entry.question.pair.text


def test_another_server_follows_within_a_second(services: Services, centre: Centre) -> None:
    with deciding(centre, ALWAYS_ANSWER) as other:
        other.start()
        services.learning.link(SOUR, DESCALE, "eve")
        deadline = time.monotonic() + 20
        while other.knowledge.searcher.learned is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert say(other, SOURER).reply.citations[0].article_id == DESCALE.id


def test_vectors_of_another_model_are_made_anew(services: Services) -> None:
    services.learning.link(SOUR, DESCALE, "eve")
    services.learning.refresh()
    with services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE learned_vectors SET model = 'another', vector = x'00'")
        connection.exec_driver_sql("UPDATE learned_head SET version = version + 1")
    assert learned(services, SOUR) == {DESCALE.id: pytest.approx(0.8, abs=0.01)}


def test_the_explanation_names_the_learned_question_and_who_said_so(services: Services) -> None:
    services.learning.link(SOUR, DESCALE, "eve")
    services.learning.refresh()
    found = explain(services, SOURER)
    candidate = found.candidates[0]
    assert candidate.article_id == DESCALE.id
    part = next(part for part in candidate.parts if part.name == "learned")
    assert part.weight == RECIPE.learned
    assert 0.3 < part.value < 0.8
    assert candidate.score == pytest.approx(sum(part.adds for part in candidate.parts), abs=1e-4)
    (taught,) = candidate.taught
    assert (taught.text, taught.worth) == (SOUR, 4.0)
    assert [event.source for event in taught.events] == ["agent:eve"]
    assert all(not other.taught for other in found.candidates if other.article_id != DESCALE.id)


def test_the_command_lists_and_forgets(services: Services, centre: Centre) -> None:
    number = services.learning.link(SOUR, DESCALE, "eve")
    listed = centre.command("learned", "list")
    assert listed.returncode == 0
    assert SOUR in listed.stdout
    assert "agent_linked  agent:eve" in listed.stdout
    assert centre.command("learned", "forget", str(number)).returncode == 0
    assert states(services) == [State.FORGOTTEN]
    assert SOUR not in centre.command("learned", "list", "--state", "active").stdout
    missing = centre.command("learned", "forget", "--article", "no/such")
    assert missing.returncode == 1
    assert "Nothing like that was learned" in missing.stderr
