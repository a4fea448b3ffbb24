"""Another text of an article, tried on half of the new customers: who is answered from it, and that nobody else is."""

import re
from pathlib import Path

import pytest

from bot.chat.incoming import Handled
from bot.dialogue.reply import Citation
from bot.errors import BadRequest, Conflict, NotFound, TooLarge
from bot.experiments.experiment import Arm, Experiment
from bot.ledger.facts import FactKind
from bot.people.audit import Note
from bot.people.roles import Permission, Role
from bot.storage.experiments import ExperimentLog
from index.hit import Filters
from kb.article import ArticleKey
from tests.agents.colleagues import START, House
from tests.agents.test_experiments import customer
from tests.flows.talking import say, stored

KEY = ArticleKey("returns/send-back", "en")
QUESTION = "When do I get my money back for a return?"
ELSEWHERE = "Where do I find my invoices?"
#: Stands in the text that is tried and nowhere else.
MARK = "tangerine"
OTHER = """---
title: Send something back
tags: [returns]
---
Returns are free within thirty days.

## When the money arrives

Your money is back within two tangerine days after the parcel reached us.
"""


def begin(opened: House, text: str = OTHER, key: ArticleKey = KEY) -> Experiment:
    return opened.services.article_trials.start("Is it clearer?", key, text, by="command")


def asks(
    opened: House, experiment: Experiment, arm: Arm, text: str = QUESTION, before: Handled | None = None
) -> Handled:
    return say(opened.services, text, before, contact=customer(experiment, arm))


def quoted(handled: Handled) -> Citation:
    return handled.reply.citations[0]


def differed(opened: House) -> list[tuple[str, str]]:
    facts = opened.services.ledger.facts(START, START.replace(year=2030))
    return [(one.conversation_id, one.reason) for one in facts if one.kind is FactKind.ARMS_DIFFERED]


def test_arm_b_is_answered_from_the_other_text_and_its_quote_stands_in_that_very_text(served: House) -> None:
    experiment = begin(served)
    usual, tried = (quoted(asks(served, experiment, arm)) for arm in Arm)
    assert MARK not in usual.quote
    assert MARK in tried.quote
    trial = served.services.article_trials.text(experiment.id)
    assert tried.revision == trial.revision != usual.revision == trial.beside
    assert trial.source[tried.start : tried.end] == tried.quote
    page = served.client.get(tried.url)
    assert page.status_code == 200
    assert MARK in page.text
    assert "being tried with some readers" in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert 'id="cited"' in page.text
    assert MARK not in served.client.get(usual.url).text


def test_the_other_text_stands_nowhere_that_customers_agents_or_programs_look(served: House) -> None:
    experiment = begin(served)
    assert MARK in quoted(asks(served, experiment, Arm.B)).quote
    services, asked = served.services, "money back within two days after the parcel reached us"
    found = services.knowledge.searcher
    everything = found.search(found.question(asked), Filters(audience="agent"), 100)
    assert MARK not in "".join(span.text for hit in everything.hits for span in hit.chunk.spans)
    look = {"text": asked}
    for path in (
        "/help/search?q=money+back+within+two+days",
        "/help/search.json?q=money+back+within+two+days",
        f"/help/en/{KEY.id}",
        "/help/en",
        "/help/en/returns",
        "/sitemap.xml",
        "/help/feed/en.atom",
    ):
        answer = served.client.get(path)
        assert answer.status_code == 200
        assert MARK not in answer.text
    key = served.key(Permission.SUGGESTIONS_READ, Permission.KNOWLEDGE_READ)
    suggested = served.client.get("/api/agent/suggestions", params=look, headers=key)
    assert suggested.status_code == 200
    assert KEY.id in suggested.text
    assert MARK not in suggested.text
    assert MARK not in services.chat.preview(QUESTION).text
    assert all(
        MARK not in (services.shelf.source(one.key, one.revision) or "") for one in services.shelf.listing()
    )
    trial = services.article_trials.text(experiment.id)
    assert [revision for revision, _ in services.shelf.revisions(KEY)] == [trial.beside]
    assert not list((services.settings.index_root / "overlays").iterdir())


