"""A finished message in, handed to a mail server; the only user of smtplib."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from typing import Final

from bot.outgoing.effects import Undeliverable

_SECONDS: Final = 15.0
#: From here on a server's answer is a refusal for good (RFC 5321, 4.2.1).
_PERMANENT: Final = 500


class Security(StrEnum):
    """How the connection is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """For a server on the same machine."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed over."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, message: EmailMessage) -> None:
        """Raises `Undeliverable`: for good where the server refuses this very message or recipient."""
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as exc:
            codes = [code for code, _ in exc.recipients.values()]
            raise Undeliverable(
                f"The mail server refuses the recipient ({max(codes, default=0)}).",
                for_good=all(code >= _PERMANENT for code in codes),
            ) from exc
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as exc:
            raise Undeliverable(
                f"The mail server refuses the message ({exc.smtp_code}).",
                for_good=isinstance(exc, smtplib.SMTPDataError) and exc.smtp_code >= _PERMANENT,
            ) from exc
        except smtplib.SMTPNotSupportedError as exc:
            raise Undeliverable(f"The mail server cannot take this: {exc}", for_good=True) from exc
        except (smtplib.SMTPException, OSError) as exc:
            raise Undeliverable(f"No way to the mail server {self.host}: {type(exc).__name__}.") from exc

    def check(self) -> None:
        """Signs in and leaves. Raises `Undeliverable`."""
        try:
            with self._connected() as server:
                server.noop()
        except (smtplib.SMTPException, OSError) as exc:
            raise Undeliverable(f"No way to the mail server {self.host}: {type(exc).__name__}.") from exc

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        try:
            if self.security is Security.STARTTLS:
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server
