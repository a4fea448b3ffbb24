"""What a page says of itself: it orders what fits about equally, filters nothing, and stands on the ticket."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat.incoming import Incoming
from bot.composition import Services
from bot.dialogue.whereabouts import MOST_CHARS, NOWHERE, Whereabouts
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.flows.talking import stored
from tests.index import small_centre
from tests.index.small_centre import Centre

#: Two machines, told of in the same words.
TWO = """---
title: Descale the {name}
product: {name}
tags: [{tag}]
---
Descale your machine every three months. Fill the tank with the descaling liquid and press the cup.
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    made = small_centre.empty(tmp_path_factory.mktemp("machines"))
    made.write("en/devices/heron.md", TWO.format(name="Heron", tag="home"))
    made.write("en/devices/wren.md", TWO.format(name="Wren", tag="office"))
    made.write("en/orders/track.md", small_centre.ARTICLES["en/orders/track.md"])
    made.ingest()
    return made


@pytest.fixture
def opened(centre: Centre) -> Iterator[Services]:
    with deciding(centre, ALWAYS_ANSWER) as services:
        yield services


def best(opened: Services, text: str, where: Whereabouts = NOWHERE) -> str:
    """The title of the article that a first message is answered with, or of the first one to choose from."""
    reply = opened.answering.answer(text, locale="en", where=where).reply
    return (*(one.title for one in reply.citations), *reply.choices)[0]


ASKED = "How often do I descale my machine?"


def test_the_pages_own_product_comes_first_among_articles_that_fit_alike(opened: Services) -> None:
    assert best(opened, ASKED, Whereabouts(product="Heron")) == "Descale the Heron"
    assert best(opened, ASKED, Whereabouts(product="wren")) == "Descale the Wren"


def test_a_plan_or_page_means_articles_by_tag_category_or_name(opened: Services) -> None:
    assert best(opened, ASKED, Whereabouts(plan="home")) == "Descale the Heron"
    assert best(opened, ASKED, Whereabouts(plan="Office")) == "Descale the Wren"
    assert best(opened, ASKED, Whereabouts(page="devices/wren")) == "Descale the Wren"


def test_what_the_customer_names_counts_more_than_the_page(opened: Services) -> None:
    assert (
        best(opened, "How often do I descale the Heron?", Whereabouts(product="Wren")) == "Descale the Heron"
    )


def test_a_page_filters_nothing(opened: Services) -> None:
    for where in (Whereabouts(product="Wren"), Whereabouts(plan="office", page="devices")):
        assert best(opened, "Where is my parcel?", where) == "Track your order"


@pytest.mark.parametrize("said", ["Toaster", "", "<script>", "heron, wren", "x" * MOST_CHARS])
def test_values_that_no_article_has_change_nothing(said: str, opened: Services) -> None:
    plain = opened.answering.answer(ASKED, locale="en").reply
    where = Whereabouts(product=said, plan=said, page=said)
    assert opened.answering.answer(ASKED, locale="en", where=where).reply == plain


def test_people_find_on_the_ticket_what_the_page_said_cleaned_and_cut(
    opened: Services, tmp_path: Path
) -> None:
    where = Whereabouts("Wren", "card 4111 1111 1111 1111", "check\nout " + "y" * 300)
    handled = opened.chat.reply(Incoming("I want to talk to a person", locale="en", where=where))
    ticket = opened.conversations.ticket(stored(opened, handled).ticket)
    assert ticket is not None
    told = ticket.packet.where
    assert told.product == "Wren"
    assert "4111" not in told.plan
    assert told.page == ("check out " + "y" * 300)[:MOST_CHARS]
