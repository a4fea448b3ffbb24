"""Errors of the knowledge base.

KnowledgeError
├── ArticleRejected    one file cannot become an article; it is quarantined, the others go on
└── SourceUnavailable  the place articles come from cannot be read at all; nothing is changed
"""


class KnowledgeError(Exception):
    """Base of everything the knowledge base raises on purpose."""


class ArticleRejected(KnowledgeError):
    """A file that cannot become an article; the message is a sentence its writer understands."""


class SourceUnavailable(KnowledgeError):
    """A folder that does not exist or cannot be read; nothing was changed."""
