"""A deterministic stand-in for the real services: canned answers by keyword, the rest as contracted."""

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.transcripts import Transcripts
from bot.desk.attachments import Attachment, AttachmentRules, recognised
from bot.desk.survey import Answer, Survey
from bot.dialogue.conversation import Conversation
from bot.dialogue.wording import Wording
from bot.errors import NotFound, StorageUnavailable
from bot.help_centre.popular import Popular
from bot.meters import Meters
from bot.outgoing.effects import Effect
from bot.people.keyring import Keyring, identified
from bot.people.visitors import LEEWAY, Visitors
from bot.randomness import Chance
from bot.tickets.attachments import Sent
from tests.web.canned import (
    NOON,
)
from tests.web.fake_chat import FakeChat
from tests.web.fake_help_centre import FakeArticles, FakeHelpSearch, FakeUses, FakeVotes


@dataclass(frozen=True)
class FakeSettings:
    public_url: str = ""
    site_name: str = "Tarnbean"
    contact_email: str = "help@tarnbean.example"
    locales: tuple[str, ...] = ("en", "de", "es", "fr")
    help_locales: tuple[str, ...] = ("en", "de", "es", "fr", "ar")
    default_locale: str = "en"
    max_message_chars: int = 4000
    max_body_bytes: int = 65536
    rate_per_minute: int = 6000
    rate_burst: int = 1000
    llm_model: str = ""
    allowed_origins: tuple[str, ...] = ()
    demo: bool = True


class FakeSurveys:
    """No conversation has a solution to judge, until a test opens one."""

    def __init__(self) -> None:
        self.token = ""
        self.answers: list[tuple[int | None, str]] = []

    def open(self, token: str) -> None:
        self.token = token

    def token_of(self, conversation_id: str) -> str:
        return self.token

    def of_token(self, token: str) -> Survey:
        if not token or token != self.token:
            raise NotFound("This link does not work (any more).")
        return Survey("srv1", "TZ-4F7K-9Q2M", "c_1", "en", NOON, NOON + dt.timedelta(days=14))

    def is_open(self, survey: Survey) -> bool:
        return True

    def answer(self, token: str, given: Answer) -> Survey:
        found = self.of_token(token)
        self.answers.append((given.satisfaction, given.comment))
        return found


class FakeLiveDesk:
    """Nobody is in any chat."""

    def sweep(self, since: dt.datetime) -> list[str]:
        return []

    def customer_is_here(self, conversation_id: str) -> None:
        pass


#: Signs identities in the site's own server.
IDENTITY_SECRET = "a secret of the shop's own server"


def visitors(now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> Visitors:
    """The real thing, over a key of this process; ids count up."""
    keys, ids = Keyring((b"k" * 32,)), itertools.count(1)
    return Visitors(
        lambda: keys,
        lambda token: identified(token, IDENTITY_SECRET, now(), LEEWAY),
        now=now,
        new_id=lambda: f"visitor{next(ids)}",
    )


class FakeOutbox:
    """Keeps what is to be sent, once each."""

    def __init__(self) -> None:
        self.effects: dict[str, Effect] = {}

    def put(self, effects: Iterable[Effect], at: dt.datetime) -> None:
        for one in effects:
            self.effects.setdefault(one.key, one)


class FakeAttachments:
    """Keeps files in memory, by the real rules for what is taken."""

    def __init__(self) -> None:
        self.rules = AttachmentRules()
        self.kept: list[tuple[Attachment, bytes]] = []
        self.failures: list[Exception] = []

    def by_customer(self, conversation: Conversation, sent: Sent) -> Attachment:
        if self.failures:
            raise self.failures.pop(0)
        what = recognised(sent.name, sent.content, self.rules)
        return self.keep(conversation.id, what.name, what.media_type, sent.content, "customer")

    def keep(self, conversation_id: str, name: str, media_type: str, content: bytes, by: str) -> Attachment:
        at = NOON + dt.timedelta(minutes=len(self.kept))
        one = Attachment(f"f{len(self.kept)}", conversation_id, "", name, media_type, len(content), at, by)
        self.kept.append((one, content))
        return one

    def of_conversation(self, conversation_id: str) -> Sequence[Attachment]:
        return [one for one, _ in self.kept if one.conversation_id == conversation_id]

    def for_customer(self, conversation_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
        for one, content in self.kept:
            if (one.conversation_id, one.id) == (conversation_id, attachment_id):
                return one, content
        raise NotFound("There is no such file.")


class FakeServices:
    """What the web asks for, with handles for a test to make parts fail."""

    def __init__(self, settings: FakeSettings | None = None) -> None:
        self.settings = settings or FakeSettings()
        self.chat = FakeChat()
        self.articles = FakeArticles()
        self.attachments = FakeAttachments()
        self.surveys = FakeSurveys()
        self.votes = FakeVotes()
        self.popular = Popular(FakeUses(), now=lambda: NOON)
        self.chance = Chance(lambda: NOON, lambda: "id", random.Random(1))
        self.visitors = visitors()
        self.outbox = FakeOutbox()
        self.transcripts = Transcripts(
            lambda reference: next(one for one in self.chat.tickets.values() if one.reference == reference),
            lambda: self.outbox,
            Wording.load(),
            self.attachments.of_conversation,
            site_name="Tarnbean",
            sends_mail=True,
            now=lambda: NOON,
        )
        self.live_desk = FakeLiveDesk()
        self.meters = Meters(("en",))
        self.help_search = FakeHelpSearch()
        self.parts = {"database": "ok", "model": "ok", "index": "ok"}
        self.database_down = False
        self.closed = False

    def ready(self) -> Mapping[str, str]:
        if self.database_down:
            raise StorageUnavailable("the database at db.internal does not answer")
        return self.parts

    def close(self) -> None:
        self.closed = True
