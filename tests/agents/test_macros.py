"""Text blocks and the page of what leaves the desk: who may change them, what a ticket gets, what is tried again."""

import re

import pytest
from starlette.testclient import TestClient

from bot.desk.macros import VARIABLES, check, shipped
from bot.outgoing.effects import Channel, Effect, Standing
from bot.people.roles import Role
from tests.agents.colleagues import START, House


def post(browser: TestClient, path: str, page: str, **fields: str) -> tuple[int, str]:
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(page).text)
    answer = browser.post(path, data={"csrf": csrf[1] if csrf else "", **fields})
    return answer.status_code, answer.text


def test_every_language_has_the_same_blocks_and_all_can_be_used() -> None:
    names = {
        language: {one.name for one in shipped() if one.language == language}
        for language in ("en", "de", "es", "fr")
    }
    assert len(set(map(frozenset, names.values()))) == 1
    for one in shipped():
        check(one)


def test_a_block_is_filled_for_a_ticket_as_plain_text(served: House) -> None:
    agent = served.browser(Role.AGENT)
    reference = served.ticket("<b>where</b> is my parcel {agent}")
    answer = agent.get(f"/desk/tickets/{reference}/macro", params={"name": "greeting", "language": "en"})
    assert answer.headers["content-type"].startswith("text/plain")
    assert f"My name is agent 0, and I am looking into your request {reference}." in answer.text
    senior = served.browser(Role.SENIOR)
    code, _ = post(
        senior, "/desk/macros", "/desk/macros",
        name="echo", language="en", title="Echo", body="You wrote: {subject}", version="0",
    )  # fmt: skip
    assert code == 303
    filled = agent.get(f"/desk/tickets/{reference}/macro", params={"name": "echo", "language": "en"})
    assert "You wrote: " in filled.text
    assert filled.headers["x-content-type-options"] == "nosniff"
    gone = agent.get(f"/desk/tickets/{reference}/macro", params={"name": "none", "language": "en"})
    assert gone.status_code == 404


def test_a_changed_block_takes_the_place_of_the_one_that_ships(served: House) -> None:
    senior, agent = served.browser(Role.SENIOR), served.browser(Role.AGENT)
    fields = {"name": "solved", "language": "en", "title": "Done", "body": "<script>alert(1)</script> done"}
    assert post(senior, "/desk/macros", "/desk/macros", **fields, version="0")[0] == 303
    page = agent.get("/desk/macros").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; done" in page
    code, text = post(senior, "/desk/macros", "/desk/macros", **{**fields, "body": "late"}, version="0")
    assert (code, "late" in text) == (409, True)
    assert post(senior, "/desk/macros", "/desk/macros", **fields, version="1", then="off")[0] == 303
    assert "Done" not in agent.get("/desk/macros").text
    assert post(agent, "/desk/macros", "/desk/account", **fields, version="2")[0] == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": "{secret}"},
        {"body": "{agent.__class__}"},
        {"body": "{agent:>9999999}"},
        {"body": "{agent!r}"},
        {"body": "{"},
        {"body": " "},
        {"title": ""},
        {"name": "Ä b"},
        {"language": "xx"},
        {"version": "-1"},
    ],
)
def test_a_block_that_could_not_be_used_is_refused(served: House, wrong: dict[str, str]) -> None:
    good = {"name": "new", "language": "en", "title": "New", "body": "Hello {agent}", "version": "0"}
    code, _ = post(served.browser(Role.SENIOR), "/desk/macros", "/desk/macros", **{**good, **wrong})
    assert code == 400
    assert "agent" in VARIABLES


def test_what_was_given_up_is_seen_and_tried_again(served: House) -> None:
    outbox = served.services.outbox
    effects = [Effect(name, Channel.MAIL, "solved", name, "TZ-1", "{}", START) for name in ("one", "two")]
    outbox.put(effects, START)
    for claimed in outbox.claim(START, START, 9):
        outbox.settle(claimed, Standing.DEAD, "refused <b>")
    admin = served.browser(Role.ADMIN)
    page = admin.get("/desk/outgoing").text
    assert page.count("refused &lt;b&gt;") == 2
    assert "No mail server is set" in page
    first = re.search(r'name="id" value="(\d+)"', page)
    assert first is not None
    assert post(admin, "/desk/outgoing/retry", "/desk/outgoing", id=first[1])[0] == 303
    assert outbox.counts() == {Standing.WAITING: 1, Standing.DEAD: 1}
    assert post(admin, "/desk/outgoing/retry", "/desk/outgoing")[0] == 303
    assert outbox.counts() == {Standing.WAITING: 2}
    assert post(admin, "/desk/outgoing/retry", "/desk/outgoing", id="x")[0] == 400
    assert served.browser(Role.AGENT).get("/desk/outgoing").status_code == 403
