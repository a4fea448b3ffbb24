"""The flow of trying another text of an article: what it stands beside, how long it takes, the start, the text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.errors import BadRequest, NotFound
from bot.experimenting.running import Experimenting
from bot.experiments.experiment import Experiment, Kind
from bot.experiments.other_text import other_text
from bot.experiments.planning import Plan, plan
from bot.experiments.trial import Original, Trial
from bot.ports import Shelf
from kb.article import ArticleKey, Audience


class TrialStore(Protocol):
    """Where the texts of experiments are kept."""

    def trial(self, experiment_id: str) -> Trial | None:
        """The text of an experiment; None where it tries none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An article that somebody wants to try another text of."""

    original: Original
    plan: Plan


class ArticleTrials:
    """What staff do with other texts of articles."""

    def __init__(
        self,
        experimenting: Experimenting,
        store: TrialStore,
        shelf: Shelf,
        met: Callable[[ArticleKey], int],
        *,
        locales: frozenset[str],
    ) -> None:
        """`met` says in how many conversations of the last `LOOKED_BACK` days an article came up."""
        self._experimenting = experimenting
        self._store = store
        self._shelf = shelf
        self._met = met
        self._locales = locales

    def asked(self, key: ArticleKey) -> Asked:
        """The published text and what to expect. Raises `NotFound`, and `BadRequest` for an article for agents."""
        return Asked(self._original(key), plan(self._met(key)))

    def start(self, title: str, key: ArticleKey, written: str, *, by: str) -> Experiment:
        """Answers half of the new customers from another text. Raises as `asked`, `other_text` and `start` do."""
        original = self._original(key)
        article = other_text(original, written, self._locales)

        def trial(experiment_id: str) -> Trial:
            return Trial(
                experiment_id,
                key,
                article.revision,
                article.title,
                original.path,
                original.revision,
                article.source,
            )

        setting = trial("").setting
        return self._experimenting.start(title, Kind.ARTICLE.value, setting, by=by, trial=trial)

    def text(self, experiment_id: str) -> Trial:
        """The text that an experiment tries or tried. Raises `NotFound`."""
        found = self._store.trial(experiment_id)
        if found is None:
            raise NotFound("No text is tried there.")
        return found

    def articles(self) -> list[tuple[ArticleKey, str]]:
        """(key, title) of every article for customers, by title."""
        public = (one for one in self._shelf.published().values() if one.audience is Audience.PUBLIC)
        return sorted(((one.key, one.title) for one in public), key=lambda one: (one[1].casefold(), one[0]))

    def _original(self, key: ArticleKey) -> Original:
        current = self._shelf.published([key]).get(key)
        if current is None:
            raise NotFound("There is no such article.")
        if current.audience is not Audience.PUBLIC:
            raise BadRequest(
                "This article is for agents: it answers no customer, so there is nothing to compare."
            )
        record = self._shelf.record(key, current.revision)
        source = self._shelf.source(key, current.revision)
        if record is None or source is None:
            raise NotFound("There is no such article.")
        return Original(key, current.revision, current.title, source, record.path or f"{key.id}.md")
