"""A deterministic stand-in for the real services: canned answers by keyword, the rest as contracted."""

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.chat.incoming import Handled, Incoming, Standing
from bot.chat.transcripts import Transcripts
from bot.desk.attachments import Attachment, AttachmentRules, recognised
from bot.desk.survey import Answer, Survey
from bot.desk.ticket import Priority, Status, Ticket
from bot.dialogue.conversation import Conversation, Message, Role, State
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.dialogue.wording import Wording
from bot.errors import NotFound, StorageUnavailable
from bot.help_centre.articles import Change
from bot.help_centre.popular import Popular
from bot.help_centre.search import FoundArticle, Narrowing, Searched
from bot.help_centre.shelves import Category, Listed, shelved
from bot.help_centre.votes import Visitor, Vote, Voted, Why
from bot.meters import Meters
from bot.outgoing.effects import Effect
from bot.people.keyring import Keyring, identified
from bot.people.visitors import LEEWAY, Visitors
from bot.randomness import Chance
from bot.tickets.attachments import Sent
from kb.article import ArticleKey
from kb.markdown import Step

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)

PAUSE_TEXT = """1. Sign in and go to Account > Subscription.
2. Select Pause and choose 1 to 13 weeks.
3. Confirm. Your next delivery moves by as many weeks."""

PAUSE_QUOTE = """1. Sign in and go to **Account > Subscription**.
2. Select **Pause** and choose 1 to 13 weeks.
3. Confirm. Your next delivery moves by as many weeks."""

PAUSE = Citation(
    article_id="subscriptions/pause-or-skip",
    locale="en",
    title="Pause or skip a delivery",
    heading_path=("Monthly plans", "Pause"),
    url="/help/en/subscriptions/pause-or-skip?revision=9f2c4a1b77de&start=210&end=372#pause",
    quote=PAUSE_QUOTE,
    text=PAUSE_TEXT,
    start=210,
    end=372,
    revision="9f2c4a1b77de",
)

YEARLY = replace(
    PAUSE,
    heading_path=("Yearly plans",),
    url="/help/en/subscriptions/pause-or-skip?revision=9f2c4a1b77de&start=400&end=478#yearly-plans",
    quote="A yearly plan can be paused **once a year**, for up to 8 weeks. It cannot be skipped.",
    text="A yearly plan can be paused once a year, for up to 8 weeks. It cannot be skipped.",
    start=400,
    end=485,
)

DELIVERY = Citation(
    article_id="delivery/delivery-times-and-costs",
    locale="en",
    title="Delivery times and costs by country",
    heading_path=("One-off orders",),
    url="/help/en/delivery/delivery-times-and-costs#one-off-orders",
    quote="| Germany | 2–3 | €3.90 | €35 | €9.90 |",
    text="Country: Germany; Standard time (working days): 2–3; Standard price: €3.90; "
    "Free from: €35; Express price: €9.90",
    start=700,
    end=741,
    revision="51c0ffee1234",
)

ANSWERS = {
    "pause": Reply(
        kind=ReplyKind.ANSWER,
        text=f"Here is how our help centre describes it:\n\n{PAUSE_TEXT}\n\n{YEARLY.text}",
        citations=(PAUSE, YEARLY),
        confidence=0.94,
        reason=Reason.ANSWERED,
        rule="",
        language="en",
    ),
    "germany": Reply(
        kind=ReplyKind.ANSWER,
        text=f"This is what I found:\n\n{DELIVERY.text}\n\nSource: {DELIVERY.title} › One-off orders",
        citations=(DELIVERY,),
        confidence=0.81,
        reason=Reason.ANSWERED,
        rule="",
        language="en",
    ),
    "cancel": Reply(
        kind=ReplyKind.CLARIFY,
        text="Happy to help. Which of these do you mean?",
        citations=(),
        confidence=0.0,
        reason=Reason.CHOICE,
        rule="",
        language="en",
        choices=("Pause my plan", "Cancel a one-off order", "Cancel my Tarnbean Care cover"),
    ),
    "hello": Reply(
        kind=ReplyKind.CLARIFY,
        text="Hello! Ask me about your coffee, your plan or your machine.",
        citations=(),
        confidence=0.0,
        reason=Reason.GREETING,
        rule="small-talk/greeting",
        language="en",
    ),
}

HAND_OFF = Reply(
    kind=ReplyKind.HANDOFF,
    text="I have passed this to my colleagues, with everything you wrote.",
    citations=(),
    confidence=0.0,
    reason=Reason.PERSON,
    rule="person/ask-for-human",
    language="en",
)

NEXT_STEP = "Somebody from our team reads it and answers by Monday, 12:00."

