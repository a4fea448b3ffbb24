"""The text of an article in, the name of this revision of it out."""

import hashlib


def revision_of(text: str) -> str:
    """First 12 hex digits of the SHA-256 of `text` in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
