"""The compiled model and a small help centre for the tests of the index."""

from pathlib import Path

import pytest

from index.compiled import CompiledEncoder
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
