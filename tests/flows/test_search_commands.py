"""`tierzero search` and `tierzero ask` print what they found, within what they were narrowed to."""

import json
import os
import subprocess
from collections.abc import Callable

import pytest

from bot.cli import main
from tests.index.small_centre import ARTICLES, TIERZERO, Centre, clean_environment

pytestmark = pytest.mark.usefixtures("own_environment")


def test_search_prints_every_raw_score(shared_centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["search", "reset my password", "--data", str(shared_centre.data), "--k", "3"]
    assert main([*given, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["hits"]) == 3
    best = found["hits"][0]
    assert best["article_id"] == "account/password"
    assert set(best["scores"]) >= {"dense", "title", "late", "lexical", "coverage"}
    assert main(given) == 0
    assert "dense" in capsys.readouterr().out


def test_search_keeps_to_locale_and_audience(
    shared_centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["search", "goodwill kestrel", "--data", str(shared_centre.data), "--json", "--k", "50"]
    for more, agents in (([], False), (["--audience", "agent"], True)):
        assert main([*given, *more]) == 0
        hits = json.loads(capsys.readouterr().out)["hits"]
        assert ("agents/goodwill" in {hit["article_id"] for hit in hits}) is agents
    for written in ("es", "ES"):
        assert main([*given, "--locale", written]) == 0
        assert {hit["locale"] for hit in json.loads(capsys.readouterr().out)["hits"]} == {"es"}


def test_search_keeps_to_tags_and_product(shared_centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["search", "lamp", "--data", str(shared_centre.data), "--json", "--k", "50"]
    brewer = {"devices/descale", "devices/error-codes"}
    for more, expected in (
        (["--product", "Brewer One"], brewer),
        (["--tag", "returns", "--tag", "devices"], {*brewer, "returns/send-back"}),
        (["--tag", "returns", "--product", "Brewer One"], set()),
    ):
        assert main([*given, *more]) == 0
        assert {hit["article_id"] for hit in json.loads(capsys.readouterr().out)["hits"]} == expected


def test_ask_gives_the_object_that_the_chat_gives(
    shared_centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "how do I reset my password", "--data", str(shared_centre.data)]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert {"kind", "text", "citations", "confidence", "reason", "language"} <= set(asked)
    for citation in asked["citations"]:
        source = ARTICLES[f"{citation['locale']}/{citation['article_id']}.md"]
        assert source[citation["start"] : citation["end"]] == citation["quote"]
        assert {"article_id", "title", "heading_path", "url", "revision"} <= set(citation)


def test_a_refused_index_says_what_to_run(centre: Centre, failing: Callable[..., str]) -> None:
    manifest = centre.data / "index/generations/1/manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"chunker": "old"}))
    for command in ("search", "ask"):
        assert "tierzero reindex" in failing(centre, command, "where is my parcel")


def test_words_that_are_not_utf8_are_searched_for_and_printed(centre: Centre) -> None:
    done = subprocess.run(
        [TIERZERO.encode(), b"search", b"caf\xe9 invoice", b"--json", b"--data", os.fsencode(centre.data)],
        env=clean_environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["hits"]
