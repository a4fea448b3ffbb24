"""`WS /desk/live/socket`: the list of live chats, the chats an agent looks at, and what they do there."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from anyio import sleep, to_thread
from fastapi import APIRouter, WebSocket

from bot.desk.attachments import Attachment
from bot.desk.live import BEAT, LiveChat, Side
from bot.dialogue.conversation import Message
from bot.errors import BadRequest, BotError, Conflict, NotAllowed, NotFound, NotSignedIn
from bot.people.accounts import Principal
from bot.people.roles import Permission
from bot.web.desk.access import principal_of
from bot.web.limits import bucket_key
from bot.web.live import frames
from bot.web.live.customer import TYPING
from bot.web.live.hub import Hub, hub_of
from bot.web.live.line import Close, Closing, Line
from bot.web.live.places import MOST_OF_ACCOUNT
from bot.web.live.shown_files import ShownFiles
from bot.web.origins import is_own
from bot.web.problems import slug
from bot.web.services import Services, services_of

router = APIRouter()

#: Chats that one page shows at the same time.
MOST_WATCHED: Final = 12
#: Seconds between looks at whether the sign-in still holds.
CHECK_SECONDS: Final = 20


@router.websocket("/desk/live/socket")
async def live(socket: WebSocket) -> None:
    """Only for a page of this very service whose browser is signed in and may work at tickets."""
    origin = socket.headers.get("origin")
    # Browsers say whose page opens a socket, and no rule of theirs keeps other sites from opening one.
    if origin is None or not is_own(origin, socket.headers, services_of(socket).settings.public_url):
        await socket.close(Close.NOT_ALLOWED)
        return
    try:
        who = await to_thread.run_sync(_signed_in, socket)
    except (NotSignedIn, NotAllowed) as error:
        await socket.accept()
        await socket.close(Close.NOT_ALLOWED, str(error))
        return
    hub = hub_of(socket.app)
    address = bucket_key((socket.client.host, socket.client.port) if socket.client else None)
    with hub.places.one(address, who.name, MOST_OF_ACCOUNT) as there:
        await socket.accept()
        line = Line(socket)
        if not there:
            await line.close(Close.TOO_MANY, "too many open pages")
            return
        await _StaffSocket(line, hub, services_of(socket), who).serve()


def _signed_in(socket: WebSocket, *, acts: bool = True) -> Principal:
    """Who has the page open. Raises `NotSignedIn` and `NotAllowed`."""
    found: Principal | None = principal_of(socket, touch=acts)
    if found is None or found.account is None:
        raise NotSignedIn("Please sign in.")
    # Customers' words are shown as they are.
    if not (found.may(Permission.TICKETS_WORK) and found.may(Permission.PERSONAL_READ)):
        raise NotAllowed("Your role does not include working at live chats.")
    return found


@dataclass(slots=True)
class _Watched:
    """A conversation on the page."""

    after: int
    stop: Callable[[], None]
    told: dict[str, Any] = field(default_factory=dict)
    files: ShownFiles = field(default_factory=ShownFiles)
    version: int = -1
    news: bool = True


class _StaffSocket:
    def __init__(self, line: Line, hub: Hub, services: Services, who: Principal) -> None:
        self._line = line
        self._hub = hub
        self._services = services
        self._name = who.shown
        self._account = who.account.id if who.account else ""
        self._watched: dict[str, _Watched] = {}
        self._listed: Any = None

    async def serve(self) -> None:
        try:
            # Whoever is counted here is counted out below, also where they are gone before anybody was told.
            await self._hub.agent_came(self._account)
            with self._hub.viewing(self._line.wake):
                await self._line.serve(self._write, self._read, self._check)
        finally:
            for watched in self._watched.values():
                watched.stop()
            self._hub.agent_left(self._account)

    async def _check(self) -> None:
        """Ends the connection soon after the sign-in, the account or its role does; an open page is no use of it."""
        while True:
            await sleep(CHECK_SECONDS)
            try:
                await to_thread.run_sync(lambda: _signed_in(self._line.socket, acts=False))
            except (NotSignedIn, NotAllowed) as error:
                raise Closing(Close.NOT_ALLOWED, str(error)) from error
            except BotError:
                continue  # the database is away; nothing can be done there meanwhile

    async def _write(self) -> None:
        await self._line.send(frames.frame("hello", id=self._account, name=self._name))
        self._line.wake()
        while True:
            if not await self._line.news(BEAT.total_seconds()):
                await self._line.send(frames.frame("beat"))
                continue
            await self._list()
            for conversation_id, watched in tuple(self._watched.items()):
                if watched.news:
                    watched.news = False
                    await self._show(conversation_id, watched)

    async def _list(self) -> None:
        present = next((one for one in self._hub.present if one.account_id == self._account), None)
        chats = [frames.listed(one.row, one.here, self._account) for one in self._hub.listed]
        online = [{"name": one.name, "available": one.available} for one in self._hub.present]
        listed = {"chats": chats, "online": online, "available": present is not None and present.available}
        if listed != self._listed and present is not None:
            self._listed = listed
            await self._line.send(frames.frame("list", **listed))

    async def _show(self, conversation_id: str, watched: _Watched) -> None:
        try:
            chat, said, files = await to_thread.run_sync(self._news, conversation_id, watched.after)
        except NotFound as error:
            self._forget(conversation_id)
            await self._refuse(error, "watch", conversation_id)
            return
        except BotError:
            watched.news = True
            await self._line.news(1)
            self._line.wake()
            return
        for seq, message in said:
            await self._line.send(frames.message_frame(seq, message, Side.AGENT, conversation_id))
            watched.after = seq + 1
        if watched.after < chat.count:
            watched.news = True
            self._line.wake()
        until = chat.customer.typing_until
        typing = until is not None and until > self._services.chance.now()
        state = frames.state_of(chat, Side.AGENT, typing) | {"mine": chat.account_id == self._account}
        if state != watched.told or (typing and chat.version != watched.version):
            await self._line.send(frames.frame("state", conversation=conversation_id, **state))
        watched.told, watched.version = state, chat.version
        if shown := watched.files.frame(files, conversation=conversation_id):
            await self._line.send(shown)

    def _news(
        self, conversation_id: str, after: int
    ) -> tuple[LiveChat, list[tuple[int, Message]], Sequence[Attachment]]:
        store = self._services.live_store
        chat = store.chat(conversation_id)
        if chat is None:
            raise NotFound("There is no such conversation.")
        said = list(store.messages(conversation_id, after)) if chat.count > after else []
        return chat, said, self._services.attachments.in_chat(conversation_id)

    async def _read(self) -> None:
        async for text in self._line.frames():
            try:
                frame = frames.of_staff(text)
            except BadRequest as error:
                await self._refuse(error, "", "")
                self._line.malformed()
                continue
            about, client_id = getattr(frame, "conversation", ""), getattr(frame, "client_id", "")
            try:
                await self._do(frame)
            except (NotSignedIn, NotAllowed) as error:
                if isinstance(error, NotSignedIn):
                    raise Closing(Close.NOT_ALLOWED, str(error)) from error
                await self._refuse(error, frame.type, about, client_id)
            except BotError as error:
                await self._refuse(error, frame.type, about, client_id)

    async def _do(self, frame: frames.StaffFrame) -> None:
        match frame:
            case frames.Watch():
                self._watch(frame.conversation, frame.after)
            case frames.Unwatch():
                self._forget(frame.conversation)
            case frames.StaffSeen() | frames.StaffTyping():
                await to_thread.run_sync(self._sign, frame)
                self._hub.changed(frame.conversation)
            case frames.Available():
                await to_thread.run_sync(self._set_available, frame.on)
                self._hub.look_now()
            case _:
                message = await to_thread.run_sync(self._act, frame)
                self._hub.changed(frame.conversation)
                self._hub.look_now()
                if message is not None and isinstance(frame, frames.Say):
                    said = {"client_id": frame.client_id, "id": message.id}
                    await self._line.send(frames.frame("said", conversation=frame.conversation, **said))

    def _watch(self, conversation_id: str, after: int) -> None:
        self._forget(conversation_id)
        if len(self._watched) >= MOST_WATCHED:
            raise Conflict(f"One page shows {MOST_WATCHED} chats at most.")
        stack = contextlib.ExitStack()
        watched = self._watched[conversation_id] = _Watched(after, stack.close)

        def wake() -> None:
            watched.news = True
            self._line.wake()

        stack.enter_context(self._hub.feed.watching(conversation_id, wake))

    def _forget(self, conversation_id: str) -> None:
        watched = self._watched.pop(conversation_id, None)
        if watched is not None:
            watched.stop()

    def _sign(self, frame: frames.StaffSeen | frames.StaffTyping) -> None:
        """Typing and reading count for the agent in the chat alone, not for a colleague who looks on."""
        store, now = self._services.live_store, self._services.chance.now()
        chat = store.chat(frame.conversation)
        if chat is None or chat.account_id != self._account:
            return
        if isinstance(frame, frames.StaffSeen):
            store.seen(frame.conversation, Side.AGENT, frame.delivered, min(frame.read, frame.delivered))
        else:
            store.typing(frame.conversation, Side.AGENT, now + TYPING if frame.on else None, now)

    def _set_available(self, on: bool) -> None:
        _signed_in(self._line.socket)
        self._services.live_store.set_available(self._account, on, self._services.chance.now())

    def _act(self, frame: frames.StaffFrame) -> Message | None:
        """What changes a chat is asked of the sign-in as it is now."""
        who = _signed_in(self._line.socket)
        desk = self._services.live_desk
        match frame:
            case frames.Take():
                desk.take(who, frame.conversation, over=frame.over)
            case frames.Say():
                return desk.say(who, frame.conversation, frame.text, frame.client_id)
            case frames.Release():
                desk.release(who, frame.conversation, frame.to)
            case frames.Solve():
                desk.solve(who, frame.conversation)
        return None

    async def _refuse(self, error: BotError, about: str, conversation_id: str, client_id: str = "") -> None:
        code = slug(type(error).__name__)
        fields = {"about": about, "conversation": conversation_id, "client_id": client_id}
        await self._line.send(frames.frame("refused", code=code, detail=str(error), **fields))
