"""Ingests that are killed at many points; prints one JSON line for each with what is found afterwards.

The process forks, since loading everything takes longer than an ingest. A kill comes right before a step that the
ingest takes on the disk or in the database, or after a random time. Run as
`python -m tests.flows.killed_ingest CENTRE_FOLDER SCRATCH_FOLDER`.
"""

import dataclasses
import itertools
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event

from bot.composition import Services
from bot.health import examine
from bot.model import model_folder
from bot.settings import load
from index.compiled import PROJECTION, CompiledEncoder, read_manifest, write_manifest
from index.hit import Filters
from tests.index.small_centre import Centre

#: Steps at which an ingest is killed, spread evenly over all it takes.
POINTS = 18
#: Kills after a random part of an ingest's time; these hit the libraries that no hook sees into.
RANDOM_KILLS = 6
_SEED = 20
_WRITES = ("os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "os.utime")


def change(centre: Centre) -> None:
    """One article of each kind of change."""
    centre.edit("en/orders/track.md", "twelve hours", "twenty hours")
    centre.edit("en/delivery/times.md", "title: Delivery", "audience: agent\ntitle: Delivery")
    centre.edit("en/billing/cards.md", "tags: [billing]", "tags: [money]")
    centre.write("en/lamps/rent.md", "---\ntitle: Rent a lamp\n---\nA lamp costs nine euros a week.\n")
    (centre.source / "en/account/email.md").unlink()
    (centre.source / "en/billing/invoices.md").rename(centre.source / "en/invoices.md")


class Harness:
    """The two corpora, and how an ingest between them is run and looked at."""

    def __init__(self, centre: Centre, scratch: Path) -> None:
        self._original, self._scratch = centre, scratch
        # One thread: a process with threads must not fork.
        folder = model_folder(load())
        self._encoder = CompiledEncoder(folder, threads=1)
        # The checks of the model's files are tested elsewhere and read 90 MB each time; the projection is a part of
        # the model's name.
        copy, manifest = scratch / "models" / folder.name, read_manifest(folder)
        copy.mkdir(parents=True)
        shutil.copy2(folder / PROJECTION, copy / PROJECTION)
        kept = {PROJECTION: manifest.files[PROJECTION]}
        write_manifest(copy, dataclasses.replace(manifest, files=kept))
        self._numbers = itertools.count()

    def services(self, centre: Centre) -> Services:
        return Services(load(data=centre.data, model_dir=self._scratch / "models"), _encoder=self._encoder)

    def fresh(self) -> Centre:
        centre = self._original.copy(self._scratch / str(next(self._numbers)))
        change(centre)
        return centre

    def ingest(self, centre: Centre) -> int:
        opened = self.services(centre)
        done = opened.ingestion.ingest([centre.source])
        opened.close()
        return done.embedded

    def child(self, centre: Centre, prepare: Callable[[], None]) -> int:
        """Starts an ingest in a process of its own."""
        pid = os.fork()
        if pid == 0:
            prepare()
            self.ingest(centre)
            os._exit(0)
        return pid

    def corpus(self, centre: Centre) -> list[list[str]]:
        """What is published, as the database and, if it is the same, as the index says."""
        opened = self.services(centre)
        published = sorted([str(key), one.revision] for key, one in opened.shelf.published().items())
        searcher = opened.knowledge.searcher
        found = searcher.search(searcher.question("lamp parcel hours"), Filters(audience="agent"), 10**6)
        held = sorted({(str(hit.chunk.key), hit.chunk.revision) for hit in found.hits})
        opened.close()
        return published if [list(one) for one in held] == published else [["index and database differ", ""]]

    def after(self, centre: Centre) -> dict[str, object]:
        """What a kill left, and whether the next ingest mends it."""
        opened = self.services(centre)
        bad = [f"{one.check}: {one.detail}" for one in examine(opened) if not one.healthy]
        opened.close()
        left = self.corpus(centre)
        self.ingest(centre)
        mended = self.corpus(centre)
        embedded_again = self.ingest(centre)
        shutil.rmtree(centre.source.parent)
        return {"bad": bad, "left": left, "mended": mended, "embedded_again": embedded_again}


def hooked(passed: Callable[[str], None], data: Path) -> None:
    """Calls `passed` before each step of this process that changes the data folder or the database."""

    def audit(name: str, arguments: tuple[object, ...]) -> None:
        if name in _WRITES:
            passed(name)
        elif name == "open" and isinstance(arguments[0], str) and arguments[0].startswith(str(data)):
            passed("open")

    sys.addaudithook(audit)
    event.listen(sa.Engine, "before_cursor_execute", lambda *_: passed("statement"))
    event.listen(sa.Engine, "commit", lambda *_: passed("commit"))


def steps(harness: Harness) -> tuple[int, float]:
    """How many steps an undisturbed ingest takes, and how long."""
    centre = harness.fresh()
    counter, begun = centre.data / "count", time.monotonic()

    def prepare() -> None:
        count = itertools.count(1)
        descriptor = os.open(counter, os.O_CREAT | os.O_WRONLY)

        def passed(_: str) -> None:
            os.pwrite(descriptor, str(next(count)).encode(), 0)

        hooked(passed, centre.data)

    _, status = os.waitpid(harness.child(centre, prepare), 0)
    assert status == 0
    return int(counter.read_text()), time.monotonic() - begun


def killed_at(harness: Harness, centre: Centre, point: int) -> int:
    """Kills an ingest before its step `point`, counted from 1."""

    def prepare() -> None:
        count = itertools.count(1)

        def passed(_: str) -> None:
            if next(count) == point:
                os.kill(os.getpid(), signal.SIGKILL)

        hooked(passed, centre.data)

    _, status = os.waitpid(harness.child(centre, prepare), 0)
    return os.waitstatus_to_exitcode(status)


def killed_after(harness: Harness, centre: Centre, seconds: float) -> int:
    """Kills an ingest after some seconds; it may be done by then."""
    pid = harness.child(centre, lambda: None)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def main(centre: Centre, scratch: Path, random_kills: int) -> None:
    """Prints the old and the new corpus, then a line for each kill."""
    harness = Harness(centre, scratch)
    new = harness.fresh()
    harness.ingest(new)
    print(json.dumps({"old": harness.corpus(centre.copy(scratch / "old")), "new": harness.corpus(new)}))
    total, seconds = steps(harness)
    for point in sorted({1 + round(place * (total - 1) / (POINTS - 1)) for place in range(POINTS)}):
        target = harness.fresh()
        code = killed_at(harness, target, point)
        print(json.dumps({"at": f"{point} of {total}", "code": code, **harness.after(target)}), flush=True)
    chance = random.Random(_SEED)
    for _ in range(random_kills):
        target, pause = harness.fresh(), chance.uniform(0, seconds)
        code = killed_after(harness, target, pause)
        print(json.dumps({"at": f"{pause:.3f} s", "code": code, **harness.after(target)}), flush=True)


if __name__ == "__main__":
    home = Path(sys.argv[1])
    main(Centre(home / "source", home / "data"), Path(sys.argv[2]), int(sys.argv[3]))
