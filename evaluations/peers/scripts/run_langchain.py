"""LangChain: FAISS and BM25 in an ensemble, texts cut by the recursive character splitter, as its guides show."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluations.peers.harness import Document, serve

#: Characters, as in the guides on building a knowledge base.
CHUNK, OVERLAP = 1000, 200


def words(text: str) -> list[str]:
    """Words in small letters: the page on `BM25Retriever` recommends words; the default parts at spaces alone."""
    return re.findall(r"\w+", text.lower())


class LangChain:
    """BM25 has no saved form there: it is made anew from the chunks when a process starts."""

    packages = ("langchain-classic", "langchain-community", "langchain-huggingface", "faiss-cpu", "rank-bm25")

    def load(self, model: str) -> None:
        """Imports the library and loads the model."""
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_community.vectorstores import FAISS
        from langchain_core.documents import Document as Page
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        self._page, self._faiss, self._bm25, self._ensemble = Page, FAISS, BM25Retriever, EnsembleRetriever
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
        self._embeddings = HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})

    def build(self, documents: Sequence[Document], folder: Path) -> int:
        """Cuts, embeds and saves."""
        pages = [self._page(page_content=one.body, metadata={"source": one.id}) for one in documents]
        chunks = self._splitter.split_documents(pages)
        self._faiss.from_documents(chunks, self._embeddings).save_local(str(folder / "faiss"))
        rows = [[chunk.page_content, chunk.metadata["source"]] for chunk in chunks]
        (folder / "chunks.json").write_text(json.dumps(rows), encoding="utf-8")
        return len(chunks)

    def open(self, folder: Path) -> None:
        """Opens both indexes."""
        rows = json.loads((folder / "chunks.json").read_text(encoding="utf-8"))
        chunks = [self._page(page_content=text, metadata={"source": source}) for text, source in rows]
        self._words = self._bm25.from_documents(chunks, preprocess_func=words)
        # The saved form holds a pickle; it was written by `build` a moment ago.
        self._vectors = self._faiss.load_local(
            str(folder / "faiss"), self._embeddings, allow_dangerous_deserialization=True
        )
        self._made: dict[int, Any] = {}

    def search(self, text: str, depth: int) -> list[str]:
        """Both retrievers with equal weights, joined by rank."""
        if depth not in self._made:
            self._words.k = depth
            nearest = self._vectors.as_retriever(search_kwargs={"k": depth})
            self._made = {depth: self._ensemble(retrievers=[self._words, nearest], weights=[0.5, 0.5])}
        return [chunk.metadata["source"] for chunk in self._made[depth].invoke(text)]


if __name__ == "__main__":
    serve(LangChain())
