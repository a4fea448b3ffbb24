"""Carries the mail that brings a customer the link to their own requests; the words are in `link_mail.yaml`."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Final, Protocol

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.outgoing.effects import Effect, NothingToDo, Undeliverable
from bot.outgoing.mailing import Sender, Server

TARGET: Final = "requests"
FILE: Final = Path(__file__).with_name("link_mail.yaml")


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link is for."""

    address: str
    locale: str
    expires_at: dt.datetime


class Links(Protocol):
    """Where links are read."""

    def invited(self, link_id: str) -> Invited | None:
        """Whom a link that nobody opened or ended is for; None too where the address has no tickets."""


class Carrier(Protocol):
    """Carries effects."""

    def carry(self, effect: Effect) -> None:
        """Raises `Undeliverable` and `NothingToDo`."""


class LinkMailer:
    """Implements `bot.outgoing.delivery.Carrier` for links."""

    def __init__(
        self,
        server: Server,
        links: Links,
        sender: Sender,
        *,
        site_name: str,
        address: Callable[[str, dt.datetime], str],
        default_locale: str,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`address` gives the link's address, of its id and its end."""
        self._server = server
        self._links = links
        self._sender = sender
        self._site_name = site_name
        self._address = address
        self._default = default_locale
        self._now = now
        self._texts = load()

    def carry(self, effect: Effect) -> None:
        """Sends a link. Raises `NothingToDo` where nobody is to get it, `Undeliverable` to try again."""
        link_id = str(json.loads(effect.payload)["link"])
        found = self._links.invited(link_id)
        if found is None or self._now() >= found.expires_at:
            raise NothingToDo("The link has ended, or there is nothing to show.")
        language = next(
            (one for one in (found.locale, self._default, "en") if one in self._texts),
            next(iter(self._texts)),
        )
        texts = self._texts[language]
        values = {
            "site_name": self._site_name,
            "link": self._address(link_id, found.expires_at),
            "minutes": str(max(1, int((found.expires_at - self._now()).total_seconds() // 60))),
        }
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = Address(self._sender.name, addr_spec=self._sender.address)
            message["To"] = Address(addr_spec=found.address)
            message["Subject"] = texts["subject"].format_map(values)
            message.set_content(texts["text"].format_map(values))
        except ValueError as exc:
            raise Undeliverable("The mail cannot be put together.", for_good=True) from exc
        message["Date"] = format_datetime(self._now())
        digest = hashlib.sha256(effect.key.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{digest}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = language
        self._server.send(message)


class ByTarget:
    """Implements `bot.outgoing.delivery.Carrier`: some targets have a carrier of their own."""

    def __init__(self, others: Carrier, **own: Carrier) -> None:
        self._others = others
        self._own = own

    def carry(self, effect: Effect) -> None:
        """Hands it to whoever carries its target."""
        self._own.get(effect.target, self._others).carry(effect)


def load(file: Path = FILE) -> Mapping[str, Mapping[str, str]]:
    """Subject and text by language; raises `SettingsInvalid`."""
    found = {}
    for language, content in read_yaml(file).items():
        reader = MappingReader(file, language, content)
        reader.only("subject", "text")
        found[language] = {name: reader.text(name) for name in ("subject", "text")}
    return found
