"""Bytes of attachments in and out of a folder, named by their digest; the database says what they belong to.

Written aside and renamed into place, so that a file under its name is always whole. They have no ending and nobody
may execute them; what they are is known to the database alone.
"""

import contextlib
import hashlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bot.errors import NotReady

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
#: What was written aside and left for so long belongs to nobody, in seconds.
_LEFT: Final = 3600


class FileStore:
    """Files by their SHA-256, each kept once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        """Keeps content and gives its digest. Raises `NotReady` where it cannot be written."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.is_file():
            return digest
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(prefix=".aside-", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(aside).replace(path)  # mkstemp made it readable by its owner alone
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    Path(aside).unlink()
                raise
        except OSError as exc:
            raise NotReady(f"The file cannot be kept ({exc.strerror}). Please try again later.") from exc
        return digest

    def get(self, digest: str) -> bytes | None:
        """The content, None where it is missing or not what its name says: a damaged file is given to nobody."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            return None
        return content if hashlib.sha256(content).hexdigest() == digest else None

    def has(self, digest: str) -> bool:
        """Whether a file of this digest is there."""
        return self._path(digest).is_file()

    def remove(self, digest: str, is_wanted: Callable[[], bool]) -> bool:
        """Takes a file away, unless somebody wants it by now; gives whether it went.

        It is set aside first and then asked for: whoever adds the same content meanwhile either is seen here, or
        misses the file and writes it again.
        """
        path = self._path(digest)
        aside = path.with_name(f".aside-{secrets.token_hex(8)}")
        try:
            path.replace(aside)
        except FileNotFoundError:
            return False
        if is_wanted():
            aside.replace(path)
            return False
        with contextlib.suppress(FileNotFoundError):
            aside.unlink()
        return True

    def digests(self, *, older_than: float = 0) -> Iterator[str]:
        """What is there, and has been for so many seconds."""
        until = time.time() - older_than
        for path in self._root.glob("??/*"):
            if _DIGEST.fullmatch(path.name):
                with contextlib.suppress(FileNotFoundError):
                    if path.stat().st_mtime <= until:
                        yield path.name

    def sweep(self) -> int:
        """Takes away what somebody began to write and did not finish; gives how many."""
        count, until = 0, time.time() - _LEFT
        for path in self._root.glob("??/.aside-*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime <= until:
                    path.unlink()
                    count += 1
        return count

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest!r} is no SHA-256")
        return self._root / digest[:2] / digest
