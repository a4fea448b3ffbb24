"""A folder, or one file, in; its Markdown files out, in a fixed order, each with its bytes or why it has none."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.errors import SourceUnavailable

MAX_FILE_BYTES = 1024 * 1024
"""A help article has some 5 KB; a megabyte of Markdown is an export or an accident."""

SUFFIXES = (".md", ".markdown", ".mdx")
_SKIPPED = frozenset({"node_modules"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as read now."""

    path: str
    """Relative to the root, with forward slashes."""
    content: bytes
    digest: str
    """SHA-256 of the content, hex."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a whole folder, that is there but cannot be read."""

    path: str
    reason: str
    """A sentence for the person who keeps the folder."""
    folder: bool = False


def walk(root: Path) -> Iterator[SourceFile | Unreadable]:
    """Yields the Markdown files below `root`, sorted by path; `root` may be a single file.

    Left out: hidden files and folders, `node_modules`, linked folders, and links that lead out of the root. Raises
    `SourceUnavailable`, before the first file, for a root that is missing or cannot be read.
    """
    if root.is_file():
        yield _read(root, root.name)
        return
    if not root.is_dir():
        raise SourceUnavailable(f"There is no folder {root}; check the path, nothing was changed.")
    try:
        home = root.resolve(strict=True)
        os.scandir(root).close()
    except OSError as exc:
        raise SourceUnavailable(
            f"The folder {root} cannot be read ({exc.strerror}); nothing was changed."
        ) from exc
    files, closed = _list(root, SUFFIXES)
    for path in sorted(closed):
        yield Unreadable(path, "This folder cannot be read; check its permissions.", folder=True)
    for path in sorted(files):
        if _misnamed(path):
            shown = path.encode("utf-8", "replace").decode("utf-8")
            yield Unreadable(shown, "The file's name is not UTF-8; please rename it.")
        elif _inside(root / path, home):
            yield _read(root / path, path)


def files_below(root: Path, suffixes: tuple[str, ...]) -> list[str]:
    """Paths of the files below `root` that end in one of `suffixes`, sorted, less what `walk` leaves out too."""
    home = root.resolve()
    files, _ = _list(root, suffixes)
    return [path for path in sorted(files) if not _misnamed(path) and _inside(root / path, home)]


def _misnamed(path: str) -> bool:
    """Whether a name is not UTF-8."""
    return any("\udc80" <= char <= "\udcff" for char in path)


def _list(root: Path, suffixes: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Paths of the files with these suffixes below `root`, and of folders that cannot be entered."""
    closed: list[str] = []
    files: list[str] = []

    def refuse(error: OSError) -> None:
        closed.append(Path(str(error.filename)).relative_to(root).as_posix())

    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
        below = Path(folder).relative_to(root)
        files += [
            (below / name).as_posix()
            for name in names
            if not name.startswith(".") and name.lower().endswith(suffixes)
        ]
    return files, closed


def _inside(path: Path, home: Path) -> bool:
    return not path.is_symlink() or path.resolve().is_relative_to(home)


def _read(file: Path, path: str) -> SourceFile | Unreadable:
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return Unreadable(path, "This is not an ordinary file.")
        if status.st_size > MAX_FILE_BYTES:
            return Unreadable(
                path, f"The file is larger than {MAX_FILE_BYTES // 1024} KB; please split it into articles."
            )
        content = file.read_bytes()
    except OSError as exc:
        return Unreadable(path, f"The file cannot be read: {exc.strerror or exc}.")
    return SourceFile(path, content, hashlib.sha256(content).hexdigest())
