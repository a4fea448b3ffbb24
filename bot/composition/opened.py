"""The first layer: settings, time and chance in, what a process holds open out (database, model, redaction)."""

import contextlib
import datetime as dt
import random
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import NotReady
from bot.model import load_encoder
from bot.randomness import Chance
from bot.redaction import Level, Redactor
from bot.settings import Settings
from bot.storage.articles import ArticleShelf
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database, open_database
from bot.storage.schema import migrate
from bot.storage.turns import TurnLog
from index.compiled import CompiledEncoder
from index.errors import ModelMissing

if TYPE_CHECKING:
    from bot.meters import Meters


def utc_now() -> dt.datetime:
    """The time, aware."""
    return dt.datetime.now(dt.UTC)


def real_chance() -> Chance:
    """The clock and the system's secure randomness."""
    return Chance(utc_now, lambda: secrets.token_urlsafe(16), random.SystemRandom())


@dataclass(slots=True)
class Opened:
    """What the parts are made of."""

    settings: Settings
    chance: Chance = field(default_factory=real_chance)
    tell: Callable[[str], None] = lambda text: None
    reads_only: bool = False
    """Whether a data folder without a database is an error, and not the place for a new one."""
    _database: Database | None = None
    _encoder: CompiledEncoder | None = None
    _loading: "Future[CompiledEncoder] | None" = None
    """The model on its way (`bot.model.load_aside`); where it must be compiled first, `encoder` does that."""
    _redactor: Redactor | None = None
    _meters: "Meters | None" = None

    @property
    def database(self) -> Database:
        """The database, its tables up to date."""
        if self._database is None:
            self._open_data_folder()
            database = open_database(self.settings.url)
            migrate(database)
            self._database = database
        return self._database

    def _open_data_folder(self) -> None:
        file = self.settings.database_file
        if self.reads_only and not self.settings.database_url and not file.is_file():
            raise NotReady(
                f"There is no tierzero data in {self.settings.data}; run `tierzero ingest` first or choose another "
                "folder with --data."
            )
        try:
            self.settings.data.expanduser().mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise NotReady(
                f"The data folder {self.settings.data} cannot be made ({exc.strerror}). Choose another with --data."
            ) from exc

    @property
    def shelf(self) -> ArticleShelf:
        """The articles."""
        return ArticleShelf(self.database)

    @property
    def conversations(self) -> ConversationLog:
        """The conversations."""
        return ConversationLog(self.database)

    @property
    def turns(self) -> TurnLog:
        """Single turns of conversations, and what customers said of them."""
        return TurnLog(self.database)

    @property
    def encoder(self) -> CompiledEncoder:
        """The compiled model."""
        if self._encoder is None and self._loading is not None:
            with contextlib.suppress(ModelMissing):
                self._encoder = self._loading.result()
        if self._encoder is None:
            self._encoder = load_encoder(self.settings, tell=self.tell)
        return self._encoder

    @property
    def meters(self) -> "Meters":
        """What this process counts of itself."""
        if self._meters is None:
            from bot.meters import Meters

            self._meters = Meters(self.settings.locales)
        return self._meters

    @property
    def redactor(self) -> Redactor:
        """Takes out of texts what must not be stored, or not be seen."""
        if self._redactor is None:
            self._redactor = Redactor.load()
        return self._redactor

    def masked(self, text: str, language: str = "") -> str:
        """A text with personal data replaced by marks, for whoever reads it later."""
        return self.redactor.redact(text, Level.MASKING, language).text
