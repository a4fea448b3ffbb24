"""The compiled model and a small help centre for the tests of the flows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.composition import Services
from index.compiled import CompiledEncoder
from tests.flows.deciding import ALWAYS_ANSWER, NEVER_ANSWER, deciding
from tests.index import small_centre
from tests.index.small_centre import Centre


@pytest.fixture(scope="session")
def encoder() -> CompiledEncoder:
    return small_centre.encoder()


@pytest.fixture(scope="session")
def shared_centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """Ingested once; tests only read it."""
    return small_centre.ingested(tmp_path_factory.mktemp("centre"))


@pytest.fixture
def centre(shared_centre: Centre, tmp_path: Path) -> Centre:
    """A copy to change."""
    return shared_centre.copy(tmp_path / "copy")


@pytest.fixture(scope="module")
def chatting(tmp_path_factory: pytest.TempPathFactory, shared_centre: Centre) -> Centre:
    """A data folder whose conversations may pile up."""
    return shared_centre.copy(tmp_path_factory.mktemp("chat"))


@pytest.fixture
def answers(chatting: Centre) -> Iterator[Services]:
    """A chat that answers whatever it finds."""
    with deciding(chatting, ALWAYS_ANSWER) as opened:
        yield opened


@pytest.fixture
def gives_up(chatting: Centre) -> Iterator[Services]:
    """A chat that hands off whatever it searches."""
    with deciding(chatting, NEVER_ANSWER) as opened:
        yield opened
