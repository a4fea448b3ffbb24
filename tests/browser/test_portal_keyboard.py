"""The help centre without a pointer: all there is to press is reached, and where one is can be seen."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.portal_site import Site, opened

#: What has the focus, and whether a ring around it is in sight.
FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  if (e === document.body) return null;
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const name = e.getAttribute("href") || e.name || e.textContent.trim().slice(0, 30);
  return [`${e.tagName}.${e.className} ${name}`, ring && seen];
}"""
#: How much there is to reach; of the radio buttons of a question, one.
TABBABLE = """() => {
  const all = "a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex='0']";
  const shown = [...document.querySelectorAll(all)].filter((e) => e.checkVisibility({ visibilityProperty: true }));
  return shown.length;
}"""


@pytest.mark.parametrize(
    "path",
    [
        "/help/en",
        "/help/ar/orders/rich",
        "/help/en/orders",
        "/help/search?q=password",
        "/help/contact",
        "/help/requests",
        "/help/en/none",
    ],
)
def test_all_there_is_to_press_is_reached_by_tab_and_seen(browser: Browser, site: Site, path: str) -> None:
    page = opened(browser, viewport={"width": 1280, "height": 800})
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(site.url + path)
    there = page.evaluate(TABBABLE)
    reached: dict[str, bool] = {}
    count = 0
    for _ in range(120):
        page.keyboard.press("Tab")
        got = page.evaluate(FOCUS)
        if got is None:
            break
        count += 1
        reached[got[0]] = got[1]
    page.context.close()
    assert {name for name, fine in reached.items() if not fine} == set()
    assert next(iter(reached)).startswith("A.skip")
    assert count == there


def test_a_vote_with_its_reason_needs_no_pointer(browser: Browser, site: Site) -> None:
    page = opened(browser)
    page.goto(f"{site.url}/help/en/account/password")
    page.get_by_role("button", name="No", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("What was wrong?")).to_be_visible()
    page.get_by_label("It does not say what I wanted to know").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("It is hard to understand")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Which page?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you for telling us.")).to_be_visible()
    page.context.close()
