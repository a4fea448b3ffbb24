"""“Was this helpful?” below an article over HTTP: one vote a visitor and revision, told to the ledger and to staff."""

import datetime as dt
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.help_centre.votes import MOST_FROM_ONE_ADDRESS, Why
from bot.people.roles import Role
from bot.storage.tables import article_votes, facts
from bot.upkeep.lines import Trouble
from kb.article import ArticleKey
from tests.agents.colleagues import ANN, House, house
from tests.index.small_centre import Centre

TRACK = "/help/en/orders/track"
KEY = ArticleKey("orders/track", "en")


def token(page: str) -> str:
    return re.findall(r'name="token" value="([^"]+)"', page)[0]


def visitor(desk: House, name: str = "Browser") -> TestClient:
    browser = TestClient(desk.client.app, follow_redirects=False)
    browser.headers["user-agent"] = name
    return browser


def vote(browser: TestClient, helpful: str, path: str = TRACK, **more: str) -> str:
    """Votes by the form on the page; gives where it leads."""
    form = {"token": token(browser.get(f"{path}?voted=no").text), "helpful": helpful, **more}
    answer = browser.post(path, data=form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def told(desk: House) -> list[tuple[str, str, str]]:
    query = sa.select(facts.c.kind, facts.c.reason, facts.c.articles).order_by(facts.c.id)
    with desk.services.database.reading() as connection:
        return [tuple(row) for row in connection.execute(query.where(facts.c.kind.like("page_%")))]


def test_looking_sets_no_cookie_and_a_vote_sets_one_for_its_article_alone(served: House) -> None:
    browser = visitor(served)
    page = browser.get(TRACK)
    assert "Was this helpful?" in page.text
    assert "set-cookie" not in page.headers
    form = {"token": token(page.text), "helpful": "yes"}
    answer = browser.post(TRACK, data=form)
    assert answer.headers["location"] == f"{TRACK}?voted=yes#helpful"
    assert f"Path={TRACK};" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "Thank you for telling us." in browser.get(f"{TRACK}?voted=yes").text
    # And whoever comes back later is not asked again.
    assert "Was this helpful?" not in browser.get(TRACK).text
    assert "Was this helpful?" in browser.get("/help/en/orders/cancel").text


def test_a_visitor_has_one_vote_and_the_newest_counts(served: House) -> None:
    browser = visitor(served)
    for word in ("yes", "yes", "no"):
        vote(browser, word)
    browser.cookies.clear()
    vote(browser, "no")
    vote(visitor(served, "Another browser"), "yes")
    assert [kind for kind, _, _ in told(served)] == ["page_helped", "page_not_helped", "page_helped"]
    opinion = served.services.votes.opinion(KEY, 90)
    assert (opinion.helped, opinion.not_helped) == (1, 1)
    served.clock.at += dt.timedelta(minutes=1)
    line = next(one for one in served.services.article_health.check(90).lines if one.key == KEY)
    assert (line.counts["page_helped"], line.counts["page_not_helped"]) == (1, 1)
    assert Trouble.NEVER_FOUND not in line.troubles
    assert Trouble.READERS not in line.troubles


def test_a_visitor_whose_address_changed_is_known_by_what_the_vote_left(served: House) -> None:
    browser = visitor(served)
    vote(browser, "yes")
    browser.headers["user-agent"] = "The same, updated"
    vote(browser, "no")
    opinion = served.services.votes.opinion(KEY, 90)
    assert (opinion.helped, opinion.not_helped) == (0, 1)


def test_a_new_revision_is_asked_about_anew(agents_centre: Centre, tmp_path: Path) -> None:
    centre = agents_centre.copy(tmp_path / "copy")
    with house(centre) as desk:
        browser = visitor(desk)
        old = token(browser.get(TRACK).text)
        vote(browser, "yes")
        centre.edit("en/orders/track.md", "at any time", "whenever you like")
        desk.services.ingestion.ingest([centre.source])
        assert "Was this helpful?" in browser.get(TRACK).text
        vote(browser, "no")
        # A page that was open meanwhile judges what it showed.
        assert browser.post(TRACK, data={"token": old, "helpful": "no"}).status_code == 303
        assert desk.services.votes.opinion(KEY, 90).not_helped == 2


def test_a_reason_is_asked_for_after_a_no_and_kept_without_personal_data(served: House) -> None:
    browser = visitor(served)
    assert vote(browser, "no") == f"{TRACK}?voted=no#helpful"
    assert "What was wrong?" in browser.get(f"{TRACK}?voted=no").text
    where = vote(browser, "no", told="1", why="wrong", comment=f"ask {ANN}, the link is gone")
    assert where == f"{TRACK}?voted=told#helpful"
    opinion = served.services.votes.opinion(KEY, 90)
    assert (opinion.not_helped, opinion.why) == (1, ((Why.WRONG, 1),))
    [(_, comment)] = opinion.comments
    assert "the link is gone" in comment
    assert ANN not in comment
    assert told(served) == [
        ("page_not_helped", "", '["orders/track"]'),
        ("page_not_helped", "wrong", '["orders/track"]'),
    ]


def test_staff_see_what_readers_say(served: House) -> None:
    vote(visitor(served), "no", told="1", why="unclear", comment="what is a carrier?")
    served.clock.at += dt.timedelta(minutes=1)
    served.services.article_health.check(90)
    lead = served.browser(Role.LEAD)
    page = lead.get("/insights/articles/en/orders/track").text
    assert "0 said that it helped and 1 that it did not" in page
    assert "what is a carrier?" in page
    assert "1: hard to understand" in page
    assert "0 : 1" in lead.get("/insights/articles?trouble=readers").text
    head, *rows = lead.get("/insights/articles?format=csv").text.splitlines()
    place = head.split(",").index("page_not_helped")
    assert [row.split(",")[place] for row in rows if row.startswith("orders/track,en")] == ["1"]


def test_one_address_cannot_vote_without_end(agents_centre: Centre, tmp_path: Path) -> None:
    with house(agents_centre.copy(tmp_path / "copy"), rate_burst=1000) as desk:
        for number in range(MOST_FROM_ONE_ADDRESS):
            vote(visitor(desk, f"b{number}"), "no")
        late = visitor(desk, "one more")
        form = {"token": token(late.get(TRACK).text), "helpful": "no"}
        refused = late.post(TRACK, data=form, headers={"accept": "text/html"})
        assert (refused.status_code, refused.headers["content-type"]) == (429, "text/html; charset=utf-8")
        # Who has voted may still change their mind.
        vote(visitor(desk, "b0"), "yes")
        assert desk.services.votes.opinion(KEY, 90).not_helped == MOST_FROM_ONE_ADDRESS - 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"helpful": "perhaps"}, 400),
        ({}, 400),
        ({"helpful": "yes", "token": "x"}, 404),
        ({"helpful": "yes"}, 404),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(form: dict[str, str], status: int, served: House) -> None:
    assert visitor(served).post(TRACK, data=form).status_code == status
    assert told(served) == []


def test_a_form_is_for_its_article_its_time_and_this_site(served: House) -> None:
    browser = visitor(served)
    own = {"token": token(browser.get(TRACK).text), "helpful": "yes"}
    assert browser.post("/help/en/orders/cancel", data=own).status_code == 404
    foreign = browser.post(TRACK, data=own, headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    served.clock.at += dt.timedelta(days=3)
    assert browser.post(TRACK, data=own).status_code == 404
    assert told(served) == []


def test_an_article_for_agents_takes_no_vote(served: House) -> None:
    secret = "/help/en/agents/goodwill"
    answer = visitor(served).post(
        secret, data={"helpful": "yes", "token": token(visitor(served).get(TRACK).text)}
    )
    missing = visitor(served).post("/help/en/no/such", data={"helpful": "yes", "token": "x"})
    assert (answer.status_code, answer.json()["detail"]) == (404, missing.json()["detail"])
    with served.services.database.reading() as connection:
        assert connection.execute(sa.select(article_votes)).all() == []
