"""The application over fake services, for clients that get problem details; staff's side over the real ones."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.composition import Services
from bot.people import passwords
from bot.randomness import Chance
from bot.settings import load
from bot.web.app import create_app
from tests.web.fake_services import FakeServices, FakeSettings
from tests.web.staff_desk import HASH, PASSWORD, Clock, Desk


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


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash for all accounts: making one takes a twentieth of a second and is tested elsewhere."""
    monkeypatch.setattr(
        passwords, "hashed", lambda password: HASH if password == PASSWORD else f"not {password}"
    )
    monkeypatch.setattr(
        passwords, "matches", lambda stored, password: bool(stored) and stored == passwords.hashed(password)
    )
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: False)


@pytest.fixture
def desk(tmp_path: Path, quick_hashes: None) -> Iterator[Desk]:
    """The staff's side over the real service; `quick_hashes` keeps its sign-ins short."""
    clock = Clock()
    services = Services(load(data=tmp_path), Chance(clock.now, clock.id, random.Random(1)))
    with TestClient(create_app(lambda: services), follow_redirects=False) as client:
        yield Desk(services, clock, client)
