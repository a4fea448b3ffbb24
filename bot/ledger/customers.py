"""A contact and a message in, marks out by which the same customer is found in another conversation."""

import hashlib
import re
from typing import Final

#: A shorter sentence ("where is my parcel") is what any two customers may write; a longer one is one customer's.
_WORDS: Final = 8
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[.!?\n。！？]+\s*")
#: Bytes of a digest: two of a million different contacts share one with a chance of 2 in 100 million.
_DIGEST: Final = 8
_MOST_CHARACTERS: Final = 4000


def contact_mark(contact: str) -> str:
    """The mark of an e-mail address or another contact, whatever its capitals; empty for none."""
    return _mark("c", contact.strip().casefold())


def account_mark(account: str) -> str:
    """The mark of a customer's account; empty for none."""
    return _mark("a", account.strip())


def text_mark(text: str) -> str:
    """The mark of the longest sentence, whatever its capitals and signs; empty where it says too little."""
    sentences = (_WORD.findall(part) for part in _SENTENCE.split(text[:_MOST_CHARACTERS].casefold()))
    longest = max(sentences, key=len, default=[])
    return _mark("t", " ".join(longest)) if len(longest) >= _WORDS else ""


def marks_of(contact: str, text: str) -> tuple[str, ...]:
    """All marks that one turn gives."""
    return tuple(mark for mark in (contact_mark(contact), text_mark(text)) if mark)


def says_who(mark: str) -> bool:
    """Whether a mark names a customer; one of a text only makes it likely."""
    return not mark.startswith("t")


def _mark(kind: str, known_by: str) -> str:
    if not known_by:
        return ""
    digest = hashlib.blake2b(known_by.encode("utf-8", "surrogatepass"), digest_size=_DIGEST)
    return kind + digest.hexdigest()
