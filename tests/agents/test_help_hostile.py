"""What strangers send to the help centre: addresses with tricks, words without end, methods and conditions."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agents.colleagues import House, house
from tests.index.small_centre import Centre

HTML = {"accept": "text/html"}
TRICK = "<script>alert(1)</script> & \"q\" 'a' {{ 7777*7777 }} {% x %} $& \\"
PAGES = (
    "/help/en",
    "/help/en/orders",
    "/help/en/odd/name",
    "/help/ar/odd/name",
    "/help/search?q=odd",
    "/sitemap.xml",
)


@pytest.fixture(scope="module")
def desk(agents_centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    centre = agents_centre.copy(Path(tmp_path_factory.mktemp("hostile")) / "copy")
    with house(centre, help_locales=("en", "ar"), locales=("en",), rate_burst=10_000) as opened:
        title = TRICK.replace("'", "''")
        centre.write(
            "en/odd/name.md",
            f"---\ntitle: '{title}'\ncategory: '{title}'\n---\nOdd words.\n\n## {TRICK}\n\nA.\n",
        )
        centre.write(
            "en/odd/long.md", f"---\ntitle: {'Donaudampfschiff' * 30}\n---\nLong words.\n\n## B\n\nB.\n"
        )
        opened.services.ingestion.ingest([centre.source])
        yield opened


@pytest.mark.parametrize("page", [*PAGES, "/help/feed/en.atom", "/help/search.json?q=odd&locale=en"])
def test_a_title_that_is_a_script_is_text_everywhere(desk: House, page: str) -> None:
    answer = desk.client.get(page, headers=HTML)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text or answer.headers["content-type"] == "application/json"
    assert "60481729" not in re.sub(r"[0-9a-f]{12,}|v=\w+|[\w.-]{40,}", "", answer.text)
    # Inside data for search engines no element can end.
    for data in re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL):
        assert "<" not in data


@pytest.mark.parametrize(
    "path",
    [
        "/help/en/..%2f..%2fetc%2fpasswd",
        "/help/en/%2e%2e/%2e%2e/tierzero.db",
        "/help/en/orders/%00track",
        "/help/en/orders%5ctrack",
        "/help/en//orders//track//x",
        "/help/en/" + "x" * 5_000,
        "/help/en/" + "a/" * 2_000,
        "/help/%2e%2e/desk",
        "/help/EN/orders/track",
        "/help/en-US/orders/track",
        "/help/en_/orders/track",
        "/help/xx",
        "/help/ar%0d%0aset-cookie:x=y",
        "/help/feed/..%2fen.atom",
        "/help/images/" + "0" * 64,
        "/help/images/..%2f..%2fsecret.keys",
        "/help/en/orders/track?revision=%27%20or%201=1",
        "/help/en/orders/track?revision=ffffffffffff",
        "/help/en/orders/track?start=-1&end=5",
        "/help/en/orders?page=99999999999999999999",
        "/help/search?q=" + "x" * 301,
        "/help/search.json?q=" + "%F0%9F%98%80" * 400,
        "/help/requests/TZ-0000-0000%2f..",
        "/help/requests/open/" + "x" * 2_001,
    ],
)
def test_an_address_with_a_trick_is_not_there_and_says_so_in_a_page(desk: House, path: str) -> None:
    answer = desk.client.get(path, headers=HTML)
    assert answer.status_code in (404, 422)
    assert "<h1>" in answer.text
    assert "set-cookie" not in answer.headers
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "words",
    ["x" * 300, "%" * 300, "\x00\x01", "🤖" * 100, "a" * 150 + " " + "b" * 149, '"' * 99, "() AND NOT *:*"],
)
def test_any_words_can_be_searched_for(desk: House, words: str) -> None:
    for path in ("/help/search", "/help/search.json"):
        assert desk.client.get(path, params={"q": words, "locale": "ar"}).status_code == 200


@pytest.mark.parametrize(
    "page", [*PAGES, "/help/contact", "/help/requests", "/help/feed/en.atom", "/robots.txt"]
)
def test_head_is_as_get_and_other_methods_are_refused(desk: House, page: str) -> None:
    got, head = desk.client.get(page), desk.client.head(page)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        refused = desk.client.request(method, page)
        assert refused.status_code == 405
        assert "access-control-allow-origin" not in refused.headers


@pytest.mark.parametrize("page", [one for one in PAGES if not one.startswith("/sitemap")])
def test_an_unchanged_page_is_not_sent_again_and_another_language_is_another_page(
    desk: House, page: str
) -> None:
    first = desk.client.get(page)
    again = desk.client.get(page, headers={"if-none-match": f'W/"x", {first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert desk.client.get(page, headers={"if-none-match": '"x"'}).status_code == 200
    assert desk.client.get(page, headers={"if-none-match": "x" * 9_000}).status_code == 200
