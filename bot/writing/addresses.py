"""A text in, the web and mail addresses that it names out."""

import re
from typing import Final

#: Characters of a mail address or the name of a site at most (RFC 5321, 4.5.3.1; RFC 1035, 2.3.4). A longer word names
#: none: looking for one at each of its letters would take their number squared, and a stranger may write a million.
LONGEST: Final = 254

#: Runs to the next blank, and is begun at its own letters alone: a long text costs its length.
_LINK = re.compile(r"https?://\S+|(?<![\w@.-])www\.\S+", re.IGNORECASE)
_NAMED = re.compile(
    r"[^\s@]+@[^\s@]+\.\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|de|es|fr)\b", re.IGNORECASE
)


def addresses(text: str) -> frozenset[str]:
    """In small letters, without the marks that end a sentence; a word with a point that is too long for one is one."""
    found = _LINK.findall(text)
    for word in _LINK.sub(" ", text).split():
        if "." not in word:
            continue
        found += [word] if len(word) > LONGEST else _NAMED.findall(word)
    return frozenset(one.rstrip(".,;:!?)").lower() for one in found)
