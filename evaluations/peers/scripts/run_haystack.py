"""Haystack: BM25 and embedding retrievers over the in-memory store, joined by rank, as its guides show."""

from collections.abc import Sequence
from pathlib import Path

from evaluations.peers.harness import Document, serve

#: Words; the guide asks to keep it within what the model reads, 256 tokens here.
CHUNK, OVERLAP = 180, 20


class Haystack:
    """Without the guide's re-ranking model, which would be a second model; so the joiner ranks."""

    packages = ("haystack-ai", "sentence-transformers")

    def load(self, model: str) -> None:
        """Imports the library; its embedders load the model when they are warmed up."""
        from haystack import Document as Page
        from haystack import Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.components.writers import DocumentWriter
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack.utils import ComponentDevice
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        self._page, self._pipeline, self._store = Page, Pipeline, InMemoryDocumentStore
        self._splitter, self._writer, self._joiner = DocumentSplitter, DocumentWriter, DocumentJoiner
        self._words, self._vectors = InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        own = {"model": model, "device": ComponentDevice.from_str("cpu"), "progress_bar": False}
        self._texts = SentenceTransformersTextEmbedder(**own)
        # The title is embedded with every chunk, as its page on metadata recommends.
        self._documents = SentenceTransformersDocumentEmbedder(**own, meta_fields_to_embed=["title"])

    def build(self, documents: Sequence[Document], folder: Path) -> int:
        """Cuts, embeds and saves."""
        store = self._store(embedding_similarity_function="cosine")
        indexing = self._pipeline()
        splitter = self._splitter(split_by="word", split_length=CHUNK, split_overlap=OVERLAP)
        indexing.add_component("splitter", splitter)
        indexing.add_component("embedder", self._documents)
        indexing.add_component("writer", self._writer(store))
        indexing.connect("splitter", "embedder")
        indexing.connect("embedder", "writer")
        pages = [
            self._page(content=one.body, meta={"source": one.id, "title": one.title}) for one in documents
        ]
        indexing.run({"splitter": {"documents": pages}})
        store.save_to_disk(str(folder / "store.json"))
        return int(store.count_documents())

    def open(self, folder: Path) -> None:
        """Opens the store and puts the pipeline together."""
        store = self._store.load_from_disk(str(folder / "store.json"))
        self._asking = self._pipeline()
        self._asking.add_component("embedder", self._texts)
        self._asking.add_component("vectors", self._vectors(store))
        self._asking.add_component("words", self._words(store))
        self._asking.add_component("joiner", self._joiner(join_mode="reciprocal_rank_fusion"))
        self._asking.connect("embedder.embedding", "vectors.query_embedding")
        self._asking.connect("vectors", "joiner")
        self._asking.connect("words", "joiner")

    def search(self, text: str, depth: int) -> list[str]:
        """Both retrievers, joined by reciprocal rank."""
        given = {
            "embedder": {"text": text},
            "vectors": {"top_k": depth},
            "words": {"query": text, "top_k": depth},
        }
        found = self._asking.run(given)["joiner"]["documents"]
        return [one.meta["source"] for one in found]


if __name__ == "__main__":
    serve(Haystack())
