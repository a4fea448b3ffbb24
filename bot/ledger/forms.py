"""What happened to contact forms in; what the articles shown on them did, as a pair of shares, out; pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.ledger.facts import Fact, FactKind
from bot.ledger.intervals import Share, share


@dataclass(frozen=True, slots=True)
class FormFigures:
    """Forms of a time, each counted once."""

    shown: int
    """Articles were shown while it was filled in."""
    sent_after: int
    """It was sent all the same."""
    helped: int
    """The customer said that the articles answered it, and did not send it."""
    sent_unshown: int
    """It was sent and no article fitted."""

    @property
    def left(self) -> int:
        """Articles were shown, and nothing was said or sent: nobody knows why."""
        return self.shown - self.sent_after - self.helped

    @property
    def at_least(self) -> Share:
        """Of those shown articles, who said that it was answered."""
        return share(self.helped, self.shown)

    @property
    def at_most(self) -> Share:
        """Of those shown articles, who did not send it, whatever the reason."""
        return share(self.shown - self.sent_after, self.shown)


def form_figures(facts: Iterable[Fact]) -> FormFigures:
    """The order of the facts does not matter. Who said that it helped and then sent it, sent it."""
    told: dict[str, set[FactKind]] = {}
    for fact in facts:
        told.setdefault(fact.conversation_id, set()).add(fact.kind)
    shown = [one for one in told.values() if FactKind.FORM_SHOWN in one]
    return FormFigures(
        shown=len(shown),
        sent_after=sum(FactKind.FORM_SENT in one for one in shown),
        helped=sum(FactKind.FORM_HELPED in one and FactKind.FORM_SENT not in one for one in shown),
        sent_unshown=sum(FactKind.FORM_SENT in one for one in told.values())
        - sum(FactKind.FORM_SENT in one for one in shown),
    )
