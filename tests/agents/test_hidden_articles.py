"""What is for agents is in no answer of the help centre: every route is asked, every link is followed."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.web.routers import ROUTERS
from tests.agents.colleagues import House, house
from tests.index.small_centre import SECRETS, Centre

HIDDEN = {
    # A translation for agents of an article that customers read, in a folder whose name is theirs too.
    "es/orders/track.md": "---\ntitle: Osprey sigue su pedido\naudience: agent\ncategory: Kestrel\n---\n"
    "Pague ninety euros con el bono kestrel.\n",
    # A folder and tags that only agents have, in the language that others fall back on, and in one without articles.
    "en/osprey-desk/kestrel.md": "---\ntitle: Kestrel first\naudience: agent\ntags: [kestrel]\nproduct: Osprey\n---\n"
    "The osprey desk has ninety euros.\n",
    "ar/osprey-desk/kestrel.md": "---\ntitle: Kestrel\naudience: agent\n---\nNinety euros, osprey.\n",
    # A public article that leads to theirs.
    "en/orders/late.md": "---\ntitle: A parcel that is late\n---\nWe are sorry, see [[agents/goodwill|what we do]] "
    "and [more](../osprey-desk/kestrel.md).\n\n## What now?\n\nWrite to us.\n\n## How long?\n\nA day.\n",
}
LOCALES = ("en", "es", "ar", "fr")
ASKED = ("goodwill payment voucher kestrel", "osprey room", "kestrel first", "parcel late", "ninety euros")
PORTAL = ("/help", "/sitemap.xml", "/robots.txt", "/chat/topic")
GONE = ("agents/goodwill", "osprey-desk/kestrel", "agents", "osprey-desk")


@pytest.fixture(scope="module")
def desk(agents_centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    centre = agents_centre.copy(Path(tmp_path_factory.mktemp("hidden")) / "copy")
    settings = {"help_locales": LOCALES, "locales": ("en", "es", "fr"), "rate_burst": 10_000}
    with house(centre, **settings) as opened:
        for name, text in HIDDEN.items():
            centre.write(name, text)
        opened.services.ingestion.ingest([centre.source])
        yield opened


def told(text: str, *echoed: str) -> list[str]:
    """What an answer tells of agents' articles, besides what was asked."""
    for words in echoed:
        for form in (words, quote(words), quote(words).replace("%20", "+"), words.replace("'", "&#39;")):
            text = text.replace(form, "")
    return [word for word in (*SECRETS, *GONE[:2], "/agents", "osprey-desk") if word in text.lower()]


def asked(route: str) -> Iterator[tuple[str, str]]:
    """(address, words asked in it) that stand for all of a route."""
    for locale in LOCALES:
        if "{article_id" in route:
            for gone in (*GONE, "orders/track", "orders/late", "orders"):
                yield f"/help/{locale}/{gone}", gone
                yield f"/help/{locale}/{gone}?page=2&revision=&start=0&end=9", gone
        elif "{locale}" in route:
            yield route.format(locale=locale), ""
        elif route in ("/help/search", "/help/search.json"):
            for words in ASKED:
                for narrowed in ("", "&tag=kestrel", "&product=Osprey", "&tag=internal"):
                    yield f"{route}?locale={locale}&q={quote(words)}{narrowed}", words
        elif route == "/chat/topic":
            for gone in GONE:
                yield f"{route}?article={quote(gone)}&locale={locale}", gone
        else:
            yield f"{route}?locale={locale}".replace("{digest}", "0" * 64).replace("{token}", "a.b"), ""


def test_no_route_of_the_help_centre_tells_of_an_agents_article(desk: House) -> None:
    routes = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if "GET" in route.methods and route.path.startswith(PORTAL)
    }
    assert {"/help/{locale}", "/help/search", "/sitemap.xml", "/help/feed/{locale}.atom"} <= routes
    found = {}
    for route in sorted(routes):
        for address, words in asked(route):
            page = desk.client.get(address, headers={"accept": "text/html"})
            if wrong := told(page.text, words, address.partition("?")[0].rpartition("/")[2]):
                found[address] = wrong
    assert found == {}


def test_nothing_that_readers_can_click_leads_to_an_agents_article(desk: House) -> None:
    todo, seen, found = [f"/help/{locale}" for locale in LOCALES], set[str](), {}
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        page = desk.client.get(address, headers={"accept": "text/html"})
        if page.status_code != 200 or (wrong := told(page.text)):
            found[address] = (page.status_code, wrong)
        links = re.findall(r'(?:href|action|src)="(/[^"#]*)', page.text)
        todo += [
            one.replace("&amp;", "&")
            for one in links
            if one.startswith("/help") and one != "/help/contact/answered"
        ]
    assert found == {}
    assert {"/help/en/orders/late", "/help/ar/orders/track", "/help/es/orders", "/help/feed/en.atom"} <= seen


@pytest.mark.parametrize("gone", GONE[:2])
def test_nobody_can_vote_on_an_agents_article(desk: House, gone: str) -> None:
    page = desk.client.get("/help/en/orders/late").text
    token = re.findall(r'name="token" value="([^"]+)"', page)[0]
    for locale in LOCALES:
        voted = desk.client.post(f"/help/{locale}/{gone}", data={"helpful": "yes", "token": token})
        assert (voted.status_code, told(voted.text, gone)) == (404, [])


@pytest.mark.parametrize("path", ["/help/contact", "/help/contact/fitting"])
def test_the_form_offers_no_agents_article(desk: House, path: str) -> None:
    for locale in LOCALES:
        token = re.findall(r'name="token" value="([^"]+)"', desk.client.get("/help/contact").text)[0]
        for words in ASKED:
            form = {
                "token": token,
                "locale": locale,
                "email": "ann@example.org",
                "message": f"{words}, what now?",
            }
            assert told(desk.client.post(path, data=form).text, words) == []
