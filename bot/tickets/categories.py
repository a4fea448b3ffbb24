"""Solved tickets in, a model of their categories kept in the data folder; the text of another in, its category out."""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from bot.desk.learned_categories import SURE, CategoryModel, Floats, cross_told, fitted, is_better
from bot.desk.matter import matter
from bot.desk.routing import Guess
from bot.desk.ticket import Ticket
from bot.dialogue.conversation import Message
from bot.errors import BadRequest, NotReady
from bot.ports import Conversations

#: Newest solved tickets that are learned from: what was asked years ago is asked differently now.
MOST: int = 50_000
#: The same where it is learned by itself beside a running server.
MOST_BY_ITSELF: int = 5_000
#: Tickets solved since the last time from which on it is learned anew; at least a quarter of what was learned from.
FEWEST_NEW: int = 50

_log = logging.getLogger(__name__)


class SolvedStore(Protocol):
    """Solved tickets with what they were about."""

    def solved(self, most: int) -> Sequence[Ticket]:
        """Newest first; those without a category are left out."""


class Categories:
    """Learns categories and tells them."""

    def __init__(
        self,
        store: SolvedStore,
        conversations: Conversations,
        encode: Callable[[Sequence[str]], Floats],
        encoder: Callable[[], str],
        file: Path,
        *,
        learn_from: int,
    ) -> None:
        """`encode` makes unit vectors, `encoder` names the model that does; neither is called before it is needed."""
        self._store = store
        self._conversations = conversations
        self._encode = encode
        self._encoder = encoder
        self._file = file
        self._learn_from = learn_from
        self._read: tuple[int, CategoryModel | None] = (0, None)
        self._lock = threading.Lock()
        self._learning = threading.Lock()

    def train(self) -> CategoryModel:
        """Learns anew and keeps the model. Raises `BadRequest` while there are too few solved tickets."""
        solved = self._store.solved(MOST)
        if len(solved) < self._learn_from:
            raise BadRequest(
                f"There are {len(solved)} solved tickets with a category, and {self._learn_from} are needed; until "
                "then categories are told by the words of the policy file."
            )
        vectors = self._encode([self._text(ticket) for ticket in solved])
        model = fitted(vectors, [ticket.category for ticket in solved], self._encoder())
        self._keep(model)
        return model

    def _keep(self, model: CategoryModel) -> None:
        aside = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        aside.write_bytes(model.saved())
        aside.replace(self._file)

    def learn_aside(self) -> threading.Thread | None:
        """Learns anew in a thread of its own, one at a time, so that no timer waits for it; None while one learns."""
        if not self._learning.acquire(blocking=False):
            return None
        thread = threading.Thread(target=self._learn_anew, name="categories", daemon=True)
        thread.start()
        return thread

    def _learn_anew(self) -> None:
        try:
            self.learn_anew()
        except Exception:
            _log.exception("categories could not be learned anew; those learned before stay")
        finally:
            self._learning.release()

    def learn_anew(self) -> bool:
        """Learns where enough was solved since, and keeps the old model where the new one is worse; gives which.

        The new one is judged by cross-validation, both on the tickets that the old one has not seen.
        """
        solved = self._store.solved(MOST_BY_ITSELF)
        old = self._model()
        unseen = len(solved) - (old.learned_from if old else 0)
        if len(solved) == MOST_BY_ITSELF:
            unseen = MOST_BY_ITSELF // 4
        wanted = self._learn_from if old is None else max(FEWEST_NEW, old.learned_from // 4)
        if len(solved) < self._learn_from or unseen < wanted:
            return False
        vectors = self._encode([self._text(ticket) for ticket in solved])
        labels = [ticket.category for ticket in solved]
        if old is not None:
            told = cross_told(vectors, labels, self._encoder())
            if not is_better(old, vectors, labels, told, unseen):
                _log.warning("categories learned anew would be told worse; those learned before stay")
                return False
        self._keep(fitted(vectors, labels, self._encoder()))
        return True

    def guess(self, ticket: Ticket) -> Guess | None:
        """The category of a ticket; None while nothing was learned, or where the model is not sure enough."""
        return self._guess(lambda: self._text(ticket))

    def guess_new(self, ticket: Ticket, messages: Sequence[Message]) -> Guess | None:
        """The same of a ticket whose conversation is not stored yet."""
        return self._guess(lambda: matter(messages, ticket.language) or ticket.subject)

    def _guess(self, text: Callable[[], str]) -> Guess | None:
        model = self._model()
        if model is None:
            return None
        ((category, probability),) = model.tell(self._encode([text()]))
        if probability < SURE:
            return None
        return Guess(category, f"like solved tickets about it ({probability:.0%})")

    def _text(self, ticket: Ticket) -> str:
        """What the customer wants, in their own words; asking for a person says nothing of it."""
        conversation = self._conversations.get(ticket.conversation_id)
        told = matter(conversation.messages, ticket.language) if conversation else ""
        return told or ticket.subject

    def _model(self) -> CategoryModel | None:
        """The model as it is on disk now; None where there is none that can be used."""
        try:
            written = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        with self._lock:
            if self._read[0] != written:
                try:
                    model = CategoryModel.read(self._file.read_bytes(), self._encoder())
                except NotReady:
                    model = None
                self._read = (written, model)
            return self._read[1]
