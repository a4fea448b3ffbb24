"""The pure parts that an answer is decided with, in one value: whoever answers beside the usual changes one of them."""

from dataclasses import dataclass

from bot.answering.judging import Judge
from bot.answering.lookup import Lookup
from bot.dialogue.circles import Circles
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.context import Context
from bot.dialogue.glossary import Glossary
from bot.dialogue.language import LanguageDetector
from bot.dialogue.offers import Offers
from bot.dialogue.parts import Parts
from bot.dialogue.plainly import Plainly
from bot.dialogue.procedure import Procedure
from bot.dialogue.smalltalk import SmallTalk
from bot.dialogue.triggers import Handlings, Triggers
from bot.dialogue.underspecified import Underspecified
from bot.dialogue.wording import Wording


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Rules, wording and the confidence model."""

    detector: LanguageDetector
    triggers: Triggers
    handlings: Handlings
    small_talk: SmallTalk
    underspecified: Underspecified
    circles: Circles
    context: Context
    procedure: Procedure
    offers: Offers
    wording: Wording
    confidence: ConfidenceModel
    glossary: Glossary
    parts: Parts
    plainly: Plainly

    def lookup(self, judge: Judge, default_locale: str) -> Lookup:
        """What looks questions up with these parts."""
        return Lookup(
            judge, self.glossary, self.confidence, self.context, self.plainly, self.parts, default_locale
        )

    def prepare(self) -> None:
        """Reads what was left until its language is spoken."""
        for part in (self.triggers, self.small_talk, self.underspecified, self.circles, self.context):
            part.prepare()
        self.glossary.prepare()
        self.plainly.prepare()
