"""Every article is looked at, with what became of it in conversations; pages show it by role."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.people.roles import Role
from bot.upkeep.lines import ArticleReport, Line, Trouble
from tests.agents.colleagues import ANN, House, house
from tests.flows.talking import say
from tests.index import small_centre
from tests.index.small_centre import SECRETS, Centre

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    made = small_centre.ingested(tmp_path_factory.mktemp("health"))
    made.edit("en/orders/track.md", "tags: [orders, delivery]", "next_review: 2026-01-01\nowner: Ann")
    made.edit("en/orders/cancel.md", "[[returns/send-back|how", "[[returns/gone|how")
    made.edit(
        "en/billing/invoices.md",
        "for ten years.",
        "for ten years. A parcel label works for 5 days once it is printed.",
    )
    made.edit(
        "en/returns/send-back.md",
        "Drop the parcel at any post office.",
        "Drop the parcel at any post office.\n\nA parcel label works for 9 days once it is printed.",
    )
    made.ingest()
    return made


@pytest.fixture
def served(centre: Centre, tmp_path: Path) -> Iterator[House]:
    with house(centre.copy(tmp_path / "copy")) as opened:
        yield opened


def check(served: House) -> ArticleReport:
    return served.services.article_health.check(90)


def line(report: ArticleReport, article: str, locale: str = "en") -> Line:
    return next(one for one in report.lines if (one.key.id, one.key.locale) == (article, locale))


def test_what_became_of_an_article_is_counted_once_a_conversation(served: House) -> None:
    first = say(served.services, "how do I reset my password")
    served.services.chat.feedback(first.message_id, False, "")
    say(served.services, "I want to talk to a person", first)
    second = say(served.services, "I need to reset the password")
    served.services.chat.feedback(second.message_id, True, "")
    served.clock.at += dt.timedelta(minutes=1)
    found = line(check(served), "account/password")
    assert {kind: found.counts[kind] for kind in ("shown", "quoted", "helped", "not_helped", "ticket")} == {
        "shown": 2,
        "quoted": 2,
        "helped": 1,
        "not_helped": 1,
        "ticket": 1,
    }
    assert {Trouble.NOT_HELPED, Trouble.TICKET} <= set(found.troubles)
    assert Trouble.NEVER_FOUND in line(check(served), "billing/cards").troubles


def test_links_reviews_translations_and_contradictions_are_found(served: House) -> None:
    report = check(served)
    assert [link.target for link in line(report, "orders/cancel").broken] == ["returns/gone"]
    assert line(report, "orders/track").overdue
    assert not line(report, "account/email").overdue
    assert line(report, "account/password").missing == ("de", "fr")
    assert [one.question for one in report.contradictions] in (["Is it 5 or 9?"], ["Is it 9 or 5?"])
    assert line(report, "billing/invoices").contradictions == 1


def test_a_report_comes_back_from_the_database_as_it_was(served: House) -> None:
    assert served.services.article_health.last() is None
    assert check(served) == served.services.article_health.last()


def test_the_page_lists_filters_and_opens_conversations_masked(served: House) -> None:
    handled = say(served.services, f"how do I reset my password, I am {ANN}")
    served.services.chat.feedback(handled.message_id, False, "")
    served.clock.at += dt.timedelta(minutes=1)
    browser = served.browser(Role.SPECIALIST)
    assert "<code>tierzero articles</code> at once" in browser.get("/insights/articles").text
    check(served)
    assert "Track your order" in browser.get("/insights/articles?trouble=overdue").text
    assert "Find your invoices" not in browser.get("/insights/articles?trouble=overdue").text
    assert "Which is true?" in browser.get("/insights/articles?trouble=contradiction").text
    assert browser.get("/insights/articles?trouble=x").status_code == 400
    page = browser.get("/insights/articles/en/account/password?kind=not_helped").text
    (path,) = re.findall(
        r'href="(/insights/articles/en/account/password\?kind=not_helped&amp;mark=\w+)"', page
    )
    path = path.replace("&amp;", "&")
    opened = browser.get(path).text
    assert "reset my password" in opened
    assert ANN not in opened
    assert handled.conversation_id not in opened + page
    assert ANN in served.browser(Role.LEAD).get(path).text
    assert browser.get("/insights/articles/en/account/password?kind=gone").status_code == 404
    assert browser.get("/insights/articles/en/nothing").status_code == 404
    assert served.browser(Role.AGENT).get("/insights/articles").status_code == 403


def test_the_file_has_every_article(served: House) -> None:
    check(served)
    rows = served.browser(Role.SPECIALIST).get("/insights/articles?format=csv").text.splitlines()
    assert rows[0].startswith("\ufeffarticle,language,title,owner,shown,quoted,helped,not_helped,ticket,near")
    assert any(row.startswith("orders/cancel,en,Cancel an order") and "returns/gone" in row for row in rows)


def test_articles_for_agents_are_told_to_nobody_who_may_not_read_them(served: House) -> None:
    report = check(served)
    assert line(report, "agents/goodwill").audience == "agent"
    key = served.key(*(p for p in _permissions() if p == "insights:read"))
    text = served.client.get("/insights/articles?format=csv", headers=key).text
    assert "orders/track" in text
    assert [word for word in SECRETS if word in text.casefold()] == []
    assert served.client.get("/insights/articles/en/agents/goodwill", headers=key).status_code == 404


def _permissions():  # type: ignore[no-untyped-def]
    from bot.people.roles import Permission

    return Permission


def test_the_command_prints_what_needs_an_eye(served: House, tmp_path: Path) -> None:
    copied = Centre(tmp_path / "copy" / "source", tmp_path / "copy" / "data")
    done = copied.command("articles")
    assert done.returncode == 0
    assert "link returns/gone: no article and no picture has this name" in done.stdout
    assert '"contradiction": 2' in copied.command("articles", "--json").stdout
