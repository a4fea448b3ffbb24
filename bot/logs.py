"""How a server logs: a JSON object a line, with the request's id, the conversation's mark, and no customer's words."""

import contextlib
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from bot.dialogue.conversation import conversation_mark
from bot.dialogue.reply import Reply

# Where rich is installed, structlog imports it to draw tracebacks, which ours never are: a thirtieth of each start.
sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
import structlog  # noqa: E402 - with nothing in rich's place

if sys.modules["rich"] is None:
    del sys.modules["rich"]

#: A reason or the name of an event has fewer letters.
_LONGEST_WORD = 20


@contextmanager
def of_conversation(conversation_id: str) -> Iterator[None]:
    """Every line that is logged inside names the conversation, by `conversation_mark`."""
    bound = structlog.contextvars.bind_contextvars(conversation=conversation_mark(conversation_id))
    try:
        yield
    finally:
        structlog.contextvars.reset_contextvars(**bound)


def log_turn(reply: Reply, seconds: float) -> None:
    """One line for each message answered: what became of it, and none of its words."""
    structlog.get_logger(__name__).info(
        "turn",
        kind=reply.kind.value,
        reason=reply.reason.value,
        confidence=round(reply.confidence, 3),
        language=reply.language,
        milliseconds=round(1000 * seconds),
    )


def configure(
    stream: TextIO = sys.stderr,
    level: int = logging.INFO,
    redact: Callable[[str], str] = lambda text: text,
) -> None:
    """Sends structlog and the standard library's logging to one stream.

    Tracebacks are plain: a pretty one prints local variables, and those hold messages and addresses. The words of an
    error may still repeat what somebody wrote, so every text goes through `redact` before it is written.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        _without_secrets(redact),
        # What these add is ours: ids, marks, times, levels.
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream)
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Lines(handler),
        # Loggers are made when modules are imported, and this may be called again.
        cache_logger_on_first_use=False,
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processor=structlog.processors.JSONRenderer(ensure_ascii=False)
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Its access log would hold addresses and conversation ids.
    logging.getLogger("uvicorn.access").disabled = True


class _Lines:
    """Takes what structlog has made of a line to a handler's stream.

    Past the handler itself: for each message answered, the record that it is given took longer than the line.
    """

    def __init__(self, handler: "logging.StreamHandler[TextIO]") -> None:
        self._handler = handler

    def msg(self, line: str) -> None:
        """Writes a line whole. One that cannot be written is lost; what it tells of has happened all the same."""
        with contextlib.suppress(OSError, ValueError), self._handler.lock or contextlib.nullcontext():
            self._handler.stream.write(f"{line}\n")
            self._handler.stream.flush()

    debug = info = warning = error = critical = msg


def _without_secrets(redact: Callable[[str], str]) -> structlog.typing.Processor:
    def processor(
        logger: structlog.typing.WrappedLogger, name: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        return {
            key: redact(value) if isinstance(value, str) and not _is_a_word(value) else value
            for key, value in event.items()
        }

    return processor


def _is_a_word(text: str) -> bool:
    """Whether a text is one short word of small letters, such as a reason: nothing that is taken out looks so."""
    return (
        len(text) <= _LONGEST_WORD and text.isascii() and text.replace("_", "").isalpha() and text.islower()
    )
