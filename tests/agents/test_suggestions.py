"""What agents are suggested, over HTTP and over the real index: quotes hold, customers get nothing internal."""

import pytest

from bot.desk.suggested import Verdict
from bot.dialogue.learned import State
from bot.people.roles import Permission, Role
from bot.storage.suggestions import OutcomeLog
from tests.agents.colleagues import ANN, House, house
from tests.flows.deciding import NEVER_ANSWER
from tests.index.small_centre import ARTICLES, SECRETS, Centre

PATH = "/api/agent/suggestions"
AGENT = (Permission.SUGGESTIONS_READ, Permission.KNOWLEDGE_READ)
INTERNAL = "agents/goodwill"
#: Each is closest to the article for agents, or aims at it.
LURES = (
    "may I get a goodwill payment because my parcel is nine days late",
    "voucher KESTREL forty euros",
    "what is the limit of ninety euros that the shift lead in the Osprey room approves",
)


def test_a_question_gets_articles_with_quotes_that_stand_in_them(served: House) -> None:
    body = served.client.get(
        PATH, params={"text": "how do I reset my password"}, headers=served.key(*AGENT)
    ).json()
    assert (body["question"], body["language"]) == ("how do I reset my password", "en")
    assert body["articles"][0]["article_id"] == "account/password"
    assert 2 <= len(body["articles"]) <= 5
    assert len({(one["article_id"], one["locale"]) for one in body["articles"]}) == len(body["articles"])
    for one in (*(each["citation"] for each in body["articles"]), *body["draft"]["citations"]):
        source = ARTICLES[f"{one['locale']}/{one['article_id']}.md"]
        assert source[one["start"] : one["end"]] == one["quote"]
    assert "Press Forgot password" in body["draft"]["text"]
    assert "Its title is close to the question" in " ".join(body["articles"][0]["why"])
    assert body["similar_tickets"] == []


@pytest.mark.parametrize("lure", LURES)
def test_what_is_for_agents_is_marked_and_never_in_a_draft(served: House, lure: str) -> None:
    body = served.client.get(PATH, params={"text": lure}, headers=served.key(*AGENT)).json()
    first = body["articles"][0]
    assert (first["article_id"], first["agent_only"], first["citation"]["url"]) == (INTERNAL, True, "")
    assert [one["article_id"] for one in body["articles"] if one["agent_only"]] == [INTERNAL]
    assert body["draft"]["citations"]
    told = str(body["draft"]).casefold()
    assert [word for word in SECRETS if word in told] == []
    assert INTERNAL not in {one["article_id"] for one in body["draft"]["citations"]}


@pytest.mark.parametrize("lure", LURES)
def test_who_may_not_read_what_is_for_agents_gets_nothing_of_it(served: House, lure: str) -> None:
    answer = served.client.get(
        PATH, params={"text": lure}, headers=served.key(Permission.SUGGESTIONS_READ)
    ).json()
    told = str({**answer, "question": ""}).casefold()
    assert answer["articles"]
    assert [word for word in SECRETS if word in told] == []


def test_an_article_that_becomes_internal_leaves_the_drafts_at_once(
    agents_centre: Centre, tmp_path_factory: pytest.TempPathFactory
) -> None:
    centre = agents_centre.copy(tmp_path_factory.mktemp("withdrawn"))
    with house(centre) as served:
        wanted = {"params": {"text": "how do I reset my password"}, "headers": served.key(*AGENT)}
        assert served.client.get(PATH, **wanted).json()["draft"]["citations"][0]["article_id"] == (
            "account/password"
        )
        centre.edit("en/account/password.md", "tags: [account]", "tags: [account]\naudience: agent")
        centre.ingest()
        served.services.knowledge.refresh()
        body = served.client.get(PATH, **wanted).json()
        assert (body["articles"][0]["article_id"], body["articles"][0]["agent_only"]) == (
            "account/password",
            True,
        )
        assert "account/password" not in {one["article_id"] for one in body["draft"]["citations"]}


