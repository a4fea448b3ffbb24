"""What the form “was this helpful?” shows to whoever looks at an article now."""

import re
from dataclasses import dataclass
from typing import Final

from fastapi import Request

from bot.help_centre.votes import Why
from bot.web.services import services_of
from kb.article import ArticleKey

#: Set by a vote, for the address of its article alone.
COOKIE: Final = "tierzero_vote"
SAID: Final = {"yes": True, "no": False}
_TOKEN: Final = re.compile(r"[\w.-]{1,4000}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ballot:
    """What the form below an article shows."""

    token: str
    said: str
    """`yes`, `no`, or empty before a vote."""
    told: bool
    """Whether a reason was given, or is not asked for."""
    why: tuple[str, ...] = tuple(Why)


def ballot(request: Request, key: ArticleKey, revision: str) -> Ballot:
    """The form for whoever looks at a page now: anew, or with thanks to who has voted."""
    votes = services_of(request).votes
    token, just = votes.token(key, revision), request.query_params.get("voted", "")
    if just in (*SAID, "told"):
        return Ballot(token, "no" if just == "told" else just, just != "no")
    cookie = request.cookies.get(COOKIE, "")
    vote = votes.said(key, revision, cookie) if is_token(cookie) else None
    if vote is None:
        return Ballot(token, "", told=False)
    return Ballot(token, "yes" if vote.helpful else "no", told=True)


def is_token(text: str) -> bool:
    """Whether a text can be something that was signed at all."""
    return _TOKEN.fullmatch(text) is not None
