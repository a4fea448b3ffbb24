"""What is deleted, made a draft or kept for agents never answers, not even from an index that is a moment behind."""

import json
import sqlite3

import pytest
from fastapi.testclient import TestClient

from bot.answering.answered import Answered
from bot.chat.incoming import Incoming
from bot.cli import main
from bot.composition import Services
from bot.dialogue.reply import Reason
from bot.web.app import create_app
from index.hit import Filters
from tests.flows.deciding import ALWAYS_ANSWER, ASK_BACK, NEVER_ANSWER, deciding
from tests.index.small_centre import ARTICLES, SECRETS, Centre

WITHDRAWN = "en/orders/track.md"
TEXT = "twelve hours to show a new parcel"
QUESTIONS = (
    "Where is the tracking link of my parcel?",
    "Track your order",
    "The link does not work, how long does the carrier need to show a new parcel",
    "The carrier needs up to twelve hours to show a new parcel.",
)
WAYS = ("deleted", "draft", "agents", "rewritten", "other file")


def withdraw(centre: Centre, way: str) -> None:
    """Takes the article away in the source and ingests, with another process' eyes."""
    if way == "deleted":
        (centre.source / WITHDRAWN).unlink()
    elif way == "rewritten":
        centre.write(WITHDRAWN, "---\ntitle: Track your order\n---\nParcels are delivered by balloon.\n")
    elif way == "other file":
        (centre.source / WITHDRAWN).rename(centre.source / "en/orders/elsewhere.md")
        centre.edit("en/orders/elsewhere.md", "twelve hours", "three days")
    else:
        line = {"draft": "draft: true", "agents": "audience: agent"}[way]
        centre.edit(WITHDRAWN, "title: Track", f"{line}\ntitle: Track")
    centre.ingest()


def shown(answered: Answered) -> str:
    """Everything of a reply that reaches anybody, tickets included."""
    reply = answered.reply
    cited = (*reply.citations, *answered.considered)
    return json.dumps(
        [reply.text, reply.choices, [(c.title, c.quote, c.text, c.heading_path) for c in cited]]
    )


@pytest.mark.parametrize("way", WAYS)
def test_an_index_that_is_behind_answers_nothing_that_is_withdrawn(centre: Centre, way: str) -> None:
    for thresholds in (ALWAYS_ANSWER, NEVER_ANSWER, ASK_BACK):
        copy = centre.copy(centre.source.parent / f"{thresholds}")
        with deciding(copy, thresholds) as opened:
            stale = opened.knowledge.generation
            before = [shown(opened.answering.answer(question)) for question in QUESTIONS]
            withdraw(copy, way)
            # Nothing refreshes here: the old index, with the article in it, is asked.
            hits = opened.knowledge.searcher.search(
                opened.knowledge.searcher.question(QUESTIONS[0]), Filters(locales=("en",)), 1
            ).hits
            assert hits[0].chunk.key.id == "orders/track"
            after = [shown(opened.answering.answer(question)) for question in QUESTIONS]
            assert opened.knowledge.generation is stale
        if thresholds != ASK_BACK:
            assert any(TEXT in text for text in before)
        assert not any(TEXT in text for text in after)
        if way in ("deleted", "draft", "agents"):
            assert not any("Track your order" in text for text in after)


def test_a_choice_never_names_what_was_withdrawn(centre: Centre) -> None:
    for number in (1, 2, 3):
        centre.write(
            f"en/lamps/{number}.md",
            f"---\ntitle: Lamp hire plan {number}\n---\nHire a lamp by the week, plan {number}.\n",
        )
    centre.ingest()
    with deciding(centre, ASK_BACK) as opened:
        reply = opened.answering.answer("hire a lamp by the week").reply
        assert reply.reason is Reason.CHOICE
        assert set(reply.choices) == {"Lamp hire plan 1", "Lamp hire plan 2", "Lamp hire plan 3"}
        centre.edit("en/lamps/2.md", "title: Lamp", "audience: agent\ntitle: Lamp")
        (centre.source / "en/lamps/3.md").unlink()
        centre.ingest()
        reply = opened.answering.answer("hire a lamp by the week").reply
        assert reply.reason is Reason.CHOICE
        assert reply.choices == ("Lamp hire plan 1",)


