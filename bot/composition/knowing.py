"""A layer: what was opened in, what can answer out: the index, what outcomes taught it, rules, confidence.

What a first message does not need is imported when it is used, since every start would wait for it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot import rules_read
from bot.answering.dialogue import Dialogue
from bot.answering.quotes import Verifier
from bot.composition.opened import Opened
from bot.desk.policy import Policy, load_policy
from bot.dialogue import confidence
from bot.dialogue.circles import Circles
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.context import Context
from bot.dialogue.glossary import Glossary
from bot.dialogue.language import LanguageDetector
from bot.dialogue.offers import Offers
from bot.dialogue.parts import Parts
from bot.dialogue.plainly import Plainly
from bot.dialogue.procedure import Procedure
from bot.dialogue.serving import Serving, serving
from bot.dialogue.smalltalk import SmallTalk
from bot.dialogue.triggers import Handlings, Meaning, Triggers
from bot.dialogue.underspecified import Underspecified
from bot.dialogue.wording import Wording
from bot.knowledge.learning import Learning
from bot.knowledge.served import Knowledge
from bot.language_tables import load_letter_model
from bot.model import second_look
from bot.storage.learned import LearnedLog

if TYPE_CHECKING:
    from bot.dialogue.triggers.trying import Trying
    from bot.knowledge.ingestion import Ingestion

CONFIDENCE = Path(__file__).parents[1] / "dialogue" / "confidence.json"


@dataclass(slots=True)
class Knowing(Opened):
    """The parts that know what can be answered, and how sure that is."""

    _knowledge: Knowledge | None = None
    _learning: Learning | None = None
    _dialogue: Dialogue | None = None
    _policy: Policy | None = None

    @property
    def knowledge(self) -> Knowledge:
        """The index that answers."""
        if self._knowledge is None:
            self._knowledge = Knowledge(self.settings.index_root, self.shelf, self.encoder)
            self._knowledge.refresh()
            self.learning.refresh()
        return self._knowledge

    @property
    def learning(self) -> Learning:
        """What outcomes teach the search."""
        if self._learning is None:
            self._learning = Learning(
                LearnedLog(self.database),
                self.conversations,
                self.knowledge,
                self.encoder,
                leans=lambda text, before, language: (
                    self.dialogue.context.standalone(text, before, language).is_followup
                ),
                redact=lambda text: self.redactor.redact(text).text,
                now=self.chance.now,
            )
        return self._learning

    @property
    def ingestion(self) -> "Ingestion":
        """The ingest flow."""
        from bot.knowledge.ingestion import Ingestion

        return Ingestion(
            self.shelf,
            self.encoder,
            self.settings.index_root,
            default_locale=self.settings.default_locale,
            locales=self.settings.locales,
            now=self.chance.now,
        )

    @property
    def verifier(self) -> Verifier:
        """Checks quotes against the database."""
        return Verifier(self.shelf, public_url=self.settings.public_url, site_url=self.settings.site_url)

    @property
    def dialogue(self) -> Dialogue:
        """Rules, wording and the confidence model."""
        if self._dialogue is None:
            later = rules_read.were_read(self.settings.models_root)
            rules = Triggers.load(later=later)
            self._dialogue = Dialogue(
                detector=LanguageDetector.load(model=load_letter_model(self.settings.models_root)),
                handlings=Handlings.load(),
                small_talk=SmallTalk.load(later=later),
                underspecified=Underspecified.load(later=later),
                circles=Circles.load(later=later),
                context=Context.load(later=later),
                procedure=Procedure.load(),
                offers=Offers.load(),
                wording=Wording.load(default=self.settings.default_locale),
                confidence=self.serving.model,
                glossary=Glossary.load(later=later),
                parts=Parts.load(),
                plainly=Plainly.load(later=later),
                # Last: it waits for the model, which loads meanwhile.
                triggers=self._understanding(rules, later=later),
            )
            if not later:
                rules_read.remember(self.settings.models_root)
        return self._dialogue

    def _understanding(self, rules: Triggers, *, later: bool) -> Triggers:
        """The rules with what tells by meaning; alone where that was fitted for another model than the one served."""
        meaning, identity = Meaning.load(later=later), self.encoder.identity
        if meaning.fits(identity):
            return rules.including(meaning, second_look(self.settings, identity, self.tell))
        self.tell(
            "Messages are told by the rules alone: the weights that tell them by meaning are for another model. "
            "Fit them with `tierzero eval prototypes`."
        )
        return rules

    @property
    def serving(self) -> Serving:
        """The confidence model with the threshold that serves; the data folder's own where there is one."""
        return serving(self._fitted, self.settings.error_budget)

    @property
    def _fitted(self) -> ConfidenceModel:
        own = self.settings.own_confidence
        return confidence.load(own if own.is_file() else CONFIDENCE)

    @property
    def trying(self) -> "Trying":
        """What the triggers make of a message, for those who keep the rules."""
        from bot.dialogue.triggers.trying import Trying

        dialogue, encoder = self.dialogue, self.encoder
        return Trying(
            dialogue.triggers,
            dialogue.detector,
            (lambda text: encoder.encode([text])[0]) if dialogue.triggers.means else None,
            locales=self.settings.locales,
            default_locale=self.settings.default_locale,
        )

    @property
    def policy(self) -> Policy:
        """The desk's rules, read once."""
        if self._policy is None:
            self._policy = load_policy(self.settings.policy) if self.settings.policy else load_policy()
        return self._policy
