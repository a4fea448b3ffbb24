"""Files of a chat in, the frame for a page that does not know them yet out."""

from collections.abc import Iterable
from typing import Any, Final

from bot.desk.attachments import Attachment
from bot.web.files import file_body
from bot.web.live import frames

#: The page learns of the newest ones; all of them stand on the ticket.
MOST: Final = 100


class ShownFiles:
    """What one page knows of the files of one chat."""

    def __init__(self) -> None:
        self._told: list[dict[str, Any]] | None = None

    def frame(self, found: Iterable[Attachment], **more: str) -> str | None:
        """A frame with all files that are there, None where the page knows them; `more` are further fields."""
        now = [file_body(one) for one in found][-MOST:]
        if now == self._told:
            return None
        self._told = now
        return frames.frame("files", files=now, **more)
