"""How a server logs: one JSON object a line, with the request's id, and never a customer's words."""

import logging
import sys
from collections.abc import Callable
from typing import TextIO

import structlog


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
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_secrets(redact),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
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


def _without_secrets(redact: Callable[[str], str]) -> structlog.typing.Processor:
    def processor(
        logger: structlog.typing.WrappedLogger, name: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}

    return processor
