"""Categories of the help centre: their names, what they hold in which language, and pages of many articles."""

import re
from collections.abc import Sequence

import pytest
from starlette.testclient import TestClient

from bot.help_centre.popular import Popular
from bot.help_centre.shelves import Listed, named
from bot.web.app import create_app
from bot.web.category_icons import drawing
from tests.web.canned import NOON
from tests.web.fake_help_centre import FakeUses
from tests.web.fake_services import FakeServices

BASE = "/help/en"


@pytest.fixture
def lists() -> dict[str, list[Listed]]:
    """The public articles of each language."""
    return {}


@pytest.fixture
def reader(
    services: FakeServices, lists: dict[str, list[Listed]], monkeypatch: pytest.MonkeyPatch
) -> TestClient:
    def listing(locale: str) -> Sequence[Listed]:
        return lists.get(locale, [])

    monkeypatch.setattr(services.articles, "listing", listing)
    with TestClient(create_app(lambda: services), base_url="https://help.shop.example") as opened:
        yield opened


def headings(page: str) -> list[str]:
    """Each category with what it is in before it."""
    return [
        " ".join(re.sub(r"<[^>]*>", " ", one).split())
        for one in re.findall(r'<h2 id="category-\d+">(.*?)</h2>', page)
    ]


def test_a_folder_that_holds_everything_is_not_named(
    reader: TestClient, lists: dict[str, list[Listed]]
) -> None:
    lists["en"] = [
        Listed(f"content/_help/{one}", one, "", "en")
        for one in ("create-account/a", "create-account/ways/b", "trouble_signing-in/c")
    ]
    page = reader.get(BASE).text
    assert headings(page) == ["Create account", "Create account Ways", "Trouble signing in"]
    ways = reader.get(f"{BASE}/content/_help/create-account/ways").text
    assert re.findall(r'<a href="([^"]+)" dir="auto">([^<]+)</a></li>', ways) == [
        ("/help/en/content/_help/create-account", "Create account")
    ]


def test_a_category_is_called_what_its_writers_call_it_in_the_readers_language(
    reader: TestClient, lists: dict[str, list[Listed]]
) -> None:
    lists["en"] = [
        Listed("delivery/a", "A", "Getting your parcel", "en"),
        Listed("delivery/b", "B", "", "en"),
    ]
    lists["de"] = [Listed("delivery/b", "B auf Deutsch", "Lieferung", "de")]
    assert headings(reader.get(BASE).text) == ["Getting your parcel"]
    german = reader.get("/help/de").text
    assert headings(german) == ["Lieferung"]
    # Its own come first; what is missing is there in the default language, and says so.
    assert re.findall(r'<li><a href="([^"]+)"(?: lang="(\w+)")?', german.partition("shelves")[2])[:2] == [
        ("/help/de/delivery/b", ""),
        ("/help/de/delivery/a", "en"),
    ]
    assert "Einige Artikel gibt es noch nicht in Ihrer Sprache." in german


def test_categories_with_articles_in_the_readers_language_come_first(
    reader: TestClient, lists: dict[str, list[Listed]]
) -> None:
    lists["en"] = [Listed(f"{path}/x", path, "", "en") for path in ("account", "billing", "delivery")]
    lists["de"] = [Listed("delivery/x", "X", "Lieferung", "de")]
    assert headings(reader.get("/help/de").text) == ["Lieferung", "Account", "Billing"]


def test_a_category_has_a_page_of_its_own_in_parts(
    reader: TestClient, lists: dict[str, list[Listed]]
) -> None:
    lists["en"] = [Listed(f"orders/{number:03}", f"Article {number:03}", "", "en") for number in range(250)]
    lists["en"] += [
        Listed("orders/later/x", "Deep down", "", "en"),
        Listed("returns/y", "Elsewhere", "", "en"),
    ]
    home = reader.get(BASE).text
    assert home.count("/help/en/orders/0") == 6
    assert "See all 250" in home
    pages = [reader.get(f"{BASE}/orders", params={"page": str(number)}) for number in (1, 2, 3)]
    shown = [re.findall(r">(Article \d+|Deep down|Elsewhere)<", page.text) for page in pages]
    assert [len(one) for one in shown] == [100, 100, 51]
    assert (shown[1][0], shown[2][-1]) == ("Article 100", "Deep down")
    assert 'rel="next" href="?page=2"' in pages[0].text
    assert 'rel="next"' not in pages[2].text
    for wrong in ("0", "4", "-1", "x", "9" * 30, "٣"):
        assert reader.get(f"{BASE}/orders", params={"page": wrong}).status_code == 404


