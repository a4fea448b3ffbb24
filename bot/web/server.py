"""What a server process runs: the application with the real services, made from the environment."""

import gc
from typing import Any, Final

from fastapi import FastAPI

from bot.composition import Services
from bot.logs import configure
from bot.settings import load
from bot.web.app import create_app
from bot.web.live.line import MOST_BYTES

#: How `uvicorn` keeps live chats' sockets: small frames, nothing packed (it would cost memory for each of them),
#: and a peer that answers no ping in time is gone.
SOCKET_OPTIONS: Final[dict[str, Any]] = {
    "ws": "websockets-sansio",
    "ws_max_size": MOST_BYTES,
    "ws_max_queue": 8,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    "ws_per_message_deflate": False,
}


def app_from_environment() -> FastAPI:
    """The application as each of several worker processes starts it."""
    services = Services(load())
    return create_app(lambda: opened_for_serving(services), lambda: complete(services))


def opened_for_serving(services: Services) -> Services:
    """Opens what the first request needs, and logs as a server does."""
    redactor = services.redactor
    configure(redact=lambda text: redactor.redact(text).text)
    services.start()
    # All that is there by now stays: never looked through again, it costs no customer a pause.
    gc.freeze()
    gc.enable()
    return services


def complete(services: Services) -> None:
    """Reads what the start left out, some time after it."""
    services.complete()
    gc.freeze()
