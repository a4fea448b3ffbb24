"""The page where messages are tried on the triggers, over the real rules, weights and model."""

import pytest

from bot.people.roles import Role as StaffRole
from tests.web.staff_desk import Desk, hidden


def tried(desk: Desk, text: str, role: StaffRole = StaffRole.SPECIALIST, **more: str) -> str:
    browser = desk.signed_in(role)
    form = hidden(browser.get("/desk/triggers").text)
    return browser.post("/desk/triggers", data={**form, "text": text, **more}).text


def test_a_rule_that_fires_is_named_with_the_words_and_what_happens_then(desk: Desk) -> None:
    page = tried(desk, "someone hacked my account and I want a refund")
    assert "A person is brought in: security" in page
    assert "<code>security/hacked</code> · priority critical · queue security" in page


def test_what_nearly_fired_says_what_held_it_back(desk: Desk) -> None:
    page = tried(desk, "I don't need an agent, where is my parcel", language="en")
    assert "Nobody is brought in: the bot tries to answer" in page
    assert "nearly fired; negated: “don’t” stands before it" in page.replace("&#39;", "’")


def test_what_is_told_by_meaning_shows_how_likely_each_reason_is(desk: Desk) -> None:
    page = tried(desk, "somebody is reading my mails, there is a stranger in my mailbox", language="en")
    assert "A person is brought in: security" in page
    assert '<th scope="row">payment dispute</th>' in page


def test_markup_in_a_message_is_shown_as_text(desk: Desk) -> None:
    page = tried(desk, "</textarea><script>alert(1)</script> hack my lawyer")
    assert "<script>alert" not in page


def test_a_message_longer_than_customers_may_write_is_not_tried(desk: Desk) -> None:
    browser = desk.signed_in(StaffRole.LEAD)
    form = hidden(browser.get("/desk/triggers").text)
    answer = browser.post("/desk/triggers", data={**form, "text": "hack " * 2000})
    assert answer.status_code == 400
    assert "longer than customers may write" in answer.text
    assert "What it means" not in answer.text


def test_a_form_of_another_page_is_refused(desk: Desk) -> None:
    browser = desk.signed_in(StaffRole.MANAGER)
    assert browser.post("/desk/triggers", data={"text": "agent"}).status_code == 403


@pytest.mark.parametrize("role", [StaffRole.AGENT, StaffRole.ADMIN])
def test_who_may_not_try_does_not_see_the_page_in_the_navigation(desk: Desk, role: StaffRole) -> None:
    assert "/desk/triggers" not in desk.signed_in(role).get("/desk", headers={"accept": "text/html"}).text
