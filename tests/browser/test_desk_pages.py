"""The queue and the ticket page in a real browser: keyboard, both colour schemes, narrow screens, no barrier."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from bot.people.roles import Role
from tests.agents.colleagues import START
from tests.browser.barriers import barriers
from tests.browser.serving import StaffSite, opened_desk, served_desk

LONG = "I asked for a goodwill payment because my parcel is nine days late, and nobody answered " + "x" * 90


PAGES = ("/desk/tickets", "/desk/tickets?tag=nothing", "/desk/tickets/{}", "/desk/board", "/desk/people")


@dataclass(frozen=True)
class Site(StaffSite):
    """A desk with tickets, and a lead."""

    reference: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_desk(tmp_path_factory.mktemp("desk")) as desk, served_desk(desk) as url:
        desk.clock.at = START.replace(day=20)
        desk.ticket("my lawyer will hear of this invoice, it is the third time that you charge me")
        desk.clock.at = START.replace(hour=6)
        reference = desk.ticket("how do I reset my password?", LONG, contact="ann@shop.example")
        desk.clock.at = START
        desk.ticket("quiero devolver un pedido que llegó roto, no funciona nada")
        yield Site(url, desk.token(Role.LEAD), reference)


def test_a_ticket_is_found_opened_and_judged_by_keyboard_alone(browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(f"{site.url}/desk")
    page.get_by_role("navigation").get_by_role("link", name="Tickets").press("Enter")
    expect(page.get_by_role("heading", name="Tickets")).to_be_visible()
    expect(page.get_by_text("overdue by").first).to_be_visible()
    page.get_by_label("Subject or reference").press_sequentially("goodwill")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=goodwill**")
    page.get_by_role("link", name="I asked for a goodwill").press("Enter")
    expect(page.get_by_role("heading", name="Draft reply")).to_be_visible()
    expect(page.get_by_text("For agents only").first).to_be_visible()
    page.get_by_role("button", name="This is it").first.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Noted as accepted. Thank you.")
    context.close()


def test_the_desk_has_no_barrier(browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    found = {}
    for path in PAGES:
        page.goto(site.url + path.format(site.reference))
        found[path] = barriers(page)
    context.close()
    assert {path: each for path, each in found.items() if each} == {}


# A window of 1280 pixels at 200 % has the layout of one of 640.
@pytest.mark.parametrize("width", [320, 640])
def test_nothing_scrolls_sideways_on_a_narrow_screen(width: int, browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": width, "height": 640})
    page = context.new_page()
    for path in PAGES:
        page.goto(site.url + path.format(site.reference))
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
    context.close()


def test_a_view_is_kept_and_opened_by_keyboard(browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    # Two keys belong together that are pressed within a moment; here no time passes between them.
    page.clock.set_fixed_time(START)
    page.goto(f"{site.url}/desk/tickets?priority=high")
    page.get_by_text("Keep these filters as a view").press("Enter")
    page.get_by_label("Name").press_sequentially("Hot")
    page.keyboard.press("Enter")
    view = page.get_by_role("navigation", name="Views").get_by_role("link", name="Hot")
    expect(view).to_have_attribute("aria-current", "page")
    # Its keys are there when its script has run.
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Board")).to_be_visible()
    page.get_by_role("link", name="nobody has").press("Enter")
    expect(page.get_by_role("link", name="Unassigned")).to_have_attribute("aria-current", "page")
    context.close()


def test_the_list_of_keys_opens_and_closes_and_a_text_block_is_put_into_the_reply(
    browser: Browser, site: Site
) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(f"{site.url}/desk/tickets/{site.reference}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_hidden()
    page.get_by_label("Reply or note").fill("Hello Ann,")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.get_by_label("Text block")).to_be_focused()
    page.get_by_role("button", name="Put it into the text").press("Enter")
    expect(page.get_by_label("Reply or note")).to_be_focused()
    page.wait_for_function("document.getElementById('text').value.length > 40")
    assert page.get_by_label("Reply or note").input_value().startswith("Hello Ann,\n\n")
    context.close()
    assert problems == []


def test_a_file_is_attached_and_downloaded_as_a_file(browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(f"{site.url}/desk/tickets/{site.reference}")
    content = b"<script>document.title = 'run'</script>"
    page.get_by_label("Attach files").set_input_files(
        {"name": "a b.txt", "mimeType": "text/plain", "buffer": content}
    )
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.get_by_role("status").first).to_have_text("Done.")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="a b.txt").click()
    assert waiting.value.suggested_filename == "a b.txt"
    assert waiting.value.path().read_bytes() == content
    context.close()


def test_the_board_looks_again_by_itself(browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    context.add_init_script(
        "window.setTimeout = ((wait) => (run, ms) => wait(run, Math.min(ms, 200)))(setTimeout)"
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{site.url}/desk/board")
    page.evaluate("document.querySelector('.numbers strong').textContent = 'old'")
    expect(page.get_by_text("not finished")).not_to_contain_text("old")
    assert problems == []
    context.close()
