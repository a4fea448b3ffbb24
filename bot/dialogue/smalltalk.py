"""A message in, the greeting, thanks or goodbye it is out; a message that also asks something is none."""

from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.groups import Groups, load_groups
from bot.dialogue.reply import Reason
from bot.dialogue.spoken import Spoken
from bot.dialogue.words import sentences

FILE = Path(__file__).with_name("smalltalk.yaml")
#: The language whose small talk is understood everywhere: "hi", "ok", "thanks".
EVERYWHERE = "en"
#: Groups that make a message small talk, the telling one first: "hi, thanks, bye" is a goodbye.
_TELLING = ("goodbye", "thanks", "bot", "greeting", "declined", "agreed", "ok")
_SILENT = ("filler",)
#: A variation selector or skin tone changes how a sign looks, not what it says.
_LOOKS = str.maketrans("", "", "\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
#: Words up to which small talk of any language is understood: people say “gracias” and “merci” in every conversation.
_FOREIGN_WORDS = 3
#: A longer message is no small talk; looking for phrases that cover it all would only take time.
_MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Said:
    """Small talk, and which sentence answers it."""

    reason: Reason
    """`greeting`, `thanks` or `goodbye`: it counts as nothing."""
    sentence: str
    """Key in `bot.dialogue.wording`: `greeting`, `thanks`, `goodbye`, `bot`, `ok`, `agreed` or `declined`."""


_SAID = {
    "goodbye": Said(Reason.GOODBYE, "goodbye"),
    "thanks": Said(Reason.THANKS, "thanks"),
    "bot": Said(Reason.GREETING, "bot"),
    "greeting": Said(Reason.GREETING, "greeting"),
    "declined": Said(Reason.THANKS, "declined"),
    "agreed": Said(Reason.GREETING, "agreed"),
    "ok": Said(Reason.THANKS, "ok"),
}


class SmallTalk:
    """Knows greetings, thanks and goodbyes of each language."""

    def __init__(self, languages: Spoken[Groups]) -> None:
        self._languages = languages

    @classmethod
    def load(cls, file: Path = FILE, *, later: bool = False) -> "SmallTalk":
        """Read the phrases. Raises `bot.errors.SettingsInvalid`. `later` as in `load_groups`."""
        return cls(load_groups(file, (*_TELLING, *_SILENT), ("signs",), later=later))

    def prepare(self) -> None:
        """Reads every language now."""
        self._languages.prepare()

    def classify(self, text: str, language: str) -> Said | None:
        """What the message is, if every word of it is small talk; None if it says anything else."""
        parts = sentences(text)
        words = sum(len(part.words) for part in parts)
        if words > _MOST_WORDS:
            return None
        known = (language, EVERYWHERE)
        for name in dict.fromkeys((*known, *self._languages) if words <= _FOREIGN_WORDS else known):
            groups = self._languages.get(name)
            if groups is None:
                continue
            if not parts:
                if _is_sign(text, groups):
                    return _SAID["ok"]
                continue
            used: set[str] = set()
            for part in parts:
                line = groups.read(part, typos=name in known)
                covered = groups.cover((*_TELLING, *_SILENT), line)
                if covered is None:
                    break
                used |= covered
            else:
                telling = next((group for group in _TELLING if group in used), "")
                if telling:
                    return _SAID[telling]
        return None


def _is_sign(text: str, groups: Groups) -> bool:
    signs = set("".join(text.split()).translate(_LOOKS))
    return bool(signs) and signs <= groups.words["signs"]
