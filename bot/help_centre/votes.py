"""“Was this helpful?” below an article: a visitor's word in, one vote a visitor and revision out, told to the ledger.

Nobody is followed for it: before a vote there is no cookie, and what tells one visitor from another is a keyed digest
that is another one for each revision of each article.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from bot.errors import BadRequest, NotFound, TooManyRequests
from bot.ledger.facts import Fact, FactKind
from kb.article import ArticleKey

FORM: Final = "article-vote"
VOTER: Final = "article-voter"
#: A page may lie open for this long before its form is sent; the day it was opened is rounded up.
FORM_HOLDS: Final = dt.timedelta(days=2)
#: How long a visitor's browser remembers that it has voted.
REMEMBERED: Final = dt.timedelta(days=180)
#: Votes on one revision from one address within a day: an office behind one address, not a program.
MOST_FROM_ONE_ADDRESS: Final = 20
COMMENT_CHARS: Final = 500
#: Where the facts of votes come from.
CHANNEL: Final = "help"


class Why(StrEnum):
    """Why an article did not help, in the reader's choice."""

    MISSING = "missing"
    """It does not say what the reader wanted to know."""
    UNCLEAR = "unclear"
    WRONG = "wrong"
    """It is not (any more) as the article says."""
    FAILED = "failed"
    """The reader did what it says, and it did not work."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one visitor says of one revision of an article."""

    id: str
    """Tells the visitor from others, for this revision alone."""
    key: ArticleKey
    revision: str
    helpful: bool
    why: Why | None
    comment: str
    """Without personal data."""
    address: str
    """A digest of where it came from, for this revision alone."""
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page, as far as one may know."""

    address: str
    browser: str
    """As it names itself."""
    remembered: str = ""
    """What `Voted.remember` said to this browser before."""


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote that was taken."""

    vote: Vote
    remember: str
    """For the browser to keep, so that a visitor whose address changes is still one visitor."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What readers say of an article in one language."""

    helped: int
    not_helped: int
    why: tuple[tuple[Why, int], ...]
    comments: tuple[tuple[dt.datetime, str], ...]
    """Newest first."""


class VoteStore(Protocol):
    """Where votes are kept."""

    def get(self, vote_id: str) -> Vote | None:
        """A vote by its id."""

    def put(self, vote: Vote, facts: Sequence[Fact], since: dt.datetime, most: int) -> bool:
        """Stores a vote in place of the same visitor's; False, and nothing, where too many came from its address."""

    def opinion(self, key: ArticleKey, since: dt.datetime) -> Opinion:
        """What readers said of an article, in any of its revisions."""


class Signing(Protocol):
    """Signs what a page carries, and makes digests that nobody else can."""

    def sign(self, purpose: str, subject: str, until: dt.datetime) -> str:
        """A token."""

    def signed(self, purpose: str, token: str) -> tuple[str, dt.datetime] | None:
        """What a token was signed for, and until when."""

    def lasting(self, purpose: str) -> bytes:
        """A key for one purpose."""


class HelpVotes:
    """Takes votes on articles."""

    def __init__(
        self,
        store: VoteStore,
        keyring: Callable[[], Signing],
        *,
        mask: Callable[[str, str], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """`keyring` is asked for when it is needed first; `mask` takes a text and its language."""
        self._store = store
        self._keyring = keyring
        self._mask = mask
        self._now = now

    def token(self, key: ArticleKey, revision: str) -> str:
        """What a form about a revision carries. The same all day, so that an unchanged page reads the same."""
        today = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        return self._keyring().sign(FORM, _subject(key, revision), today + FORM_HOLDS)

    def said(self, key: ArticleKey, revision: str, remembered: str) -> Vote | None:
        """What a browser that remembers a vote has said of this revision."""
        id_ = self._remembered(key, revision, remembered)
        return self._store.get(id_) if id_ else None

    def vote(
        self,
        key: ArticleKey,
        token: str,
        visitor: Visitor,
        *,
        helpful: bool,
        why: Why | None = None,
        comment: str = "",
    ) -> Voted:
        """Keeps a vote in place of the visitor's earlier one on the same revision.

        Raises `NotFound` for a form that is not of this article or too old, `BadRequest` and `TooManyRequests`.
        """
        revision = self._revision(key, token)
        if len(comment) > COMMENT_CHARS:
            raise BadRequest(f"Please say it in at most {COMMENT_CHARS} characters.")
        address = self._digest("address", key, revision, visitor.address)
        id_ = self._remembered(key, revision, visitor.remembered) or self._digest(
            "visitor", key, revision, visitor.address, visitor.browser
        )
        now, was = self._now(), self._store.get(id_)
        said = self._mask(comment.strip(), key.locale) if not helpful else ""
        vote = Vote(id_, key, revision, helpful, None if helpful else why, said, address, now)
        if was is not None and was.helpful == helpful and not why and not said:
            vote = was
        elif not self._store.put(vote, _facts(was, vote), now - dt.timedelta(days=1), MOST_FROM_ONE_ADDRESS):
            raise TooManyRequests(
                "There were many votes from your network today. Thank you all the same.", 3600
            )
        return Voted(vote, self._keyring().sign(VOTER, f"{id_} {_subject(key, revision)}", now + REMEMBERED))

    def opinion(self, key: ArticleKey, days: int) -> Opinion:
        """What readers said of an article in the last days."""
        return self._store.opinion(key, self._now() - dt.timedelta(days=days))

    def _revision(self, key: ArticleKey, token: str) -> str:
        read = self._keyring().signed(FORM, token)
        beginning, _, revision = read[0].rpartition("@") if read else ("", "", "")
        if read is None or self._now() >= read[1] or beginning != f"{key.locale}/{key.id}":
            raise NotFound("This form is out of date. Open the article again, then say it once more.")
        return revision

    def _remembered(self, key: ArticleKey, revision: str, remembered: str) -> str:
        read = self._keyring().signed(VOTER, remembered) if remembered else None
        id_, _, about = read[0].partition(" ") if read else ("", "", "")
        return id_ if about == _subject(key, revision) else ""

    def _digest(self, what: str, key: ArticleKey, revision: str, *known: str) -> str:
        text = "\0".join((what, _subject(key, revision), *known))
        secret = self._keyring().lasting("article-votes")
        return hmac.new(secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def _subject(key: ArticleKey, revision: str) -> str:
    return f"{key.locale}/{key.id}@{revision}"


def _facts(was: Vote | None, vote: Vote) -> list[Fact]:
    """Another word of the same visitor is another fact of the same name; the newest counts."""
    if was is not None and (was.helpful, was.why) == (vote.helpful, vote.why):
        return []
    kind = FactKind.PAGE_HELPED if vote.helpful else FactKind.PAGE_NOT_HELPED
    return [
        Fact(
            f"page:{vote.id}",
            vote.at.astimezone(dt.UTC),
            kind,
            reason=vote.why.value if vote.why else "",
            articles=(vote.key.id,),
            channel=CHANNEL,
            language=vote.key.locale,
        )
    ]