def test_a_text_whose_experiment_was_stopped_elsewhere_answers_nobody_from_that_moment_on(
    served: House,
) -> None:
    experiment = begin(served)
    inside = asks(served, experiment, Arm.B)
    before = quoted(inside)
    note = Note(START, "account:b", "experiment.stopped", f"experiment:{experiment.id}")
    # Another process: this one has not looked yet, so it still takes arm B for served.
    assert ExperimentLog(served.services.database).stop(experiment.id, START, "account:b", note)
    for handled in (asks(served, experiment, Arm.B), asks(served, experiment, Arm.B, QUESTION, inside)):
        assert MARK not in handled.reply.text
        assert all(one.revision != before.revision for one in handled.reply.citations)
    assert MARK not in served.client.post("/chat", json={"message": QUESTION}).text
    served.services.arms.refresh()
    answered = asks(served, experiment, Arm.B)
    assert (answered.reply.arm, quoted(answered).revision) == (
        "",
        served.services.article_trials.text(experiment.id).beside,
    )
    # Who was answered from it can still read what they were told.
    page = served.client.get(before.url)
    assert MARK in page.text
    assert "older version" in page.text


def test_an_article_that_is_withdrawn_or_for_agents_now_takes_its_other_text_along(
    served: House, tmp_path: Path
) -> None:
    source = tmp_path / "copy" / "source" / "en" / "returns" / "send-back.md"
    experiment = begin(served)
    link = quoted(asks(served, experiment, Arm.B)).url
    text = source.read_text(encoding="utf-8")
    for change in (text.replace("---\n", "---\naudience: agent\n", 1), None):
        if change is None:
            source.unlink()
        else:
            source.write_text(change, encoding="utf-8")
        served.services.ingestion.ingest([source.parents[2]])
        # Before anything looked for the new index, and after.
        for _ in range(2):
            assert MARK not in asks(served, experiment, Arm.B).reply.text
            served.services.knowledge.refresh()
            served.services.arms.refresh()
        assert served.client.get(link).status_code == 404
        assert "not there for customers" in served.services.experimenting.watched(experiment.id).problem


def test_arm_b_follows_what_is_published_meanwhile(served: House, tmp_path: Path) -> None:
    experiment = begin(served)
    articles = tmp_path / "copy" / "source"
    fresh = "---\ntitle: Parcel lockers\n---\nA parcel waits in a parcel locker for four days.\n"
    (articles / "en" / "orders" / "lockers.md").write_text(fresh, encoding="utf-8")
    served.services.ingestion.ingest([articles])
    served.services.knowledge.refresh()
    served.services.arms.refresh()
    for arm in Arm:
        assert (
            "four days"
            in asks(served, experiment, arm, "How long does a parcel wait in a locker?").reply.text
        )
    assert MARK in quoted(asks(served, experiment, Arm.B)).quote
    assert served.services.experimenting.watched(experiment.id).problem == ""
    # The published text itself changes: figures of before and after would be mixed.
    path = articles / "en" / "returns" / "send-back.md"
    path.write_text(path.read_text(encoding="utf-8").replace("five", "six"), encoding="utf-8")
    served.services.ingestion.ingest([articles])
    assert "Arm A has changed" in served.services.experimenting.watched(experiment.id).problem


def test_counted_are_the_conversations_to_which_the_other_arm_would_have_said_something_else(
    served: House,
) -> None:
    experiment = begin(served)
    told = {}
    for arm in Arm:
        about = asks(served, experiment, arm)
        served.services.chat.feedback(about.message_id, False, "")
        asks(served, experiment, arm, ELSEWHERE, about)
        asks(served, experiment, arm, ELSEWHERE)
        # Of one customer the first such conversation counts.
        asks(served, experiment, arm)
        told[about.conversation_id] = experiment.label(arm)
    for conversation_id, label in told.items():
        assert (conversation_id, label) in differed(served)
    assert len({one for one, _ in differed(served)}) == 4
    served.clock.at = START.replace(year=2027)
    while served.services.counting.step():
        pass
    watched = served.services.experimenting.watched(experiment.id)
    assert watched.drawn == {Arm.A: 3, Arm.B: 3}
    assert watched.differed == {Arm.A: 2, Arm.B: 2}
    assert [(line.a.of, line.b.of) for line in watched.lines] == [(1, 1)] * 4
    assert not watched.uneven
    # Each figure leads to its conversations, and these to what was said.
    browser = served.browser(Role.QUALITY)
    path = f"/insights/experiments/{experiment.id}"
    assert f'href="{path}/not_helped/b"' in browser.get(path).text
    behind = browser.get(f"{path}/not_helped/b").text
    assert QUESTION in behind
    link = re.search(r'href="(/insights/conversations/[^"]+)"', behind)
    assert link is not None
    assert MARK in browser.get(link[1]).text
    assert "No conversation is behind" in browser.get(f"{path}/ticket/a?page=9").text
    for wrong in ("speed/a", "contained/c"):
        assert browser.get(f"{path}/{wrong}").status_code == 404


