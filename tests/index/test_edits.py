"""Edits cost what they change, and are found or gone at once."""

import os
import shutil
from dataclasses import replace

import pytest

from index.composing import chunk_digest
from index.hit import Filters
from index.searcher import Searcher
from tests.index import small_centre
from tests.index.published import counted, current, doctor_is_content, folders, found
from tests.index.small_centre import Centre


def test_an_unchanged_tree_embeds_nothing_and_publishes_nothing(centre: Centre) -> None:
    before = folders(centre, "generations")
    assert counted(centre) == (0, [])
    assert folders(centre, "generations") == before


def test_a_touched_but_unchanged_file_embeds_nothing(centre: Centre) -> None:
    for path in centre.source.rglob("*.md"):
        os.utime(path, (1, 1))
    assert counted(centre) == (0, [])


def test_an_edit_embeds_only_the_chunk_it_changes(centre: Centre) -> None:
    centre.edit("en/returns/send-back.md", "five working days", "eight working days")
    embedded, texts = counted(centre)
    assert embedded == len(texts) == 1
    assert "eight working days" in texts[0]
    best = found(current(centre), "when do I get my money back")[0]
    assert "eight working days" in best.chunk.spans[0].text


def test_chunks_are_known_again_by_what_the_encoder_reads_of_them(shared_centre: Centre) -> None:
    generation = current(shared_centre)
    chunks = [generation.chunk(position) for position in range(len(generation.rows))]
    moved = [replace(one, revision="0" * 12, ordinal=one.ordinal + 3, anchor="elsewhere") for one in chunks]
    assert [chunk_digest(one) for one in moved] == [chunk_digest(one) for one in chunks]
    assert len({chunk_digest(one) for one in chunks}) == len(chunks)
    assert chunk_digest(replace(chunks[0], title="Another")) != chunk_digest(chunks[0])


def test_a_metadata_edit_embeds_nothing_and_is_filtered_by_at_once(centre: Centre) -> None:
    centre.edit("en/orders/track.md", "tags: [orders, delivery]", "tags: [orders, parcels]\nproduct: Post")
    assert counted(centre) == (0, [])
    generation = current(centre)
    searcher = Searcher(small_centre.encoder(), generation)
    question = searcher.question("tracking link")
    for filters in (Filters(tags=("parcels",)), Filters(product="Post")):
        hits = searcher.search(question, filters, 10).hits
        assert {hit.chunk.key.id for hit in hits} == {"orders/track"}
        assert len(hits) == 2


def test_a_new_title_embeds_the_article_again(centre: Centre) -> None:
    centre.edit("en/billing/invoices.md", "Find your invoices", "Download bills")
    embedded, texts = counted(centre)
    # The encoder reads the title with the chunk, and once alone.
    assert embedded == 1
    assert "Download bills" in texts


def test_a_moved_file_is_a_new_article_without_a_new_embedding(centre: Centre) -> None:
    (centre.source / "en/payments").mkdir()
    (centre.source / "en/billing/invoices.md").rename(centre.source / "en/payments/invoices.md")
    with centre.services() as opened:
        done = opened.ingestion.ingest([centre.source])
    assert [str(key) for key in done.receipt.added] == ["en/payments/invoices"]
    assert [str(key) for key in done.receipt.removed] == ["en/billing/invoices"]
    assert done.embedded == 0
    hits = found(current(centre), "download an invoice")
    assert hits[0].chunk.key.id == "payments/invoices"
    assert "billing/invoices" not in {hit.chunk.key.id for hit in hits}


def test_a_file_moved_under_its_own_id_keeps_answering_with_the_new_title(centre: Centre) -> None:
    centre.write("en/old-name.md", "---\nid: same\n---\nThe gift wrap costs two euros.\n")
    centre.ingest()
    (centre.source / "en/old-name.md").rename(centre.source / "en/new-name.md")
    with centre.services() as opened:
        done = opened.ingestion.ingest([centre.source])
    assert done.receipt.removed == ()
    (hit, *_) = found(current(centre), "gift wrap")
    assert hit.chunk.key.id == "same"
    assert doctor_is_content(centre)


def test_a_removed_file_is_found_no_more(centre: Centre) -> None:
    (centre.source / "en/billing/cards.md").unlink()
    with centre.services() as opened:
        done = opened.ingestion.ingest([centre.source])
    assert [str(key) for key in done.receipt.removed] == ["en/billing/cards"]
    assert done.embedded == 0
    ids = {
        hit.chunk.key.id for hit in found(current(centre), "ways to pay gift card bank transfer", limit=50)
    }
    assert "billing/cards" not in ids
    assert doctor_is_content(centre)


def test_all_articles_gone_leaves_an_index_that_says_it_is_empty(centre: Centre) -> None:
    from bot.errors import NotReady

    shutil.rmtree(centre.source / "en")
    shutil.rmtree(centre.source / "es")
    assert centre.ingest(allow_empty=True).chunks == 0
    with centre.services() as opened:
        with pytest.raises(NotReady, match="knowledge base is empty"):
            _ = opened.knowledge.searcher
        assert found(current(centre), "order") == ()
    assert doctor_is_content(centre)
    centre.write("en/back.md", "Lamps are back in stock.\n")
    assert centre.ingest().chunks == 1
    assert found(current(centre), "lamps")[0].chunk.key.id == "back"


def test_text_that_no_database_can_hold_stops_nobody(centre: Centre) -> None:
    centre.write(
        "en/odd.md", '---\ntitle: "Half \\uD800 a \\0 lamp"\ntags: ["\\udfff"]\n---\nThe half lamp glows.\n'
    )
    centre.write("en/nul.md", "A lamp with a \0 in it.\n")
    with centre.services() as opened:
        done = opened.ingestion.ingest([centre.source])
    assert [str(key) for key in done.receipt.added] == ["en/odd"]
    assert [one.path for one in done.receipt.quarantined] == ["en/nul.md"]
    assert found(current(centre), "half lamp")[0].chunk.title == "Half \ufffd a \ufffd lamp"
    assert doctor_is_content(centre)
