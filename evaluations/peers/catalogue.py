"""Who is measured: the product and four libraries, each with its script, its requirements and how deep it looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
#: Name of the product among the measured.
OWN = "tierzero"
#: Chunks asked of each of a library's two retrievers. All are tried, and the one that ranks best counts.
DEPTHS = (10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Peer:
    """One of the measured."""

    name: str
    title: str
    """For people."""
    script: Path
    requirements: Path | None
    """What its environment has; None: it runs where the product runs."""
    depths: tuple[int, ...] = DEPTHS
    """Depths that are tried; none: it has one setting for everything, and no such choice."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that its own command would set."""


def library(name: str, title: str) -> Peer:
    """A library with its files in this folder."""
    return Peer(name, title, HERE / "scripts" / f"run_{name}.py", HERE / "requirements" / f"{name}.txt")


PEERS = (
    # As `bot/cli.py` does before anything else.
    Peer(OWN, "tierzero", HERE / "own.py", None, (), {"OPENBLAS_NUM_THREADS": "1"}),
    library("txtai", "txtai hybrid"),
    library("langchain", "LangChain FAISS + BM25"),
    library("llamaindex", "LlamaIndex vector + BM25"),
    library("haystack", "Haystack, both joined"),
)
