"""Errors of the bot; each carries the HTTP status it becomes and a sentence that says what to do.

BotError                     500
├── BadRequest               400  the request cannot be understood as it is
│   ├── TooLarge             413
│   └── TooManyRequests      429
├── NotSignedIn              401  who asks is not known
├── SessionOver              401  a customer's session, or the proof who they are, does not hold
├── NotAllowed               403  who asks is known and may not do this
├── NotFound                 404
├── Conflict                 409  somebody else changed the same thing meanwhile
│   └── ConversationMoved    409
├── NotReady                 503  the model, the index or the database is not usable yet
│   └── StorageUnavailable   503
└── SettingsInvalid          500
"""


class BotError(Exception):
    """Base of everything the bot raises on purpose."""

    status = 500
    title = "Something went wrong on our side"


class BadRequest(BotError):
    """The request cannot be understood as it is."""

    status = 400
    title = "The request cannot be understood"


class TooLarge(BadRequest):
    """A body or message over its limit."""

    status = 413
    title = "The request is too large"


class TooManyRequests(BadRequest):
    """Over the rate limit; `retry_after` seconds help."""

    status = 429
    title = "Too many requests"

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotFound(BotError):
    """Nothing is known under that name."""

    status = 404
    title = "Not found"


class NotSignedIn(BotError):
    """Who asks is not known, or no longer."""

    status = 401
    title = "Please sign in"


class SessionOver(BotError):
    """A customer's session has ended or was never issued, or an identity is not proven."""

    status = 401
    title = "This session does not hold"


class NotAllowed(BotError):
    """Who asks is known and may not do this."""

    status = 403
    title = "This is not open to you"


class Conflict(BotError):
    """Somebody else changed the same thing between reading and writing it."""

    status = 409
    title = "Somebody else was first"


class ConversationMoved(Conflict):
    """Somebody else wrote to the conversation between reading and writing it."""

    title = "The conversation has moved on"


class NotReady(BotError):
    """A part the service needs is not usable yet."""

    status = 503
    title = "The service is not ready"


class StorageUnavailable(NotReady):
    """The database does not answer."""

    title = "The database does not answer"


class SettingsInvalid(BotError):
    """A setting has a value that cannot be used; the message names it."""

    title = "A setting is invalid"
