"""The help centre that browser tests look at: everything an article may have, a ticket, mails that wait."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from bot.help_centre.own_requests import LINK_HOLDS, PURPOSE
from bot.outgoing.effects import Standing
from bot.people.roles import Role
from tests.agents.colleagues import ANN, Clock, House
from tests.browser.barriers import barriers
from tests.browser.serving import PATIENCE, served_desk
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.index import small_centre

RICH = """---
title: Everything an article may have
last_reviewed: 2026-05-01
---
Words before.

[Watch how it is done](https://www.youtube.com/watch?v=abc123)

> [!warning] Mind the heat
> The pot is hot.

## A table

| Country | Standard price | Express price | Free from | Working days | Carrier |
|---|---|---|---|---|---|
| Germany | 3.90 EUR | 9.90 EUR | 35 EUR | 2 to 3 | A carrier with a long name |

## Code

```sh
curl --header 'Content-Type: application/json' https://shop.example/a/very/long/address/that/does/not/fit/anywhere
```

## A diagram

```mermaid
graph TD; A-->B;
```
"""


@dataclass(frozen=True)
class Site:
    """A served help centre, and a link to the requests of a customer."""

    url: str
    desk: House
    reference: str

    def link(self) -> str:
        """The path of a link that nobody has opened."""
        # An address gets a few links an hour.
        self.desk.clock.at += dt.timedelta(hours=2)
        services, now = self.desk.services, self.desk.clock.at
        count = len(services.outbox.list(tuple(Standing), 500))
        services.own_requests.ask(ANN, "en")
        assert len(services.outbox.list(tuple(Standing), 500)) == count + 1
        return f"/help/requests/open/{services.keyring.sign(PURPOSE, f'id{self.desk.clock.count}', now + LINK_HOLDS)}"


def served(folder: Path) -> Iterator[Site]:
    """The real service, on loopback."""
    centre = small_centre.ingested(folder)
    centre.write("en/orders/rich.md", RICH)
    clock = Clock()
    settings = {
        "smtp_host": "127.0.0.1",
        "smtp_from": "Tarnbean <help@shop.example>",
        "public_url": "https://help.shop.example",
        "locales": ("en", "es"),
        "help_locales": ("en", "es", "ar"),
        "rate_burst": 1000,
        "work": False,
    }
    with deciding(centre, ALWAYS_ANSWER, clock.chance(), **settings) as opened:
        opened.ingestion.ingest([centre.source])
        desk = House(opened, clock, None)  # type: ignore[arg-type]
        agent = opened.signing_in.principal(desk.token(Role.AGENT))
        assert agent is not None
        reference = desk.ticket(
            "where is my parcel with the very long number 12345678901234567890", contact=ANN
        )
        opened.desk.reply(agent, reference, "It leaves today.")
        with served_desk(desk) as url:
            yield Site(url, desk, reference)


def opened(browser: Browser, **how: object) -> Page:
    """A page of a browser that nobody has used."""
    context = browser.new_context(reduced_motion="reduce", **how)
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def troubles(page: Page) -> list[str]:
    """What keeps somebody out, light or dark, and whether the page is wider than the screen."""
    page.wait_for_load_state()
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return barriers(page) + ([f"wider than the screen: {width}"] if width[0] > width[1] else [])
