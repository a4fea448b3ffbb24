"""`WS /chat/{conversation_id}/live`: a customer sees their chat as it happens; they write by `POST /chat`."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from anyio import to_thread
from fastapi import APIRouter, WebSocket

from bot.desk.attachments import Attachment
from bot.desk.live import BEAT, LiveChat, Side
from bot.dialogue.conversation import Message
from bot.errors import BadRequest, BotError, NotFound, SessionOver
from bot.web.limits import bucket_key
from bot.web.live import frames
from bot.web.live.hub import Hub, hub_of
from bot.web.live.line import Close, Closing, Line
from bot.web.live.places import MOST_OF_CONVERSATION
from bot.web.live.shown_files import ShownFiles
from bot.web.rights import SUBPROTOCOL, conversation_for
from bot.web.services import Services, services_of

router = APIRouter()

#: A page that sends nothing for so long is one that nobody looks at; it may come back when somebody does.
IDLE_SECONDS: Final = 30 * 60
#: A typing sign that is not renewed is over after this.
TYPING: Final = dt.timedelta(seconds=6)


@router.websocket("/chat/{conversation_id}/live")
async def live(socket: WebSocket, conversation_id: str) -> None:
    """Sends messages from the place `after` on, then each news; hears whether the customer writes and has read."""
    hub = hub_of(socket.app)
    address = bucket_key((socket.client.host, socket.client.port) if socket.client else None)
    with hub.places.one(address, f"conversation:{conversation_id[:64]}", MOST_OF_CONVERSATION) as there:
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in socket.scope.get("subprotocols", []) else None)
        line = Line(socket)
        if not there:
            await line.close(Close.TOO_MANY, "too many open pages")
            return
        try:
            await to_thread.run_sync(conversation_for, socket, conversation_id)
        except SessionOver:
            await line.close(Close.SESSION_OVER, "get another session")
            return
        except NotFound:
            await line.close(Close.UNKNOWN, "there is no such conversation")
            return
        except BotError:
            await line.close(Close.FAILED, "the service is not ready")
            return
        await _CustomerSocket(line, hub, services_of(socket), conversation_id).serve(_after(socket))


def _after(socket: WebSocket) -> int:
    given = socket.query_params.get("after", "0")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0


class _CustomerSocket:
    def __init__(self, line: Line, hub: Hub, services: Services, conversation_id: str) -> None:
        self._line = line
        self._hub = hub
        self._services = services
        self._id = conversation_id
        self._told: dict[str, Any] = {}
        self._files = ShownFiles()
        self._version = -1

    async def serve(self, after: int) -> None:
        try:
            # Whoever is counted here is counted out below, also where they are gone before anybody was told.
            await self._hub.customer_came(self._id)
            with self._hub.feed.watching(self._id, self._line.wake):
                await self._line.serve(lambda: self._write(after), self._read)
        finally:
            await self._hub.customer_left(self._id)

    async def _write(self, after: int) -> None:
        while True:
            if not await self._line.news(BEAT.total_seconds()):
                if self._line.silent_for > IDLE_SECONDS:
                    raise Closing(Close.IDLE, "nobody was there for a while")
                await self._line.send(frames.frame("beat"))
                continue
            try:
                chat, said, files = await to_thread.run_sync(self._news, after)
            except BotError:
                # The database is away; the connection stays, and the next look may succeed.
                await self._line.news(1)
                self._line.wake()
                continue
            for seq, message in said:
                await self._line.send(frames.message_frame(seq, message, Side.CUSTOMER, self._id))
                after = seq + 1
            if after < chat.count:
                self._line.wake()
            await self._state(chat)
            if shown := self._files.frame(files):
                await self._line.send(shown)

    def _news(self, after: int) -> tuple[LiveChat, list[tuple[int, Message]], Sequence[Attachment]]:
        store = self._services.live_store
        chat = store.chat(self._id)
        if chat is None:
            raise Closing(Close.UNKNOWN, "there is no such conversation any more")
        said = list(store.messages(self._id, after)) if chat.count > after else []
        return chat, said, self._services.attachments.of_conversation(self._id)

    async def _state(self, chat: LiveChat) -> None:
        until = chat.agent.typing_until
        typing = until is not None and until > self._services.chance.now()
        state = frames.state_of(chat, Side.CUSTOMER, typing)
        # A typing sign that is renewed looks the same and is told again, since the page lets it fade.
        if state != self._told or (typing and chat.version != self._version):
            await self._line.send(frames.frame("state", **state))
        self._told, self._version = state, chat.version

    async def _read(self) -> None:
        async for text in self._line.frames():
            try:
                frame = frames.of_customer(text)
                await to_thread.run_sync(self._heard, frame)
            except BadRequest as error:
                await self._line.send(frames.frame("refused", code="malformed", detail=str(error)))
                self._line.malformed()
            except BotError:
                continue  # a sign that could not be kept is worth no word; the next one may be
            self._hub.changed(self._id)

    def _heard(self, frame: frames.CustomerFrame) -> None:
        store, now = self._services.live_store, self._services.chance.now()
        if isinstance(frame, frames.Typing):
            store.typing(self._id, Side.CUSTOMER, now + TYPING if frame.on else None, now)
        else:
            store.seen(self._id, Side.CUSTOMER, frame.delivered, min(frame.read, frame.delivered))
