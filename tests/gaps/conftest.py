"""A small help centre whose bot is sure only of what it is close to, and customers who ask for more."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.composition import Services
from tests.agents.colleagues import House, house
from tests.flows.talking import say
from tests.index import small_centre
from tests.index.small_centre import Centre

#: Late interaction that what the help centre has reaches, and what it lacks does not.
SURE = (0.66, 0.66)

WRAPPING = (
    "do you sell gift wrapping",
    "can you wrap my order as a gift",
    "I would like gift wrapping for a present, is that possible",
    "is there a gift wrap option at checkout",
    "can my parcel be gift wrapped",
)
WARRANTY = ("what is the warranty on the brewer", "how long is the guarantee for the brewer machine")
WRAPPING_ARTICLE = """---
title: Gift wrapping
---
We wrap your order as a gift for 4 EUR. Tick *Gift wrapping* at checkout. Each parcel can be gift wrapped.
"""


@pytest.fixture(scope="session")
def gaps_centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """Ingested once; tests work on copies."""
    return small_centre.ingested(tmp_path_factory.mktemp("gaps"))


@pytest.fixture
def centre(gaps_centre: Centre, tmp_path: Path) -> Centre:
    """A copy to change."""
    return gaps_centre.copy(tmp_path / "copy")


@pytest.fixture
def served(centre: Centre) -> Iterator[House]:
    """The service over the copy."""
    with house(centre, SURE) as opened:
        yield opened


def ask(served: House, questions: Sequence[str]) -> None:
    """Each from another customer, a few minutes apart."""
    for question in questions:
        served.clock.at += dt.timedelta(minutes=3)
        say(served.services, question)


def write(served: House, centre: Centre, path: str, text: str) -> None:
    """An article lands, and the server has noticed."""
    centre.write(path, text)
    services: Services = served.services
    served.clock.at += dt.timedelta(hours=1)
    services.ingestion.ingest([centre.source])
    services.knowledge.refresh()
