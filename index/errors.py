"""Errors of the index; each message ends with what to run.

SearchError
├── ModelMissing       the compiled model is absent or damaged
├── ModelDiffers       the compiled model does not give the vectors its source gives
└── GenerationRefused  an index on disk belongs to another model, dimension, chunker or corpus
"""


class SearchError(Exception):
    """Base of everything the index raises on purpose."""


class ModelMissing(SearchError):
    """The compiled model is absent or damaged."""


class ModelDiffers(SearchError):
    """The compiled model does not give the vectors its source gives."""


class GenerationRefused(SearchError):
    """An index on disk that must not be served with this model, chunker or corpus."""
