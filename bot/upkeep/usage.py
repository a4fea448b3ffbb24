"""The facts of a time in, what became of each article in it out; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Final

from bot.ledger.facts import Fact, FactKind

#: Conversations kept behind each figure, the newest.
MOST_BEHIND: Final = 50


@dataclass(slots=True)
class Usage:
    """Conversations by what became of an article in them; each counts once."""

    shown: list[str] = field(default_factory=list)
    """It was cited."""
    quoted: list[str] = field(default_factory=list)
    """It was the answer."""
    helped: list[str] = field(default_factory=list)
    not_helped: list[str] = field(default_factory=list)
    ticket: list[str] = field(default_factory=list)
    """People were asked for after it was quoted."""
    near: list[str] = field(default_factory=list)
    """It was nearest to a question that was handed off."""
    page_helped: list[str] = field(default_factory=list)
    """A reader of its page said that it helped; a vote, not a conversation."""
    page_not_helped: list[str] = field(default_factory=list)


def usage(facts: Iterable[Fact]) -> dict[str, Usage]:
    """By article id; conversations newest first."""
    told: dict[str, list[Fact]] = {}
    for fact in facts:
        told.setdefault(fact.conversation_id, []).append(fact)
    found: dict[str, Usage] = {}
    newest = sorted(told.items(), key=lambda one: (max(fact.at for fact in one[1]), one[0]), reverse=True)
    for conversation_id, own in newest:
        for kind, articles in _of(sorted(own, key=lambda fact: (fact.at, fact.seq))).items():
            for article in articles:
                getattr(found.setdefault(article, Usage()), kind).append(conversation_id)
    return found


def _of(facts: list[Fact]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {one.name: set() for one in fields(Usage)}
    by_seq: dict[int, str] = {}
    verdicts: dict[int, bool] = {}
    for fact in facts:
        if fact.kind is FactKind.ANSWERED and fact.articles:
            found["shown"].update(fact.articles)
            found["quoted"].add(fact.articles[0])
            by_seq[fact.seq] = fact.articles[0]
        elif fact.kind is FactKind.HANDED_OFF:
            found["ticket"].update(by_seq.values())
            if fact.about:
                found["near"].add(fact.about)
        elif fact.kind in (FactKind.HELPFUL, FactKind.NOT_HELPFUL):
            verdicts[fact.seq] = fact.kind is FactKind.HELPFUL
        elif fact.kind in (FactKind.PAGE_HELPED, FactKind.PAGE_NOT_HELPED):
            # The newest word of a visitor counts.
            for kind in FactKind.PAGE_HELPED, FactKind.PAGE_NOT_HELPED:
                found[kind.value] = set(fact.articles) if kind is fact.kind else set()
    for seq, helped in verdicts.items():
        if seq in by_seq:
            found["helped" if helped else "not_helped"].add(by_seq[seq])
    return found
