"""Once enough tickets are solved, their categories are learned and routed by; until then the words tell."""

import itertools

import pytest

from bot.desk.life import Action
from bot.desk.steps import Edit
from bot.errors import BadRequest
from bot.people.roles import Role
from tests.agents.colleagues import House

MACHINES = [
    "the machine is loud",
    "brewing is slow",
    "my machine leaks water",
    "the brewer hums",
    "steam comes out",
]
PARCELS = [
    "where is my box",
    "nothing came by post",
    "the courier never rang",
    "my order is lost",
    "late again",
]


def test_solved_tickets_teach_what_words_do_not_tell(served: House, monkeypatch: pytest.MonkeyPatch) -> None:
    who = served.services.signing_in.principal(served.token(Role.SENIOR))
    assert who is not None
    desk, categories = served.services.desk, served.services.categories
    with pytest.raises(BadRequest, match="0 solved tickets with a category, and 200 are needed"):
        categories.train()
    for text, category in itertools.chain(
        ((one, "technical") for one in MACHINES), ((one, "delivery") for one in PARCELS)
    ):
        reference = served.ticket(text)
        desk.edit(who, reference, Edit(category=category))
        desk.act(who, reference, Action.SOLVE)
    monkeypatch.setattr(categories, "_learn_from", 10)
    reference = served.ticket("the machine is very loud today, it hums")
    ticket = served.services.conversations.ticket(reference)
    assert categories.guess(ticket) is None
    model = categories.train()
    assert (model.categories, model.learned_from) == (("delivery", "technical"), 10)
    guess = categories.guess(ticket)
    assert guess is not None
    assert (guess.category, guess.why[:19]) == ("technical", "like solved tickets")
    while served.services.work.once():
        pass
    assert served.services.conversations.ticket(reference).category == "technical"