def test_a_ticket_and_a_conversation_are_told_by_the_customers_words_masked(served: House) -> None:
    reference = served.ticket(f"where is my parcel, please write to {ANN}")
    conversation = served.services.conversations.ticket(reference).conversation_id
    for params in ({"ticket": reference}, {"conversation": conversation}):
        body = served.client.get(PATH, params=params, headers=served.key(*AGENT)).json()
        assert "where is my parcel" in body["question"]
        assert ANN not in str(body)
        assert "orders/track" in [one["article_id"] for one in body["articles"]]


def test_a_question_in_another_language_gets_its_articles_and_a_draft_in_it(served: House) -> None:
    body = served.client.get(
        PATH, params={"text": "olvidé mi contraseña, ¿qué hago?"}, headers=served.key(*AGENT)
    ).json()
    assert body["language"] == "es"
    assert (body["articles"][0]["article_id"], body["articles"][0]["locale"]) == ("account/password", "es")
    assert body["draft"]["text"].startswith("Esto dice nuestro centro de ayuda")


def test_where_the_bot_would_not_even_ask_back_there_is_no_draft(
    agents_centre: Centre, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with house(agents_centre.copy(tmp_path_factory.mktemp("unsure")), NEVER_ANSWER) as served:
        body = served.client.get(PATH, params={"text": "E-23"}, headers=served.key(*AGENT)).json()
        assert body["draft"] is None
        assert body["articles"][0]["article_id"] == "devices/error-codes"


@pytest.mark.parametrize(
    ("params", "status", "kind"),
    [
        ({}, 400, "bad-request"),
        ({"text": "a", "ticket": "TZ-1"}, 400, "bad-request"),
        ({"text": "   \x00 "}, 400, "bad-request"),
        ({"text": "?!"}, 400, "bad-request"),
        ({"text": "x" * 4001}, 413, "too-large"),
        ({"ticket": "TZ-NONE-NONE"}, 404, "not-found"),
        ({"ticket": "\x00' OR 1=1 --"}, 404, "not-found"),
        ({"conversation": "none"}, 404, "not-found"),
        ({"conversation": "c" * 65}, 422, "invalid-values"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_that_says_so(
    served: House, params: dict[str, str], status: int, kind: str
) -> None:
    answer = served.client.get(PATH, params=params, headers=served.key(*AGENT))
    assert (answer.status_code, answer.json()["type"]) == (status, f"/docs#{kind}")
    assert answer.headers["content-type"] == "application/problem+json"


HOSTILE = (
    "<script>alert(1)</script> password",
    "'; DROP TABLE tickets; -- password",
    "a" * 4000,
    "\u202e\u200bpassword\U0001f600" * 50,
    "title:(password OR *) AND ~~~",
    "пароль パスワード",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_ever_a_question(served: House, text: str) -> None:
    answer = served.client.get(PATH, params={"text": text}, headers=served.key(*AGENT))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


def test_the_answer_has_exactly_the_documented_fields(served: House) -> None:
    schemas = served.client.get("/openapi.json").json()["components"]["schemas"]
    body = served.client.get(PATH, params={"text": "cancel order"}, headers=served.key(*AGENT)).json()
    assert set(body) == set(schemas["SuggestionsBody"]["properties"])
    assert set(body["articles"][0]) == set(schemas["SuggestedArticleBody"]["properties"])
    assert set(body["articles"][0]["citation"]) == set(schemas["CitationBody"]["properties"])
    assert set(body["draft"]) == set(schemas["DraftBody"]["properties"])


def said(**more: str) -> dict[str, str]:
    return {
        "outcome": "accepted",
        "article_id": "account/password",
        "locale": "en",
        "text": "cannot get in",
        **more,
    }


def test_outcomes_are_kept_masked_and_an_accepted_one_teaches_the_search(served: House) -> None:
    key = served.key(*AGENT)
    path = f"{PATH}/outcome"
    question = f"my mail is {ANN} and I cannot get in"
    for outcome in Verdict:
        answer = served.client.post(path, json=said(outcome=outcome, text=question), headers=key)
        assert (answer.status_code, answer.content) == (204, b"")
    kept = OutcomeLog(served.services.database).all()
    assert [one.verdict for one in kept] == list(Verdict)
    assert {(one.article.id, one.article.locale, one.at) for one in kept} == {
        ("account/password", "en", served.clock.at)
    }
    assert all("cannot get in" in one.question and ANN not in one.question for one in kept)
    assert all(one.who.startswith("key:") for one in kept)
    learned = served.services.learning.listing()
    assert [one.question.pair.key.id for one in learned] == ["account/password"]
    assert ANN not in learned[0].question.pair.text


def test_an_outcome_may_name_its_ticket_instead_of_the_question(served: House) -> None:
    reference = served.ticket("how do I change my password")
    answer = served.client.post(
        f"{PATH}/outcome", json=said(text="", ticket=reference, outcome="edited"), headers=served.key(*AGENT)
    )
    assert answer.status_code == 204
    (kept,) = OutcomeLog(served.services.database).all()
    assert (kept.ticket, "how do I change my password" in kept.question) == (reference, True)
    [learned] = served.services.learning.listing()
    assert (learned.state, learned.worth) == (State.ACTIVE, 1.0)


def test_the_last_word_of_each_agent_is_what_the_search_learns(served: House) -> None:
    first, second = served.key(*AGENT), served.key(*AGENT)

    def learned(outcome: Verdict, key: dict[str, str]) -> tuple[State, float]:
        assert served.client.post(f"{PATH}/outcome", json=said(outcome=outcome), headers=key).is_success
        [entry] = served.services.learning.listing()
        return entry.state, entry.worth

    assert learned(Verdict.ACCEPTED, first) == (State.ACTIVE, 4.0)
    assert learned(Verdict.EDITED, second) == (State.ACTIVE, 5.0)
    assert learned(Verdict.REJECTED, second) == (State.OUTVOTED, 0.0)
    assert learned(Verdict.REJECTED, first) == (State.OUTVOTED, -8.0)
    assert learned(Verdict.ACCEPTED, first) == (State.OUTVOTED, 0.0)
    assert learned(Verdict.ACCEPTED, second) == (State.ACTIVE, 8.0)


@pytest.mark.parametrize(
    ("more", "scopes", "status"),
    [
        ({"similar_ticket": "TZ-NONE-NONE"}, (Permission.TICKETS_READ,), 404),
        ({"similar_ticket": "TZ-NONE-NONE"}, (), 403),
        ({"similar_ticket": "TZ-NONE-NONE", "article_id": "account/password"}, (), 400),
        ({"article_id": ""}, (), 400),
    ],
)
def test_an_outcome_is_of_an_article_or_of_a_ticket(
    served: House, more: dict[str, str], scopes: tuple[Permission, ...], status: int
) -> None:
    body = {**said(), "article_id": "", **more}
    answer = served.client.post(f"{PATH}/outcome", json=body, headers=served.key(*AGENT, *scopes))
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"text": ""}, 400),
        ({"article_id": "no/such"}, 404),
        ({"locale": "xx"}, 404),
        ({"ticket": "TZ-NONE-NONE"}, 404),
        ({"outcome": "liked"}, 422),
        ({"text": "x" * 4001}, 413),
        ({"reply": "x" * 20_001}, 413),
    ],
)
def test_an_outcome_that_makes_no_sense_is_refused_and_not_kept(
    served: House, more: dict[str, str], status: int
) -> None:
    answer = served.client.post(f"{PATH}/outcome", json=said(**more), headers=served.key(*AGENT))
    assert answer.status_code == status
    assert OutcomeLog(served.services.database).all() == []


def test_who_may_not_read_what_is_for_agents_cannot_judge_it_either(served: House) -> None:
    more = said(article_id=INTERNAL, outcome="rejected")
    path = f"{PATH}/outcome"
    outsider = served.key(Permission.SUGGESTIONS_READ)
    assert served.client.post(path, json=more, headers=outsider).status_code == 404
    assert served.client.post(path, json=more, headers=served.key(*AGENT)).status_code == 204


def test_a_browser_needs_its_token_to_send_an_outcome(served: House) -> None:
    browser = served.browser(Role.AGENT)
    assert browser.get(PATH, params={"text": "cancel order"}).status_code == 200
    refused = browser.post(f"{PATH}/outcome", json=said())
    assert (refused.status_code, refused.json()["type"]) == (403, "/docs#foreign-origin")
    assert OutcomeLog(served.services.database).all() == []
