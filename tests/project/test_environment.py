"""The environment that `make test` builds has all that tests import."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_environment_of_the_tests_has_every_extra() -> None:
    """A test that is skipped or fails where an extra is missing would go unseen, or astonish whoever starts afresh."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    recipe = (ROOT / "Makefile").read_text().split("/.developed:", 1)[1].split("\n\n", 1)[0]
    installed = re.search(r"'\.\[([a-z,]+)\]'", recipe)
    assert installed is not None
    assert set(installed[1].split(",")) == set(extras)
