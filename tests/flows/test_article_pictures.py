"""A picture in an article's folder shows on its page, changes with its file and vanishes with it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from tests.index.small_centre import Centre

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ARTICLE = """---
title: The label on the parcel
---
This is how it looks: ![A label with a bar code](../../images/label%20new.svg) and ![From the root](/images/photo.png)
and ![Nowhere](missing.png).
"""


@pytest.fixture
def pictured(centre: Centre) -> Centre:
    folder: Path = centre.source / "images"
    folder.mkdir()
    (folder / "label new.svg").write_text(DRAWING)
    (folder / "photo.png").write_bytes(b"photo")
    centre.write("en/returns/label.md", ARTICLE)
    centre.ingest()
    return centre


@contextmanager
def served(centre: Centre) -> Iterator[TestClient]:
    with centre.services() as opened, TestClient(create_app(lambda: opened)) as client:
        yield client


def shown(centre: Centre) -> tuple[dict[str, str], dict[str, tuple[int, str, bytes]]]:
    """Address of each picture on the page by its alternative text, and what is at each address; "" for words alone."""
    with served(centre) as client:
        page = client.get("/help/en/returns/label", headers={"accept": "text/html"}).text
        tags = re.findall(r"<img[^>]*>", page)
        addresses = {
            re.search('alt="([^"]*)"', tag)[1]: (re.search('src="([^"]*)"', tag) or ["", ""])[1]  # type: ignore[index]
            for tag in tags
        }
        addresses |= dict.fromkeys(re.findall(r'<span class="lost">Picture: ([^<]*)</span>', page), "")
        got = {}
        for address in filter(None, addresses.values()):
            answer = client.get(address)
            got[address] = (answer.status_code, answer.headers["content-type"], answer.content)
    return addresses, got


def test_pictures_beside_the_article_and_from_the_root_are_shown(pictured: Centre) -> None:
    addresses, got = shown(pictured)
    assert got[addresses["A label with a bar code"]] == (200, "image/svg+xml", DRAWING.encode())
    assert got[addresses["From the root"]] == (200, "image/png", b"photo")
    assert addresses["Nowhere"] == ""


def test_a_drawing_opened_by_itself_may_run_and_load_nothing(pictured: Centre) -> None:
    addresses, _ = shown(pictured)
    with served(pictured) as client:
        headers = client.get(addresses["A label with a bar code"]).headers
    assert headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_picture_that_changed_is_shown_anew_though_no_text_did(pictured: Centre) -> None:
    before, _ = shown(pictured)
    (pictured.source / "images" / "photo.png").write_bytes(b"another photo")
    ingested = pictured.ingest()
    after, got = shown(pictured)
    assert ingested.embedded == 0
    assert after["From the root"] != before["From the root"]
    assert got[after["From the root"]][2] == b"another photo"


def test_a_picture_that_was_deleted_is_gone(pictured: Centre) -> None:
    before, _ = shown(pictured)
    (pictured.source / "images" / "photo.png").unlink()
    pictured.ingest()
    after, _ = shown(pictured)
    assert after["From the root"] == ""
    with served(pictured) as client:
        assert client.get(before["From the root"]).status_code == 404


def test_a_new_index_from_the_stored_articles_keeps_their_pictures(pictured: Centre) -> None:
    before, _ = shown(pictured)
    with pictured.services() as opened:
        opened.ingestion.reindex()
    after, got = shown(pictured)
    assert after == before
    assert all(status == 200 for status, _, _ in got.values())
