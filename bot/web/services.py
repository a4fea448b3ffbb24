"""What the routers need of the bot, as protocols: `bot.composition` builds the real thing, tests a fake."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from starlette.requests import HTTPConnection

from bot.chat.incoming import Handled, Incoming, Standing
from bot.dialogue.conversation import Conversation
from bot.dialogue.serving import Serving
from bot.people.audit import Entry
from bot.ports import Image
from bot.randomness import Chance
from kb.article import ArticleKey

if TYPE_CHECKING:
    from bot.assist.macros import Macros
    from bot.assist.outcomes import Outcomes
    from bot.assist.suggestions import Suggestions
    from bot.chat.transcripts import Transcripts
    from bot.dialogue.replay import RepliedTurn
    from bot.dialogue.triggers.trying import Tried
    from bot.experimenting.article_trials import ArticleTrials
    from bot.experimenting.running import Experimenting
    from bot.help_centre.articles import Change
    from bot.help_centre.contact_form import ContactForm, FormStore
    from bot.help_centre.own_requests import OwnRequests
    from bot.help_centre.popular import Popular
    from bot.help_centre.search import HelpSearch
    from bot.help_centre.shelves import Category
    from bot.help_centre.votes import HelpVotes
    from bot.insights.article_health import ArticleHealth
    from bot.insights.evidence import Evidence
    from bot.insights.gap_viewing import GapViewing
    from bot.insights.overview import Insights
    from bot.knowledge.drafts import Drafts
    from bot.live.ports import BoardStore, LiveStore
    from bot.live.presence import Availability
    from bot.live.talk import LiveDesk
    from bot.meters import Meters
    from bot.outgoing.delivery import Outbox
    from bot.people.machine_keys import MachineKeys
    from bot.people.members import Members
    from bot.people.signing_in import SigningIn
    from bot.people.team import Team
    from bot.people.visitors import Visitors
    from bot.redaction import Redactor
    from bot.team.board import Board
    from bot.team.quality import Quality
    from bot.team.staffing import Staffing
    from bot.team.views import Views
    from bot.tickets.attachments import Attachments
    from bot.tickets.surveys import Surveys
    from bot.tickets.tickets import Tickets
    from bot.tickets.viewing import Viewing
    from kb.markdown import Step


class WebSettings(Protocol):
    """The settings the web reads."""

    @property
    def public_url(self) -> str:
        """Address customers reach the service at, without a trailing slash; empty for relative links."""

    @property
    def site_name(self) -> str:
        """Name of the shop or site."""

    @property
    def smtp_host(self) -> str:
        """The mail server; empty where there is none."""

    @property
    def contact_email(self) -> str:
        """Shown where the bot cannot be reached; may be empty."""

    @property
    def locales(self) -> tuple[str, ...]:
        """Locales that are answered, best kept first."""

    @property
    def help_locales(self) -> tuple[str, ...]:
        """Locales that readers of the help centre may choose."""

    @property
    def default_locale(self) -> str:
        """Used where a reader's own is not known."""

    @property
    def max_message_chars(self) -> int:
        """Longest message taken."""

    @property
    def max_body_bytes(self) -> int:
        """Biggest request body taken."""

    @property
    def rate_per_minute(self) -> float:
        """Messages one address may send a minute in the long run."""

    @property
    def rate_burst(self) -> int:
        """Messages one address may send at once."""

    @property
    def llm_model(self) -> str:
        """The language model that writes answers; empty where quotes stand alone."""

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Other origins whose pages may use the chat, such as `https://shop.example`; `*` for all."""

    @property
    def demo(self) -> bool:
        """Whether `/` shows the sample shop; otherwise it leads to the help centre."""


class Chat(Protocol):
    """The chat flow."""

    def reply(self, incoming: Incoming, tell: Callable[[str], None] | None = None) -> Handled:
        """Raises `NotFound` for an unknown conversation. `tell` hears what a language model writes, as it comes."""

    def feedback(self, message_id: str, helpful: bool, comment: str, owner: str | None = None) -> None:
        """Raises `NotFound` when no message of the bot has that id, or it is not open to this owner."""

    def newest_of(self, owner: str) -> str:
        """The conversation that an owner goes on with on another device; empty where there is none."""

    def standing(self, conversation: Conversation) -> Standing | None:
        """How the ticket of a conversation stands; None where it has none."""

    def conversation(self, conversation_id: str) -> Conversation:
        """Raises `NotFound`."""


class ArticlePage(Protocol):
    """One revision of a public article, ready to be shown."""

    @property
    def title(self) -> str:
        """Plain text."""

    @property
    def html(self) -> str:
        """The body, sanitised; headings carry ids; cited blocks have the class `cited`, the first one the id too."""

    @property
    def locale(self) -> str:
        """BCP 47 tag of the text."""

    @property
    def revision(self) -> str:
        """The revision shown."""

    @property
    def current_revision(self) -> str:
        """The revision that answers now."""

    @property
    def last_reviewed(self) -> dt.date | None:
        """When somebody last checked the article."""

    @property
    def is_current(self) -> bool:
        """False for an older revision, which is shown with a notice."""

    @property
    def other_locales(self) -> Sequence[tuple[str, str]]:
        """(locale, address) of the article in other languages."""

    @property
    def published_at(self) -> dt.datetime:
        """When the text that is shown was first published."""


class Articles(Protocol):
    """Public articles. One for agents only is `NotFound`, whatever is asked of it."""

    def page(
        self,
        article_id: str,
        locale: str,
        revision: str = "",
        mark: tuple[int, int] | None = None,
        *,
        reader: str = "",
    ) -> ArticlePage:
        """`mark` is a span of characters in the article's source, `reader` the language that its links lead on in.

        Raises `NotFound`.
        """

    def beginning(self, key: ArticleKey) -> str:
        """The first words of a public article; empty where there is none."""

    def categories(self, locale: str) -> "Sequence[Category]":
        """The public articles that readers of a locale find."""

    def steps(self, article_id: str, locale: str) -> Sequence["Step"]:
        """What a public article has customers do, in order."""

    def changes(self, locale: str, most: int) -> "Sequence[Change]":
        """Public articles of a locale, or of all if it is empty, the last changed first."""

    def image(self, digest: str) -> Image:
        """A picture of an article with its bytes. Raises `NotFound`."""


class AuditTrail(Protocol):
    """What staff did."""

    def newest(self, most: int, before: int | None) -> Sequence[Entry]:
        """Entries from the newest, or from the one before number `before`, backwards."""


class Trying(Protocol):
    """Tries messages on the triggers."""

    def tried(self, text: str, language: str = "") -> "Tried":
        """What fires, and what was weighed; the language is found out where it is not given."""


class RepliedTurns(Protocol):
    """What the bot replied."""

    def replied(self, most: int) -> "Sequence[RepliedTurn]":
        """The newest turns, newest first."""


class Services(Protocol):
    """Everything a running web process holds open."""

    @property
    def settings(self) -> WebSettings:
        """Read at every request; cheap."""

    @property
    def serving(self) -> Serving:
        """The confidence model that serves."""

    @property
    def trying(self) -> Trying:
        """What the triggers make of a message."""

    @property
    def turns(self) -> RepliedTurns:
        """What the bot replied."""

    @property
    def redactor(self) -> "Redactor":
        """Takes personal data out."""

    @property
    def signing_in(self) -> "SigningIn":
        """Sessions of staff."""

    @property
    def visitors(self) -> "Visitors":
        """Sessions of customers."""

    @property
    def team(self) -> "Team":
        """Accounts of staff."""

    @property
    def machine_keys(self) -> "MachineKeys":
        """Keys of programs."""

    @property
    def tickets(self) -> "Viewing":
        """Tickets as the team sees them."""

    @property
    def desk(self) -> "Tickets":
        """What the team does with tickets."""

    @property
    def attachments(self) -> "Attachments":
        """Files of conversations."""

    @property
    def views(self) -> "Views":
        """Views of the queue."""

    @property
    def board(self) -> "Board":
        """The lead's board."""

    @property
    def staffing(self) -> "Staffing":
        """Who takes tickets now, and which."""

    @property
    def members(self) -> "Members":
        """Who is of the team."""

    @property
    def article_health(self) -> "ArticleHealth":
        """What needs a person's eye about the articles."""

    @property
    def gaps(self) -> "GapViewing":
        """Questions that nobody could answer, as the team sees them."""

    @property
    def suggestions(self) -> "Suggestions":
        """What helps agents answer."""

    @property
    def outcomes(self) -> "Outcomes":
        """What agents make of suggestions."""

    @property
    def meters(self) -> "Meters":
        """What this process counts of itself."""

    @property
    def insights(self) -> "Insights":
        """What is known of how support goes."""

    @property
    def evidence(self) -> "Evidence":
        """The conversations behind the figures."""

    @property
    def experimenting(self) -> "Experimenting":
        """Settings served side by side."""

    @property
    def article_trials(self) -> "ArticleTrials":
        """Other texts of articles, tried beside the published ones."""

    def article_titles(self) -> Mapping[str, str]:
        """Titles of published articles by id, in the default locale where there is one."""

    @property
    def audit(self) -> AuditTrail:
        """What staff did."""

    @property
    def chance(self) -> Chance:
        """The clock and randomness."""

    @property
    def live_store(self) -> "LiveStore":
        """Live chats as stored."""

    @property
    def live_board(self) -> "BoardStore":
        """The list of live chats."""

    @property
    def live_desk(self) -> "LiveDesk":
        """What agents do in live chats."""

    @property
    def availability(self) -> "Availability":
        """Who is there for live chats."""

    @property
    def chat(self) -> Chat:
        """The chat flow."""

    @property
    def drafts(self) -> "Drafts":
        """Articles in the making."""

    @property
    def macros(self) -> "Macros":
        """Text blocks for agents."""

    @property
    def outbox(self) -> "Outbox":
        """What leaves the desk."""

    def try_again(self, effect_id: int | None) -> int:
        """Has one effect that was given up, or all of them, carried out again; returns how many."""

    @property
    def quality(self) -> "Quality":
        """Reviews of solved tickets."""

    @property
    def transcripts(self) -> "Transcripts":
        """Conversations that customers keep."""

    @property
    def surveys(self) -> "Surveys":
        """What customers are asked about solutions."""

    @property
    def articles(self) -> Articles:
        """Public articles."""

    @property
    def help_search(self) -> "HelpSearch":
        """Searches public articles."""

    @property
    def popular(self) -> "Popular":
        """Which public articles helped most lately."""

    @property
    def votes(self) -> "HelpVotes":
        """What readers say of articles."""

    @property
    def forms(self) -> "FormStore":
        """What happened to contact forms."""

    @property
    def contact_form(self) -> "ContactForm":
        """The contact form."""

    @property
    def own_requests(self) -> "OwnRequests":
        """Customers' own tickets."""

    def ready(self) -> Mapping[str, str]:
        """Name of each part -> `ok`, or what is wrong with it."""

    def close(self) -> None:
        """Releases everything held open."""


def services_of(connection: HTTPConnection) -> Services:
    """The services that the lifespan opened for this application."""
    services: Services = connection.app.state.services
    return services
