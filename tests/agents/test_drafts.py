"""Draft articles over HTTP: from a solved ticket, through review, into the knowledge base, where they answer."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.desk.drafting import DraftState, article, file_of, outline
from bot.desk.life import Action
from bot.dialogue.conversation import Message, Role
from bot.people.roles import Role as Job
from kb.markdown import parse
from tests.agents.colleagues import ANN, START, House
from tests.flows.talking import say

STEPS = (
    "Hello Ann! Unplug the grinder from the wall for ten minutes. Then hold the green button for five seconds. "
    f"Write to {ANN} if it blinks."
)


class Story:
    """A solved ticket, its agent, and a knowledge specialist."""

    def __init__(self, desk: House) -> None:
        self.desk = desk
        self.agent, self.specialist = desk.browser(Job.AGENT), desk.browser(Job.SPECIALIST)
        who = desk.services.signing_in.principal(self.agent.cookies["tierzero"])
        assert who is not None
        self.who = who
        self.reference = desk.ticket(f"my zephyr grinder hums and does not grind, my address is {ANN}")

    def solve(self) -> None:
        self.desk.services.desk.reply(self.who, self.reference, STEPS, then=Action.SOLVE)

    def post(self, browser: TestClient, path: str, page: str = "/desk/drafts", **fields: str) -> "Answer":
        text = browser.get(page).text
        csrf = re.search(r'name="csrf" value="([^"]+)"', text)
        answer = browser.post(path, data={"csrf": csrf[1] if csrf else "", **fields})
        return Answer(answer.status_code, answer.headers.get("location", ""), answer.text)

    def begun(self) -> str:
        self.solve()
        return self.post(self.agent, f"/desk/tickets/{self.reference}/draft").location

    def submitted(self, **more: str) -> str:
        path = self.begun()
        fields = {"title": "The Zephyr grinder hums", "locale": "en", "audience": "public", "version": "1"}
        body = "Unplug the Zephyr grinder from the wall for ten minutes.\n\nThen hold the green button."
        answer = self.post(self.agent, path, path, **{**fields, "body": body, "then": "submit", **more})
        assert answer.status == 303
        return path


class Answer:
    def __init__(self, status: int, location: str, text: str) -> None:
        self.status, self.location, self.text = status, location, text


@pytest.fixture
def story(served: House) -> Story:
    return Story(served)


def test_a_draft_takes_the_words_of_the_exchange_and_no_personal_data(story: Story) -> None:
    assert story.post(story.agent, f"/desk/tickets/{story.reference}/draft").status == 400
    path = story.begun()
    page = story.agent.get(path).text
    draft = story.desk.services.drafts.get(path.rsplit("/", 1)[1])
    assert draft.body.startswith("## Problem\n\n> my zephyr grinder hums and does not grind")
    assert "1. Unplug the grinder from the wall for ten minutes.\n2. Then hold the green button" in draft.body
    assert ANN not in page
    assert "Is it there already?" in page
    assert "begun" in page


def test_an_approved_draft_answers_the_next_customer(story: Story) -> None:
    path = story.submitted()
    answer = story.post(story.specialist, f"{path}/review", path, verdict="approve", version="2")
    assert answer.status == 303
    draft = story.desk.services.drafts.get(path.rsplit("/", 1)[1])
    assert draft.state is DraftState.PUBLISHED
    assert (story.desk.services.settings.own_articles / draft.path).is_file()
    story.desk.services.knowledge.refresh()
    told = say(story.desk.services, "what to do when the zephyr grinder hums?")
    assert told.reply.citations[0].title == "The Zephyr grinder hums"
    assert "green button" in told.reply.text
    assert [one.what for one in story.desk.services.drafts.history(draft.id)] == [
        "begun",
        "submitted",
        "published",
    ]


def test_a_draft_for_agents_is_not_shown_to_customers(story: Story) -> None:
    path = story.submitted(audience="agent")
    story.post(story.specialist, f"{path}/review", path, verdict="approve", version="2")
    story.desk.services.knowledge.refresh()
    told = say(story.desk.services, "what to do when the zephyr grinder hums?")
    assert "green button" not in told.reply.text
    assert "zephyr" not in " ".join(one.title.lower() for one in told.reply.citations)


def test_a_draft_is_sent_back_with_a_reason_and_may_come_again(story: Story) -> None:
    path = story.submitted()
    assert story.post(story.specialist, f"{path}/review", path, verdict="reject", version="2").status == 400
    sent = story.post(
        story.specialist, f"{path}/review", path, verdict="reject", version="2", reason="Which <model>?"
    )
    assert sent.status == 303
    page = story.agent.get(path).text
    assert "Which &lt;model&gt;?" in page
    fields = {"title": "Zephyr 2 hums", "body": "Unplug it.", "locale": "en", "audience": "public"}
    again = story.post(story.agent, path, path, **fields, version="3", then="submit")
    assert again.status == 303
    assert story.post(story.agent, f"{path}/review", path, verdict="approve", version="4").status == 403


def test_who_comes_second_is_told_and_loses_nothing(story: Story) -> None:
    path = story.submitted()
    fields = {"title": "Mine", "body": "My own words.", "locale": "en", "audience": "public"}
    late = story.post(story.agent, path, path, **fields, version="1")
    assert late.status == 409
    assert "My own words." in late.text
    old = story.post(story.specialist, f"{path}/review", path, verdict="approve", version="1")
    assert old.status == 409
    assert not story.desk.services.settings.own_articles.exists()


def test_what_cannot_be_published_is_said_and_leaves_no_file(story: Story) -> None:
    path = story.submitted(body="## Only a heading")
    answer = story.post(story.specialist, f"{path}/review", path, verdict="approve", version="2")
    assert answer.status == 400
    assert "cannot be published" in answer.text
    folder = story.desk.services.settings.own_articles
    assert list(folder.rglob("*.md")) == []


@pytest.mark.parametrize(
    "fields", [{"title": " "}, {"body": ""}, {"locale": "xx"}, {"audience": "all"}, {"version": "x"}]
)
def test_nonsense_is_refused(story: Story, fields: dict[str, str]) -> None:
    path = story.begun()
    good = {"title": "A", "body": "B", "locale": "en", "audience": "public", "version": "1"}
    assert story.post(story.agent, path, path, **{**good, **fields}).status == 400


def test_no_title_or_text_can_change_the_front_matter(story: Story) -> None:
    path = story.submitted(
        title='A: "b"\n---\naudience: public # \'', body="---\naudience: public\n---\nText."
    )
    draft = story.desk.services.drafts.get(path.rsplit("/", 1)[1])
    read = parse(article(draft, START.date()), file_of(draft), locales=frozenset({"en"}))
    assert read.title == draft.title
    assert read.key.locale == "en"
    assert Path(file_of(draft)).parts[:2] == ("en", "from-tickets")
    assert ".." not in file_of(draft)


def test_words_that_look_like_structure_stay_words() -> None:
    said = [
        Message("1", Role.CUSTOMER, "# it broke\n> again and again", START, None),
        Message(
            "2", Role.AGENT, "- Please turn it off and on again.\n# Then wait a minute please.", START, None
        ),
        Message("3", Role.CUSTOMER, "that did it", START, None),
    ]
    made = outline(said, "it broke", "en", lambda text: text)
    assert "\n# " not in made.body
    assert re.findall(r"^\d+\. (.*)$", made.body, re.MULTILINE) == [
        r"\- Please turn it off and on again.",
        r"\# Then wait a minute please.",
    ]
    assert made.body.rstrip().endswith("> that did it")
