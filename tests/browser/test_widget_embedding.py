from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop

Ask = Callable[[Page, str], None]


@pytest.mark.parametrize("path", ["/strict", "/trusted-types"])
def test_another_site_embeds_the_chat_whatever_its_policy(
    path: str, page: Page, shop: Shop, foreign_url: str, ask: Ask
) -> None:
    page.goto(f"{foreign_url}{path}?shop={shop.url}")
    ask(page, "How do I pause?")
    expect(page.locator("blockquote ol li")).to_have_count(3)
    bubble = page.locator(".me .bubble").evaluate("element => getComputedStyle(element).borderRadius")
    assert bubble != "0px"
    page.get_by_role("button", name="Yes, it helped").click()
    expect(page.get_by_text("Thank you!")).to_be_visible()
    page.get_by_role("button", name="Pause or skip a delivery").first.click()
    href = page.get_by_role("link", name="Open the article").get_attribute("href")
    assert href is not None
    assert href.startswith(shop.url + "/help/en/")


def test_a_site_that_is_not_allowed_gets_no_answer(
    page: Page, shop: Shop, foreign_url: str, ask: Ask
) -> None:
    page.goto(f"{foreign_url.replace('127.0.0.1', 'localhost')}/plain?shop={shop.url}")
    ask(page, "How do I pause?")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert shop.services.chat.incoming == []


def test_it_loads_nothing_from_third_parties_and_sets_no_cookie(page: Page, shop: Shop, ask: Ask) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(shop.url)
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    assert [url for url in asked if not url.startswith(shop.url)] == []
    assert page.context.cookies() == []


def test_attributes_set_language_colour_greeting_place_and_start(
    page: Page, shop: Shop, foreign_url: str
) -> None:
    attributes = quote(
        'data-locale="de-AT" data-color="#ffdd55" data-greeting="Servus!" data-position="left" data-open '
        'data-starters="Eins|Zwei"'
    )
    page.goto(f"{foreign_url}/plain?shop={shop.url}&attributes={attributes}")
    expect(page.get_by_role("textbox", name="Nachricht schreiben")).to_be_visible()
    expect(page.get_by_text("Servus!")).to_be_visible()
    expect(page.get_by_role("button", name="Eins")).to_be_visible()
    launcher = page.locator(".launcher")
    style = launcher.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]")
    assert style == ["rgb(255, 221, 85)", "rgb(0, 0, 0)"]
    box = launcher.bounding_box()
    assert box is not None
    assert box["x"] < 100


def test_values_that_make_no_sense_are_left_aside(page: Page, shop: Shop, foreign_url: str, ask: Ask) -> None:
    attributes = quote(
        'data-locale="<x>" data-color="red;}*{display:none" data-position="\'" data-open="false"'
    )
    page.goto(f"{foreign_url}/plain?shop={shop.url}&attributes={attributes}")
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()
    assert shop.services.chat.incoming[0].locale == ""


def test_from_right_to_left_the_chat_stands_on_the_other_side(
    page: Page, shop: Shop, foreign_url: str, ask: Ask
) -> None:
    page.goto(f"{foreign_url}/plain?shop={shop.url}&dir=rtl")
    ask(page, "كيف pause؟")
    expect(page.locator("blockquote").first).to_be_visible()
    launcher, mine = page.locator(".launcher").bounding_box(), page.locator(".me .bubble").bounding_box()
    panel = page.get_by_role("dialog").bounding_box()
    assert launcher is not None
    assert mine is not None
    assert panel is not None
    assert launcher["x"] < 100
    assert mine["x"] - panel["x"] < 60


def test_in_arabic_everything_reads_from_right_to_left(
    page: Page, shop: Shop, foreign_url: str, ask: Ask
) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url.partition("?")[0]))
    attributes = quote('data-locale="ar" data-dir="rtl" data-open')
    page.goto(f"{foreign_url}/strict?shop={shop.url}&attributes={attributes}")
    box = page.get_by_role("textbox", name="اكتب رسالة")
    box.fill("pause")
    page.get_by_role("button", name="إرسال", exact=True).click()
    expect(page.get_by_text("هل أفادك هذا؟")).to_be_visible()
    # One language is loaded, and no other.
    assert [url for url in loaded if url.endswith(".json")] == [f"{shop.url}/widget/ar.json"]
    panel, send = page.get_by_role("dialog").bounding_box(), page.locator(".send").bounding_box()
    title, close = page.locator("h2").bounding_box(), page.get_by_role("button", name="إغلاق المحادثة").first
    closing = close.bounding_box()
    assert panel is not None
    assert send is not None
    assert title is not None
    assert closing is not None
    # Sending and closing stand at the left, words begin at the right.
    assert send["x"] - panel["x"] < 40
    assert closing["x"] - panel["x"] < 40
    assert title["x"] + title["width"] > panel["x"] + panel["width"] - 40
    direction = "e => [getComputedStyle(e).direction, e.scrollWidth <= e.clientWidth]"
    assert page.locator(".log").evaluate(direction) == ["rtl", True]


def test_the_chat_comes_when_its_language_can_be_had_again(
    page: Page, shop: Shop, foreign_url: str, ask: Ask
) -> None:
    page.route("**/widget/en.json*", lambda route: route.abort(), times=1)
    page.goto(f"{foreign_url}/plain?shop={shop.url}")
    page.get_by_role("button", name="Open chat").wait_for()
    ask(page, "How do I pause?")
    expect(page.locator("blockquote").first).to_be_visible()


def test_the_page_does_not_move_when_the_chat_arrives(page: Page, shop: Shop) -> None:
    page.add_init_script(
        "window.moved = 0; const add = list => list.getEntries().forEach(e => window.moved += e.value);"
        "new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(shop.url)
    page.get_by_role("button", name="Open chat").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.moved") == 0


def test_two_tags_make_one_chat(page: Page, shop: Shop, foreign_url: str) -> None:
    again = quote(f'></script><script src="{shop.url}/widget.js" data-tierzero')
    page.goto(f"{foreign_url}/plain?shop={shop.url}&attributes={again}")
    page.get_by_role("button", name="Open chat").wait_for()
    page.wait_for_load_state("networkidle")
    expect(page.locator("tierzero-chat")).to_have_count(1)


def test_the_api_reference_lists_every_operation_with_examples(page: Page, shop: Shop) -> None:
    page.goto(shop.url + "/docs")
    described = page.request.get(shop.url + "/openapi.json").json()["paths"]
    expect(page.locator(".operation")).to_have_count(sum(len(methods) for methods in described.values()))
    expect(page.locator(".operation").first).to_contain_text('"message": "How do I pause my subscription?"')
    expect(page.locator(".operation").first).to_contain_text('"article_id": "subscriptions/pause-or-skip"')
    expect(page.get_by_role("heading", name="TicketBody").first).to_be_visible()
