"""A folder of articles that is moved or goes for good."""

from pathlib import Path

import pytest

from bot.errors import NotFound, NotReady
from kb.errors import SourceUnavailable
from tests.index.small_centre import ARTICLES, Centre


def published(centre: Centre) -> int:
    with centre.services() as opened:
        return len(opened.shelf.listing())


def test_a_moved_folder_goes_on_where_it_is_now(centre: Centre) -> None:
    before = published(centre)
    moved = centre.source.rename(centre.source.with_name("moved"))
    with centre.services() as opened:
        done = opened.ingestion.ingest([moved])
        assert done.receipt.quarantined == ()
        assert done.embedded == 0
        assert {record.root for record in opened.shelf.listing()} == {str(moved.resolve())}
    assert published(centre) == before


def test_a_folder_that_is_still_there_keeps_its_articles(centre: Centre, tmp_path: Path) -> None:
    other = tmp_path / "other" / "en" / "orders"
    other.mkdir(parents=True)
    (other / "track.md").write_text(ARTICLES["en/orders/track.md"], encoding="utf-8")
    with centre.services() as opened:
        (quarantined,) = opened.ingestion.ingest([tmp_path / "other"]).receipt.quarantined
    assert "comes from" in quarantined.reason


def test_a_folder_that_is_gone_for_good_is_forgotten(centre: Centre) -> None:
    centre.source.rename(centre.source.with_name("elsewhere"))
    with centre.services() as opened:
        done = opened.ingestion.forget(centre.source)
        assert len(done.receipt.removed) > 0
        assert opened.shelf.listing() == []
    with centre.services() as opened, pytest.raises(NotReady, match="knowledge base is empty"):
        opened.answering.answer("Where is my parcel?")


def test_forgetting_what_was_never_there_says_so(centre: Centre, tmp_path: Path) -> None:
    with centre.services() as opened, pytest.raises(NotFound):
        opened.ingestion.forget(tmp_path / "nothing")


def test_a_folder_that_lost_everything_is_not_believed_at_once(centre: Centre) -> None:
    before = published(centre)
    centre.source.rename(centre.source.with_name("unmounted"))
    centre.source.mkdir()
    with centre.services() as opened:
        with pytest.raises(SourceUnavailable, match="--allow-empty"):
            opened.ingestion.ingest([centre.source])
        assert len(opened.shelf.listing()) == before
        done = opened.ingestion.ingest([centre.source], allow_empty=True)
        assert len(done.receipt.removed) == before
        assert opened.shelf.listing() == []


def test_what_moved_into_another_folder_of_the_same_ingest_is_not_lost(centre: Centre) -> None:
    before = published(centre)
    moved = centre.source.rename(centre.source.with_name("moved"))
    centre.source.mkdir()
    with centre.services() as opened:
        done = opened.ingestion.ingest([centre.source, moved])
        assert done.receipt.quarantined == ()
        assert len(opened.shelf.listing()) == before
