"""The insights pages in a real browser: filters in the address, files, charts, no script, narrow screens, paper."""

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.people.roles import Role
from evaluations.busy_desk import busy_desk
from tests.agents.colleagues import START
from tests.browser.barriers import barriers
from tests.browser.serving import StaffSite, opened_desk, served_desk

PATHS = ("/insights", "/insights/volume", "/insights/conversations?figure=escalation_rate")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffSite]:
    """Insights with five weeks of traffic, and a specialist."""
    with opened_desk(tmp_path_factory.mktemp("insights")) as desk:
        opened = desk.services
        facts = busy_desk(1, START.date() - dt.timedelta(days=35), 35, 6)
        opened.ledger.append([fact for conversation in facts for fact in conversation])
        while opened.counting.step():
            pass
        with served_desk(desk) as url:
            yield StaffSite(url, desk.token(Role.SPECIALIST))


def test_a_filter_stays_in_the_address_from_page_to_page_and_in_the_file(
    browser: Browser, site: StaffSite
) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860}, accept_downloads=True)
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.goto(f"{site.url}/desk")
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Insights").click()
    expect(page.get_by_role("heading", name="Deflection", exact=True)).to_be_visible()
    page.get_by_label("Channel").select_option("email")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**channel=email**")
    expect(page.get_by_label("Channel")).to_have_value("email")
    with page.expect_download() as saved:
        page.locator("#figures .csv").click()
    text = saved.value.path().read_text("utf-8-sig")
    assert text.startswith("figure,at_least,at_most")
    assert saved.value.suggested_filename.startswith("figures-")
    page.get_by_role("row", name="Escalated by a person").get_by_role("link").first.click()
    page.wait_for_url("**channel=email**figure=passed_up**")
    expect(page.get_by_role("heading", name="Escalated by a person")).to_be_visible()
    page.get_by_role("link", name="Overview", exact=True).click()
    page.wait_for_url(lambda url: "channel=email" in url and "figure=" not in url)
    context.close()
    assert trouble == []


def test_the_chart_is_drawn_and_its_table_is_beside_it(browser: Browser, site: StaffSite) -> None:
    context = site.signed_in(browser)
    page = context.new_page()
    page.goto(f"{site.url}/insights")
    chart = page.get_by_role("img", name="Deflection by the day of opening")
    expect(chart).to_be_visible()
    # Something is drawn: not every pixel is empty.
    drawn = """node => { const canvas = node.querySelector('canvas');
        return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean) }"""
    assert chart.evaluate(drawn)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Show")).to_be_hidden()
    expect(chart).to_be_visible()
    # The width of a sheet of A4 less its margins: no table is cut off, and none makes all others smaller.
    page.set_viewport_size({"width": 718, "height": 1000})
    assert (
        page.evaluate("Math.max(...[...document.querySelectorAll('table')].map(one => one.scrollWidth))")
        <= 718
    )
    context.close()


def test_without_script_all_figures_are_there_as_tables(browser: Browser, site: StaffSite) -> None:
    context = site.signed_in(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/insights")
    page.get_by_text("The days as a table").click()
    expect(page.locator("#days tbody tr").first).to_be_visible()
    expect(page.locator("figure.chart")).to_be_hidden()
    context.close()


def test_the_insights_pages_have_no_barrier(browser: Browser, site: StaffSite) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    found = {}
    for path in PATHS:
        page.goto(site.url + path)
        found[path] = barriers(page)
    context.close()
    assert {path: each for path, each in found.items() if each} == {}


def test_nothing_scrolls_sideways_at_320_pixels(browser: Browser, site: StaffSite) -> None:
    context = site.signed_in(browser, viewport={"width": 320, "height": 640})
    page = context.new_page()
    for path in PATHS:
        page.goto(site.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
    context.close()
