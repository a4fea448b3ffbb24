"""The second layer: what was opened in, the parts that ingest, search, answer and hand off out.

What a first message does not need is imported when it is used, since every start would wait for it.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot import rules_read
from bot.answering.answering import Answering
from bot.answering.dialogue import Dialogue
from bot.answering.quotes import Verifier
from bot.chat.chat import Chat
from bot.chat.handover import Handover
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
from bot.dialogue.reply import Reply
from bot.dialogue.serving import Serving, serving
from bot.dialogue.smalltalk import SmallTalk
from bot.dialogue.triggers import Handlings, Meaning, Triggers
from bot.dialogue.underspecified import Underspecified
from bot.dialogue.wording import Wording
from bot.errors import BadRequest
from bot.experimenting.arms import Arms, Sides, budget_model, recipe_of
from bot.experiments.experiment import Experiment, Kind, budget_of, parts_of
from bot.knowledge.learning import Learning
from bot.knowledge.served import Knowledge, Searched
from bot.language_tables import load_letter_model
from bot.live.presence import Availability
from bot.logs import log_turn
from bot.storage.experiments import ExperimentLog
from bot.storage.learned import LearnedLog
from bot.storage.live import LiveLog
from bot.storage.live_board import LiveBoard
from bot.storage.tickets import TicketLog
from bot.storage.trials import TrialLog
from bot.tickets.hearing import Hearing
from index.ranking import Recipe
from kb.article import ArticleKey, Audience

if TYPE_CHECKING:
    from bot.dialogue.triggers.trying import Trying
    from bot.experiments.trial import Trial
    from bot.help_centre.articles import ArticlePages
    from bot.help_centre.search import HelpSearch
    from bot.knowledge.ingestion import Ingestion
    from bot.live.talk import LiveDesk
    from bot.people.members import Members
    from bot.tickets.tickets import Tickets
    from bot.writing import Writer

CONFIDENCE = Path(__file__).parents[1] / "dialogue" / "confidence.json"


@dataclass(slots=True)
class Answers(Opened):
    """The parts that customers meet."""

    _knowledge: Knowledge | None = None
    _dialogue: Dialogue | None = None
    _answering: Answering | None = None
    _arms: Arms | None = None
    _chat: Chat | None = None
    _help_search: "HelpSearch | None" = None
    _articles: "ArticlePages | None" = None
    _policy: Policy | None = None
    _learning: Learning | None = None

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
                plainly=Plainly.load(),
                # Last: it waits for the model, which loads meanwhile.
                triggers=rules.including(self._meaning(later)),
            )
            if not later:
                rules_read.remember(self.settings.models_root)
        return self._dialogue

    def _meaning(self, later: bool) -> Meaning | None:
        """What tells by meaning who needs a person; None where it was fitted for another model than the one served."""
        meaning = Meaning.load(later=later)
        if meaning.fits(self.encoder.identity):
            return meaning
        self.tell(
            "Messages are told by the rules alone: the weights that tell them by meaning are for another model. "
            "Fit them with `tierzero eval prototypes`."
        )
        return None

    @property
    def serving(self) -> Serving:
        """The confidence model with the threshold that serves; the data folder's own where there is one."""
        return serving(self._fitted, self.settings.error_budget)

    @property
    def _fitted(self) -> ConfidenceModel:
        own = self.settings.own_confidence
        return confidence.load(own if own.is_file() else CONFIDENCE)

    @property
    def verifier(self) -> Verifier:
        """Checks quotes against the database."""
        return Verifier(self.shelf, public_url=self.settings.public_url, site_url=self.settings.site_url)

    @property
    def answering(self) -> Answering:
        """The answering flow."""
        if self._answering is None:
            self._answering = self._answering_by(self.dialogue)
        return self._answering

    def _answering_by(
        self,
        dialogue: Dialogue,
        recipe: Recipe | None = None,
        source: tuple[Searched, Verifier] | None = None,
        *,
        written: bool = True,
    ) -> Answering:
        """`source` is where answers come from, if not from what serves everybody; `written` lets a model write."""
        knowledge, verifier = source or (self.knowledge, self.verifier)
        return Answering(
            knowledge,
            verifier,
            dialogue,
            locales=self.settings.locales,
            default_locale=self.settings.default_locale,
            writer=self._writer() if written else None,
            see=(lambda text: self.encoder.encode([text])[0]) if dialogue.triggers.means else None,
            recipe=recipe,
        )

    @property
    def arms(self) -> Arms:
        """Which arm of the running experiment serves a conversation."""
        if self._arms is None:
            self._arms = Arms(ExperimentLog(self.database), self.sides)
        return self._arms

    def sides(self, experiment: Experiment) -> Sides:
        """What the arms of an experiment answer with. Raises `BadRequest` that says why arm B cannot be served."""
        if experiment.kind is not Kind.ARTICLE:
            return Sides(self.arm_b(experiment.kind, experiment.setting))
        trial = TrialLog(self.database).trial(experiment.id)
        if trial is None:
            raise BadRequest("The text that it tries is not kept any more.")
        return self.trial_sides(trial)

    def trial_sides(self, trial: "Trial") -> Sides:
        """What the arms answer with where another text of an article is tried."""
        from bot.experimenting.trial_index import TrialKnowledge, TrialTexts
        from bot.experiments.other_text import other_text
        from bot.experiments.trial import Original
        from bot.knowledge.planned import facts_of
        from kb.chunking import chunk

        settings, log = self.settings, TrialLog(self.database)
        before = self.shelf.source(trial.key, trial.beside) or ""
        original = Original(trial.key, trial.beside, trial.title, before, trial.path)
        article = other_text(original, trial.source, frozenset(settings.locales))
        knowledge = TrialKnowledge(
            settings.index_root,
            self.knowledge,
            self.encoder,
            replace(facts_of(article), url=""),
            chunk(article, self.encoder.measure),
            lambda: self.learning.lessons,
        )
        texts = TrialTexts(self.shelf, log, trial)
        source = knowledge, Verifier(texts, public_url=settings.public_url, site_url=settings.site_url)
        plain = (
            self._answering_by(self.dialogue, written=False),
            self._answering_by(self.dialogue, source=source, written=False),
        )
        return Sides(self._answering_by(self.dialogue, source=source), plain, knowledge.refresh)

    def arm_b(self, kind: Kind, setting: str) -> Answering:
        """What answers in arm B. Raises `BadRequest` that says why a setting cannot be served beside the other."""
        if kind is Kind.RANKING:
            return self._answering_by(self.dialogue, recipe_of(parts_of(setting), self.serving))
        model = budget_model(self._fitted, self.serving, budget_of(setting))
        return self._answering_by(replace(self.dialogue, confidence=model))

    def beside(self, kind: Kind, setting: str) -> str:
        """What serves arm A, in words. Raises `BadRequest` likewise, without building anything."""
        if kind is Kind.RANKING:
            recipe_of(parts_of(setting), self.serving)
        elif kind is Kind.BUDGET:
            budget_model(self._fitted, self.serving, budget_of(setting))
        usual = f"answers from a probability of {self.serving.model.threshold:.3f}, ranked as shipped"
        return (
            f"the published text {self._published_beside(setting)}; {usual}"
            if kind is Kind.ARTICLE
            else usual
        )

    def _published_beside(self, setting: str) -> str:
        """The revision that is published now of the article that a setting names. Raises `BadRequest`."""
        name = setting.rpartition(" ")[0]
        locale, _, article_id = name.partition("/")
        key = ArticleKey(article_id, locale)
        current = self.shelf.published([key]).get(key)
        if current is None or current.audience is not Audience.PUBLIC:
            raise BadRequest(f"The article {name[:200]} is not there for customers.")
        return current.revision

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

    def _writer(self) -> "Writer | None":
        """What writes answers, where a language model is set."""
        settings = self.settings
        if not settings.llm_base_url:
            return None
        from bot.writing import Writer
        from bot.writing.alignment import Alignment
        from bot.writing.completions import OpenAICompletions

        return Writer(
            OpenAICompletions(
                settings.llm_base_url,
                settings.llm_model,
                settings.llm_key,
                seconds=settings.llm_seconds,
            ),
            Alignment.load(),
        )

    def _noticed(self, reply: Reply, seconds: float) -> None:
        self.meters.turn(reply, seconds)
        log_turn(reply, seconds)

    @property
    def chat(self) -> Chat:
        """The chat flow."""
        if self._chat is None:
            self._chat = Chat(
                self.conversations,
                self.answering,
                self.handover,
                self.dialogue.wording,
                self.chance,
                self.redactor,
                learn=self.learning.heard,
                heard=self.hearing.heard,
                noticed=self._noticed,
                served=self.arms.served,
            )
        return self._chat

    @property
    def handover(self) -> Handover:
        """Words and tickets of hand-offs."""
        parts = self.dialogue
        return Handover(
            self.answering,
            parts.wording,
            parts.handlings,
            self.policy,
            self.chance,
            minutes_to_wait=self.availability.minutes_to_wait,
        )

    @property
    def live_store(self) -> LiveLog:
        """Live chats as stored."""
        return LiveLog(self.database)

    @property
    def live_board(self) -> LiveBoard:
        """The list of live chats."""
        return LiveBoard(self.database)

    @property
    def availability(self) -> Availability:
        """Who is there for live chats."""
        return Availability(self.live_store, self.live_board, self.policy.live, self.chance.now)

    @property
    def live_desk(self) -> "LiveDesk":
        """What agents do in live chats."""
        from bot.live.talk import LiveDesk
        from bot.storage.live_steps import LiveSteps

        return LiveDesk(
            self.conversations,
            self.live_store,
            LiveSteps(self.database),
            self.desk,
            self.handover,
            self.dialogue.wording,
            self.policy,
            self.chance,
        )

    @property
    def policy(self) -> Policy:
        """The desk's rules, read once."""
        if self._policy is None:
            self._policy = load_policy(self.settings.policy) if self.settings.policy else load_policy()
        return self._policy

    @property
    def members(self) -> "Members":
        """Who is of the team."""
        from bot.people.members import Members
        from bot.storage.people import PeopleLog

        return Members(PeopleLog(self.database))

    @property
    def hearing(self) -> Hearing:
        """What customers and rules change of tickets."""
        return Hearing(TicketLog(self.database), self.policy, self.chance.now)

    @property
    def desk(self) -> "Tickets":
        """What the team does with tickets."""
        from bot.tickets.tickets import Tickets

        return Tickets(
            TicketLog(self.database),
            self.members,
            self.policy,
            self.chance,
            redact=lambda text: self.redactor.redact(text).text,
        )

    @property
    def help_search(self) -> "HelpSearch":
        """The help centre's search."""
        if self._help_search is None:
            from bot.help_centre.search import HelpSearch

            self._help_search = HelpSearch(
                self.knowledge,
                self.answering,
                self.verifier,
                redact=lambda text: self.redactor.redact(text).text,
            )
        return self._help_search

    @property
    def articles(self) -> "ArticlePages":
        """Article pages."""
        if self._articles is None:
            from bot.help_centre.articles import ArticlePages

            self._articles = ArticlePages(
                self.shelf,
                public_url=self.settings.public_url,
                default_locale=self.settings.default_locale,
                tried=TrialLog(self.database).tried,
            )
        return self._articles
