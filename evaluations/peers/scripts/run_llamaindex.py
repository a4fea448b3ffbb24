"""LlamaIndex: a vector index and BM25 fused by reciprocal rank, cut by the sentence splitter, as its guides show."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluations.peers.harness import Document, serve

#: Tokens, as in the guide to reciprocal rank fusion; more would go beyond what the model reads.
CHUNK = 256


class LlamaIndex:
    """The title is metadata, which the library puts in front of every chunk for the model and for BM25."""

    packages = ("llama-index-core", "llama-index-retrievers-bm25", "llama-index-embeddings-huggingface")

    def load(self, model: str) -> None:
        """Imports the library and loads the model."""
        import Stemmer
        from llama_index.core import Document as Page
        from llama_index.core import Settings, StorageContext, VectorStoreIndex, load_index_from_storage
        from llama_index.core.llms import MockLLM
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.core.retrievers import QueryFusionRetriever
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
        from llama_index.retrievers.bm25 import BM25Retriever

        self._page, self._index, self._storage = Page, VectorStoreIndex, StorageContext
        self._reopen, self._fusion, self._bm25 = load_index_from_storage, QueryFusionRetriever, BM25Retriever
        self._stemmer = Stemmer.Stemmer("english")
        self._splitter = SentenceSplitter(chunk_size=CHUNK)
        # With one query per question no language model is asked, but the class wants to have one.
        Settings.llm = MockLLM()
        Settings.embed_model = HuggingFaceEmbedding(model_name=model, device="cpu")

    def build(self, documents: Sequence[Document], folder: Path) -> int:
        """Cuts, embeds and saves."""
        pages = [
            self._page(
                text=one.text or one.title,
                id_=one.id,
                metadata={"title": one.title} if one.title else {},
            )
            for one in documents
        ]
        nodes = self._splitter.get_nodes_from_documents(pages)
        index = self._index(nodes)
        index.storage_context.persist(persist_dir=str(folder / "vectors"))
        self._bm25.from_defaults(nodes=nodes, stemmer=self._stemmer, language="english").persist(
            str(folder / "words")
        )
        return len(nodes)

    def open(self, folder: Path) -> None:
        """Opens both indexes."""
        storage = self._storage.from_defaults(persist_dir=str(folder / "vectors"))
        self._vectors = self._reopen(storage)
        self._words = self._bm25.from_persist_dir(str(folder / "words"))
        self._made: dict[int, Any] = {}

    def search(self, text: str, depth: int) -> list[str]:
        """Both retrievers, fused by reciprocal rank, without making up more queries."""
        if depth not in self._made:
            self._words.similarity_top_k = min(depth, len(self._words.corpus))
            nearest = self._vectors.as_retriever(similarity_top_k=depth)
            self._made = {
                depth: self._fusion(
                    [nearest, self._words],
                    similarity_top_k=2 * depth,
                    num_queries=1,
                    mode="reciprocal_rerank",
                    use_async=False,
                )
            }
        return [found.node.ref_doc_id for found in self._made[depth].retrieve(text)]


if __name__ == "__main__":
    serve(LlamaIndex())
