"""A message and the conversation before it in, what is known of it before anything is looked up out."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.answering.dialogue import Dialogue
from bot.answering.languages import Heard, Languages
from bot.dialogue.choices import picked_choice, picked_several, refuses_all, takes
from bot.dialogue.conversation import Conversation
from bot.dialogue.decide import Turn, asked_back, offering, shown_again
from bot.dialogue.language import SURE
from bot.dialogue.reply import Reason, Reply
from bot.dialogue.smalltalk import Said
from bot.dialogue.triggers import Fired
from bot.dialogue.triggers.meaning import Seen
from index.errors import SearchError

#: Sentences that answer a yes.
_AGREEING = frozenset({"agreed", "ok"})
#: The encoder's view of a text. Raises `SearchError` where there is none.
See = Callable[[str], Seen]


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message says, as far as rules tell."""

    text: str
    """As the customer wrote it."""
    language: str
    """The one it is in; perhaps one that is not answered."""
    spoken: str
    """The answered language to look it up in."""
    rules: str
    """The language whose rules are tried; empty for all, where it is not sure: an incident must not be missed."""
    choices: tuple[str, ...]
    """The titles or headings that they picked, where the bot asked which is meant; else empty."""
    fired: Fired | None
    """Why a person must be brought in."""
    said: Said | None
    """The small talk that it is."""
    turn: Turn
    """The same, for a decision."""
    offered: Reply | None = None
    """The question back whose choices are open."""
    overruled: bool = False
    """A rule fired, and the meaning of the whole message spoke against it."""


class Understanding:
    """Reads messages by the rules, and by their meaning where the encoder gives one. Keeps nothing of them."""

    def __init__(self, dialogue: Dialogue, languages: Languages, see: See | None) -> None:
        """`see` lets the meaning weigh a rule that fired; without it the rules are alone."""
        self._dialogue = dialogue
        self._languages = languages
        self._see = see

    def of(self, text: str, heard: Heard, conversation: Conversation | None) -> Understood:
        """What a message says after what was said before it."""
        parts, offered = self._dialogue, offering(conversation)
        choices = _picked(text, offered, heard.prior or self._languages.default)
        if choices:
            # Our own words, perhaps of an article in another language, tell nothing about the customer.
            heard = replace(heard, language=heard.prior, certainty=1.0, answered=True)
        spoken = self._languages.spoken(heard)
        rules = self.rules(heard)
        ruled = None if choices else parts.triggers.match(text, rules)
        fired = self._weighed(ruled, text, rules, spoken) if ruled else None
        said = None if choices else parts.small_talk.classify(text, spoken)
        yes = None if choices else _agreed(text, said, offered)
        again = shown_again(conversation)
        turn = Turn(
            fired=fired.reason if fired else None,
            rule=fired.rule if fired else "",
            small_talk=said.reason if said else None,
            supported_language=heard.answered,
            circling=parts.circles.noticed(conversation, text, spoken),
            vague=parts.underspecified.is_vague(text, spoken),
            asked_back=asked_back(conversation),
            chosen=bool(choices),
            # Who says yes again cannot be helped by the choices.
            refused=not choices and (refuses_all(text, offered) or (yes is not None and again)),
            agreed=yes,
        )
        overruled = ruled is not None and fired is None
        return Understood(text, heard.language, spoken, rules, choices, fired, said, turn, offered, overruled)

    def rules(self, heard: Heard) -> str:
        """The language whose rules are tried on a message; empty for all of them."""
        return self._languages.spoken(heard) if heard.certainty >= SURE else ""

    def meant(self, understood: Understood) -> str:
        """What is asked, without what is declined ("I don't need an agent, just tell me …")."""
        if understood.choices:
            return understood.text
        return self._dialogue.triggers.meant(understood.text, understood.rules)

    def felt(self, understood: Understood, encoded: Seen) -> Fired | None:
        """Why a person is needed that no rule puts in words, told by meaning.

        `encoded` is the view of the text that the search needs anyway; it serves for English, which is read as written.
        """
        if understood.choices:
            return None
        triggers, text = self._dialogue.triggers, understood.text
        # Even where the language is not sure, the words of the likeliest one say more than sounds that an encoder of
        # English takes for its own: “rot” is a colour.
        read = triggers.reads(text, understood.spoken)
        seen = encoded if read == text or self._see is None else self._see(read)
        return triggers.felt(text, seen, understood.rules)

    def _weighed(self, fired: Fired, text: str, rules: str, spoken: str) -> Fired | None:
        """The rule that fires, unless the meaning of the message speaks clearly against it."""
        triggers = self._dialogue.triggers
        if self._see is None:
            return fired
        try:
            seen = self._see(triggers.reads(text, spoken))
        except SearchError:
            # A message that asks for people reaches them with the model or without.
            return fired
        return triggers.weighed(fired, text, seen, rules)


def _picked(text: str, offered: Reply | None, language: str) -> tuple[str, ...]:
    """Which of the choices that are open a message means; mostly one."""
    if offered is None:
        return ()
    one = picked_choice(text, offered.choices, language)
    return (one,) if one else picked_several(text, offered.choices)


def _agreed(text: str, said: Said | None, offered: Reply | None) -> Reason | None:
    """The small talk that a yes to several choices counts as; None where it is none."""
    if offered is None or len(offered.choices) < 2:
        return None
    if said is not None and said.sentence in _AGREEING:
        return said.reason
    return Reason.GREETING if takes(text) else None
