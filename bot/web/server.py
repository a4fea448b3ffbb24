"""What a server process runs: the application with the real services, made from the environment."""

import gc

from fastapi import FastAPI

from bot.composition import Services
from bot.logs import configure
from bot.settings import load
from bot.web.app import create_app


def app_from_environment() -> FastAPI:
    """The application as each of several worker processes starts it."""
    return create_app(lambda: opened_for_serving(Services(load())))


def opened_for_serving(services: Services) -> Services:
    """Opens what the first request needs, and logs as a server does."""
    redactor = services.redactor
    configure(redact=lambda text: redactor.redact(text).text)
    services.start()
    # All that is there by now stays: never looked through again, it costs no customer a pause.
    gc.freeze()
    gc.enable()
    return services
