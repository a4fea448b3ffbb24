"""The flow of experiments: started, watched and stopped, each with a note in the audit log."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.errors import BadRequest, BotError, Conflict, NotFound
from bot.experiments.comparison import Line, Settled, behind, compared, uneven
from bot.experiments.experiment import Arm, Experiment, Kind, kind_of, title_of
from bot.experiments.trial import Trial
from bot.people.audit import Note


class ExperimentStore(Protocol):
    """Where experiments are kept; a change and its note are one transaction."""

    def all(self) -> Sequence[Experiment]:
        """The newest first."""

    def start(self, experiment: Experiment, note: Note, trial: Trial | None = None) -> bool:
        """Keeps it with the text that it tries; False where another one runs."""

    def stop(self, experiment_id: str, at: dt.datetime, by: str, note: Note) -> bool:
        """False where it does not run."""

    def drawn(self, experiment: Experiment) -> Mapping[Arm, int]:
        """How many conversations were put into each arm, counted yet or not."""

    def differed(self, experiment: Experiment) -> Mapping[Arm, int]:
        """To how many of them the other arm would have said something else, where that is compared."""

    def settled(self, experiment: Experiment) -> Sequence[Settled]:
        """Those whose window has closed and that count, one a customer, in the order in which they were opened.

        Where another text of an article is tried, those alone to which the other arm would have said something else.
        """


class Serving(Protocol):
    """What serves the arms in this process."""

    @property
    def problem(self) -> str:
        """Why the running experiment is not served; empty when it is, or none runs."""

    def refresh(self) -> bool:
        """Takes up what was started or stopped."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An experiment as it stands."""

    experiment: Experiment
    drawn: Mapping[Arm, int]
    """Conversations put into each arm, counted yet or not."""
    differed: Mapping[Arm, int]
    """Of these, those to which it made a difference, where another text of an article is tried; else empty."""
    lines: tuple[Line, ...]
    problem: str
    """Why arm B is not served, or why the arms are not what they were; empty when all is well."""

    @property
    def uneven(self) -> bool:
        """Whether the arms have numbers that a fair coin does not give."""
        line = self.lines[0]
        return uneven(line.a.of, line.b.of)


class Experimenting:
    """What staff do with experiments."""

    def __init__(
        self,
        store: ExperimentStore,
        serving: Serving,
        beside: Callable[[Kind, str], str],
        *,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
    ) -> None:
        """`beside` says what serves arm A, by kind and setting of arm B; it raises `BadRequest` where B cannot be."""
        self._store = store
        self._serving = serving
        self._beside = beside
        self._now = now
        self._new_id = new_id

    def start(
        self,
        title: str,
        kind: str,
        setting: str,
        *,
        by: str,
        trial: Callable[[str], Trial] | None = None,
    ) -> Experiment:
        """Puts new customers into two arms from now on. Raises `BadRequest`, and `Conflict` while another one runs.

        `trial` gives the text that is tried, by the experiment's id; `article_trials` knows how one is made.
        """
        wanted, setting = kind_of(kind), " ".join(setting.split())
        if (wanted is Kind.ARTICLE) is (trial is None):
            raise BadRequest(
                "Another text of an article begins with that text: at /insights/experiments/article, or with "
                "`tierzero experiment article`."
            )
        title = title_of(title)
        beside = self._beside(wanted, setting)
        now = self._now()
        experiment = Experiment(
            # Short: it stands in the stored reply of each turn.
            "".join(sign for sign in self._new_id() if sign.isalnum())[:12],
            *(title, wanted, setting, beside, now, by),
        )
        detail = {"kind": wanted.value, "setting": setting, "beside": beside}
        note = self._note(experiment.id, now, by, "started", detail)
        if not self._store.start(experiment, note, trial(experiment.id) if trial else None):
            raise Conflict(
                "Another experiment runs, and two at once would blur each other. Stop it first, or wait for it."
            )
        self._serving.refresh()
        return experiment

    def stop(self, experiment_id: str, *, by: str) -> None:
        """Serves everybody alike again; who is in an arm stays counted in it. Raises `NotFound` and `BadRequest`."""
        self._known(experiment_id)
        now = self._now()
        if not self._store.stop(experiment_id, now, by, self._note(experiment_id, now, by, "stopped", {})):
            raise BadRequest("It was stopped already.")
        self._serving.refresh()

    def all(self) -> Sequence[Experiment]:
        """The newest first."""
        return self._store.all()

    def behind(self, experiment_id: str, figure: str, arm: str) -> tuple[Experiment, list[str]]:
        """Ids of the conversations behind a figure of an arm, the newest first. Raises `NotFound`."""
        known = self._known(experiment_id)
        try:
            return known, behind(self._store.settled(known), figure, Arm(arm))
        except (KeyError, ValueError):
            raise NotFound("There is no such figure of an experiment.") from None

    def _known(self, experiment_id: str) -> Experiment:
        known = next((one for one in self._store.all() if one.id == experiment_id), None)
        if known is None:
            raise NotFound("There is no such experiment.")
        return known

    def watched(self, experiment_id: str) -> Watched:
        """One with its figures. Raises `NotFound`."""
        known = self._known(experiment_id)
        lines = compared(self._store.settled(known))
        differed = self._store.differed(known) if known.kind is Kind.ARTICLE else {}
        return Watched(known, self._store.drawn(known), differed, lines, self._problem(known))

    def _problem(self, known: Experiment) -> str:
        if not known.runs:
            return ""
        self._serving.refresh()
        if self._serving.problem:
            return f"Everybody is served alike: arm B cannot be served. {self._serving.problem}"
        try:
            beside = self._beside(known.kind, known.setting)
        except BotError as exc:
            return f"Arm B could not be started now: {exc}"
        if beside != known.beside:
            return (
                f"Arm A has changed since the start ({known.beside}; now {beside}): figures of before and after are "
                "mixed. Stop it and start another."
            )
        return ""

    @staticmethod
    def _note(experiment_id: str, at: dt.datetime, by: str, what: str, detail: Mapping[str, str]) -> Note:
        return Note(at, by, f"experiment.{what}", f"experiment:{experiment_id}", detail)
