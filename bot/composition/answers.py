"""A layer: what can answer in, what answers out: as everybody is served, and as the arms of an experiment are."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.answering.answering import Answering
from bot.answering.dialogue import Dialogue
from bot.answering.quotes import Verifier
from bot.composition.knowing import Knowing
from bot.errors import BadRequest
from bot.experimenting.arms import Arms, Sides, budget_model, recipe_of
from bot.experiments.experiment import Experiment, Kind, budget_of, parts_of
from bot.knowledge.served import Searched
from bot.storage.experiments import ExperimentLog
from bot.storage.trials import TrialLog
from index.ranking import Recipe
from kb.article import ArticleKey, Audience

if TYPE_CHECKING:
    from bot.experiments.trial import Trial
    from bot.writing import Writer


@dataclass(slots=True)
class Answers(Knowing):
    """The parts that answer a question."""

    _answering: Answering | None = None
    _arms: Arms | None = None

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
            see=(lambda text: self.encoder.encode_together([text])[0]) if dialogue.triggers.means else None,
            recipe=recipe,
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
