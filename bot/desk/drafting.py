"""A solved exchange in, a draft article out: what the problem was, what was done, what came of it; pure.

It is extractive: words of the customer and of the agents, personal data masked, for a person to make an article of.
"""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.desk.matter import matter
from bot.dialogue.conversation import Message, Role
from kb.article import Audience

TITLE_CHARS: Final = 120
#: Characters of an article's text.
MOST_CHARS: Final = 50_000
_SLUG_CHARS: Final = 60
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
#: What agents begin and end with; it is no step.
_PLEASANTRY = re.compile(
    r"(hi|hello|dear|thanks?|best|kind|regards|hallo|guten|danke|liebe|hola|gracias|un saludo|bonjour|merci)\b",
    re.IGNORECASE,
)
_FEWEST_WORDS: Final = 3
#: What begins a line and would be read as structure.
_STRUCTURE = re.compile(r"^(\s*)([#>+\-*=~`|]|\d+[.)])", re.MULTILINE)


class DraftState(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    """Being written."""
    SUBMITTED = "submitted"
    """Waits for a knowledge specialist."""
    REJECTED = "rejected"
    """Sent back with a reason; may be changed and submitted again."""
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Outline:
    """What a draft begins as."""

    title: str
    body: str
    """Markdown below the title."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article in the making."""

    id: str
    reference: str
    """The ticket it comes of."""
    state: DraftState
    locale: str
    audience: Audience
    title: str
    body: str
    author: str
    """Who began it, as the audit log names them."""
    updated_at: dt.datetime
    version: int
    """Goes up with each change."""
    path: str = ""
    """Of the file it was written to, below the folder of articles; empty until then."""


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """One thing that happened to a draft; the texts of each version stay."""

    at: dt.datetime
    who: str
    what: str
    note: str
    """The reason of a rejection."""
    version: int
    title: str
    body: str


def outline(messages: Sequence[Message], subject: str, language: str, mask: Callable[[str], str]) -> Outline:
    """The draft of an exchange; `mask` takes personal data out."""
    problem = matter(messages, language) or subject
    result = _result(messages)
    parts = ["## Problem", _quoted(mask(problem))]
    steps = [mask(one) for one in _steps(messages)]
    parts += [
        "## Steps",
        "\n".join(f"{number}. {_plain(one)}" for number, one in enumerate(steps, 1)) or "1. ",
    ]
    parts += ["## Result", _quoted(mask(result)) if result else ""]
    return Outline(title_of(mask(subject)), "\n\n".join(parts).strip() + "\n")


def title_of(text: str) -> str:
    """A text as a title: one line, not too long."""
    line = " ".join(text.split()).strip("…. ")
    return line if len(line) <= TITLE_CHARS else line[:TITLE_CHARS].rsplit(" ", 1)[0]


def file_of(draft: Draft) -> str:
    """Where its article belongs below the folder of articles: the same for every version of a draft."""
    if draft.path:
        return draft.path
    plain = unicodedata.normalize("NFKD", draft.title).encode("ascii", "ignore").decode().lower()
    slug = _NOT_SLUG.sub("-", plain).strip("-")[:_SLUG_CHARS].strip("-") or "article"
    return f"{draft.locale}/from-tickets/{slug}-{draft.reference.removeprefix('TZ-').lower()}.md"


def article(draft: Draft, day: dt.date) -> str:
    """The file of its article, Markdown with front matter."""
    # JSON is YAML, so no title can end the front matter or add to it.
    fields = {
        "title": draft.title,
        "lang": draft.locale,
        "audience": draft.audience.value,
        "last_reviewed": day,
        "tags": ["from-ticket"],
    }
    front = "\n".join(
        f"{name}: {json.dumps(value, default=str, ensure_ascii=False)}" for name, value in fields.items()
    )
    return f"---\n{front}\n---\n\n{draft.body.strip()}\n"


def _steps(messages: Sequence[Message]) -> list[str]:
    said = [message.text for message in messages if message.role is Role.AGENT]
    sentences = (" ".join(one.split()) for text in said for one in _SENTENCE.split(text))
    telling = [one for one in sentences if len(one.split()) >= _FEWEST_WORDS and not _PLEASANTRY.match(one)]
    return list(dict.fromkeys(telling))


def _result(messages: Sequence[Message]) -> str:
    """What the customer said after the last word of an agent."""
    last = max((place for place, one in enumerate(messages) if one.role is Role.AGENT), default=len(messages))
    return "\n".join(one.text for one in messages[last:] if one.role is Role.CUSTOMER)


def _plain(text: str) -> str:
    return _STRUCTURE.sub(r"\1\\\2", text)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in _plain(text).splitlines() if line.strip())
