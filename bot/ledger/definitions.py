"""One story in, what is said of it out: every definition of `docs/metrics.md` is a line here and nowhere else."""

from dataclasses import dataclass
from typing import Final

from bot.ledger.facts import FactKind
from bot.ledger.stories import Story

#: Counted up when a definition, the window or the way returns are found changes; tallies of another one are redone.
DEFINITIONS: Final = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is said of a conversation that counts."""

    involved: bool
    """Something was asked of the bot."""
    answered: bool
    """The bot quoted an article at least once."""
    handed_off: bool
    """The bot brought in a person."""
    contained: bool
    """The bot was involved and no person took part."""
    abandoned: bool
    """Contained, and the customer left after a question back, or after saying that the last answer did not help."""
    confirmed: bool
    """The customer said that the answer to the last question helped."""
    durable: bool
    """The customer did not come back on the matter within the window."""
    by_person: bool
    """A person took part, or was asked to."""
    reopened: bool
    """It was solved by a person and opened again."""
    solved_by_person: bool
    """A person solved it, and it was not opened again."""

    @property
    def at_most_deflected(self) -> bool:
        """Nothing speaks against the bot having settled it: the upper bound counts it."""
        return self.contained and not self.abandoned and self.durable

    @property
    def surely_deflected(self) -> bool:
        """The customer said so, and nothing speaks against it: the lower bound counts it."""
        return self.at_most_deflected and self.confirmed

    @property
    def at_most_first_contact(self) -> bool:
        """Nothing speaks against its having been settled in one contact, by whomever."""
        return self.at_most_deflected or (self.by_person and self.durable and not self.reopened)

    @property
    def surely_first_contact(self) -> bool:
        """Settled in one contact: the customer or the person who solved it said so."""
        return self.surely_deflected or (self.solved_by_person and self.durable)


def counts(story: Story) -> bool:
    """Whether a conversation counts at all: one of greetings and thanks asked for nothing."""
    return story.asked > 0 or story.by_person


def outcome(story: Story, *, returned: bool) -> Outcome:
    """What the definitions say of one conversation; `returned` is whether the customer came back on the matter."""
    contained = story.asked > 0 and not story.by_person
    answered_last = story.ended is FactKind.ANSWERED
    return Outcome(
        involved=story.asked > 0,
        answered=story.answered,
        handed_off=story.handed_off_at is not None,
        contained=contained,
        abandoned=contained and (not answered_last or story.helpful is False),
        confirmed=answered_last and story.helpful is True,
        durable=not returned,
        by_person=story.by_person,
        reopened=story.reopened,
        solved_by_person=story.solved_at is not None and not story.reopened,
    )
