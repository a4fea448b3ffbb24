"""Builds everything from settings, once: the only place that knows which part is made of which."""

import contextlib
import datetime as dt
import random
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answering import Answering, Dialogue
from bot.articles import ArticlePages
from bot.chat import Chat
from bot.desk.policy import Policy, load_policy
from bot.dialogue import confidence
from bot.dialogue.circles import Circles
from bot.dialogue.context import Context
from bot.dialogue.language import LanguageDetector
from bot.dialogue.procedure import Procedure
from bot.dialogue.serving import Serving, serving
from bot.dialogue.smalltalk import SmallTalk
from bot.dialogue.triggers import Handlings, Meaning, Triggers
from bot.dialogue.underspecified import Underspecified
from bot.dialogue.wording import Wording
from bot.errors import BotError, NotReady
from bot.handover import Handover
from bot.ingestion import Ingestion
from bot.knowledge import Follower, Knowledge
from bot.language_tables import load_letter_model
from bot.learning import Learning
from bot.model import load_encoder
from bot.quotes import Verifier
from bot.randomness import Chance
from bot.redaction import Level, Redactor
from bot.settings import Settings
from bot.storage.articles import ArticleShelf
from bot.storage.conversations import ConversationLog
from bot.storage.engine import Database, open_database
from bot.storage.learned import LearnedLog
from bot.storage.schema import migrate
from bot.storage.turns import TurnLog
from bot.writing import Writer
from bot.writing.alignment import Alignment
from bot.writing.completions import OpenAICompletions
from index.compiled import CompiledEncoder
from index.errors import ModelMissing, SearchError

if TYPE_CHECKING:
    from bot.outcomes import Outcomes
    from bot.people.keyring import Keyring
    from bot.people.machine_keys import MachineKeys
    from bot.people.signing_in import SigningIn
    from bot.people.team import Team
    from bot.storage.people import PeopleLog
    from bot.suggestions import Suggestions
    from bot.viewing import Viewing

CONFIDENCE = Path(__file__).parent / "dialogue" / "confidence.json"


def utc_now() -> dt.datetime:
    """The time, aware."""
    return dt.datetime.now(dt.UTC)


def real_chance() -> Chance:
    """The clock and the system's secure randomness."""
    return Chance(utc_now, lambda: secrets.token_urlsafe(16), random.SystemRandom())


