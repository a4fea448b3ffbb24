"""Where generations and segments stand on disk: their numbers, how long unused ones are kept, and their removal."""

import contextlib
import os
import shutil
import time
from pathlib import Path

from index.errors import GenerationRefused
from index.generation import read_manifest

#: Seconds an unused generation or segment is kept, so that a reader that just looked it up can open it.
GRACE_SECONDS = 60.0


class Folders:
    """The folders below one index folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def generation(self, name: str) -> Path:
        """The folder of a generation."""
        return self.root / "generations" / name

    def segment(self, number: int) -> Path:
        """The folder of a segment."""
        return self.root / "segments" / str(number)

    def next_number(self, after: int) -> int:
        """A number that neither a generation nor a segment ever had: readers know both by their numbers."""
        for kind in ("generations", "segments"):
            folder = self.root / kind
            folder.mkdir(parents=True, exist_ok=True)
            after = max([after, *(int(path.name) for path in folder.iterdir() if path.name.isdigit())])
        return after + 1

    def retire(self, name: str) -> None:
        """Starts the time that a generation is kept for readers that have just looked it up."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self.generation(name))

    def clean(self, current: str, now: float | None = None) -> list[str]:
        """Removes generations and segments that neither `current` nor a recent reader needs."""
        now = time.time() if now is None else now
        keep = {current}
        for path in self._generations():
            if now - path.stat().st_mtime < GRACE_SECONDS:
                keep.add(path.name)
        segments: set[int] = set()
        for name in keep:
            with contextlib.suppress(GenerationRefused):
                segments.update(read_manifest(self.generation(name)).segments)
        gone = [path for path in self._generations() if path.name not in keep]
        gone += [
            path
            for path in (self.root / "segments").iterdir()
            if not (path.name.isdigit() and int(path.name) in segments)
            and now - path.stat().st_mtime >= GRACE_SECONDS
        ]
        for path in gone:
            shutil.rmtree(path, ignore_errors=True)
        return [f"{path.parent.name}/{path.name}" for path in gone]

    def _generations(self) -> list[Path]:
        folder = self.root / "generations"
        return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


def sync_tree(folder: Path) -> None:
    """Asks the disk to keep a folder before anything points at it."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
