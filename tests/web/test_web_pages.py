import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from bot.web.outline import Heading, outline
from tests.web.fake_services import FakeServices

ARTICLE = "/help/en/subscriptions/pause-or-skip"
HTML = {"accept": "text/html"}
PAGES = ["/", "/help/search?q=pause", "/help/en", "/help/de", "/help/fr", ARTICLE, "/docs", "/nothing-here"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_inline_code_framing_and_sniffing(path: str, client: TestClient) -> None:
    response = client.get(path, headers=HTML)
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    # What describes a page to search engines is data: nothing runs it.
    page = response.text.replace('<script type="application/ld+json">', "")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_loads_anything_from_elsewhere(path: str, client: TestClient) -> None:
    loaded = re.findall(r'(?:src|href)="(https?:[^"]*)"', client.get(path, headers=HTML).text)
    assert loaded == []


@pytest.mark.parametrize("path", PAGES)
def test_every_own_file_a_page_names_exists(path: str, client: TestClient) -> None:
    for url in re.findall(r'(?:src|href)="(/(?:static|widget)[^"]*)"', client.get(path, headers=HTML).text):
        assert client.get(url).status_code == 200


def test_an_article_shows_title_headings_and_languages(client: TestClient) -> None:
    page = client.get(ARTICLE).text
    assert "<h1>Pause or skip a delivery</h1>" in page
    assert '<a href="#yearly-plans">Yearly plans &amp; gifts</a>' in page
    assert (
        '<a href="/help/de/subscriptions/pause-or-skip" lang="de" hreflang="de" dir="ltr">Deutsch</a>' in page
    )
    assert '<time datetime="2026-10-05">5 October 2026</time>' in page
    assert "older version" not in page


def test_a_citation_opens_the_revision_it_quoted_with_the_passage_marked(
    client: TestClient, services: FakeServices
) -> None:
    page = client.get(f"{ARTICLE}?revision=0123456789ab&start=210&end=372").text
    assert services.articles.asked == [("subscriptions/pause-or-skip", "en", "0123456789ab", (210, 372))]
    assert '<li class="cited" id="cited">' in page
    assert "The passage our answer quoted is marked below." in page
    assert "You are reading an older version of this article." in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize("query", ["start=5&end=5", "start=9&end=2", "start=3"])
def test_a_span_that_is_none_marks_nothing(query: str, client: TestClient, services: FakeServices) -> None:
    assert client.get(f"{ARTICLE}?{query}").status_code == 200
    assert services.articles.asked[0][3] is None


@pytest.mark.parametrize(
    "query", ["start=-1&end=4", "start=x&end=4", f"start=1&end={10**12}", "revision=../x"]
)
def test_a_query_that_makes_no_sense_is_a_problem(query: str, client: TestClient) -> None:
    assert client.get(f"{ARTICLE}?{query}").status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/help/en/agents/refund-limits",
        "/help/en/nothing",
        "/help/en/%2e%2e/%2e%2e/etc/passwd",
        "/help/en/..%2f..%2f..%2fetc%2fpasswd",
        "/help/en/..%5c..%5cwindows",
        "/help/en/a//b",
        "/help/en/%00",
        "/help/en/" + "a" * 400,
        "/help/%2e%2e/x",
        "/help/xx",
        "/static/..%2fapp.py",
        "/static/../app.py",
        "/static/%2fetc%2fpasswd",
        "/static/",
    ],
)
def test_what_is_not_there_is_not_found(path: str, client: TestClient) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_a_title_is_text_whatever_it_says(client: TestClient) -> None:
    for path in ("/help/en", "/help/en/security/attack"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_address_in_an_error_is_text_too(client: TestClient) -> None:
    response = client.get("/<img src=x onerror=alert(1)>", headers=HTML)
    assert response.status_code == 404
    assert "<img src=x" not in response.text


def test_a_person_gets_an_error_as_a_page_and_a_program_as_a_problem(client: TestClient) -> None:
    page = client.get("/help/en/nothing", headers=HTML)
    assert (page.status_code, "We cannot find this page" in page.text) == (404, True)
    assert client.get("/help/en/nothing").json()["type"] == "/docs#not-found"


@pytest.mark.parametrize("path", ["/help/en", ARTICLE, "/", "/static/site.css", "/widget.js"])
def test_an_unchanged_page_is_not_sent_again(path: str, client: TestClient) -> None:
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_withdrawn_article_is_asked_for_again(client: TestClient) -> None:
    assert client.get(ARTICLE).headers["cache-control"] == "no-cache"


def test_files_named_with_their_content_may_be_kept_for_ever(client: TestClient) -> None:
    url = re.search(r'href="(/static/site\.css\?v=[^"]*)"', client.get("/help/en").text).group(1)
    assert client.get(url).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/site.css?v=other").headers["cache-control"] == "public, no-cache"
    assert client.get("/widget.js").headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [("de-AT,de;q=0.9,en;q=0.8", "de"), ("pl,fr;q=0.5", "fr"), ("pl", "en"), ("", "en"), (";;,=q", "en")],
)
def test_the_help_centre_opens_in_the_readers_language(
    accepted: str, locale: str, client: TestClient
) -> None:
    for path in ("/help", "/help/"):
        response = client.get(path, headers={"accept-language": accepted}, follow_redirects=False)
        assert response.headers["location"] == f"/help/{locale}"


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/help/en/", "/help/en"),
        ("/help/en///", "/help/en"),
        (f"{ARTICLE}/", ARTICLE),
        ("/help/en/subscriptions/?page=1", "/help/en/subscriptions?page=1"),
        ("/help/search/?q=pause%20%26%20skip&locale=en", "/help/search?q=pause%20%26%20skip&locale=en"),
        ("/help/contact/", "/help/contact"),
        ("/help/requests/", "/help/requests"),
    ],
)
def test_a_page_of_the_help_centre_opens_with_a_slash_after_its_address_too(
    path: str, leads_to: str, client: TestClient
) -> None:
    for method in ("GET", "HEAD"):
        response = client.request(method, path, follow_redirects=False)
        assert (response.status_code, response.headers["location"]) == (308, leads_to)


