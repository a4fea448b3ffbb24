"""The fifth layer: the help centre's own parts: what readers say and ask for there, out of what leaves the desk.

What they import is imported when it is used, since commands need none of it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.composition.leaving import Leaving

if TYPE_CHECKING:
    from bot.help_votes import HelpVotes


@dataclass(slots=True)
class Portal(Leaving):
    """The parts that readers of the help centre meet."""

    @property
    def votes(self) -> "HelpVotes":
        """What readers say of articles."""
        from bot.help_votes import HelpVotes
        from bot.storage.votes import VoteLog

        return HelpVotes(VoteLog(self.database), lambda: self.keyring, mask=self.masked, now=self.chance.now)
