"""The compiled model and a small help centre for the tests of the flows."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.composition import Services
from index.compiled import CompiledEncoder
from tests.flows.deciding import ALWAYS_ANSWER, NEVER_ANSWER, deciding
from tests.index import small_centre
from tests.index.small_centre import Centre, clean_environment


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


@pytest.fixture
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that the shell of a developer sets reaches a command."""
    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)


@pytest.fixture
def failing(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that fails, and gives the one line that it says."""

    def run(centre: Centre, *arguments: str) -> str:
        assert main([*arguments, "--data", str(centre.data)]) == 1
        said = capsys.readouterr().err.strip()
        assert "Traceback" not in said
        assert said.startswith(f"tierzero {arguments[0]}: ")
        return said

    return run
