"""Edits cost what they change, generations replace each other whole, and one that does not belong is refused."""

import gc
import json
import os
import shutil
import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import index.builder
import index.reuse
from bot.knowledge.served import Knowledge
from index.compiled import CompiledEncoder
from index.composing import chunk_digest
from index.errors import GenerationRefused
from index.generation import Generation, read_manifest
from index.hit import Filters, Hit
from index.searcher import Searcher
from tests.index import small_centre
from tests.index.small_centre import Centre

QUESTIONS = ("how do I cancel my order", "E-17", "delivery to Norway", "contraseña", "invoice as pdf")


def current(centre: Centre) -> Generation:
    with centre.services() as opened:
        published = opened.shelf.generation()
        assert published is not None
        return Generation(opened.settings.index_root, published.name)


def found(generation: Generation, words: str, audience: str = "public", limit: int = 5) -> tuple[Hit, ...]:
    searcher = Searcher(small_centre.encoder(), generation)
    return searcher.search(searcher.question(words), Filters(audience=audience), limit).hits


def results(generation: Generation) -> list[list[tuple[object, ...]]]:
    """What the questions find: places and scores, rounded to what summing in another order changes."""
    return [
        [
            (hit.chunk, hit.audience, hit.url, hit.tags, round(hit.score, 4))
            for hit in found(generation, words)
        ]
        for words in QUESTIONS
    ]


def folders(centre: Centre, kind: str) -> list[str]:
    return sorted(path.name for path in (centre.data / "index" / kind).iterdir())


def doctor_is_content(centre: Centre) -> bool:
    from bot.health import examine

    with centre.services() as opened:
        return all(finding.healthy for finding in examine(opened))


class CountingEncoder:
    """The real model, counting the texts that go through it."""

    def __init__(self, real: CompiledEncoder) -> None:
        self._real = real
        self.texts: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def encode(self, texts: list[str]) -> Any:
        self.texts += texts
        return self._real.encode(texts)


def counted(centre: Centre) -> tuple[int, list[str]]:
    """Chunks embedded by an ingest as it says, and all texts that went through the encoder."""
    from bot.composition import Services
    from bot.settings import load

    encoder: Any = CountingEncoder(small_centre.encoder())
    opened = Services(load(data=centre.data), _encoder=encoder)
    try:
        return opened.ingestion.ingest([centre.source]).embedded, encoder.texts
    finally:
        opened.close()


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


@pytest.mark.parametrize(
    ("field", "value"),
    [("model", "other"), ("dimension", 8), ("chunker", "old-0"), ("format", 0), ("corpus", "x")],
)
def test_a_mismatch_is_refused_with_what_to_run_and_reindex_repairs_it(
    centre: Centre, field: str, value: object
) -> None:
    manifest = centre.data / "index/generations/1/manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {field: value}))
    with centre.services() as opened:
        assert opened.knowledge.generation is None
        assert "tierzero reindex" in opened.knowledge.problem
        assert field in opened.knowledge.problem
        assert not doctor_is_content(centre)
        done = opened.ingestion.reindex()
        assert done.embedded == done.chunks == 18
        assert opened.knowledge.refresh()
        assert opened.knowledge.problem == ""
    assert doctor_is_content(centre)


def test_an_ingest_repairs_an_index_of_another_chunker(centre: Centre) -> None:
    manifest = centre.data / "index/generations/1/manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"chunker": "old-0"}))
    done = centre.ingest()
    assert (done.generation, done.embedded, len(done.receipt.unchanged)) == ("2", 18, 13)
    assert doctor_is_content(centre)


DAMAGED = (
    "generations/1/manifest.json",
    "generations/1/rows.npy",
    "generations/1/articles.jsonl",
    "generations/1/lexical/meta.json",
    "segments/1/segment.json",
    "segments/1/vectors.npy",
    "segments/1/tokens.npy",
)


@pytest.mark.parametrize("damage", ["absent", "empty", "cut", "other"])
@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_index_is_refused_in_a_sentence(centre: Centre, name: str, damage: str) -> None:
    path = centre.data / "index" / name
    content = path.read_bytes()
    path.unlink()
    if damage != "absent":
        path.write_bytes({"empty": b"", "cut": content[: len(content) // 2], "other": b"[1]\n"}[damage])
    with pytest.raises(GenerationRefused, match="tierzero reindex"):
        current(centre)


def test_reindex_repairs_a_damaged_index(centre: Centre) -> None:
    for name in DAMAGED:
        (centre.data / "index" / name).write_bytes(b"")
    with centre.services() as opened:
        assert opened.knowledge.generation is None
        assert not doctor_is_content(centre)
        opened.ingestion.reindex()
        assert opened.knowledge.refresh()
    assert doctor_is_content(centre)


def test_a_refused_generation_leaves_the_served_one_in_place(centre: Centre) -> None:
    with centre.services() as opened:
        knowledge: Knowledge = opened.knowledge
        centre.write("en/extra.md", "An extra page about lamps.\n")
        centre.ingest()
        rows = centre.data / "index/generations/2/rows.npy"
        content = rows.read_bytes()
        rows.write_bytes(b"")
        assert not knowledge.refresh()
        assert "index 2 cannot be read" in knowledge.problem
        assert knowledge.generation is not None
        assert knowledge.generation.manifest.name == "1"
        assert opened.ready()["index"] == knowledge.problem
        rows.write_bytes(content)
        assert knowledge.refresh()
        assert opened.ready()["index"] == "ok"


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
