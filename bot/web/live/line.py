"""One open WebSocket, bounded: how often and how badly a stranger may write, and how both directions end together."""

from collections.abc import AsyncIterator, Awaitable, Callable
from enum import IntEnum
from time import monotonic
from typing import Any, Final

import anyio
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.web.limits import Buckets

#: Frames that one socket may send: a person types, scrolls and clicks; a program that does more is cut off.
FRAMES_PER_MINUTE: Final = 240
FRAMES_AT_ONCE: Final = 60
#: Longest frame, in bytes; `uvicorn` has the same bound for what it puts together from pieces.
MOST_BYTES: Final = 65_536
#: Frames that make no sense, after which a socket is closed.
MOST_MALFORMED: Final = 5

log = structlog.get_logger(__name__)


class Close(IntEnum):
    """Why the service closes a socket; all but the last two say that coming back soon is of no use."""

    MALFORMED = 4400
    SESSION_OVER = 4401
    NOT_ALLOWED = 4403
    UNKNOWN = 4404
    IDLE = 4408
    TOO_MANY = 4429
    FAILED = 4500


class Closing(Exception):
    """Ends a socket with a code."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Line:
    """An accepted socket."""

    def __init__(self, socket: WebSocket, clock: Callable[[], float] = monotonic) -> None:
        self.socket = socket
        self._clock = clock
        self._frames = Buckets(FRAMES_PER_MINUTE, FRAMES_AT_ONCE, clock)
        self._malformed = 0
        self._heard = clock()
        self._wake = anyio.Event()

    @property
    def silent_for(self) -> float:
        """Seconds since the last frame came in."""
        return self._clock() - self._heard

    def wake(self) -> None:
        """There is something to send."""
        self._wake.set()

    async def news(self, seconds: float) -> bool:
        """Waits for something to send; False when nothing came in that time."""
        with anyio.move_on_after(seconds):
            await self._wake.wait()
        there = self._wake.is_set()
        if there:
            self._wake = anyio.Event()
        return there

    async def send(self, text: str) -> None:
        """Sends a frame. One who reads slowly makes the sender wait, and nothing piles up."""
        await self.socket.send_text(text)

    async def frames(self) -> AsyncIterator[str]:
        """What comes in, as long as it comes at a bearable rate. Raises `Closing`."""
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            self._heard = self._clock()
            if self._frames.take("") > 0:
                raise Closing(Close.TOO_MANY, "too many frames at once")
            text = message.get("text")
            if text is None or len(text) > MOST_BYTES:
                self.malformed()
                continue
            yield text

    def malformed(self) -> None:
        """Counts a frame that makes no sense. Raises `Closing` for the last one that is borne."""
        self._malformed += 1
        if self._malformed >= MOST_MALFORMED:
            raise Closing(Close.MALFORMED, "too many frames that make no sense")

    async def serve(self, *directions: Callable[[], Awaitable[None]]) -> None:
        """Runs both directions until one of them ends; then the other ends too, and the socket is closed."""
        code, reason = 1000, ""
        try:
            async with anyio.create_task_group() as group:

                async def run(direction: Callable[[], Awaitable[None]]) -> None:
                    await direction()
                    group.cancel_scope.cancel()

                for direction in directions:
                    group.start_soon(run, direction)
        except* Closing as closing:
            first = _first(closing, Closing)
            code, reason = first.code, first.reason
        except* (WebSocketDisconnect, RuntimeError, OSError) as left:
            # Whoever left while something was on its way to them; a mistake of ours says so in the log.
            if self.socket.client_state is WebSocketState.CONNECTED:
                log.debug("a live socket broke", error=repr(_first(left, Exception)))
        except* Exception as failed:
            log.error("a live socket failed", exc_info=_first(failed, Exception))
            code, reason = Close.FAILED, "something went wrong on our side"
        await self.close(code, reason)

    async def close(self, code: int, reason: str) -> None:
        """Closes it, where it is still open."""
        if self.socket.client_state is WebSocketState.CONNECTED and (
            self.socket.application_state is WebSocketState.CONNECTED
        ):
            with anyio.CancelScope(shield=True), anyio.move_on_after(2):
                try:
                    await self.socket.close(code, reason)
                except (WebSocketDisconnect, RuntimeError, OSError):
                    return


def _first(group: BaseExceptionGroup[BaseException], kind: type[BaseException]) -> Any:
    for one in group.exceptions:
        found = _first(one, kind) if isinstance(one, BaseExceptionGroup) else one
        if isinstance(found, kind):
            return found
    return group