ARTICLE_HTML = """<p>You can pause or skip whenever you like.</p>
<h2 id="monthly-plans">Monthly plans</h2>
<p>Skip up to 2 deliveries in a row until <strong>lock time</strong>.</p>
<h3 id="pause">Pause</h3>
<ol>
<li{first}>Sign in and go to <strong>Account &gt; Subscription</strong>.</li>
<li{more}>Select <strong>Pause</strong> and choose 1 to 13 weeks.</li>
<li{more}>Confirm. Your next delivery moves by as many weeks.</li>
</ol>
<h2 id="yearly-plans">Yearly plans &amp; gifts</h2>
<table><thead><tr><th>Plan</th><th>Pause</th></tr></thead><tbody>
<tr><td>Monthly</td><td>1–13 weeks</td></tr>
<tr><td>Yearly</td><td>once, up to 8 weeks</td></tr></tbody></table>
"""


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


@dataclass(frozen=True)
class FakePage:
    title: str
    html: str
    locale: str
    revision: str
    current_revision: str
    last_reviewed: dt.date | None
    is_current: bool
    other_locales: tuple[tuple[str, str], ...]
    published_at: dt.datetime = NOON
    on_trial: bool = False


class FakeChat:
    """Keeps conversations in memory; answers by the first keyword found, and each client id once."""

    def __init__(self) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.tickets: dict[str, Ticket] = {}
        self.answered: dict[str, Handled] = {}
        self.incoming: list[Incoming] = []
        self.feedbacks: list[tuple[str, bool, str]] = []
        self.failures: list[Exception] = []
        self._ids = itertools.count(1)

    def reply(self, incoming: Incoming) -> Handled:
        self.incoming.append(incoming)
        if incoming.client_id in self.answered:
            return self.answered[incoming.client_id]
        if self.failures:
            raise self.failures.pop(0)
        if incoming.conversation_id and incoming.conversation_id not in self.conversations:
            raise NotFound("unknown conversation")
        conversation = self.conversations.get(incoming.conversation_id) or self._open(incoming.owner or "")
        if not conversation.is_open_to(incoming.owner or ""):
            raise NotFound("unknown conversation")
        contact = incoming.contact or conversation.contact
        reply = self._decide(incoming.text, conversation)
        ticket = self._ticket(conversation, reply, contact)
        said = Message(f"m_{next(self._ids)}", Role.CUSTOMER, incoming.text, NOON, None, incoming.client_id)
        told = Message(f"m_{next(self._ids)}", Role.BOT, reply.text, NOON, reply)
        self.conversations[conversation.id] = replace(
            conversation,
            state=State.WITH_PEOPLE if ticket else State.ANSWERING,
            language=reply.language,
            contact=contact,
            ticket=ticket.reference if ticket else "",
            messages=(*conversation.messages, said, told),
        )
        handled = Handled(conversation.id, told.id, reply, ticket, NEXT_STEP if ticket else "")
        if incoming.client_id:
            self.answered[incoming.client_id] = handled
        return handled

    def newest_of(self, owner: str) -> str:
        return next((one.id for one in reversed(self.conversations.values()) if one.owner == owner), "")

    def standing(self, conversation: Conversation) -> Standing | None:
        ticket = self.tickets.get(conversation.id)
        return Standing(ticket.status, NEXT_STEP) if ticket else None

    def feedback(self, message_id: str, helpful: bool, comment: str, owner: str | None = None) -> None:
        known = [m.id for c in self.conversations.values() for m in c.messages if m.role is Role.BOT]
        if message_id not in known:
            raise NotFound("No answer has this id.")
        self.feedbacks.append((message_id, helpful, comment))

    def conversation(self, conversation_id: str) -> Conversation:
        if conversation_id not in self.conversations:
            raise NotFound("unknown conversation")
        return self.conversations[conversation_id]

    def _open(self, owner: str) -> Conversation:
        conversation = Conversation(f"c_{next(self._ids)}", State.ANSWERING, "", "", "", NOON, (), owner)
        self.conversations[conversation.id] = conversation
        return conversation

    def _decide(self, text: str, conversation: Conversation) -> Reply:
        if conversation.state is State.WITH_PEOPLE:
            return replace(
                HAND_OFF, text="Your message is with my colleagues too.", reason=Reason.WITH_PEOPLE
            )
        lowered = text.lower()
        return next((reply for word, reply in ANSWERS.items() if word in lowered), HAND_OFF)

    def _ticket(self, conversation: Conversation, reply: Reply, contact: str) -> Ticket | None:
        if reply.kind is not ReplyKind.HANDOFF:
            return None
        ticket = Ticket(
            reference="TZ-4F7K-9Q2M",
            conversation_id=conversation.id,
            subject="a question",
            reason=reply.reason,
            rule=reply.rule,
            priority=Priority.MEDIUM,
            queue="general",
            status=Status.NEW,
            language="en",
            contact=contact,
            considered=(DELIVERY,),
            created_at=NOON,
            first_response_due=NOON + dt.timedelta(hours=4),
            resolution_due=NOON + dt.timedelta(days=2),
        )
        self.tickets[conversation.id] = ticket
        return ticket