@dataclass(slots=True)
class Services:
    """Everything a process holds open. Parts are made when first asked for, so a command pays for what it uses."""

    settings: Settings
    chance: Chance = field(default_factory=real_chance)
    tell: Callable[[str], None] = lambda text: None
    reads_only: bool = False
    """Whether a data folder without a database is an error, and not the place for a new one."""
    _database: Database | None = None
    _encoder: CompiledEncoder | None = None
    _loading: "Future[CompiledEncoder] | None" = None
    _knowledge: Knowledge | None = None
    _dialogue: Dialogue | None = None
    _answering: Answering | None = None
    _redactor: Redactor | None = None
    _chat: Chat | None = None
    _follower: Follower | None = None
    _learning: Learning | None = None
    _keyring: "Keyring | None" = None

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

    def load_encoder_aside(self) -> None:
        """Begins to load the model in another thread: nearly all of it is work outside of Python.

        Where it must be compiled first, `encoder` does that when it is asked for.
        """
        if self._encoder is None and self._loading is None:
            loader = ThreadPoolExecutor(1, thread_name_prefix="model")
            self._loading = loader.submit(load_encoder, self.settings, build=False)
            loader.shutdown(wait=False)

    @property
    def knowledge(self) -> Knowledge:
        """The index that answers."""
        if self._knowledge is None:
            self._knowledge = Knowledge(self.settings.index_root, self.shelf, self.encoder)
            self._knowledge.refresh()
            self.learning.refresh()
        return self._knowledge

    @property
    def learning(self) -> Learning:
        """What outcomes teach the search."""
        if self._learning is None:
            self._learning = Learning(
                LearnedLog(self.database),
                self.conversations,
                self.knowledge,
                self.encoder,
                leans=lambda text, before, language: (
                    self.dialogue.context.standalone(text, before, language).is_followup
                ),
                redact=lambda text: self.redactor.redact(text).text,
                now=self.chance.now,
            )
        return self._learning

    @property
    def ingestion(self) -> Ingestion:
        """The ingest flow."""
        return Ingestion(
            self.shelf,
            self.encoder,
            self.settings.index_root,
            default_locale=self.settings.default_locale,
            locales=self.settings.locales,
            now=self.chance.now,
        )

    @property
    def dialogue(self) -> Dialogue:
        """Rules, wording and the confidence model."""
        if self._dialogue is None:
            rules = Triggers.load()
            self._dialogue = Dialogue(
                detector=LanguageDetector.load(model=load_letter_model(self.settings.models_root)),
                handlings=Handlings.load(),
                small_talk=SmallTalk.load(),
                underspecified=Underspecified.load(),
                circles=Circles.load(),
                context=Context.load(),
                procedure=Procedure.load(),
                wording=Wording.load(default=self.settings.default_locale),
                confidence=self.serving.model,
                # Last: it waits for the model, which loads meanwhile.
                triggers=rules.including(self._meaning()),
            )
        return self._dialogue

    def _meaning(self) -> Meaning | None:
        """What tells by meaning who needs a person; None where it was fitted for another model than the one served."""
        meaning = Meaning.load()
        if meaning.fits(self.encoder.identity):
            return meaning
        self.tell(
            "Messages are told by the rules alone: the weights that tell them by meaning are for another model. "
            "Fit them with `tierzero eval prototypes`."
        )
        return None

    @property
    def serving(self) -> Serving:
        """The confidence model with the threshold that serves; the data folder's own where there is one."""
        own = self.settings.own_confidence
        return serving(confidence.load(own if own.is_file() else CONFIDENCE), self.settings.error_budget)

    @property
    def verifier(self) -> Verifier:
        """Checks quotes against the database."""
        return Verifier(self.shelf, public_url=self.settings.public_url, site_url=self.settings.site_url)

    @property
    def answering(self) -> Answering:
        """The answering flow."""
        if self._answering is None:
            self._answering = Answering(
                self.knowledge,
                self.verifier,
                self.dialogue,
                locales=self.settings.locales,
                default_locale=self.settings.default_locale,
                writer=self._writer(),
            )
        return self._answering

    def _writer(self) -> Writer | None:
        """What writes answers, where a language model is set."""
        settings = self.settings
        if not settings.llm_base_url:
            return None
        return Writer(
            OpenAICompletions(
                settings.llm_base_url,
                settings.llm_model,
                settings.llm_key,
                seconds=settings.llm_seconds,
            ),
            Alignment.load(),
        )

    @property
    def redactor(self) -> Redactor:
        """Takes out of texts what must not be stored, or not be seen."""
        if self._redactor is None:
            self._redactor = Redactor.load()
        return self._redactor

    @property
    def chat(self) -> Chat:
        """The chat flow."""
        if self._chat is None:
            self._chat = Chat(
                self.conversations,
                self.answering,
                self.handover,
                self.dialogue.wording,
                self.chance,
                self.redactor,
                learn=self.learning.heard,
            )
        return self._chat

    @property
    def handover(self) -> Handover:
        """Words and tickets of hand-offs."""
        parts = self.dialogue
        return Handover(self.answering, parts.wording, parts.handlings, self.policy, self.chance)

    @property
    def policy(self) -> Policy:
        """The desk's rules."""
        return load_policy(self.settings.policy) if self.settings.policy else load_policy()

    @property
    def articles(self) -> ArticlePages:
        """Article pages."""
        return ArticlePages(
            self.shelf, public_url=self.settings.public_url, default_locale=self.settings.default_locale
        )

    # What only staff need is imported when it is used: its cryptography would slow every start down.

    @property
    def keyring(self) -> "Keyring":
        """The service's own keys."""
        if self._keyring is None:
            from bot.people.keyring import Keyring

            self._open_data_folder()
            self._keyring = Keyring.open(self.settings.keys)
        return self._keyring

    @property
    def audit(self) -> "PeopleLog":
        """Accounts and the audit log as stored."""
        from bot.storage.people import PeopleLog

        return PeopleLog(self.database)

    @property
    def signing_in(self) -> "SigningIn":
        """Sessions of staff."""
        from bot.people.policy import load_policy
        from bot.people.signing_in import SigningIn

        return SigningIn(
            self.audit,
            self.keyring,
            load_policy(),
            now=self.chance.now,
            new_id=self.chance.new_id,
            issuer=self.settings.site_name,
        )

    @property
    def team(self) -> "Team":
        """Accounts of staff."""
        from bot.people.policy import load_policy
        from bot.people.team import Team

        return Team(self.audit, load_policy(), now=self.chance.now, new_id=self.chance.new_id)

    @property
    def machine_keys(self) -> "MachineKeys":
        """Keys of programs."""
        from bot.people.machine_keys import MachineKeys

        return MachineKeys(self.audit, now=self.chance.now, new_id=self.chance.new_id)

    @property
    def suggestions(self) -> "Suggestions":
        """What helps agents answer."""
        from bot.suggestions import Suggestions

        return Suggestions(
            self.knowledge,
            self.verifier,
            self.dialogue,
            self.conversations,
            locales=self.settings.locales,
            default_locale=self.settings.default_locale,
            mask=self._masked,
        )

    @property
    def outcomes(self) -> "Outcomes":
        """What agents make of suggestions."""
        from bot.outcomes import Outcomes
        from bot.storage.suggestions import OutcomeLog

        store = OutcomeLog(self.database)
        return Outcomes(store, self.shelf, self.learning, mask=self._masked, now=self.chance.now)

    @property
    def tickets(self) -> "Viewing":
        """Tickets as the team sees them."""
        from bot.storage.openings import OpeningLog
        from bot.storage.queue import QueueLog
        from bot.viewing import Viewing

        return Viewing(
            self.conversations,
            QueueLog(self.database),
            OpeningLog(self.database),
            mask=self._masked,
            now=self.chance.now,
        )

    def _masked(self, text: str, language: str = "") -> str:
        return self.redactor.redact(text, Level.MASKING, language).text

    def start(self) -> None:
        """Opens what a server needs before its first request, and begins to follow publications."""
        # Made now, so that neither its files nor a mistake in them wait for the first customer.
        _ = self.chat
        # The first run of a model allocates its memory; no customer should wait for that.
        self.encoder.encode(["warm up"])
        self._follower = Follower(self._follow)

    def _follow(self) -> bool:
        """Brings index and learned questions up to the database; the second belong to the first."""
        published = self.knowledge.refresh()
        return self.learning.refresh() or published

    def ready(self) -> dict[str, str]:
        """Each part and `ok`, or what is wrong with it."""
        checks: Sequence[tuple[str, Callable[[], object]]] = (
            ("database", self.conversations.ping),
            ("model", lambda: self.encoder),
            ("index", lambda: self.knowledge.searcher),
        )
        result = {}
        for name, check in checks:
            try:
                check()
                result[name] = "ok"
            except (BotError, SearchError) as exc:
                result[name] = str(exc)
        if result["index"] == "ok" and self.knowledge.problem:
            result["index"] = self.knowledge.problem
        return result

    def close(self) -> None:
        """Lets go of everything."""
        if self._follower is not None:
            self._follower.close()
        if self._database is not None:
            self._database.close()