def test_once_people_have_a_conversation_nothing_is_compared_any_more(served: House) -> None:
    experiment = begin(served)
    handled = asks(served, experiment, Arm.B, "I want to talk to a person")
    asks(served, experiment, Arm.B, QUESTION, handled)
    assert differed(served) == []


def test_an_other_arm_that_breaks_costs_no_customer_their_answer(
    served: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = begin(served)
    sides = served.services.arms.served(stored(served.services, asks(served, experiment, Arm.B)), "")
    assert sides is not None

    def broken(*args: object, **more: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(sides.other, "answer", broken)
    handled = asks(served, experiment, Arm.B)
    assert MARK in quoted(handled).quote
    assert (handled.conversation_id, experiment.label(Arm.B)) in differed(served)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OTHER.replace("tags", "draft: true\ntags"), "it is a draft"),
        (OTHER.replace("tags", "audience: agent\ntags"), "for agents"),
        (OTHER.replace("tags", "id: orders/track\ntags"), "names itself en/orders/track"),
        (OTHER.replace("tags", "lang: es\ntags"), "names itself es/"),
        ("---\ntitle: Nothing\n---\n", "no text below"),
        ("---\naudience: everybody and more\n---\nText.\n", "The audience can only be"),
        ("", "is empty"),
    ],
)
def test_a_text_that_must_not_be_served_is_refused_and_nothing_begins(
    served: House, text: str, said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        begin(served, text)
    assert served.services.experimenting.all() == []


def test_what_cannot_be_compared_is_refused(served: House) -> None:
    published = served.services.shelf.published([KEY])[KEY]
    source = served.services.shelf.source(KEY, published.revision)
    assert source is not None
    with pytest.raises(BadRequest, match="the published text"):
        begin(served, source.replace("\n", "\r\n") + "\n\n")
    with pytest.raises(BadRequest, match="answers no customer"):
        begin(served, OTHER, ArticleKey("agents/goodwill", "en"))
    with pytest.raises(NotFound):
        begin(served, OTHER, ArticleKey("returns/nowhere", "en"))
    with pytest.raises(TooLarge):
        begin(served, OTHER + "word " * 20_000)
    begin(served)
    with pytest.raises(Conflict):
        begin(served)


def test_a_specialist_starts_one_on_the_page_reads_how_long_it_takes_and_takes_the_text_along(
    served: House,
) -> None:
    for _ in range(2):
        say(served.services, QUESTION)
    path = "/insights/experiments/article"
    assert served.browser(Role.LEAD).get(path).status_code == 403
    browser = served.browser(Role.SPECIALIST)
    assert f'<option value="{KEY}">' in browser.get(path).text
    form = browser.get(path, params={"article": str(KEY)}).text
    assert "came up in <strong>2</strong> conversations" in form
    assert "about 3 years" in form
    assert "five working days" in form
    assert browser.get(path, params={"article": "en/agents/goodwill"}).status_code == 400
    assert browser.get(path, params={"article": "en/returns/none"}).status_code == 404
    assert "never, at this pace" in browser.get(path, params={"article": "en/billing/cards"}).text
    token = re.search(r'name="csrf" value="([^"]+)"', form)
    assert token is not None
    fields = {"csrf": token[1], "article": str(KEY), "title": "Clearer?", "text": OTHER}
    assert browser.post(path, data={**fields, "csrf": "no"}).status_code == 403
    refused = browser.post(path, data={**fields, "text": f"{OTHER}<b>draft", "title": " "})
    assert (refused.status_code, "&lt;b&gt;draft" in refused.text) == (400, True)
    begun = browser.post(path, data=fields)
    assert begun.status_code == 303
    shown = browser.get(begun.headers["location"]).text
    assert "only these are counted" in shown
    file = browser.get(f"{begun.headers['location']}/text")
    assert file.text == OTHER
    assert file.headers["content-disposition"] == 'attachment; filename="send-back.md"'
    link = re.search(r'href="([^"]+revision=[^"]+)"', shown)
    assert link is not None
    assert MARK in served.client.get(link[1]).text
    assert browser.get("/insights/experiments/none/text").status_code == 404
    assert served.client.get(f"{begun.headers['location']}/text").status_code in (303, 401)
