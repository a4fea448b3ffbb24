"""Generations replace each other whole, share what they can, and leave when nothing needs them."""

import gc
import os
import shutil
import weakref

import numpy as np
import pytest

import index.builder
import index.reuse
from index.compiled import CompiledEncoder
from index.errors import GenerationRefused
from index.generation import read_manifest
from index.hit import Filters
from index.searcher import Searcher
from tests.index import small_centre
from tests.index.published import (
    QUESTIONS,
    counted,
    current,
    doctor_is_content,
    folders,
    results,
)
from tests.index.small_centre import Centre


def test_an_index_edited_many_times_equals_one_built_at_once(centre: Centre) -> None:
    for turn in range(6):
        centre.write("en/orders/gift.md", f"---\ntitle: Gifts\n---\nWe wrap gifts in paper number {turn}.\n")
        centre.ingest()
    assert len(current(centre).segments) > 1
    edited = results(current(centre))
    with centre.services() as opened:
        opened.ingestion.reindex()
    assert len(current(centre).segments) == 1
    assert results(current(centre)) == edited


def test_compaction_keeps_the_results(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    for turn in range(3):
        centre.write(
            f"en/extra/{turn}.md", f"---\ntitle: Extra {turn}\n---\nExtra lamp number {turn} glows.\n"
        )
        centre.ingest()
    plain = current(centre)
    assert len(plain.segments) == 4
    monkeypatch.setattr(index.reuse, "MOST_SEGMENTS", 4)
    centre.write("en/extra/last.md", "---\ntitle: Last\n---\nThe last lamp glows too.\n")
    assert counted(centre)[0] == 1
    compacted = current(centre)
    assert len(compacted.segments) == 1
    assert len(compacted.rows) == len(plain.rows) + 1
    assert doctor_is_content(centre)
    with centre.services() as opened:
        opened.ingestion.reindex()
    assert results(compacted) == results(current(centre))


def test_what_nothing_needs_is_removed_after_its_time(centre: Centre) -> None:
    for turn in range(3):
        centre.edit("en/orders/track.md", "# The link" if not turn else f"# {turn - 1}", f"# {turn}")
        centre.ingest()
    # Just replaced: a reader that has looked the name up may still open it.
    assert folders(centre, "generations") == ["1", "2", "3", "4"]
    for path in (centre.data / "index").glob("*/*"):
        os.utime(path, (1, 1))
    centre.edit("en/orders/track.md", "# 2", "# 3")
    centre.ingest()
    # The one that answered until now is kept from now on, whenever it was built.
    assert folders(centre, "generations") == ["4", "5"]
    assert folders(centre, "segments") == ["1", "4", "5"]
    assert doctor_is_content(centre)


def test_no_number_is_given_twice(centre: Centre) -> None:
    centre.write("en/extra.md", "An extra page about lamps.\n")
    centre.ingest()
    (centre.source / "en/extra.md").unlink()
    centre.ingest()
    for path in (centre.data / "index").glob("*/*"):
        os.utime(path, (1, 1))
    with centre.services() as opened:
        index.builder.Builder(opened.settings.index_root, small_centre.encoder()).clean("3")
    # The segment of the extra page is gone, and a reader may hold it open under its number.
    assert folders(centre, "segments") == ["1"]
    centre.write("en/other.md", "Another page about tables.\n")
    centre.ingest()
    assert current(centre).manifest.segments == (1, 4)
    shutil.rmtree(centre.data / "index")
    with centre.services() as opened:
        assert opened.ingestion.reindex().generation == "5"


def test_a_reader_goes_on_while_the_folders_under_it_vanish(centre: Centre) -> None:
    old = current(centre)
    searcher = Searcher(small_centre.encoder(), old)
    searcher.search(searcher.question("warm up"), Filters(), 1)
    before = [
        searcher.search(searcher.question(words), Filters(locales=("en",)), 5).hits for words in QUESTIONS
    ]
    shutil.rmtree(centre.data / "index")
    after = [
        searcher.search(searcher.question(words), Filters(locales=("es",)), 5).hits for words in QUESTIONS
    ]
    assert all(before)
    assert all(hit.chunk.key.locale == "es" for hits in after for hit in hits)


def test_a_generation_no_longer_served_is_freed_at_once(centre: Centre) -> None:
    with centre.services() as opened:
        knowledge = opened.knowledge
        found = knowledge.searcher.search(knowledge.searcher.question("order"), Filters(locales=("en",)), 3)
        old = weakref.ref(found.generation)
        del found
        centre.write("en/extra.md", "An extra page about lamps.\n")
        centre.ingest()
        gc.disable()
        try:
            assert knowledge.refresh()
            assert old() is None
        finally:
            gc.enable()


def test_the_manifest_names_what_the_index_was_made_from(
    shared_centre: Centre, encoder: CompiledEncoder
) -> None:
    manifest = read_manifest(shared_centre.data / "index/generations/1")
    assert (manifest.model, manifest.dimension) == (encoder.identity, encoder.dimension)
    assert (manifest.rows, manifest.articles) == (18, len(small_centre.ARTICLES))
    with pytest.raises(GenerationRefused, match="reindex"):
        read_manifest(shared_centre.data / "index/generations/77")


def test_vectors_in_the_index_are_the_encoders(shared_centre: Centre, encoder: CompiledEncoder) -> None:
    from kb.chunking import encoder_text

    generation = current(shared_centre)
    texts = [encoder_text(generation.chunk(position)) for position in range(len(generation.rows))]
    stored = np.stack(
        [
            generation.vectors.cosines(vector, np.asarray([place]))
            for place, vector in enumerate(encoder.vectors(texts))
        ]
    )
    assert stored.min() > 0.9999
