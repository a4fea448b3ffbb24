"""What was said of a learned question, in order, and what it counts."""

import datetime as dt

import pytest

from bot.dialogue.learned import AGENT_WORTH, Event, What, votes

AT = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
EVENTS = {
    "yes": What.CUSTOMER_CONFIRMED,
    "no": What.CUSTOMER_REJECTED,
    "link": What.AGENT_LINKED,
    "forget": What.FORGOTTEN,
}


def said(script: str) -> list[Event]:
    """Events from a line such as `ann yes, bob no`."""
    pairs = (part.split() for part in script.split(", ")) if script else ()
    return [Event(EVENTS[what], who, "", AT) for who, what in pairs]


@pytest.mark.parametrize(
    ("script", "counted"),
    [
        ("", {}),
        ("ann yes", {"ann": 1.0}),
        ("ann yes, ann yes, ann yes", {"ann": 1.0}),
        ("ann yes, bob yes", {"ann": 1.0, "bob": 1.0}),
        ("ann yes, bob no", {"ann": 1.0, "bob": -1.0}),
        ("ann yes, ann no", {"ann": -1.0}),
        ("eve link", {"eve": AGENT_WORTH}),
        ("ann no, eve link", {"ann": -1.0, "eve": AGENT_WORTH}),
        ("ann yes, eve forget", {}),
        ("ann yes, eve forget, ann yes, bob yes", {}),
        ("ann yes, eve forget, eve link", {"eve": AGENT_WORTH}),
        ("ann yes, eve forget, eve link, bob no", {"eve": AGENT_WORTH, "bob": -1.0}),
    ],
)
def test_each_side_counts_once_and_what_was_forgotten_needs_an_agent(
    script: str, counted: dict[str, float]
) -> None:
    assert votes(said(script)) == counted
