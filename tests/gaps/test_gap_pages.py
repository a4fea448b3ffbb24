"""Gaps over HTTP: who sees what, filters, the file, and who may take one on."""

import csv
import io
import re

import pytest
from starlette.testclient import TestClient

from bot.people.roles import Role
from tests.agents.colleagues import ANN, House
from tests.gaps.conftest import WARRANTY, WRAPPING, WRAPPING_ARTICLE, ask, write
from tests.index.small_centre import Centre


def listed(page: str) -> list[str]:
    return re.findall(r'class="subject" href="/insights/gaps/([^"]+)"', page)


def send(browser: TestClient, gap: str, **fields: str):  # type: ignore[no-untyped-def]
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get(f"/insights/gaps/{gap}").text)
    assert token is not None
    return browser.post(f"/insights/gaps/{gap}", data={"csrf": token[1], **fields})


@pytest.fixture
def gap(served: House) -> str:
    """The wrapping gap, the costliest of two."""
    ask(served, [*WARRANTY, *(f"{question}, I am {ANN}" for question in WRAPPING)])
    return served.services.gap_finding.find(90).gaps[0].id


def test_gaps_stand_in_order_and_filters_in_the_address(served: House, gap: str) -> None:
    browser = served.browser(Role.SPECIALIST)
    page = browser.get("/insights/gaps").text
    first, second = listed(page)
    assert first == gap
    assert "a new article" in page
    assert listed(browser.get("/insights/gaps?state=assigned").text) == []
    assert listed(browser.get("/insights/gaps?cure=new").text)[:1] == [gap]
    assert listed(browser.get("/insights/gaps?language=de").text) == []
    assert browser.get("/insights/gaps?state=gone").status_code == 400
    assert browser.get("/insights/gaps?cure='").status_code == 400
    assert second != first


def test_only_those_who_read_insights_see_gaps(served: House, gap: str) -> None:
    for role, status in ((Role.AGENT, 403), (Role.ADMIN, 403), (Role.QUALITY, 200), (Role.MANAGER, 200)):
        browser = served.browser(role)
        for path in ("/insights/gaps", f"/insights/gaps/{gap}"):
            assert browser.get(path).status_code == status, (role, path)
    answer = served.client.get("/insights/gaps", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in?next=/insights/gaps")


def test_personal_data_is_masked_by_role_and_conversations_are_one_click_away(
    served: House, gap: str
) -> None:
    masked, full = served.browser(Role.SPECIALIST), served.browser(Role.LEAD)
    page = masked.get(f"/insights/gaps/{gap}").text
    links = re.findall(rf'href="(/insights/gaps/{gap}/[0-9a-f]+)"', page)
    assert len(set(links)) == 5
    for path in (f"/insights/gaps/{gap}", links[0]):
        assert ANN not in masked.get(path).text, path
        assert ANN in full.get(path).text, path
    assert "gift" in masked.get(links[0]).text
    noted = [entry.note.what for entry in served.services.audit.entries()]
    assert noted.count("gap.opened") == noted.count("conversation.opened") == 1


def test_no_page_and_no_file_holds_the_key_to_a_conversation(served: House, gap: str) -> None:
    keys = {one.conversation_id for one in served.services.conversations.tickets(50)}
    browser = served.browser(Role.SPECIALIST)
    page = browser.get(f"/insights/gaps/{gap}").text
    texts = [page, browser.get("/insights/gaps?format=csv").text]
    texts += [browser.get(path).text for path in re.findall(r'href="(/insights/gaps/\w+/[0-9a-f]+)"', page)]
    words = {word for text in texts for word in re.findall(r"[\w-]+", text)}
    assert keys & words == set()


def test_a_gap_is_assigned_written_and_opened_again_and_all_of_it_is_told(
    served: House, centre: Centre
) -> None:
    ask(served, [*WARRANTY, *WRAPPING])
    gap = served.services.gap_finding.find(90).gaps[0].id
    browser = served.browser(Role.SPECIALIST)
    me = served.services.team.accounts()[-1].id
    assert send(browser, gap, before="open", after="assigned", assignee="me").status_code == 303
    assert listed(browser.get("/insights/gaps?assignee=me").text) == [gap]
    late = send(browser, gap, before="open", after="assigned", assignee=me)
    assert (late.status_code, "meanwhile" in late.text) == (409, True)
    assert send(browser, gap, before="assigned", after="verified").status_code == 400
    assert send(browser, gap, before="assigned", after="assigned", assignee="nobody").status_code == 400
    assert send(browser, gap, before="assigned", after="x").status_code == 400
    assert send(browser, gap, before="assigned", after="written").status_code == 303
    write(served, centre, "en/orders/gift-wrapping.md", WRAPPING_ARTICLE)
    served.services.gap_finding.find(90)
    page = browser.get(f"/insights/gaps/{gap}").text
    assert "5 of 5 are answered now" in page
    history = page.split('id="history"')[1]
    assert [
        word
        for word in re.findall(r": (\w+)", history)
        if word in ("open", "assigned", "written", "verified")
    ] == [
        "open",
        "assigned",
        "written",
        "verified",
    ]
    assert listed(browser.get("/insights/gaps").text) != [gap]
    assert listed(browser.get("/insights/gaps?state=verified").text) == [gap]
    assert send(browser, gap, before="verified", after="open").status_code == 303


def test_who_does_not_write_gets_no_form_and_cannot_send_one(served: House, gap: str) -> None:
    browser = served.browser(Role.QUALITY)
    assert "Who writes it" not in browser.get(f"/insights/gaps/{gap}").text
    fields = {"before": "open", "after": "assigned", "assignee": "me"}
    assert browser.post(f"/insights/gaps/{gap}", data=fields).status_code == 403
    assert served.browser(Role.LEAD).post(f"/insights/gaps/{gap}", data=fields).status_code == 403


def test_the_file_has_every_gap_and_no_formula(served: House) -> None:
    ask(served, ["=1+1 do you sell gift wrapping", "=1+1 do you sell a gift wrapping"])
    served.services.gap_finding.find(90)
    answer = served.browser(Role.SPECIALIST).get("/insights/gaps?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    head, row = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert (head[1], row[1][:6], row[5]) == ("question", "'=1+1 ", "2")


@pytest.mark.parametrize("path", ["nothing", "nothing/0000000000000000", "%00/x"])
def test_what_is_not_there_is_not_found(served: House, path: str) -> None:
    assert served.browser(Role.SPECIALIST).get(f"/insights/gaps/{path}").status_code == 404


def test_before_anything_was_found_the_page_says_what_to_do(served: House) -> None:
    assert "<code>tierzero gaps</code> at once" in served.browser(Role.SPECIALIST).get("/insights/gaps").text
