"""Who is measured: the product and four libraries, each with its script, its requirements and how deep it looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
#: Name of the product among the measured.
OWN = "tierzero"


@dataclass(frozen=True, slots=True)
class Peer:
    """One of the measured."""

    name: str
    title: str
    """For people."""
    script: Path
    requirements: Path | None
    """What its environment has; None: it runs where the product runs."""
    depth: int
    """Chunks asked of each of its two retrievers; 50 fill the first ten documents, other depths were not tried yet."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that its own command would set."""


def library(name: str, title: str, depth: int) -> Peer:
    """A library with its files in this folder."""
    return Peer(
        name, title, HERE / "scripts" / f"run_{name}.py", HERE / "requirements" / f"{name}.txt", depth
    )


PEERS = (
    # As `bot/cli.py` does before anything else.
    Peer(OWN, "tierzero", HERE / "own.py", None, 0, {"OPENBLAS_NUM_THREADS": "1"}),
    library("txtai", "txtai hybrid", 50),
    library("langchain", "LangChain FAISS + BM25", 50),
    library("llamaindex", "LlamaIndex vector + BM25", 50),
    library("haystack", "Haystack, both joined", 50),
)