def test_one_step_leads_from_an_address_with_a_slash_to_the_page(client: TestClient) -> None:
    for path in ("/help/", "/help/en/", "/help/en//", "/help/en/subscriptions/", f"{ARTICLE}/"):
        response = client.get(path)
        assert (len(response.history), response.status_code) == (1, 200)


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/help//evil.example/", "/help/evil.example"),
        ("/help/%2F%2Fevil.example/", "/help/evil.example"),
        ("/help///evil.example//", "/help/evil.example"),
        ("/help/\\evil.example/", "/help/%5Cevil.example"),
        ("/help/https://evil.example/", "/help/https%3A//evil.example"),
        ("/help/en/a%3Fb%23c%25/", "/help/en/a%3Fb%23c%25"),
        ("/help//", "/help"),
    ],
)
def test_a_slash_after_an_address_leads_to_no_other_site(
    path: str, leads_to: str, client: TestClient
) -> None:
    response = client.get(path, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (308, leads_to)


def test_a_line_break_in_an_address_with_a_slash_leads_nowhere(client: TestClient) -> None:
    response = client.get("/help/en/x%0d%0aset-cookie:a=b/", follow_redirects=False)
    assert (response.status_code, "set-cookie" in response.headers) == (404, False)


def test_pages_speak_the_readers_language(client: TestClient) -> None:
    assert "Wie können wir helfen?" in client.get("/help/de").text
    assert "Il n’y a pas encore d’articles dans votre langue." in client.get("/help/fr").text


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("/help/ar/no-such", "", "لم نعثر على هذه الصفحة"),
        ("/help/requests/nothing?locale=de", "", "Diese Adresse ist nicht zu verstehen"),
        ("/help/xx/no-such", "es,en;q=0.5", "No encontramos esta página"),
        ("/help/search?locale=fr&q=" + "x" * 301, "", "Cette adresse n’est pas valable"),
    ],
)
def test_an_error_is_told_in_the_language_of_the_address_else_in_the_browsers(
    path: str, language: str, words: str, client: TestClient
) -> None:
    page = client.get(path, headers={**HTML, "accept-language": language})
    assert 400 <= page.status_code < 500
    assert f"<h1>{words}</h1>" in page.text


