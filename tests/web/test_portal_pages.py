"""What the help centre shows to readers, to search engines and to feed readers."""

import json
import re
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from bot.web.structured import article_data
from tests.web.canned import NOON
from tests.web.fake_help_centre import FakePage

ARTICLE = "/help/en/subscriptions/pause-or-skip"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_a_search_shows_the_answer_with_its_source_on_top_and_then_articles(client: TestClient) -> None:
    page = client.get("/help/search", params={"q": "pause", "locale": "en"}).text
    assert page.index("<blockquote>1. Sign in") < page.index('<ol class="results">')
    assert f'href="{ARTICLE}#pause"' in page
    assert "Sign in &amp; go &lt;b&gt;on&lt;/b&gt;." in page
    assert '<meta name="robots" content="noindex">' in page


def test_a_search_without_a_result_says_what_to_do(client: TestClient) -> None:
    assert "Nothing fits these words." in client.get("/help/search", params={"q": "zzz"}).text


def test_a_narrowed_search_keeps_what_it_is_narrowed_by(client: TestClient) -> None:
    page = client.get("/help/search", params={"q": "pause", "tag": "orders", "product": "Heron"}).text
    assert "<option selected>orders</option>" in page
    assert "<option selected>Heron</option>" in page


def test_what_somebody_searches_for_is_text_wherever_it_stands(client: TestClient) -> None:
    page = client.get("/help/search", params={"q": '"><script>alert(1)</script>', "tag": "<b>"}).text
    assert "<script>alert" not in page
    assert "&#34;&gt;&lt;script&gt;" in page


@pytest.mark.parametrize("query", [{"q": "x" * 301}, {"q": "x", "locale": "y" * 101}])
def test_a_search_that_is_too_long_is_a_problem(query: dict[str, str], client: TestClient) -> None:
    assert client.get("/help/search", params=query).status_code == 422


def test_results_while_typing_are_few_and_never_kept(client: TestClient) -> None:
    response = client.get("/help/search.json", params={"q": "pause", "locale": "de"})
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["articles"] == [
        {
            "title": "Pause or skip a delivery",
            "heading": "Monthly plans › Pause",
            "url": "/help/de/subscriptions/pause-or-skip#pause",
            "locale": "de",
        }
    ]
    assert response.json()["answer"]["text"].startswith("1. Sign in")
    assert client.get("/help/search.json").json() == {"answer": None, "articles": [], "read": ""}


def test_an_article_leads_on_to_others_and_describes_itself(client: TestClient) -> None:
    page = client.get(ARTICLE).text
    assert '<a href="/help/en/subscriptions/change-plan">Change your plan</a>' in page
    assert '<meta name="description" content="You can pause or skip whenever you like.' in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page).group(1))
    assert (data["@type"], data["headline"], data["dateModified"]) == (
        "Article",
        "Pause or skip a delivery",
        "2026-11-20",
    )


def faq(body: str) -> FakePage:
    return FakePage("Questions </script>", body, "en", "a" * 12, "a" * 12, None, True, ())


def test_headings_that_ask_make_a_page_of_questions_and_answers() -> None:
    body = (
        '<h2 id="a">How long?</h2><p>Two &amp; a half days.</p><h3 id="b">Is it free?</h3><ul><li>Yes</li></ul>'
        '<h2 id="c">More</h2><p>Else.</p>'
    )
    data = json.loads(article_data(faq(body), "Shop", "https://shop.example/help/en/x"))
    assert data["@type"] == "FAQPage"
    assert [(one["name"], one["acceptedAnswer"]["text"]) for one in data["mainEntity"]] == [
        ("How long?", "Two & a half days."),
        ("Is it free?", "Yes"),
    ]


def test_nothing_in_an_article_can_end_the_script_element_around_its_data() -> None:
    text = str(article_data(faq("<p>x</p>"), "<!-- & co", "https://shop.example/"))
    assert not set("<>&") & set(text)
    assert json.loads(text)["headline"] == "Questions </script>"


def test_the_sitemap_names_homes_categories_and_articles_with_their_other_languages(
    client: TestClient,
) -> None:
    response = client.get("/sitemap.xml")
    assert response.headers["content-type"].startswith("application/xml")
    base = str(client.base_url).rstrip("/")
    urls = ElementTree.fromstring(response.text).findall(f"{SITEMAP}url")
    assert [url.findtext(f"{SITEMAP}loc") for url in urls] == [
        f"{base}/help/{locale}{path}"
        for path in ("", "/subscriptions", "/subscriptions/pause-or-skip")
        for locale in ("en", "de")
    ]
    assert [url.findtext(f"{SITEMAP}lastmod") for url in urls] == [NOON.date().isoformat()] * 6
    assert response.text.count('hreflang="de"') == 6
    for url in urls:
        assert client.get(url.findtext(f"{SITEMAP}loc") or "").status_code == 200


def test_robots_find_the_sitemap_and_stay_out_of_the_desk(client: TestClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /desk" in lines
    assert f"Sitemap: {client.base_url}/sitemap.xml" in lines


def test_the_feed_tells_what_changed_in_one_language(client: TestClient) -> None:
    feed = ElementTree.fromstring(client.get("/help/feed/de.atom").text)
    entries = feed.findall(f"{ATOM}entry")
    assert [(one.findtext(f"{ATOM}title"), one.findtext(f"{ATOM}updated")) for one in entries] == [
        ("Pause & skip", NOON.isoformat())
    ]
    assert entries[0].findtext(f"{ATOM}summary") == "Sign in & go on."
    assert client.get("/help/feed/xx.atom").status_code == 404
