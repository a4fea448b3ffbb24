"""A prompt in, the model's text out as it comes; the only user of openai, which is imported when it is used."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import BotError, SettingsInvalid

if TYPE_CHECKING:
    from openai import OpenAI

#: Characters of one reply; a model that goes on is cut off.
MOST_CHARS = 4_000
#: Tokens asked for; some servers go on for ever without a limit.
_MOST_TOKENS = 600


class WritingFailed(BotError):
    """The model did not give a text: too slow, broken off, or an error of its server."""


class Completions(Protocol):
    """Gives a model's text piece by piece."""

    def stream(self, messages: Sequence[dict[str, str]]) -> Iterator[str]:
        """Pieces of the reply. Raises `WritingFailed`."""


class OpenAICompletions:
    """Any server with the interface of OpenAI's chat completions."""

    def __init__(
        self,
        base_url: str,
        model: str,
        key: str,
        *,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base_url = base_url
        self._model = model
        self._key = key
        self._seconds = seconds
        self._clock = clock
        self._client: OpenAI | None = None

    def stream(self, messages: Sequence[dict[str, str]]) -> Iterator[str]:
        """Pieces of the reply; all of it within the time limit. Raises `WritingFailed`, and `SettingsInvalid` without
        the package.
        """
        try:
            create: Any = self._opened().chat.completions.create
            # The package takes a second or two to import, once; that is not the model's time.
            until, given = self._clock() + self._seconds, 0
            with create(
                model=self._model,
                messages=list(messages),
                stream=True,
                temperature=0,
                max_tokens=_MOST_TOKENS,
            ) as pieces:
                for piece in pieces:
                    if self._clock() > until:
                        raise WritingFailed("The language model took too long.")
                    text = _text(piece)
                    given += len(text)
                    yield text[: max(0, MOST_CHARS - given + len(text))]
                    if given >= MOST_CHARS:
                        return
        except BotError:
            raise
        except Exception as exc:
            # Whatever a broken server sends, and whatever its parser makes of that: a reply is owed all the same.
            raise WritingFailed(f"The language model failed: {type(exc).__name__}") from exc

    def _opened(self) -> "OpenAI":
        if self._client is None:
            try:
                from openai import DefaultHttpxClient, OpenAI

                from bot.writing.bounded import BoundedTransport
            except ModuleNotFoundError as exc:
                raise SettingsInvalid(
                    "A language model is set, whose package is missing: install tierzero[llm]"
                ) from exc
            # A redirect would take the key and the customer's words to a host that nobody named.
            http = DefaultHttpxClient(
                follow_redirects=False,
                timeout=self._seconds,
                transport=BoundedTransport(self._seconds, self._base_url),
            )
            self._client = OpenAI(
                base_url=self._base_url,
                api_key=self._key or "none",
                max_retries=0,
                timeout=self._seconds,
                http_client=http,
            )
        return self._client


def _text(piece: Any) -> str:
    choices = getattr(piece, "choices", None) or []
    content = getattr(getattr(choices[0], "delta", None), "content", None) if choices else None
    return content if isinstance(content, str) else ""
