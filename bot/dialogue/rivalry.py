"""What each token of a question reaches in every passage in, how the quoted article stands against the others out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Differences of cosine within this are ties.
TIE = 0.02
#: Least spread of a token among the others, so that one that all have alike still counts a little.
_LEAST_SPREAD = 1e-3

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rivalry:
    """The quoted article against all others together, token by token; the fields are those of `Signals`.

    Each token has the best cosine in the article's passages (its reach) and the best in any passage of another. All
    are 0 where there is no other or nothing to compare.
    """

    ahead: float = 0.0
    ahead_of_mean: float = 0.0
    won: float = 0.0
    lost: float = 0.0
    least_ahead: float = 0.0
    most_ahead: float = 0.0
    rivals_reach: float = 0.0
    telling_ahead: float = 0.0
    parting: float = 0.0
    parting_ahead: float = 0.0
    quote_parting: float = 0.0
    quote_parting_ahead: float = 0.0
    lacking: float = 0.0
    most_lacking: float = 0.0


def rivalry(reach: Floats, own: Places, quoted: Floats, weights: Floats) -> Rivalry:
    """`reach` has a row a passage and a column a token; `own` marks rows of the quoted article.

    `quoted` is what each token reaches in the quote and its headings, `weights` what it weighs; they sum to 1.
    """
    others = reach[~own]
    if not len(others) or len(others) == len(reach) or not len(weights):
        return Rivalry()
    mine, best, usual = reach[own].max(axis=0), others.max(axis=0), others.mean(axis=0)
    lead = mine - best
    # Tokens that the other passages differ in tell them apart; those that all have alike do not.
    parting = weights * np.maximum(others.std(axis=0), _LEAST_SPREAD)
    parting = parting / max(float(parting.sum()), 1e-9)
    lacking = np.maximum(mine, best) - quoted
    return Rivalry(
        ahead=float(lead @ weights),
        ahead_of_mean=float((mine - usual) @ weights),
        won=float(weights[lead > TIE].sum()),
        lost=float(weights[lead < -TIE].sum()),
        least_ahead=float(lead.min()),
        most_ahead=float(lead.max()),
        rivals_reach=float(best @ weights),
        telling_ahead=float(lead[int(np.argmax(weights))]),
        parting=float(mine @ parting),
        parting_ahead=float((mine - usual) @ parting),
        quote_parting=float(quoted @ parting),
        quote_parting_ahead=float((quoted - usual) @ parting),
        lacking=float(lacking @ weights),
        most_lacking=float(lacking.max()),
    )
