"""The shelf on both databases: publishing, replacing, removing, and what stays."""

import datetime as dt

import pytest

from bot.ports import Generation, KnownFile, Published, Release
from bot.storage.articles import ArticleRecord, ArticleShelf
from bot.storage.engine import Database
from kb.article import ArticleKey, Audience, Chunk
from tests.storage.samples import (
    BERLIN,
    LATER,
    NOON,
    REFUNDS,
    RETURNS,
    RETURNS_DE,
    article,
    chunk,
    generation,
    release,
)


def test_an_empty_shelf_has_nothing_and_no_generation(shelf: ArticleShelf) -> None:
    assert shelf.generation() is None
    assert shelf.published() == {}
    assert shelf.published([RETURNS]) == {}
    assert list(shelf.chunks()) == []
    assert shelf.chunk_count() == 0
    assert shelf.listing() == []
    assert shelf.files("/help") == []
    assert shelf.root_of(RETURNS) is None
    assert shelf.source(RETURNS, "0" * 12) is None
    assert shelf.revisions(RETURNS) == []
    assert shelf.record(RETURNS, "0" * 12) is None


def test_a_published_article_can_be_found_by_all_its_names(shelf: ArticleShelf) -> None:
    returns = article()
    shelf.publish([release(returns)], generation(), NOON)
    expected = Published(RETURNS, returns.revision, returns.title, Audience.PUBLIC, returns.url)
    assert shelf.published() == {RETURNS: expected}
    assert shelf.published([RETURNS, REFUNDS]) == {RETURNS: expected}
    assert shelf.published(iter([RETURNS])) == {RETURNS: expected}
    assert shelf.published([]) == {}
    assert shelf.root_of(RETURNS) == "/help"
    assert shelf.source(RETURNS, returns.revision) == returns.source
    assert shelf.revisions(RETURNS) == [(returns.revision, NOON)]
    assert shelf.files("/help") == [KnownFile("en/returns/how-to.md", "d" * 64, RETURNS, "")]
    assert list(shelf.chunks()) == [chunk(returns)]
    assert shelf.generation() == Generation("generation-1", "corpus-1")


def test_all_that_is_known_of_an_article_comes_back(shelf: ArticleShelf) -> None:
    returns = article(category="Rücksendung ☕")
    shelf.publish([release(returns)], generation(), NOON)
    expected = ArticleRecord(
        key=RETURNS,
        revision=returns.revision,
        title="About returns/how-to",
        audience=Audience.PUBLIC,
        url="https://shop.example/help/returns",
        tags=("returns", "naïve ☕"),
        product="Wren",
        owner="care@shop.example",
        last_reviewed=dt.date(2025, 1, 31),
        next_review=dt.date(2026, 1, 31),
        first_published_at=NOON,
        root="/help",
        path="en/returns/how-to.md",
        category="Rücksendung ☕",
    )
    assert shelf.listing() == [expected]
    assert shelf.record(RETURNS, returns.revision) == expected


def test_an_article_without_dates_has_none(shelf: ArticleShelf) -> None:
    bare = article(last_reviewed=None, next_review=None, tags=(), url="", product="", owner="")
    shelf.publish([release(bare)], generation(), NOON)
    (listed,) = shelf.listing()
    assert (listed.last_reviewed, listed.next_review, listed.tags, listed.url) == (None, None, (), "")


def test_a_time_from_another_zone_comes_back_as_the_same_moment_in_utc(shelf: ArticleShelf) -> None:
    shelf.publish([release(article())], generation(), NOON.astimezone(BERLIN))
    ((_, at),) = shelf.revisions(RETURNS)
    assert at == NOON
    assert at.tzinfo is dt.UTC
    assert at.microsecond == 123456


def test_a_new_revision_replaces_article_and_chunks_and_keeps_the_old_text(shelf: ArticleShelf) -> None:
    old = article(source="old text")
    new = article(source="new text", title="New title", audience=Audience.AGENT)
    shelf.publish([release(old)], generation(1), NOON)
    shelf.publish([release(new)], generation(2), LATER)
    assert shelf.published()[RETURNS] == Published(
        RETURNS, new.revision, "New title", Audience.AGENT, new.url
    )
    assert list(shelf.chunks()) == [chunk(new)]
    assert shelf.revisions(RETURNS) == [(old.revision, NOON), (new.revision, LATER)]
    assert shelf.source(RETURNS, old.revision) == "old text"
    kept = shelf.record(RETURNS, old.revision)
    assert kept is not None
    assert (kept.title, kept.audience, kept.root, kept.path) == (old.title, Audience.PUBLIC, "", "")
    assert shelf.generation() == generation(2)


