"""What a server process runs: the application with the real services, made from the environment."""

from fastapi import FastAPI

from bot.composition import Services
from bot.logs import configure
from bot.settings import load
from bot.web.app import create_app


def app_from_environment() -> FastAPI:
    """The application as `tierzero serve` and the container image start it."""
    return create_app(_opened)


def _opened() -> Services:
    configure()
    services = Services(load())
    services.start()
    return services
