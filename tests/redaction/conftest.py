"""The shipped redactor."""

import pytest

from bot.redaction import Redactor


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    return Redactor.load()
