"""Draft articles: begun from a solved ticket, reviewed by a knowledge specialist, published through the ingest."""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from bot.desk.drafting import MOST_CHARS, Draft, DraftEvent, DraftState, article, file_of, outline, title_of
from bot.desk.ticket import Status, Ticket
from bot.dialogue.conversation import Conversation
from bot.errors import BadRequest, Conflict, NotFound, NotReady, TooLarge
from bot.knowledge.ingestion import Ingestion
from bot.people.accounts import Principal
from bot.people.audit import Note
from kb.article import Audience

_FINISHED: Final = (Status.SOLVED, Status.CLOSED)
_REASON_CHARS: Final = 2_000


class DraftStore(Protocol):
    """Where drafts are kept with their history; a change and its note are one transaction."""

    def add(self, draft: Draft, event: DraftEvent, note: Note) -> None:
        """Stores a new one."""

    def change(self, draft: Draft, event: DraftEvent, note: Note, seen: int) -> bool:
        """Stores another version; False where it is not at version `seen`."""

    def get(self, draft_id: str) -> Draft | None:
        """One by its id."""

    def all(self, states: Sequence[DraftState]) -> Sequence[Draft]:
        """Those in some states, changed last first."""

    def of_ticket(self, reference: str) -> Sequence[Draft]:
        """Those of one ticket."""

    def history(self, draft_id: str) -> Sequence[DraftEvent]:
        """What happened to one, oldest first."""


class Tickets(Protocol):
    """Where tickets and their conversations are read."""

    def ticket(self, reference: str) -> Ticket | None:
        """A ticket by its reference."""

    def get(self, conversation_id: str) -> Conversation | None:
        """A conversation by its id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody writes into a draft."""

    title: str
    body: str
    locale: str
    audience: Audience


class DraftMoved(Conflict):
    """Somebody changed the draft between reading and writing it."""

    title = "The draft was changed meanwhile"


