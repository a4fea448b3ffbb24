"""Folders of cases, the sample set or the feedback of customers in, judged questions to calibrate with out."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evaluations.abstention import JudgedSet
from evaluations.judgements import Judgement

if TYPE_CHECKING:
    from bot.composition import Services
    from bot.settings import Settings
    from evaluations.beir import Dataset
    from index.compiled import CompiledEncoder


Progress = Callable[[int, int], None]
#: Names a stage and gives what tells its progress.
Stage = Callable[[str], AbstractContextManager[Progress]]


def _quiet(title: str) -> AbstractContextManager[Progress]:
    return nullcontext(lambda done, total: None)


@dataclass(frozen=True, slots=True)
class Question:
    """One labelled question, as a report shows it."""

    id: str
    text: str
    judgement: Judgement
    stored: float | None = None
    """The confidence that was said when it was asked, for what is taken from the history; else None."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Labelled questions of one source."""

    name: str
    questions: tuple[Question, ...]
    caution: str = ""
    """What the labels cannot tell; empty where they are of all kinds of questions."""

    @property
    def judged(self) -> JudgedSet:
        """The same without the texts."""
        return JudgedSet(self.name, tuple(one.judgement for one in self.questions))


#: Why feedback is a weak ground.
ANSWERED_ONLY = (
    "These labels are what customers said of answers. Only what was answered could be judged, and few judge, the "
    "annoyed more than the content: nothing is known of questions below the threshold that served then, and the share "
    "wrong may be off. Promise nothing on them alone; import the turns, have a specialist label them, and add "
    "questions that were handed off."
)


def of_set(
    dataset: "Dataset",
    settings: "Settings",
    encoder: "CompiledEncoder",
    cache: Path,
    most: int | None = None,
    *,
    rebuild: bool = False,
    progress: Stage = _quiet,
) -> Labels:
    """The questions of a set in the BEIR layout, such as imported cases, judged over its own articles."""
    from evaluations.answers import of_dataset
    from evaluations.corpus_index import open_index
    from evaluations.corpus_service import services_over
    from evaluations.judgements import collect
    from evaluations.sampling import drawn

    with progress(f"indexing {dataset.name}") as tell:
        index = open_index(dataset, encoder, cache, rebuild=rebuild, progress=tell)
    services = services_over(dataset, index, encoder, settings)
    try:
        asked = drawn(of_dataset(dataset), most)
        with progress(f"judging {dataset.name}") as tell:
            judged = collect(asked, services.answering, index.folder, rebuild=rebuild, progress=tell)
    finally:
        services.close()
    return Labels(
        dataset.name,
        tuple(Question(one.id, one.text, found) for one, found in zip(asked, judged, strict=True)),
    )


def of_sample(
    settings: "Settings", encoder: "CompiledEncoder", cache: Path, most: int | None = None
) -> Labels:
    """The sample's questions, hard, routine and without an answer; right is an answer from an article that answers."""
    from evaluations import sample
    from evaluations.answers import Expected
    from evaluations.judgements import collect
    from evaluations.sampling import drawn

    loaded = sample.load()
    expected = [
        Expected(one.id, one.text, one.locale, "answerable", (one.article, *one.also), (), True, "", {})
        for one in (*loaded.answerable, *sample.routine())
    ]
    expected += [
        Expected(one.id, one.text, one.locale, "unanswerable", (), (), True, "", {})
        for one in loaded.unanswerable
    ]
    services = sample.open_services(cache, encoder, settings)
    try:
        asked = drawn(expected, most)
        # Nothing is kept: the articles may be edited between two runs.
        with tempfile.TemporaryDirectory() as folder:
            judged = collect(asked, services.answering, Path(folder))
    finally:
        services.close()
    return Labels(
        sample.NAME,
        tuple(Question(one.id, one.text, found) for one, found in zip(asked, judged, strict=True)),
    )


def of_history(services: "Services") -> Labels:
    """Answers that customers judged, with the confidence that was said then; personal data in the texts is masked.

    Helpful counts as right, not helpful as wrong.
    """
    from bot.dialogue.context import Context
    from bot.dialogue.reply import ReplyKind
    from evaluations.case_import import Selection, selected
    from evaluations.cases import case_of
    from evaluations.errors import EvaluationError

    context = Context.load()
    questions = []
    for helpful in (True, False):
        try:
            turns = selected(services, Selection(helpful=helpful))
        except EvaluationError:
            continue  # nobody has said so yet
        for turn in turns:
            case = case_of(turn, services.redactor, context)
            if case.kind is ReplyKind.ANSWER:
                judgement = Judgement(case.id, True, helpful, None)
                questions.append(Question(case.id, case.text, judgement, stored=case.confidence))
    return Labels("feedback of customers", tuple(questions), ANSWERED_ONLY)


def gathered(
    folders: Sequence[Path],
    history: bool,
    services: "Services",
    cache: Path,
    most: int | None = None,
) -> tuple[Labels, ...]:
    """The labels that were asked for; the sample's where nothing was."""
    from evaluations.beir import read_all

    found = [of_set(one, services.settings, services.encoder, cache, most) for one in read_all(folders)]
    if history:
        found.append(of_history(services))
    return tuple(found) or (of_sample(services.settings, services.encoder, cache, most),)
