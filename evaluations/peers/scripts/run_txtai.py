"""txtai: a hybrid embeddings index, which joins vectors and BM25 by their normalized scores, as its guides show."""

import json
from collections.abc import Sequence
from pathlib import Path

from evaluations.peers.harness import Document, serve

#: Tokens of the model, which reads no more at once.
CHUNK = 256


class Txtai:
    """Texts are cut by its segmentation pipeline."""

    packages = ("txtai", "chonkie", "faiss-cpu", "transformers")

    def load(self, model: str) -> None:
        """Imports the library and loads the model."""
        from txtai import Embeddings

        self._model = model
        self._embeddings = Embeddings(path=model, hybrid=True, gpu=False)

    def build(self, documents: Sequence[Document], folder: Path) -> int:
        """Cuts, embeds and saves."""
        from tokenizers import Tokenizer
        from txtai.pipeline import Segmentation

        tokenizer = Tokenizer.from_file(str(Path(self._model) / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        segment = Segmentation(chunker="recursive", tokenizer=tokenizer, chunk_size=CHUNK)
        rows = [(one.id, text) for one in documents for text in segment(one.body)]
        self._embeddings.index((number, text, None) for number, (_, text) in enumerate(rows))
        self._embeddings.save(str(folder / "embeddings"))
        owners = [owner for owner, _ in rows]
        (folder / "owners.json").write_text(json.dumps(owners), encoding="utf-8")
        return len(rows)

    def open(self, folder: Path) -> None:
        """Opens the index."""
        self._embeddings.load(str(folder / "embeddings"))
        self._owners = json.loads((folder / "owners.json").read_text(encoding="utf-8"))

    def search(self, text: str, depth: int) -> list[str]:
        """Both indexes with equal weights, which is the default."""
        return [self._owners[number] for number, _ in self._embeddings.search(text, depth)]


if __name__ == "__main__":
    serve(Txtai())