class Drafts:
    """The flow of draft articles."""

    def __init__(
        self,
        store: DraftStore,
        tickets: Tickets,
        ingestion: Callable[[], Ingestion],
        folder: Path,
        *,
        locales: Sequence[str],
        mask: Callable[[str, str], str],
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
    ) -> None:
        """`folder` is where approved articles are written; `ingestion` is asked for when one is published."""
        self._store = store
        self._tickets = tickets
        self._ingestion = ingestion
        self._folder = folder
        self.locales = tuple(locales)
        self._mask = mask
        self._now = now
        self._new_id = new_id

    def begin(self, who: Principal, reference: str) -> Draft:
        """A draft of a solved ticket. Raises `NotFound`, and `BadRequest` for one that is not solved."""
        ticket = self._tickets.ticket(reference)
        if ticket is None:
            raise NotFound("There is no such ticket.")
        if ticket.status not in _FINISHED:
            raise BadRequest("Only a solved ticket has something to tell; solve it first.")
        conversation = self._tickets.get(ticket.conversation_id)
        language = ticket.language if ticket.language in self.locales else self.locales[0]
        made = outline(
            conversation.messages if conversation else (),
            ticket.subject,
            language,
            lambda text: self._mask(text, ticket.language),
        )
        now = self._now()
        draft = Draft(
            id="".join(sign for sign in self._new_id() if sign.isalnum()),
            reference=reference,
            state=DraftState.DRAFT,
            locale=language,
            audience=Audience.PUBLIC,
            title=made.title,
            body=made.body,
            author=who.name,
            updated_at=now,
            version=1,
        )
        self._store.add(draft, self._event(draft, who, "begun"), self._noted(draft, who, "begun"))
        return draft

    def get(self, draft_id: str) -> Draft:
        """One by its id. Raises `NotFound`."""
        found = self._store.get(draft_id)
        if found is None:
            raise NotFound("There is no such draft.")
        return found

    def all(self, states: Sequence[DraftState]) -> Sequence[Draft]:
        """Those in some states, changed last first."""
        return self._store.all(states)

    def of_ticket(self, reference: str) -> Sequence[Draft]:
        """Those of one ticket."""
        return self._store.of_ticket(reference)

    def history(self, draft_id: str) -> Sequence[DraftEvent]:
        """What happened to one, oldest first."""
        return self._store.history(draft_id)

    def save(
        self, who: Principal, draft_id: str, wanted: Wanted, seen: int, *, submit: bool = False
    ) -> Draft:
        """Keeps another text, and with `submit` hands it to review. Raises `BadRequest`, `TooLarge`, `DraftMoved`."""
        draft = self.get(draft_id)
        if draft.state is DraftState.PUBLISHED:
            raise BadRequest("It is published; change the article itself.")
        title, body = title_of(wanted.title), wanted.body.strip()
        if not any(map(str.isalnum, title)) or not any(map(str.isalnum, body)):
            raise BadRequest("An article needs a title and a text.")
        if len(body) > MOST_CHARS:
            raise TooLarge(f"An article may have at most {MOST_CHARS} characters.")
        if wanted.locale not in self.locales:
            raise BadRequest(f"Choose one of the languages {', '.join(self.locales)}.")
        state = DraftState.SUBMITTED if submit else draft.state
        after = replace(
            draft,
            title=title,
            body=body + "\n",
            locale=wanted.locale,
            audience=wanted.audience,
            state=state,
        )
        return self._changed(who, after, "submitted" if submit else "changed", seen)

    def reject(self, who: Principal, draft_id: str, reason: str, seen: int) -> Draft:
        """Sends it back. Raises `BadRequest` without a reason, or where it was not submitted."""
        reason = reason.strip()[:_REASON_CHARS]
        if not any(map(str.isalnum, reason)):
            raise BadRequest("Say why, so that the author can mend it.")
        after = replace(self._submitted(draft_id), state=DraftState.REJECTED)
        return self._changed(who, after, "rejected", seen, reason)

    def approve(self, who: Principal, draft_id: str, seen: int) -> Draft:
        """Writes the article into the folder and ingests it, so that it answers; then marks the draft as published.

        Killed in between, the draft is still submitted, and approving it again does the same once more. Raises
        `BadRequest` where the article cannot be read or its name is taken, and `NotReady` while another ingest runs.
        """
        draft = self._submitted(draft_id)
        if draft.version != seen:
            raise _moved()
        path = file_of(draft)
        self._publish(path, article(draft, self._now().date()))
        return self._changed(who, replace(draft, state=DraftState.PUBLISHED, path=path), "published", seen)

    def _publish(self, path: str, text: str) -> None:
        target = self._folder / path
        before = target.read_bytes() if target.exists() else None
        _write(target, text.encode())
        try:
            receipt = self._ingestion().ingest([self._folder]).receipt
            refused = next((one.reason for one in receipt.quarantined if one.path == path), "")
        except BaseException:
            _restore(target, before)
            raise
        if refused:
            _restore(target, before)
            raise BadRequest(f"The article cannot be published: {refused}")

    def _submitted(self, draft_id: str) -> Draft:
        draft = self.get(draft_id)
        if draft.state is not DraftState.SUBMITTED:
            raise BadRequest("It is not waiting for a review.")
        return draft

    def _changed(self, who: Principal, after: Draft, what: str, seen: int, reason: str = "") -> Draft:
        after = replace(after, updated_at=self._now(), version=seen + 1)
        event = self._event(after, who, what, reason)
        if not self._store.change(after, event, self._noted(after, who, what), seen):
            raise _moved()
        return after

    def _event(self, draft: Draft, who: Principal, what: str, reason: str = "") -> DraftEvent:
        return DraftEvent(draft.updated_at, who.name, what, reason, draft.version, draft.title, draft.body)

    def _noted(self, draft: Draft, who: Principal, what: str) -> Note:
        return Note(
            draft.updated_at, who.name, f"draft.{what}", f"draft:{draft.id}", {"ticket": draft.reference}
        )


def _moved() -> DraftMoved:
    return DraftMoved("The draft was changed since you opened it. Look at it, then send yours again.")


def _write(target: Path, content: bytes) -> None:
    """Writes a file whole or not at all. Raises `NotReady`."""
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(target)
    except OSError as exc:
        raise NotReady(f"The article cannot be written to {target.parent} ({exc.strerror}).") from exc


def _restore(target: Path, before: bytes | None) -> None:
    if before is None:
        target.unlink(missing_ok=True)
    else:
        _write(target, before)