def test_going_back_to_an_old_revision_adds_no_second_one(shelf: ArticleShelf) -> None:
    old, new = article(source="old text"), article(source="new text")
    for at, revision in ((NOON, old), (LATER, new), (LATER + dt.timedelta(1), old)):
        shelf.publish([release(revision)], generation(), at)
    assert shelf.published()[RETURNS].revision == old.revision
    assert shelf.revisions(RETURNS) == [(old.revision, NOON), (new.revision, LATER)]


def test_reading_the_same_source_better_changes_what_is_known_but_not_when(shelf: ArticleShelf) -> None:
    shelf.publish([release(article(title="Wrong"))], generation(), NOON)
    shelf.publish([release(article(title="Right", tags=("new",)))], generation(), LATER)
    (listed,) = shelf.listing()
    assert (listed.title, listed.tags, listed.first_published_at) == ("Right", ("new",), NOON)


def test_a_removed_article_stops_answering_and_keeps_its_revisions(shelf: ArticleShelf) -> None:
    returns, refunds = article(), article(REFUNDS, "refunds")
    shelf.publish([release(returns, refunds)], generation(1), NOON)
    gone = Release("/help", (), (), (), (RETURNS,))
    shelf.publish([gone], generation(2), LATER)
    assert set(shelf.published()) == {REFUNDS}
    assert shelf.published([RETURNS]) == {}
    assert [found.key for found in shelf.chunks()] == [REFUNDS]
    assert shelf.chunk_count() == 1
    assert shelf.root_of(RETURNS) is None
    assert [listed.key for listed in shelf.listing()] == [REFUNDS]
    assert shelf.source(RETURNS, returns.revision) == returns.source
    assert shelf.revisions(RETURNS) == [(returns.revision, NOON)]


@pytest.mark.parametrize("first", ["old home", "new home"])
def test_an_article_that_moves_to_another_source_is_not_removed_by_the_first(
    shelf: ArticleShelf, first: str
) -> None:
    shelf.publish([release(article(), root="/old")], generation(1), NOON)
    leaving = Release("/old", (), (), (), (RETURNS,))
    coming = release(article(), root="/new")
    order = [leaving, coming] if first == "old home" else [coming, leaving]
    shelf.publish(order, generation(2), LATER)
    assert shelf.root_of(RETURNS) == "/new"
    assert shelf.chunk_count() == 1
    assert shelf.files("/old") == []


def test_locales_of_one_id_are_different_articles(shelf: ArticleShelf) -> None:
    english, german = article(), article(RETURNS_DE, "# Rückgabe")
    shelf.publish([release(english, german)], generation(), NOON)
    assert set(shelf.published([RETURNS])) == {RETURNS}
    assert set(shelf.published([RETURNS, RETURNS_DE])) == {RETURNS, RETURNS_DE}
    assert shelf.source(RETURNS_DE, german.revision) == "# Rückgabe"
    shelf.publish([Release("/help", (), (), (), (RETURNS,))], generation(), LATER)
    assert set(shelf.published()) == {RETURNS_DE}


def test_many_keys_are_answered_like_few(shelf: ArticleShelf) -> None:
    shelf.publish([release(article(), article(REFUNDS, "refunds"))], generation(), NOON)
    many = [ArticleKey(f"unknown/{number}", "en") for number in range(40_000)]
    assert set(shelf.published([*many, RETURNS])) == {RETURNS}


def test_files_of_a_source_are_replaced_and_others_left_alone(shelf: ArticleShelf) -> None:
    seen = (
        KnownFile("a.md", "1", RETURNS, ""),
        KnownFile("draft.md", "2", None, ""),
        KnownFile("torn.md", "3", None, "This file is empty."),
    )
    shelf.publish([Release("/one", seen, (), (), ())], generation(), NOON)
    shelf.publish([Release("/two", seen[:1], (), (), ())], generation(), NOON)
    assert tuple(shelf.files("/one")) == seen
    shelf.publish([Release("/one", seen[1:2], (), (), ())], generation(), NOON)
    assert tuple(shelf.files("/one")) == seen[1:2]
    assert tuple(shelf.files("/two")) == seen[:1]


