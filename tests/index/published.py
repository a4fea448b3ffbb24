"""What a centre has published: its generation, what that finds, and what an ingest embedded for it."""

from typing import Any

from index.compiled import CompiledEncoder
from index.generation import Generation
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
