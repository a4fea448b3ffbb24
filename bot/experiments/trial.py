"""Values of another text of an article: what it is tried beside, and the text as it is kept."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from kb.article import ArticleKey

#: Characters of a text; as many as a draft may have.
MOST_CHARS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Original:
    """The published text that another one is tried beside."""

    key: ArticleKey
    revision: str
    title: str
    source: str
    path: str
    """Its file: how it is called says how it is read."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Another text of an article, as it is kept with its experiment."""

    experiment_id: str
    key: ArticleKey
    revision: str
    """First digits of the digest of `source`, as of every revision."""
    title: str
    path: str
    beside: str
    """The revision that was published when it began."""
    source: str

    @property
    def setting(self) -> str:
        """Names it in the list of experiments."""
        return f"{self.key} {self.revision}"


@dataclass(frozen=True, slots=True)
class Tried:
    """A text as its page shows it; it was not published."""

    title: str
    source: str
    since: dt.datetime
    runs: bool
