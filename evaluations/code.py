"""Patterns of the product's files in, a digest of what they are now out: it tells which code made a figure."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import kb


def code_digest(patterns: Sequence[str]) -> str:
    """SHA-256, hex, of the product's files that fit the patterns."""
    root = Path(kb.__file__).parent.parent
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
