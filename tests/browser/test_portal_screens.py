"""Every screen of the help centre in a real browser: no barrier, narrow, dark, right to left, without script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.agents.colleagues import ANN
from tests.browser.portal_site import Site, opened, troubles

PASSWORD = "How do I reset my password? I have lost it."
LEAVES_NOTHING_OUT = (
    "/help/en",
    "/help/en/orders/rich",
    "/help/en/orders",
    "/help/search?q=password",
    "/help/search?q=zxqvblorp",
)
LETTERS = ("/help/contact", "/help/requests", "/help/en/no-such-article")


def screens(page: Page, site: Site, locale: str = "en") -> Iterator[str]:
    """Goes through every screen in a language, without a word of it; the name of each when it is there."""
    for path in (*LEAVES_NOTHING_OUT, *LETTERS):
        path = path.replace("/en", f"/{locale}")
        page.goto(site.url + path + ("&" if "?" in path else "?") + f"locale={locale}")
        yield path
    page.goto(f"{site.url}/help/{locale}/orders/rich")
    page.locator("button[name=helpful][value=no]").click()
    page.locator("input[name=why][value=unclear]").check()
    yield "why not"
    page.locator("form.why button").click()
    expect(page.locator(".ballot > p a")).to_be_visible()
    yield "voted"
    page.goto(f"{site.url}/help/contact?locale={locale}")
    page.locator("#message").fill(PASSWORD)
    page.locator("#email").fill("ann@gmial.com")
    page.locator("form.letter .button").click()
    # A click comes back before the page that answers it is there.
    expect(page.locator("#email")).to_have_attribute("aria-invalid", "true")
    yield "letter with a mistake"
    page.locator("#email").fill(ANN)
    page.locator("form.letter .button").click()
    expect(page.locator("#fitting-title")).to_be_visible()
    yield "articles first"
    page.locator("form.letter .button").click()
    expect(page.locator(".panel[role=status]")).to_be_visible()
    yield "sent"
    page.goto(f"{site.url}/help/requests?locale={locale}")
    page.locator("#email").fill("nobody@example.org")
    page.locator("form.letter .button").click()
    expect(page.locator(".panel[role=status]")).to_be_visible()
    yield "asked"
    page.goto(f"{site.url}{site.link()}?locale={locale}")
    yield "link"
    page.locator("main .button").click()
    expect(page.get_by_text(site.reference)).to_be_visible()
    page.goto(f"{site.url}/help/requests?locale={locale}")
    yield "requests"
    page.goto(f"{site.url}/help/requests/{site.reference}?locale={locale}")
    yield "request"


@pytest.mark.parametrize(("locale", "width"), [("en", 320), ("ar", 1280)])
def test_no_screen_has_a_barrier_or_is_wider_than_the_screen(
    browser: Browser, site: Site, locale: str, width: int
) -> None:
    page = opened(browser, viewport={"width": width, "height": 640})
    found, turned = {}, set()
    for name in screens(page, site, locale):
        if wrong := troubles(page):
            found[name] = wrong
        page.set_viewport_size({"width": 320 if width > 320 else 1280, "height": 640})
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], name
        page.set_viewport_size({"width": width, "height": 640})
        turned.add(page.evaluate("getComputedStyle(document.body).direction"))
    page.context.close()
    assert found == {}
    assert turned == {"rtl" if locale == "ar" else "ltr"}


def test_everything_works_without_script(browser: Browser, site: Site) -> None:
    page = opened(browser, java_script_enabled=False)
    assert list(screens(page, site))[-1] == "request"
    page.get_by_label("Your answer").fill("Thank you, I wait.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Your answer is with our team")
    expect(page.get_by_text("Thank you, I wait.")).to_be_visible()
    page.context.close()


def test_articles_appear_beside_the_letter_while_somebody_writes(browser: Browser, site: Site) -> None:
    page = opened(browser)
    page.goto(f"{site.url}/help/contact")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.get_by_label("Your message").press_sequentially(PASSWORD, delay=5)
    expect(page.locator("#fitting a").first).to_be_visible()
    assert troubles(page) == []
    page.locator("#fitting").get_by_role("button", name="That answers it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Good to hear")).to_be_visible()
    page.context.close()


def test_nothing_is_loaded_from_elsewhere_and_a_video_waits_for_a_click(browser: Browser, site: Site) -> None:
    page = opened(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/help/en/orders/rich")
    video = page.locator(".video a")
    expect(video).to_contain_text("Opens youtube.com")
    assert video.get_attribute("rel") == "noopener noreferrer"
    assert [url for url in asked if not url.startswith((site.url, "data:", "blob:"))] == []
    expect(page.get_by_role("region", name="Table").get_by_role("table")).to_be_visible()
    expect(page.locator(".callout-title")).to_have_text("Mind the heat")
    expect(page.locator(".diagram figcaption")).to_be_visible()
    page.context.close()


def test_paper_has_the_article_and_nothing_to_press(browser: Browser, site: Site) -> None:
    page = opened(browser, color_scheme="dark")
    page.goto(f"{site.url}/help/en/orders/rich")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".prose")).to_be_visible()
    for away in (".search", ".ballot", "header.top", "footer.bottom"):
        expect(page.locator(away)).to_be_hidden()
    # Black on white, whatever the screen; and nothing is cut off that would scroll there.
    assert page.evaluate("getComputedStyle(document.querySelector('.prose p')).color") == "rgb(0, 0, 0)"
    page.set_viewport_size({"width": 680, "height": 900})
    scrolls = "[...document.querySelectorAll('.prose pre, .prose .scroll')]"
    cut = f"{scrolls}.filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    assert page.evaluate(cut) == 0
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.context.close()
