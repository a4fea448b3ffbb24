"""An index that is damaged or does not belong is refused in a sentence, and made anew."""

import json

import pytest

from bot.knowledge.served import Knowledge
from index.errors import GenerationRefused
from tests.index.published import current, doctor_is_content
from tests.index.small_centre import Centre


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
