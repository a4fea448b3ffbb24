"""Errors of the evaluations; each says which file or run is meant and what to do.

BotError
└── EvaluationError
    ├── DatasetInvalid   a data set cannot be read; the message names the file and the line
    ├── RunRefused       a saved run is absent, damaged or of another format
    ├── NotComparable    two runs have nothing in common that could be compared
    └── PeerFailed       another library could not be set up or measured
"""

from bot.errors import BotError


class EvaluationError(BotError):
    """Base of everything the evaluations raise on purpose."""

    title = "The evaluation cannot be done"


class DatasetInvalid(EvaluationError):
    """A data set cannot be read; the message names the file and the line."""


class RunRefused(EvaluationError):
    """A saved run is absent, damaged or of another format."""


class NotComparable(EvaluationError):
    """Two runs have nothing in common that could be compared."""


class PeerFailed(EvaluationError):
    """Another library could not be set up or measured."""
