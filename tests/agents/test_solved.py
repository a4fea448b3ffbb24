"""Solved tickets beside a new one: what was asked, what solved it, and who may see how much of it."""

import datetime as dt

import pytest

from bot.desk.learned_categories import cross_told, fitted, is_better
from bot.desk.life import Action
from bot.desk.steps import Edit
from bot.people.accounts import Principal
from bot.people.roles import Permission, Role
from tests.agents.colleagues import ANN, House

READ, PERSONAL, SUGGESTIONS = Permission.TICKETS_READ, Permission.PERSONAL_READ, Permission.SUGGESTIONS_READ
ASKED = "my brewer leaks water from the bottom when it heats up"


def senior(served: House) -> Principal:
    who = served.services.signing_in.principal(served.token(Role.SENIOR))
    assert who is not None
    return who


def solved(served: House, text: str, reply: str) -> str:
    who, reference = senior(served), served.ticket(text, contact=ANN)
    served.services.desk.reply(who, reference, reply, then=Action.SOLVE)
    return reference


def similar(served: House, *scopes: Permission, **asked: str) -> list[dict[str, object]]:
    answer = served.client.get(
        "/api/agent/suggestions", params=asked, headers=served.key(SUGGESTIONS, *scopes)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["similar_tickets"]


def test_a_solved_ticket_is_shown_with_what_solved_it(served: House) -> None:
    before = solved(served, ASKED, "Turn the seal ring over. Call Ann Miller on +49 30 901820 if it drips.")
    solved(served, "where is my parcel, it should be here", "It arrives today.")
    assert served.services.solved.prepare() == 2
    assert served.services.solved.prepare() == 0
    new = served.ticket("the brewer is leaking water at the bottom while heating")
    [one] = similar(served, READ, PERSONAL, ticket=new)
    assert (one["reference"], one["question"]) == (before, f"{ASKED}.")
    assert "+49 30 901820" in str(one["solved_by"])
    assert "Asked nearly the same" in str(one["why"])
    [masked] = similar(served, READ, ticket=new)
    assert "Turn the seal ring over." in str(masked["solved_by"])
    assert "901820" not in str(masked["solved_by"])
    assert similar(served, ticket=new) == []
    page = served.browser(Role.AGENT).get(f"/desk/tickets/{new}", headers={"accept": "text/html"}).text
    assert "Solved before" in page
    assert "Put this reply into mine" in page


def test_a_ticket_is_not_like_itself_and_one_that_is_open_again_solved_nothing(served: House) -> None:
    before = solved(served, ASKED, "Turn the seal ring over.")
    served.services.solved.prepare()
    assert similar(served, READ, ticket=before) == []
    assert len(similar(served, READ, text=ASKED)) == 1
    served.services.desk.act(senior(served), before, Action.REOPEN)
    served.clock.at += dt.timedelta(minutes=2)
    assert similar(served, READ, text=ASKED) == []


def test_nothing_is_shown_for_a_question_that_nobody_had(served: House) -> None:
    solved(served, ASKED, "Turn the seal ring over.")
    served.services.solved.prepare()
    assert similar(served, READ, text="do you deliver to Norway?") == []


def test_what_helped_colleagues_comes_first_and_what_did_not_fit_is_not_shown_again(served: House) -> None:
    solved(served, ASKED, "We will look into it.")
    solved(served, "my brewer is leaking water from the bottom when it heats up", "Turn the seal ring over.")
    served.services.solved.prepare()
    new, later = served.ticket(ASKED), served.ticket(f"{ASKED}, please")

    def shown(ticket: str) -> list[object]:
        return [one["reference"] for one in similar(served, READ, ticket=ticket)]

    first, second = shown(later)
    assert set(shown(new)) == {first, second}
    path = "/api/agent/suggestions/outcome"
    key = served.key(SUGGESTIONS, READ)
    for outcome, of in (("rejected", first), ("accepted", second)):
        body = {"outcome": outcome, "similar_ticket": of, "ticket": new}
        assert served.client.post(path, json=body, headers=key).status_code == 204
    assert shown(new) == [second]
    assert shown(later) == [second, first]
    [best, _] = similar(served, READ, ticket=later)
    assert "It helped colleagues with tickets like this." in str(best["why"])
    # Who thinks better of it is believed; nothing is shown for a question that nobody had, however much it helped.
    body = {"outcome": "edited", "similar_ticket": first, "ticket": new}
    assert served.client.post(path, json=body, headers=key).status_code == 204
    assert shown(new) == [second, first]
    assert similar(served, READ, text="do you deliver to Norway?") == []


def test_an_agent_says_on_the_page_that_a_solved_ticket_does_not_fit(served: House) -> None:
    before = solved(served, ASKED, "Turn the seal ring over.")
    served.services.solved.prepare()
    new = served.ticket(ASKED)
    browser = served.browser(Role.AGENT)
    page = browser.get(f"/desk/tickets/{new}", headers={"accept": "text/html"}).text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    fields = {"csrf": csrf, "similar_ticket": before, "outcome": "rejected"}
    origin = {"origin": "http://testserver"}
    assert browser.post(f"/desk/tickets/{new}/suggestions", data=fields, headers=origin).status_code == 303
    page = browser.get(f"/desk/tickets/{new}", headers={"accept": "text/html"}).text
    assert "Solved before" not in page


MACHINES = (
    "the machine is loud",
    "brewing is slow",
    "my machine leaks",
    "the brewer hums",
    "steam comes out",
)
PARCELS = (
    "where is my box",
    "nothing came by post",
    "the courier never rang",
    "my order is lost",
    "late again",
)


def test_categories_are_learned_anew_by_themselves_and_a_worse_model_is_not_kept(
    served: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, categories = senior(served), served.services.categories
    monkeypatch.setattr(categories, "_learn_from", 10)
    monkeypatch.setattr("bot.tickets.categories.FEWEST_NEW", 10)

    def teach(rights: tuple[str, str]) -> None:
        for texts, category in zip((MACHINES, PARCELS), rights, strict=True):
            for text in texts:
                reference = served.ticket(text)
                served.services.desk.edit(who, reference, Edit(category=category))
                served.services.desk.act(who, reference, Action.SOLVE)

    assert categories.learn_anew() is False
    teach(("technical", "delivery"))
    thread = categories.learn_aside()
    assert thread is not None
    thread.join(30)
    first = categories._model()
    assert first is not None
    assert first.learned_from == 10
    assert categories.learn_anew() is False
    teach(("technical", "delivery"))
    assert categories.learn_anew() is True
    again = categories._model()
    assert again is not None
    assert again.learned_from == 20


def test_what_tells_worse_than_before_is_not_better(served: House) -> None:
    texts = [*MACHINES, *PARCELS] * 2
    labels = [*["technical"] * 5, *["delivery"] * 5] * 2
    vectors = served.services.encoder.vectors(texts)
    old = fitted(vectors, labels, "m")
    told = cross_told(vectors, labels, "m")
    assert is_better(old, vectors, labels, told, 10)
    assert not is_better(old, vectors, labels, ["technical"] * 20, 10)