def test_there_is_no_category_that_no_public_article_is_in(
    reader: TestClient, lists: dict[str, list[Listed]]
) -> None:
    lists["en"] = [Listed("orders/a", "A", "", "en")]
    assert reader.get(f"{BASE}/orders").status_code == 200
    for path in ("agents", "order", "orders/a/b", "%2e%2e/orders", "orders%00", "%2f%2forders%5c"):
        assert reader.get(f"{BASE}/{path}").status_code == 404
    assert reader.get("/help/xx/orders").status_code == 404


def test_ten_thousand_articles_make_a_home_of_categories_alone(
    reader: TestClient, lists: dict[str, list[Listed]]
) -> None:
    lists["en"] = [Listed(f"part-{n % 100:02}/{n:05}", f"Article {n:05}", "", "en") for n in range(10_000)]
    home = reader.get(BASE).text
    assert (home.count('class="shelf"'), home.count("Article ")) == (100, 0)
    assert home.count("See all 100") == 100
    assert len(home) < 80_000


def test_an_article_says_where_it_stands_to_readers_and_to_search_engines(client: TestClient) -> None:
    page = client.get(f"{BASE}/subscriptions/pause-or-skip").text
    assert '<li><a href="/help/en/subscriptions" dir="auto">Subscriptions</a></li>' in page
    assert '"@type": "BreadcrumbList"' in page
    assert '"item": "https://help.shop.example/help/en/subscriptions"' in page


@pytest.mark.parametrize(
    ("folder", "words"),
    [("how-to_pay", "How to pay"), ("_help", "Help"), ("iOS", "IOS"), ("--", "--"), ("ä-ö", "Ä ö")],
)
def test_a_folder_is_made_words(folder: str, words: str) -> None:
    assert named(folder) == words


def test_the_home_shows_what_helped_most_once_enough_is_known(
    reader: TestClient, services: FakeServices, lists: dict[str, list[Listed]]
) -> None:
    ids = ("devices/wren-wifi", "returns/refund-times", "delivery/where-we-deliver", "orders/other")
    lists["en"] = [Listed(one, one, "", "en") for one in ids]
    uses = FakeUses()
    uses.counts = {
        "devices/wren-wifi": 3,
        "returns/refund-times": 9,
        "delivery/where-we-deliver": 2,
        "agents/secret": 50,
    }
    services.popular = Popular(uses, now=lambda: NOON)
    assert "Most helpful lately" not in reader.get(BASE).text
    uses.counts = uses.counts | {"delivery/where-we-deliver": 5}
    # The count of an hour ago still stands.
    assert "Most helpful lately" not in reader.get(BASE).text
    services.popular = Popular(uses, now=lambda: NOON)
    listed = reader.get(BASE).text.partition('id="popular"')[2].partition("</section>")[0]
    assert re.findall(r'href="/help/en/([^"]+)"', listed) == [
        "returns/refund-times",
        "delivery/where-we-deliver",
        "devices/wren-wifi",
    ]


@pytest.mark.parametrize(
    ("path", "name", "like"),
    [
        ("delivery", "Delivery", "en/shipping"),
        ("x/billing", "", "payments"),
        ("lieferung", "Lieferung", "delivery"),
    ],
)
def test_categories_of_one_matter_have_one_drawing_and_unknown_ones_a_book(
    path: str, name: str, like: str
) -> None:
    assert drawing(path, name) == drawing(like, "") != drawing("quux", "Quux")
