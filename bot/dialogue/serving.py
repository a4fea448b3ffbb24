"""A confidence model and an error budget in, the threshold that serves with what may be said of it out."""

from dataclasses import dataclass, replace

from bot.dialogue.budget import Kept
from bot.dialogue.confidence import ConfidenceModel

#: A threshold that no probability reaches.
NOTHING_IS_SURE = 1.01


@dataclass(frozen=True, slots=True)
class Serving:
    """A model with the threshold that serves, and what may be said of it."""

    model: ConfidenceModel
    kept: Kept | None
    """What the threshold rests on; None where it is the model's own."""
    statement: str
    """For people: which model serves, and whether its promise holds."""


def serving(model: ConfidenceModel, budget: float | None = None) -> Serving:
    """The model with the threshold for an error budget, which is the model's own unless one is given.

    A promise made for a smaller budget keeps a larger one too. Where nothing is promised the best estimate serves and
    is called one; where there is not even that, everything is handed off, since no budget is as bad as a broken one.
    """
    name = str(model.figures.get("name") or "A model")
    wanted = model.budget if budget is None else budget
    if wanted is None:
        return Serving(model, None, f"{name}. No error budget is set, and nothing is promised.")
    fitting = [one for one in model.kept if one.wrong <= wanted + 1e-9]
    best = max(fitting, key=lambda one: (one.promised, one.wrong), default=None)
    threshold = best.threshold if best else NOTHING_IS_SURE
    served = replace(model, threshold=threshold, clarify_threshold=min(model.clarify_threshold, threshold))
    if best is None:
        said = (
            f"No threshold is known to keep at most {wanted:.3g} of the answers wrong: nothing is answered."
        )
    elif best.promised:
        said = (
            f"At most {best.wrong:.1%} of automatic answers wrong, promised with {best.certainty:.0%} certainty: "
            f"{best.mistakes} of {best.answered} were, of {best.labels} labelled questions from {best.source} "
            f"({best.date})."
        )
    else:
        said = (
            f"At most {wanted:.1%} of automatic answers wrong is wanted and not promised: the threshold is an "
            f"estimate from {best.source}. Label questions and run `tierzero calibrate --budget {wanted:g}`."
        )
    return Serving(served, best, f"{name}. {said}")
