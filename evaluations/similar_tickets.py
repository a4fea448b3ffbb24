"""Labelled questions in, how often the likest other one has the same label out, by the likeness from which it is shown.

`python -m evaluations.similar_tickets FILE`, a JSON object a line with `text` and `label`.
`LIKE` in `bot/assist/solved.py` rests on it.
"""

import json
import sys
from pathlib import Path

import numpy as np

from bot.model import load_encoder
from bot.settings import load

#: Questions compared with one another.
MOST = 2_000
LIMITS = (0.5, 0.6, 0.7, 0.8)


def main(file: Path) -> None:
    """Prints a row a limit: share that is shown something, share of the first that is right."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    # Spread over the whole file, which may be sorted by label.
    order = np.random.default_rng(7).permutation(len(rows))[:MOST]
    rows = [rows[place] for place in order]
    labels = np.array([row["label"] for row in rows])
    vectors = load_encoder(load()).vectors([row["text"] for row in rows])
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1)
    best = likeness.argmax(axis=1)
    score, right = likeness.max(axis=1), labels == labels[best]
    for limit in LIMITS:
        shown = score >= limit
        sys.stdout.write(f"{limit:.1f}  shown {shown.mean():.3f}  right {right[shown].mean():.3f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
