"""The application over fake services, as a client that gets problem details instead of raised exceptions."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.web.app import create_app
from tests.web.fake_services import FakeServices, FakeSettings


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def client(services: FakeServices) -> Iterator[TestClient]:
    with TestClient(create_app(lambda: services), base_url="https://help.shop.example") as opened:
        yield opened


@pytest.fixture
def client_with() -> Iterator[Callable[..., TestClient]]:
    """A client of an application with other settings."""
    with ExitStack() as stack:

        def build(**settings: Any) -> TestClient:
            services = FakeServices(replace(FakeSettings(), **settings))
            app = create_app(lambda: services)
            return stack.enter_context(TestClient(app, base_url="https://help.shop.example"))

        yield build