def test_a_renamed_file_shows_in_the_listing_though_its_article_did_not_change(shelf: ArticleShelf) -> None:
    shelf.publish([release(article())], generation(), NOON)
    renamed = (KnownFile("moved.md", "d" * 64, RETURNS, ""),)
    shelf.publish([Release("/help", renamed, (), (), ())], generation(), LATER)
    assert [listed.path for listed in shelf.listing()] == ["moved.md"]


def test_chunks_come_by_key_and_ordinal_in_code_point_order(shelf: ArticleShelf) -> None:
    ids = ["b", "B", "a-b", "ab", "é", "Z"]
    articles = [article(ArticleKey(id_, "en"), id_) for id_ in ids]
    found = tuple(chunk(of, ordinal) for of in articles for ordinal in (11, 2, 0))
    shelf.publish([Release("/help", (), tuple(articles), found, ())], generation(), NOON)
    expected = [(ArticleKey(id_, "en"), ordinal) for id_ in sorted(ids) for ordinal in (0, 2, 11)]
    assert [(each.key, each.ordinal) for each in shelf.chunks()] == expected
    assert [listed.key.id for listed in shelf.listing()] == sorted(ids)


def test_chunks_are_those_of_the_moment_the_first_was_taken(shelf: ArticleShelf) -> None:
    before = [article(ArticleKey(f"a{number:04}", "en"), f"old {number}") for number in range(1200)]
    shelf.publish([release(*before)], generation(1), NOON)
    stream = iter(shelf.chunks())
    taken = [next(stream)]
    after = [article(of.key, f"new {of.key.id}") for of in before]
    shelf.publish([release(*after)], generation(2), LATER)
    taken += stream
    assert {each.revision for each in taken} == {of.revision for of in before}
    assert [each.revision for each in shelf.chunks()] == [of.revision for of in after]


def test_a_stream_left_halfway_gives_its_connection_back(shelf: ArticleShelf) -> None:
    shelf.publish([release(article(), article(REFUNDS, "refunds"))], generation(), NOON)
    for _ in range(40):
        stream = shelf.chunks()
        assert isinstance(next(stream), Chunk)
        stream.close()
    assert shelf.chunk_count() == 2


def test_ten_thousand_chunks_are_published_and_streamed_back(shelf: ArticleShelf) -> None:
    articles = [article(ArticleKey(f"a{number:04}", "en"), f"text {number}") for number in range(1000)]
    chunks = tuple(chunk(of, ordinal) for of in articles for ordinal in range(10))
    shelf.publish([Release("/help", (), tuple(articles), chunks, ())], generation(), NOON)
    assert shelf.chunk_count() == 10_000
    assert tuple(shelf.chunks()) == chunks


def test_a_publish_that_fails_leaves_everything_as_it_was(shelf: ArticleShelf, database: Database) -> None:
    old = article(source="old text")
    shelf.publish([release(old)], generation(1), NOON)
    broken = release(article(source="new text"), root=None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"(?i)null"):
        shelf.publish([release(article(REFUNDS, "refunds"), root="/two"), broken], generation(2), LATER)
    assert shelf.generation() == generation(1)
    assert list(shelf.published()) == [RETURNS]
    assert [revision for revision, _ in shelf.revisions(RETURNS)] == [old.revision]
    assert list(shelf.chunks()) == [chunk(old)]
    assert shelf.files("/two") == []


def test_nul_and_lone_surrogates_in_an_article_are_replaced_so_that_offsets_hold(shelf: ArticleShelf) -> None:
    odd = article(source="a\x00b\ud800c", title="t\x00")
    shelf.publish([release(odd)], generation(), NOON)
    assert shelf.source(RETURNS, odd.revision) == "a\ufffdb\ufffdc"
    assert shelf.published()[RETURNS].title == "t\ufffd"


@pytest.mark.parametrize("name", ["\x00", "a\ud800", "' OR 1=1 --", "☕" * 3000])
def test_a_strange_key_is_simply_not_found(shelf: ArticleShelf, name: str) -> None:
    shelf.publish([release(article())], generation(), NOON)
    key = ArticleKey(name, name)
    assert shelf.published([key]) == {}
    assert shelf.root_of(key) is None
    assert shelf.source(key, name) is None
    assert shelf.revisions(key) == []
    assert shelf.record(key, name) is None
