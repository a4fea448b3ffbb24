"""What the routers need of the bot, as protocols: `bot.composition` builds the real thing, tests a fake."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from starlette.requests import HTTPConnection

from bot.dialogue.serving import Serving
from bot.randomness import Chance
from bot.web.ports import Articles, AuditTrail, Chat, RepliedTurns, Trying, WebSettings

if TYPE_CHECKING:
    from bot.assist.macros import Macros
    from bot.assist.outcomes import Outcomes
    from bot.assist.suggestions import Suggestions
    from bot.chat.transcripts import Transcripts
    from bot.experimenting.article_trials import ArticleTrials
    from bot.experimenting.running import Experimenting
    from bot.help_centre.contact_form import ContactForm, FormStore
    from bot.help_centre.own_requests import OwnRequests
    from bot.help_centre.popular import Popular
    from bot.help_centre.search import HelpSearch
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


class SharedServices(Protocol):
    """What every page may need, and how the process stands."""

    @property
    def settings(self) -> WebSettings:
        """Read at every request; cheap."""

    @property
    def redactor(self) -> "Redactor":
        """Takes personal data out."""

    @property
    def chance(self) -> Chance:
        """The clock and randomness."""

    @property
    def meters(self) -> "Meters":
        """What this process counts of itself."""

    def ready(self) -> Mapping[str, str]:
        """Name of each part -> `ok`, or what is wrong with it."""

    def close(self) -> None:
        """Releases everything held open."""


class CustomerServices(Protocol):
    """What customers and readers meet: the chat, the help centre, their own requests."""

    @property
    def chat(self) -> Chat:
        """The chat flow."""

    @property
    def visitors(self) -> "Visitors":
        """Sessions of customers."""

    @property
    def attachments(self) -> "Attachments":
        """Files of conversations."""

    @property
    def transcripts(self) -> "Transcripts":
        """Conversations that customers keep."""

    @property
    def surveys(self) -> "Surveys":
        """What customers are asked about solutions."""

    @property
    def availability(self) -> "Availability":
        """Who is there for live chats."""

    @property
    def live_store(self) -> "LiveStore":
        """Live chats as stored."""

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


class TeamServices(Protocol):
    """What the team works with: sign-in and accounts, tickets, live chats, what helps with them."""

    @property
    def signing_in(self) -> "SigningIn":
        """Sessions of staff."""

    @property
    def team(self) -> "Team":
        """Accounts of staff."""

    @property
    def machine_keys(self) -> "MachineKeys":
        """Keys of programs."""

    @property
    def audit(self) -> AuditTrail:
        """What staff did."""

    @property
    def members(self) -> "Members":
        """Who is of the team."""

    @property
    def tickets(self) -> "Viewing":
        """Tickets as the team sees them."""

    @property
    def desk(self) -> "Tickets":
        """What the team does with tickets."""

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
    def quality(self) -> "Quality":
        """Reviews of solved tickets."""

    @property
    def live_desk(self) -> "LiveDesk":
        """What agents do in live chats."""

    @property
    def live_board(self) -> "BoardStore":
        """The list of live chats."""

    @property
    def suggestions(self) -> "Suggestions":
        """What helps agents answer."""

    @property
    def outcomes(self) -> "Outcomes":
        """What agents make of suggestions."""

    @property
    def macros(self) -> "Macros":
        """Text blocks for agents."""

    @property
    def drafts(self) -> "Drafts":
        """Articles in the making."""

    @property
    def outbox(self) -> "Outbox":
        """What leaves the desk."""

    def try_again(self, effect_id: int | None) -> int:
        """Has one effect that was given up, or all of them, carried out again; returns how many."""


class InsightServices(Protocol):
    """What tells how support goes, and what is tried to make it better."""

    @property
    def insights(self) -> "Insights":
        """What is known of how support goes."""

    @property
    def evidence(self) -> "Evidence":
        """The conversations behind the figures."""

    @property
    def gaps(self) -> "GapViewing":
        """Questions that nobody could answer, as the team sees them."""

    @property
    def article_health(self) -> "ArticleHealth":
        """What needs a person's eye about the articles."""

    def article_titles(self) -> Mapping[str, str]:
        """Titles of published articles by id, in the default locale where there is one."""

    @property
    def experimenting(self) -> "Experimenting":
        """Settings served side by side."""

    @property
    def article_trials(self) -> "ArticleTrials":
        """Other texts of articles, tried beside the published ones."""

    @property
    def serving(self) -> Serving:
        """The confidence model that serves."""

    @property
    def trying(self) -> Trying:
        """What the triggers make of a message."""

    @property
    def turns(self) -> RepliedTurns:
        """What the bot replied."""


class Services(SharedServices, CustomerServices, TeamServices, InsightServices, Protocol):
    """Everything a running web process holds open."""


def services_of(connection: HTTPConnection) -> Services:
    """The services that the lifespan opened for this application."""
    services: Services = connection.app.state.services
    return services
