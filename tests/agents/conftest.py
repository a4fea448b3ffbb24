"""A small help centre of one's own, with the service over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agents.colleagues import House, house
from tests.index import small_centre
from tests.index.small_centre import Centre


@pytest.fixture(scope="session")
def agents_centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """Ingested once; tests work on copies."""
    return small_centre.ingested(tmp_path_factory.mktemp("agents"))


@pytest.fixture
def served(agents_centre: Centre, tmp_path: Path) -> Iterator[House]:
    """A desk without tickets."""
    with house(agents_centre.copy(tmp_path / "copy")) as opened:
        yield opened