@pytest.fixture
def behind(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Centre:
    """An article made for agents, while the database still names the index from before."""
    withdraw(centre, "agents")
    manifest = json.loads((centre.data / "index/generations/1/manifest.json").read_text())
    with sqlite3.connect(centre.data / "tierzero.db") as connection:
        connection.execute("UPDATE generation SET name = '1', corpus = ?", (manifest["corpus"],))
    connection.close()
    monkeypatch.setenv("TIERZERO_DATA", str(centre.data))
    return centre


def test_the_commands_show_nothing_withdrawn_from_an_index_that_is_behind(
    behind: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    for question in QUESTIONS:
        assert main(["search", question, "--json"]) == 0
        hits = json.loads(capsys.readouterr().out)["hits"]
        assert hits
        assert "orders/track" not in {hit["article_id"] for hit in hits}
    for question in QUESTIONS[:2]:
        assert main(["ask", question]) == 0
        assert TEXT not in capsys.readouterr().out
    # The index has the article in the revision that customers could read; agents may not be shown that either.
    assert main(["search", QUESTIONS[0], "--audience", "agent", "--json"]) == 0
    assert TEXT not in capsys.readouterr().out


def client_of(opened: Services) -> TestClient:
    return TestClient(create_app(lambda: opened), base_url="http://127.0.0.1")


@pytest.mark.parametrize("way", ["deleted", "draft", "agents"])
def test_http_shows_nothing_withdrawn_from_an_index_that_is_behind(centre: Centre, way: str) -> None:
    with deciding(centre) as opened, client_of(opened) as client:
        asked = client.post("/chat", json={"message": QUESTIONS[0]}).json()
        assert asked["citations"][0]["article_id"] == "orders/track"
        assert client.get("/help/en/orders/track").status_code == 200
        old = asked["citations"][0]["revision"]
        withdraw(centre, way)
        for question in QUESTIONS:
            asked = client.post("/chat", json={"message": question})
            assert asked.status_code == 200
            assert TEXT not in asked.text
            assert "orders/track" not in asked.text
        # An old citation of a withdrawn article leads nowhere either.
        assert client.get("/help/en/orders/track").status_code == 404
        assert client.get("/help/en/orders/track", params={"revision": old}).status_code == 404
        assert "Track your order" not in client.get("/help/en").text


def test_an_older_revision_for_agents_stays_with_them(centre: Centre) -> None:
    centre.edit("en/agents/goodwill.md", "audience: agent\n", "")
    with deciding(centre) as opened:
        internal = next(
            record.revision for record in opened.shelf.listing() if record.key.id == "agents/goodwill"
        )
        centre.ingest()
        with client_of(opened) as client:
            assert client.get("/help/en/agents/goodwill").status_code == 200
            old = client.get("/help/en/agents/goodwill", params={"revision": internal})
            assert old.status_code == 404
            assert "kestrel" not in old.text.lower()


AGENT_TEXT = ARTICLES["en/agents/goodwill.md"].split("---\n")[2]
PROBES = (
    "When may I get a goodwill payment?",
    "Goodwill payments by the floor team",
    "agents/goodwill",
    *(line for line in AGENT_TEXT.splitlines() if line),
)


@pytest.mark.parametrize("thresholds", [ALWAYS_ANSWER, NEVER_ANSWER, ASK_BACK])
def test_nothing_for_agents_reaches_a_customer(
    shared_centre: Centre, thresholds: tuple[float, float]
) -> None:
    with deciding(shared_centre, thresholds) as opened:
        for probe in PROBES:
            told = shown(opened.answering.answer(probe)).lower()
            assert not [secret for secret in SECRETS if secret in told]


def test_nothing_for_agents_reaches_a_customer_over_http(shared_centre: Centre) -> None:
    with deciding(shared_centre) as opened, client_of(opened) as client:
        texts = [client.post("/chat", json={"message": probe}).text for probe in PROBES]
        texts += [client.get("/help/en").text, client.get("/help/en/agents/goodwill").text]
    for text in texts:
        assert not [secret for secret in SECRETS if secret in text.lower()]


def test_a_link_to_an_article_for_agents_leads_nowhere_and_tells_no_title(centre: Centre) -> None:
    centre.write(
        "en/public.md",
        "---\ntitle: Late parcels\n---\nSee [[agents/goodwill]] or [[agents/goodwill|this]] or [[orders/track]].\n",
    )
    centre.ingest()
    with deciding(centre) as opened, client_of(opened) as client:
        page = client.get("/help/en/public").text
    assert 'href="/help/en/orders/track"' in page
    assert "/help/en/agents" not in page
    assert "by the floor team" not in page


def test_a_choice_typed_as_an_agents_title_leads_to_no_agents_article(shared_centre: Centre) -> None:
    with deciding(shared_centre) as opened:
        handled = opened.chat.reply(Incoming("Goodwill payments by the floor team"))
        again = opened.chat.reply(
            Incoming("Goodwill payments by the floor team", conversation_id=handled.conversation_id)
        )
    for reply in (handled.reply, again.reply):
        assert "agents/goodwill" not in {citation.article_id for citation in reply.citations}
