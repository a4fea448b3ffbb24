"""Gaps, articles and experiments in a real browser: what a specialist does there, no barrier, narrow screens."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from bot.people.roles import Role
from tests.browser.barriers import barriers
from tests.browser.serving import StaffSite, opened_desk, served_desk
from tests.gaps.conftest import SURE, WARRANTY, WRAPPING, ask


@dataclass(frozen=True)
class Site(StaffSite):
    """A help centre with two gaps, all articles looked at, one experiment over and one that runs."""

    paths: tuple[str, ...]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened_desk(tmp_path_factory.mktemp("knowledge"), SURE) as house:
        opened = house.services
        ask(house, [*WARRANTY, *WRAPPING, "How do I reset my password?"])
        gaps = opened.gap_finding.find(90).gaps
        report = opened.article_health.check(90)
        flow = opened.experimenting
        flow.stop(flow.start("Fewer words", "ranking", "lexical=0", by="command").id, by="command")
        running = flow.start("Whether more answers help", "budget", "0.2", by="command")
        key = report.lines[0].key
        paths = (
            *("/insights/gaps", f"/insights/gaps/{gaps[0].id}"),
            *("/insights/articles", f"/insights/articles/{key.locale}/{key.id}"),
            *("/insights/experiments", f"/insights/experiments/{running.id}"),
            "/insights/experiments/article",
            "/insights/experiments/article?article=en/returns/send-back",
            f"/insights/experiments/{running.id}/contained/b",
        )
        with served_desk(house) as url:
            yield Site(url, house.token(Role.SPECIALIST), paths)


def test_a_specialist_stops_an_experiment_is_told_what_cannot_be_tried_and_starts_another(
    browser: Browser, site: Site
) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(f"{site.url}/insights")
    page.get_by_role("navigation", name="Insights").get_by_role("link", name="Experiments").click()
    page.get_by_label("What it is to find out").fill("Does a newer text help?")
    page.get_by_label("What arm B has").select_option("ranking")
    page.get_by_label("Its setting").fill("speed=1")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_contain_text("no part of the ranking")
    # What was typed is still there, and the next mistake is another sentence.
    expect(page.get_by_label("What it is to find out")).to_have_value("Does a newer text help?")
    page.get_by_label("What arm B has").select_option("ranking")
    page.get_by_label("Its setting").fill("late=1")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_contain_text("Stop it first")
    page.get_by_role("link", name="Whether more answers help").click()
    expect(page.get_by_role("row", name="Became a ticket")).to_be_visible()
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("button", name="Stop it")).to_be_hidden()
    page.get_by_role("link", name="All experiments").click()
    page.get_by_label("What it is to find out").fill("Does a lighter ranking help?")
    page.get_by_label("What arm B has").select_option("ranking")
    page.get_by_label("Its setting").fill("late=1")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Does a lighter ranking help?")).to_be_visible()
    expect(page.get_by_text("no real difference yet").first).to_be_visible()
    page.get_by_role("button", name="Stop it").click()
    page.get_by_role("link", name="All experiments").click()
    page.get_by_role("link", name="Try another text of an article").click()
    page.get_by_label("Article").fill("en/returns/send-back")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="How long it takes")).to_be_visible()
    text = page.get_by_label("Text, with what stands above it")
    page.get_by_label("What it is to find out").fill("Does a shorter text help?")
    page.get_by_role("button", name="Start").click()
    # Nothing was changed in it yet.
    expect(page.get_by_role("alert")).to_contain_text("That is the published text")
    text.fill(
        "---\ntitle: Send something back\n---\nReturns are free within thirty days, by the label in your order."
    )
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Does a shorter text help?")).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("link", name="Take it as a file").click()
    assert file.value.suggested_filename == "send-back.md"
    page.get_by_role("link", name="Read the text that is tried").click()
    expect(page.get_by_text("by the label in your order")).to_be_visible()
    expect(page.get_by_text("being tried with some readers")).to_be_visible()
    context.close()
    assert trouble == []


def test_a_specialist_takes_a_gap_on(browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(site.url + site.paths[1])
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("button", name="An article was written")).to_be_visible()
    context.close()


def test_the_pages_of_knowledge_have_no_barrier(browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    found = {}
    for path in site.paths:
        page.goto(site.url + path)
        found[path] = barriers(page)
    context.close()
    assert {path: each for path, each in found.items() if each} == {}


def test_nothing_scrolls_sideways_at_320_pixels(browser: Browser, site: Site) -> None:
    context = site.signed_in(browser, viewport={"width": 320, "height": 640})
    page = context.new_page()
    for path in site.paths:
        page.goto(site.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
    context.close()