def test_a_language_without_articles_can_be_chosen_and_shows_those_of_the_default_one(
    client: TestClient,
) -> None:
    home = client.get("/help/ar").text
    assert '<html lang="ar" dir="rtl">' in home
    assert "لا توجد مقالات بلغتك بعد. تُعرض المقالات بلغة أخرى: English." in home
    assert '<a href="/help/ar/subscriptions/change-plan" lang="en" dir="ltr">Change your plan</a>' in home
    page = client.get("/help/ar/subscriptions/pause-or-skip").text
    assert '<html lang="ar" dir="rtl">' in page
    assert '<h1 lang="en" dir="ltr">Pause or skip a delivery</h1>' in page
    assert "لا يتوفر هذا المقال بلغتك بعد. أنت تقرؤه بلغة أخرى: English." in page
    assert '<link rel="canonical" href="/help/en/subscriptions/pause-or-skip">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert '"inLanguage": "en"' in page
    assert client.get("/help/ar/subscriptions/nothing").status_code == 404


def test_what_readers_may_choose_is_a_setting(client_with: Callable[..., TestClient]) -> None:
    chosen = client_with(help_locales=("en", "ar"))
    assert re.findall(r'hreflang="(\w+)" dir', chosen.get("/help/en").text) == ["ar"]
    # The chat still cites articles in its languages.
    assert chosen.get("/help/de").status_code == 200
    assert chosen.get("/help/zh").status_code == 404


def test_the_widget_is_embedded_with_one_line(client: TestClient) -> None:
    tags = re.findall(r"<script[^>]*data-tierzero[^>]*></script>", client.get("/").text)
    assert len(tags) == 1
    assert tags[0].startswith('<script src="/widget.js" data-tierzero ')
    assert tags[0].endswith(" async></script>")


def test_without_the_demo_the_front_page_leads_to_the_help_centre(
    client_with: Callable[..., TestClient],
) -> None:
    response = client_with(demo=False).get("/", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, "/help")


def test_the_shop_has_the_name_of_the_settings(client_with: Callable[..., TestClient]) -> None:
    page = client_with(site_name='Ann & "Co"').get("/").text
    assert "Ann &amp; &#34;Co&#34;" in page
    assert "Tarnbean" not in page.replace("help@tarnbean.example", "")


def test_headings_get_links_and_a_list_in_their_order() -> None:
    body, headings = outline(
        '<h2 id="a-b">A &amp; <em>b</em></h2><p>x</p><h3 class="k" id="c">C</h3><h2>no id</h2>',
        {"anchor": "Link to “{heading}”"},
    )
    assert headings == (Heading(2, "a-b", "A & b"), Heading(3, "c", "C"))
    assert str(body).startswith(
        '<h2 id="a-b">A &amp; <em>b</em><a class="anchor" href="#a-b" aria-label="Link to “A &amp; b”"></a></h2>'
    )
    assert "<h2>no id</h2>" in body


def test_a_topic_is_told_in_the_readers_language_else_in_the_default_one(client: TestClient) -> None:
    told = [
        client.get("/chat/topic", params={"article": "subscriptions/pause-or-skip", "locale": locale}).json()
        for locale in ("de-AT", "fr", "<x>", "")
    ]
    steps = [one.pop("steps") for one in told]
    assert all(len(one) == 3 and set(one[0]) == {"text", "at"} for one in steps)
    german = {"title": "Eine Lieferung aussetzen", "url": "/help/de/subscriptions/pause-or-skip"}
    english = {"title": "Pause or skip a delivery", "url": "/help/en/subscriptions/pause-or-skip"}
    # In French there is the page around it, and the article in English.
    french = english | {"url": "/help/fr/subscriptions/pause-or-skip"}
    assert told == [german, french, english, english]
    assert client.get("/chat/topic", params={"article": "agents/secret"}).status_code == 404
    assert client.get("/chat/topic").status_code == 422
