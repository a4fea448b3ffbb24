"""`tierzero calibrate`: which threshold keeps an error budget on labelled questions, and whether it can be promised."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from evaluations.commands.labelled_options import labels_of, options_of_labels
from evaluations.errors import EvaluationError

if TYPE_CHECKING:
    import datetime as dt

    from bot.dialogue.budget import Budget, Outcome
    from bot.dialogue.confidence import ConfidenceModel
    from evaluations.abstention import JudgedSet
    from evaluations.labels import Labels


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    options_of_labels(parser)
    parser.add_argument(
        "--fit", action="store_true", help="fit the model anew on half of the questions; the others promise"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="let the data folder's bot serve with the promise; restart it then",
    )
    parser.add_argument(
        "--default",
        type=Path,
        metavar="FILE",
        help="instead fit the model that is shipped, on the folders of --labels (the word centres is all of "
        "evaluations/datasets/centres) and the sample, and write it to FILE",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


def run(options: argparse.Namespace) -> int:
    """Fits and shows; the model in use changes only with `--write`. 1 where nothing can be promised."""
    from bot.commands.shared import emit
    from bot.composition import Services
    from bot.dialogue.budget import Budget
    from bot.dialogue.confidence import described, save
    from bot.dialogue.serving import serving
    from bot.settings import load
    from evaluations.calibration import with_promises

    services = Services(load(data=options.data))
    try:
        if options.default is not None:
            return _default(options, services)
        labels = labels_of(options, services)
        served, today = services.serving.model, services.chance.now().date()
        path = services.settings.own_confidence
    finally:
        services.close()
    budget = Budget(options.budget, options.certainty)
    judged, source = _together(labels), ", ".join(one.name for one in labels)
    model, outcomes = _model(options, judged, labels, served, today)
    promised = with_promises(model, outcomes, budget, source, today)
    found = serving(promised)
    holds = found.kept is not None and found.kept.promised and found.kept.wrong == budget.wrong
    if options.json:
        emit(
            {
                "holds": holds,
                "statement": found.statement,
                "model": described(promised),
                **_needed(outcomes, budget),
            }
        )
    else:
        _print(promised, outcomes, budget, labels)
    if not holds:
        return 1
    if options.write:
        path.parent.mkdir(parents=True, exist_ok=True)
        save(promised, path)
        if not options.json:
            print(f"Written to {path}. Restart the server to serve with it.")
    return 0


def _together(labels: "tuple[Labels, ...]") -> "JudgedSet":
    from evaluations.abstention import JudgedSet

    return JudgedSet(
        ", ".join(one.name for one in labels),
        tuple(question.judgement for one in labels for question in one.questions),
    )


def _model(
    options: argparse.Namespace,
    judged: "JudgedSet",
    labels: "tuple[Labels, ...]",
    served: "ConfidenceModel",
    today: "dt.date",
) -> "tuple[ConfidenceModel, tuple[Outcome, ...]]":
    """The model with labelled questions that it has not seen."""
    from evaluations.calibration import halves, outcomes_of, own_model
    from evaluations.simulation import outcomes, replay

    if not options.fit:
        return served, tuple(one for part in labels for one in outcomes(replay(part, served)))
    if options.history:
        raise EvaluationError("--fit needs cases: signals of past answers are not stored. Import them first.")
    first, second = halves(judged)
    try:
        model = own_model(first, served.threshold, today)
    except ValueError as exc:
        raise EvaluationError(f"There are too few labels to fit a model ({exc}). Leave out --fit.") from exc
    return model, outcomes_of(second, model)


def _default(options: argparse.Namespace, services: object) -> int:
    from bot.composition import Services
    from bot.dialogue.confidence import save
    from evaluations.beir import read_all
    from evaluations.calibration import default_model
    from evaluations.centres import spelled_out
    from evaluations.corpus_index import default_cache
    from evaluations.labels import of_sample, of_set

    if not isinstance(services, Services) or not options.labels:
        raise EvaluationError("--default needs --labels with the folders to fit on.")
    cache = options.cache or default_cache()
    sets = [
        of_set(one, services.settings, services.encoder, cache, options.most)
        for one in read_all(spelled_out(options.labels))
    ]
    sets.append(of_sample(services.settings, services.encoder, cache))
    model = default_model([one.judged for one in sets], services.chance.now().date())
    save(model, options.default)
    for name, figures in model.figures["sets"].items():
        print(f"{name}: {figures}")
    return 0


def _needed(outcomes: "tuple[Outcome, ...]", budget: "Budget") -> dict[str, object]:
    from bot.dialogue.budget import needed

    return {"labels": len(outcomes), "labels_needed": needed(outcomes, budget)}


def _print(
    model: "ConfidenceModel", outcomes: "tuple[Outcome, ...]", budget: "Budget", labels: "tuple[Labels, ...]"
) -> None:
    from bot.dialogue.budget import at_most, needed
    from bot.dialogue.serving import serving

    print(f"{len(outcomes)} labelled questions, {sum(one.right for one in outcomes)} of the quotes right.")
    for one in labels:
        if one.caution:
            print(one.caution)
    for kept in model.kept:
        if kept.promised:
            bound = at_most(kept.mistakes, kept.answered, kept.certainty)
            print(
                f"  {kept.wrong:5.1%} wrong: answers from {kept.threshold:.2f} on, {kept.answered} of {kept.labels}, "
                f"{kept.mistakes} of them wrong; at most {bound:.1%} with {kept.certainty:.0%} certainty"
            )
    print(serving(model).statement)
    if not any(one.promised and one.wrong == budget.wrong for one in model.kept):
        labels_needed = needed(outcomes, budget)
        if labels_needed is None:
            print(
                f"At no threshold are at most {budget.wrong:.1%} wrong: better articles would help, more labels not."
            )
        else:
            print(
                f"Too few labels to promise at most {budget.wrong:.1%}: about {labels_needed} would probably do."
            )
