"""A folder in; the pictures that its articles may show out, each with its bytes."""

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kb.sources.folder import files_below

#: A picture in an article has some 100 KB; more than this is slow on a phone and does not belong into a database.
MAX_IMAGE_BYTES = 3 * 1024 * 1024

#: What browsers show, by suffix.
MEDIA_TYPES = MappingProxyType(
    {
        ".avif": "image/avif",
        ".gif": "image/gif",
        ".jpeg": "image/jpeg",
        ".jpg": "image/jpeg",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".webp": "image/webp",
    }
)


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A picture as it is now."""

    path: str
    """Relative to the root, with forward slashes."""
    content: bytes
    digest: str
    """SHA-256 of the content, hex."""
    media_type: str


def images(root: Path) -> Iterator[ImageFile]:
    """Yields the pictures below `root`, sorted by path; none for a root that is a single file.

    What is too large, cannot be read or has a name that is not UTF-8 is passed over: its article shows the alternative
    text instead.
    """
    if not root.is_dir():
        return
    for path in files_below(root, tuple(MEDIA_TYPES)):
        content = _read(root / path)
        if content is not None:
            media_type = MEDIA_TYPES[Path(path).suffix.lower()]
            yield ImageFile(path, content, hashlib.sha256(content).hexdigest(), media_type)


def _read(file: Path) -> bytes | None:
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode) or not 0 < status.st_size <= MAX_IMAGE_BYTES:
            return None
        return file.read_bytes()
    except OSError:
        return None
