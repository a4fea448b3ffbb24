"""A heading's text in, the fragment that published sites give it out."""

import re
import unicodedata

_NAMED = re.compile(r"<a\s[^<>]{0,500}?\b(?:name|id)\s*=\s*[\"']?([^\"'\s<>&]{1,200})", re.IGNORECASE)


class Anchors:
    """Hands out the anchors of one article in order, so that repeats are numbered as GitHub and kramdown do."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def take(self, text: str, explicit: str = "") -> str:
        """Anchor of the next heading: `explicit` as written, else the slug of `text` with -1, -2 for repeats."""
        if explicit:
            self._seen.setdefault(explicit, 0)
            return explicit
        slug = _slug(text) or "section"
        if slug not in self._seen:
            self._seen[slug] = 0
            return slug
        number = self._seen[slug] + 1
        while f"{slug}-{number}" in self._seen:
            number += 1
        self._seen[slug] = number
        self._seen[f"{slug}-{number}"] = 0
        return f"{slug}-{number}"


def named_anchor(markup: str) -> str:
    """The name in `<a name="x"></a>` or `<a id="x">`, or empty."""
    match = _NAMED.search(markup)
    return match.group(1) if match else ""


def _slug(text: str) -> str:
    """GitHub's rule: lower case, drop all but letters, marks, digits, `_` and `-`, blanks become `-`."""
    kept = (
        c
        for c in text.strip().lower()
        if c.isalnum() or c in " -_" or (c > "\x7f" and unicodedata.category(c)[0] == "M")
    )
    return "".join(kept).replace(" ", "-")
