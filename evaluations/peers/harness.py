"""A job file in, a run file out: what every measured library goes through, in a process of its own and by one clock.

Only the standard library is used, so that it runs in every library's environment. A library never sees which documents
are right: it hands back what it found, and `scoring` rates that.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

#: Version of job and run files.
FORMAT = 1
#: Questions asked before anything is timed, so that memory and caches are as in a running server.
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the set."""

    id: str
    title: str
    text: str

    @property
    def body(self) -> str:
        """Title and text, as every library gets them."""
        return f"{self.title}\n\n{self.text}".strip()


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the set."""

    id: str
    text: str
    earlier: tuple[str, ...]
    """What the customer said before, newest first."""

    @property
    def joined(self) -> str:
        """All of it as one text, oldest first, for libraries that know no conversation."""
        return "\n".join([*reversed(self.earlier), self.text])


class Library(Protocol):
    """One library, set up as its documentation recommends."""

    packages: tuple[str, ...]
    """Distributions whose versions are written down."""

    def load(self, model: str) -> None:
        """Imports the library and loads the model from its folder."""

    def build(self, documents: Sequence[Document], folder: Path) -> int:
        """Cuts, embeds and indexes the documents, saves it all in `folder` and says how many chunks there are."""

    def open(self, folder: Path) -> None:
        """Opens what `build` saved."""

    def search(self, text: str, depth: int) -> list[str]:
        """The document of each chunk found, best chunk first; a document may come several times."""


def serve(library: Library) -> None:
    """Does the job that the command line names: `SCRIPT JOB RUN STARTED`, the last in seconds since 1970."""
    job_file, run_file, started = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    job = json.loads(job_file.read_text(encoding="utf-8"))
    work = _index if job["phase"] == "index" else _search
    write_run(run_file, work(library, job, started), library.packages)


def _index(library: Library, job: dict[str, Any], started: float) -> dict[str, Any]:
    documents = documents_of(job)
    library.load(job["model"])
    begun = time.perf_counter()
    chunks = library.build(documents, Path(job["folder"]))
    return {"phase": "index", "chunks": chunks, "index_s": time.perf_counter() - begun}


def _search(library: Library, job: dict[str, Any], started: float) -> dict[str, Any]:
    questions, depth = questions_of(job), job["depth"]
    library.load(job["model"])
    library.open(Path(job["folder"]))
    library.search(questions[0].joined, depth)
    start = time.time() - started
    for question in questions[:WARM_UP]:
        library.search(question.joined, depth)
    answers = []
    for question in questions:
        begun = time.perf_counter()
        found = library.search(question.joined, depth)
        answers.append(answer(question, found, 1000.0 * (time.perf_counter() - begun)))
    return {"phase": "search", "start_s": start, "answers": answers}


def documents_of(job: dict[str, Any]) -> list[Document]:
    """The documents of an index job."""
    return [Document(**one) for one in job["documents"]]


def questions_of(job: dict[str, Any]) -> list[Question]:
    """The questions of a search job."""
    return [Question(one["id"], one["text"], tuple(one["earlier"])) for one in job["questions"]]


def answer(question: Question, documents: Sequence[str], milliseconds: float) -> dict[str, Any]:
    """One answer as a run file has it."""
    return {"question": question.id, "documents": list(documents), "ms": milliseconds}


def write_run(path: Path, run: dict[str, Any], packages: Sequence[str]) -> None:
    """Writes a run file with what this process has needed at most."""
    versions = {name: version(name) for name in packages}
    row = {"format": FORMAT, "versions": versions, "peak_mb": peak_megabytes(), **run}
    path.write_text(json.dumps(row), encoding="utf-8")


def peak_megabytes() -> float:
    """The most memory that this process has had resident, in units of 1,000,000 bytes."""
    try:
        # A new program begins this figure anew; getrusage would still count the parent's size at the fork.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        kibibytes = int(status.split("VmHWM:")[1].split()[0])
    except (OSError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kibibytes = most // 1024 if sys.platform == "darwin" else most
    return kibibytes * 1024 / 1e6
