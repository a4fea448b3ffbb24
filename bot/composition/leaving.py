"""A layer: what leaves the desk and what comes after a solution, out of what staff have.

What they import is imported when it is used, since a start needs none of it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.composition.staff import Staff

if TYPE_CHECKING:
    from bot.assist.macros import Macros
    from bot.chat.transcripts import Transcripts
    from bot.desk.aftercare import Aftercare
    from bot.desk.survey import Survey
    from bot.knowledge.drafts import Drafts
    from bot.outgoing.delivery import Carrier, Delivery
    from bot.outgoing.link_mail import LinkMailer
    from bot.outgoing.mailing import Mailer
    from bot.outgoing.smtp import MailServer
    from bot.outgoing.webhooks import Webhooks
    from bot.storage.outbox import OutboxLog
    from bot.team.quality import Quality
    from bot.tickets.surveys import Surveys


@dataclass(slots=True)
class Leaving(Staff):
    """The parts that carry things out, and those that look back at what was solved."""

    _delivery: "Delivery | None" = None

    @property
    def outbox(self) -> "OutboxLog":
        """What is to be carried out."""
        from bot.storage.outbox import OutboxLog

        return OutboxLog(self.database)

    def try_again(self, effect_id: int | None) -> int:
        """Has one effect that was given up, or all of them, carried out again; returns how many."""
        return self.outbox.revive(effect_id, self.chance.now())

    @property
    def webhooks(self) -> "Webhooks":
        """Other systems that are told of events."""
        from bot.outgoing.webhooks import Webhooks
        from bot.storage.webhooks import WebhookLog

        return Webhooks(
            WebhookLog(self.database),
            lambda: self.keyring,
            now=self.chance.now,
            new_id=self.chance.new_id,
        )

    @property
    def aftercare(self) -> "Aftercare":
        """What customers are told and asked."""
        from bot.desk.aftercare import load_aftercare

        return load_aftercare(self.settings.policy)

    @property
    def surveys(self) -> "Surveys":
        """What customers are asked about solutions."""
        from bot.storage.surveys import SurveyLog
        from bot.tickets.surveys import Surveys

        return Surveys(
            SurveyLog(self.database),
            lambda: self.keyring,
            self.aftercare,
            mask=self.masked,
            now=self.chance.now,
        )

    @property
    def transcripts(self) -> "Transcripts":
        """Conversations that customers keep."""
        from bot.chat.transcripts import Transcripts

        return Transcripts(
            self.conversations.ticket,
            lambda: self.outbox,
            self.dialogue.wording,
            lambda conversation: self.attachments.of_conversation(conversation),
            site_name=self.settings.site_name,
            sends_mail=bool(self.settings.smtp_host),
            now=self.chance.now,
        )

    @property
    def quality(self) -> "Quality":
        """Reviews of solved tickets."""
        from bot.desk.quality import load_quality
        from bot.storage.quality import ReviewLog
        from bot.team.quality import Quality

        def conversation_of(reference: str) -> str:
            ticket = self.conversations.ticket(reference)
            return ticket.conversation_id if ticket else ""

        return Quality(
            ReviewLog(self.database),
            load_quality(self.settings.policy),
            lambda: self.keyring.lasting("quality"),
            conversation_of,
            now=self.chance.now,
        )

    @property
    def drafts(self) -> "Drafts":
        """Articles in the making."""
        from bot.knowledge.drafts import Drafts
        from bot.storage.drafts import DraftLog

        return Drafts(
            DraftLog(self.database),
            self.conversations,
            lambda: self.ingestion,
            self.settings.own_articles,
            locales=(
                self.settings.default_locale,
                *(one for one in self.settings.locales if one != self.settings.default_locale),
            ),
            mask=self.masked,
            now=self.chance.now,
            new_id=self.chance.new_id,
        )

    @property
    def macros(self) -> "Macros":
        """Text blocks for agents."""
        from bot.assist.macros import Macros
        from bot.storage.macros import MacroLog

        settings = self.settings
        return Macros(
            MacroLog(self.database),
            self.conversations.ticket,
            locales=settings.locales,
            site_name=settings.site_name,
            now=self.chance.now,
        )

    @property
    def mail_server(self) -> "MailServer | None":
        """Where customers' mails are handed over; None where there is none."""
        from bot.outgoing.smtp import MailServer

        settings = self.settings
        if not settings.smtp_host:
            return None
        return MailServer(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user,
            settings.smtp_password,
        )

    def _mailer(self, server: "MailServer") -> "Mailer":
        from bot.outgoing.mail_texts import FOLDER, MailTexts
        from bot.outgoing.mailing import Mailer, Sender
        from bot.storage.surveys import SurveyLog

        settings, surveys = self.settings, self.surveys

        def link(survey: "Survey") -> str:
            return f"{settings.public_url}/surveys/{surveys.token(survey)}" if settings.public_url else ""

        return Mailer(
            server,
            MailTexts.load(settings.mail_texts or FOLDER, settings.default_locale),
            self.conversations,
            self.live_store,
            SurveyLog(self.database),
            Sender.read(settings.smtp_from, settings.site_name),
            site_name=settings.site_name,
            survey_link=link,
            transcript=self.transcripts.text,
            now=self.chance.now,
        )

    def _link_mailer(self, server: "MailServer") -> "LinkMailer":
        from bot.help_centre.own_requests import PURPOSE
        from bot.outgoing.link_mail import LinkMailer
        from bot.outgoing.mailing import Sender
        from bot.storage.own_requests import RequestLog

        settings = self.settings

        def address(link_id: str, until: dt.datetime) -> str:
            token = self.keyring.sign(PURPOSE, link_id, until)
            return f"{settings.public_url}/help/requests/open/{token}"

        return LinkMailer(
            server,
            RequestLog(self.database),
            Sender.read(settings.smtp_from, settings.site_name),
            site_name=settings.site_name,
            address=address,
            default_locale=settings.default_locale,
            now=self.chance.now,
        )

    @property
    def delivery(self) -> "Delivery":
        """What carries it out."""
        if self._delivery is None:
            from bot.outgoing.announcing import Announcing
            from bot.outgoing.delivery import Delivery
            from bot.outgoing.effects import Channel
            from bot.outgoing.link_mail import TARGET, ByTarget
            from bot.storage.announcing import AnnouncingLog
            from bot.storage.tickets import TicketLog
            from bot.tickets.aftermath import Aftermath

            carriers: dict[Channel, Carrier] = {Channel.WEBHOOK: self.webhooks}
            carriers[Channel.DESK] = Aftermath(self.hearing, TicketLog(self.database))
            if self.mail_server is not None:
                links = self._link_mailer(self.mail_server)
                carriers[Channel.MAIL] = ByTarget(self._mailer(self.mail_server), **{TARGET: links})
            decides = Announcing(self.aftercare, mail=self.mail_server is not None)
            announcer = AnnouncingLog(self.database, decides, self.chance.now)
            self._delivery = Delivery(self.outbox, carriers, self.chance, announcer)
        return self._delivery
