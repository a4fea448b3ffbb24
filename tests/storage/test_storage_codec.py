"""Values survive their JSON; JSON of another version, or none at all, is refused in a sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.reply import Citation, Reply
from bot.errors import BotError, NotReady
from bot.storage import codec
from bot.storage.columns import legal
from kb.article import Span
from tests.storage.samples import ANSWER, CITATION

_text = st.text().map(legal)
_texts = st.lists(_text, max_size=3).map(tuple)
_citations = st.builds(
    Citation,
    article_id=_text,
    locale=_text,
    title=_text,
    heading_path=_texts,
    url=_text,
    quote=_text,
    text=_text,
    revision=_text,
)
_replies = st.builds(
    Reply,
    text=_text,
    citations=st.lists(_citations, max_size=3).map(tuple),
    confidence=st.floats(0, 1),
    rule=_text,
    language=_text,
    choices=_texts,
    none_of_these=_text,
)


@given(_replies)
def test_a_reply_comes_back_as_it_was(reply: Reply) -> None:
    assert codec.reply_from_json(codec.reply_to_json(reply)) == reply


@given(st.lists(_citations, max_size=3).map(tuple))
def test_citations_come_back_as_they_were(citations: tuple[Citation, ...]) -> None:
    assert codec.citations_from_json(codec.citations_to_json(citations)) == citations


@given(st.lists(st.builds(Span, text=_text), max_size=3).map(tuple))
def test_spans_come_back_as_they_were(spans: tuple[Span, ...]) -> None:
    assert codec.spans_from_json(codec.spans_to_json(spans)) == spans


@given(st.lists(st.text(), max_size=3))
def test_strings_come_back_with_only_what_no_database_holds_replaced(strings: list[str]) -> None:
    stored = codec.strings_to_json(strings)
    assert codec.strings_from_json(stored) == tuple(legal(string) for string in strings)
    assert "\x00" not in stored
    assert "\\u0000" not in codec.strings_to_json(["\x00"])


_READERS: dict[str, Callable[[str], Any]] = {
    "reply": codec.reply_from_json,
    "list of citations": codec.citations_from_json,
    "list of spans": codec.spans_from_json,
}


@pytest.mark.parametrize("what", _READERS)
@pytest.mark.parametrize("version", ["2", '"1"', "null"])
def test_another_version_is_refused_and_named(what: str, version: str) -> None:
    with pytest.raises(NotReady) as refused:
        _READERS[what](f'{{"v":{version}}}')
    assert str(refused.value) == (
        f"A stored {what} has format {json.loads(version)!r} and this version of tierzero reads format 1; "
        "start the version that wrote it, or a newer one."
    )


@pytest.mark.parametrize("what", _READERS)
@pytest.mark.parametrize("stored", ["", "{", "[]", '{"v":1}', '{"v":1,"citations":3,"spans":[[1]]}'])
def test_what_is_damaged_is_refused_with_what_to_do(what: str, stored: str) -> None:
    with pytest.raises(BotError, match=f"A stored {what} is damaged; restore the database from a backup"):
        _READERS[what](stored)


@pytest.mark.parametrize("stored", ["", "{}", "[1]", "null"])
def test_damaged_strings_are_refused(stored: str) -> None:
    with pytest.raises(BotError, match="A stored list of strings is damaged"):
        codec.strings_from_json(stored)


def _changed(**changes: object) -> str:
    body = json.loads(codec.reply_to_json(ANSWER))
    for name, value in changes.items():
        if value is None:
            del body[name]
        else:
            body[name] = value
    return json.dumps(body)


@pytest.mark.parametrize(
    "stored",
    [
        _changed(text=None),
        _changed(mood="new"),
        _changed(kind="joke"),
        _changed(reason="none"),
        _changed(citations=[{}]),
        _changed(citations=[{**json.loads(codec.citations_to_json([CITATION]))["citations"][0], "page": 3}]),
        _changed(citations=["text"]),
    ],
)
def test_a_reply_with_a_missing_unknown_or_foreign_field_is_refused(stored: str) -> None:
    with pytest.raises(BotError, match="A stored reply is damaged"):
        codec.reply_from_json(stored)
