"""What was taken out of a customer's message in, the line that tells them so out."""

from dataclasses import replace

from bot.dialogue.reply import Reply
from bot.dialogue.wording import Wording
from bot.redaction import Kind


class Notices:
    """Says what the chat does not keep."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def line(self, redacted: tuple[Kind, ...], language: str) -> str:
        """The line; empty where nothing was taken out."""
        if not redacted:
            return ""
        what = ", ".join(self._wording.say(f"redacted_{kind.value}", language) for kind in redacted)
        return self._wording.say("redacted_notice", language, what=what)

    def before(self, reply: Reply, redacted: tuple[Kind, ...]) -> Reply:
        """The reply, after the line."""
        notice = self.line(redacted, reply.language)
        return replace(reply, text=f"{notice}\n\n{reply.text}") if notice else reply