@dataclass
class FakeArticles:
    """One article in two revisions, one whose title is an attack, one for agents that must never show."""

    asked: list[tuple[str, str, str, tuple[int, int] | None]] = field(default_factory=list)

    def page(
        self,
        article_id: str,
        locale: str,
        revision: str = "",
        mark: tuple[int, int] | None = None,
        *,
        reader: str = "",
    ) -> FakePage:
        self.asked.append((article_id, locale, revision, mark))
        if article_id == "security/attack" and locale == "en":
            title = "<script>alert(1)</script>"
            return FakePage(title, "<p>Harmless.</p>", "en", "a" * 12, "a" * 12, None, True, ())
        if article_id != "subscriptions/pause-or-skip" or locale not in ("en", "de"):
            raise NotFound("no such article")
        current, known = "9f2c4a1b77de", ("9f2c4a1b77de", "0123456789ab")
        if revision and revision not in known:
            raise NotFound("no such revision")
        html = ARTICLE_HTML.format(
            first=' class="cited" id="cited"' if mark else "", more=' class="cited"' if mark else ""
        )
        other = "de" if locale == "en" else "en"
        return FakePage(
            "Pause or skip a delivery" if locale == "en" else "Eine Lieferung aussetzen",
            html,
            locale,
            revision or current,
            current,
            dt.date(2026, 10, 5),
            revision in ("", current),
            ((other, f"/help/{other}/{article_id}"),),
        )

    def steps(self, article_id: str, locale: str) -> Sequence[Step]:
        if article_id != "subscriptions/pause-or-skip":
            return []
        places = ("#account", "#pause", "")
        return [Step(line[3:], at) for line, at in zip(PAUSE_TEXT.split("\n"), places, strict=True)]

    def changes(self, locale: str, most: int) -> Sequence[Change]:
        keys = [ArticleKey("subscriptions/pause-or-skip", one) for one in ("en", "de") if locale in ("", one)]
        return [Change(key, "Pause & skip", NOON, f"/help/{key.locale}/{key.id}") for key in keys][:most]

    def beginning(self, key: ArticleKey) -> str:
        return "Sign in & go on."

    def categories(self, locale: str) -> Sequence[Category]:
        own = self.listing(locale)
        return shelved(own, self.listing("en") if locale != "en" else [])

    def listing(self, locale: str) -> Sequence[Listed]:
        if locale in ("fr", "ar"):
            return []
        named = [
            ("subscriptions/pause-or-skip", "Pause or skip a delivery", "subscriptions"),
            ("subscriptions/change-plan", "Change your plan", "subscriptions"),
            ("subscriptions/yearly-plans", "Monthly or yearly: which is cheaper?", "subscriptions"),
            ("delivery/delivery-times-and-costs", "Delivery times and costs by country", "delivery"),
            ("delivery/late-or-lost-parcel", "A parcel is late or lost", "delivery"),
            ("delivery/where-we-deliver", "Where we deliver", "delivery"),
            ("devices/descale-heron", "Descale your Heron", "devices"),
            ("devices/wren-wifi", "Connect the Wren to Wi-Fi", "devices"),
            ("returns/refund-times", "When your refund arrives", "returns"),
            ("returns/return-a-machine", "Return a machine after the home trial", "returns"),
            ("security/attack", "<script>alert(1)</script>", "account & <b>security</b>"),
        ]
        return [Listed(*one, locale) for one in named]


class FakeHelpSearch:
    """Finds one article for anything that has `pause` in it."""

    def search(
        self, text: str, locale: str, *, tag: str = "", product: str = "", as_written: bool = False
    ) -> Searched:
        if "pause" not in text:
            return Searched((), None, "")
        key = ArticleKey("subscriptions/pause-or-skip", locale)
        found = FoundArticle(key, PAUSE.title, "Monthly plans › Pause", "pause", "Sign in & go <b>on</b>.")
        return Searched((found,), None if tag else PAUSE, "")

    def narrowing(self, locale: str) -> Narrowing:
        return Narrowing(("orders",), ("Heron",))

    def related(self, key: ArticleKey) -> tuple[tuple[ArticleKey, str], ...]:
        return ((ArticleKey("subscriptions/change-plan", key.locale), "Change your plan"),)


class FakeUses:
    """Counts as they are set."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def uses(self, start: dt.datetime, end: dt.datetime) -> Mapping[str, int]:
        return self.counts


class FakeVotes:
    """Takes every vote, and remembers none."""

    def __init__(self) -> None:
        self.votes: list[tuple[ArticleKey, bool, Why | None, str]] = []

    def token(self, key: ArticleKey, revision: str) -> str:
        return "form.token"

    def said(self, key: ArticleKey, revision: str, remembered: str) -> Vote | None:
        return None

    def vote(
        self,
        key: ArticleKey,
        token: str,
        visitor: Visitor,
        *,
        helpful: bool,
        why: Why | None = None,
        comment: str = "",
    ) -> Voted:
        self.votes.append((key, helpful, why, comment))
        return Voted(Vote("v", key, "r", helpful, why, comment, "", NOON), "voter.token")


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
