"""A message in, the reason to bring in a person out, with the rule that fired; the rules are files in `rules/`."""

from bot.dialogue.triggers.fired import Considered, Fired
from bot.dialogue.triggers.match import Triggers
from bot.dialogue.triggers.meaning import Meaning
from bot.dialogue.triggers.reasons import Handling, Handlings

__all__ = ["Considered", "Fired", "Handling", "Handlings", "Meaning", "Triggers"]
