"""Stories in, those whose customer came back on the matter out: by account, contact, or a text only they wrote."""

import datetime as dt
from collections.abc import Sequence
from itertools import islice
from typing import Final

from bot.ledger.customers import says_who
from bot.ledger.facts import FactKind
from bot.ledger.stories import WINDOW, Story

#: Of more conversations with one mark the next ones are looked at: words that so many wrote are nobody's own.
_LOOKED_AT: Final = 50


def returned(told: Sequence[Story]) -> frozenset[str]:
    """Ids of conversations after which the customer opened another one on the matter within the window.

    `told` is sorted by the time of opening, as `stories` gives it, and reaches a window beyond those asked about.
    """
    by_mark: dict[str, list[tuple[Story, dt.datetime]]] = {}
    for story in told:
        for mark, at in story.marks:
            by_mark.setdefault(mark, []).append((story, at))
    found = set()
    for same in by_mark.values():
        for place, (first, _) in enumerate(same):
            until = first.opened_at + WINDOW
            for later, known_at in islice(same, place + 1, place + 1 + _LOOKED_AT):
                if later.opened_at > until:
                    break
                if known_at <= until and _on_the_matter(first, later, until):
                    found.add(first.conversation_id)
                    break
    return frozenset(found)


def _on_the_matter(first: Story, later: Story, until: dt.datetime) -> bool:
    """Any return is, unless it is surely another customer's, or surely about something else."""
    if not (later.asked or later.by_person) or _strangers(first, later):
        return False
    if not (first.ended is FactKind.ANSWERED and first.helpful):
        return True
    # Who said that the first answer helped, and then got an answer of other articles, asked something else.
    ours = {article for article, _ in first.cited}
    theirs = {article for article, at in later.cited if at <= until}
    return not theirs or bool(ours & theirs)


def _strangers(first: Story, later: Story) -> bool:
    """Both said who they are, and it was not the same: then the same words are chance."""
    ours = {mark for mark, _ in first.marks if says_who(mark)}
    theirs = {mark for mark, _ in later.marks if says_who(mark)}
    return bool(ours) and bool(theirs) and not ours & theirs
