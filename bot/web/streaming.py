"""A chat turn in, server-sent events out: sentences as they are checked, then the whole reply, or the problem."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Final

import structlog
from anyio import to_thread
from starlette.requests import Request

from bot.chat.incoming import Handled
from bot.errors import BotError
from bot.web.problems import UNEXPECTED, from_bot_error, problem
from bot.web.wire import handled_json

EVENT_STREAM: Final = "text/event-stream"

#: A turn of the chat, given who is to be told each sentence.
Turn = Callable[[Callable[[str], None]], Handled]

#: Turns whose customer may have gone: they are finished and stored all the same.
_running: set[asyncio.Task[None]] = set()

log = structlog.get_logger(__name__)


async def streamed(request: Request, turn: Turn) -> AsyncIterator[bytes]:
    """The events of one turn. The turn goes on to its end also when nobody listens any more."""
    loop, events = asyncio.get_running_loop(), asyncio.Queue[bytes | None]()

    def put(event: bytes | None) -> None:
        # The service may be stopping; then there is nobody to tell.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(events.put_nowait, event)

    def run() -> None:
        try:
            handled = turn(lambda text: put(_event("sentence", json.dumps({"text": text}).encode())))
            put(_event("reply", handled_json(handled)))
        except BotError as error:
            put(_event("problem", bytes(from_bot_error(request.scope, error).body)))
        except Exception:
            log.exception("unexpected error", method="POST", path=request.scope["path"])
            answer = problem(request.scope, 500, BotError.title, UNEXPECTED, kind="bot-error")
            put(_event("problem", bytes(answer.body)))
        finally:
            put(None)

    async def work() -> None:
        await to_thread.run_sync(run)

    task = asyncio.create_task(work())
    _running.add(task)
    task.add_done_callback(_running.discard)
    while (event := await events.get()) is not None:
        yield event


def _event(name: str, data: bytes) -> bytes:
    # JSON has no line breaks of its own, so one data line holds it.
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"
