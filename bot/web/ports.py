"""What the routers need of flows that open an index or a database, as small protocols; tests have fakes of them."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from bot.chat.incoming import Handled, Incoming, Standing
from bot.dialogue.conversation import Conversation
from bot.people.audit import Entry
from bot.ports import Image
from kb.article import ArticleKey

if TYPE_CHECKING:
    from bot.dialogue.replay import RepliedTurn
    from bot.dialogue.triggers.trying import Tried
    from bot.help_centre.articles import Change
    from bot.help_centre.shelves import Category
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
