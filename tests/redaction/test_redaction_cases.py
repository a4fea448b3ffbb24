"""The case files: what is taken out, what stands there instead, and what is left alone."""

import pytest

from bot.redaction import Level, Redactor
from tests.redaction.case_files import cases

SECRETS = cases("secrets")
MASKED = [(*given.split(" | ", 1), expected.rpartition(" | ")[2]) for given, expected in cases("masking")]


@pytest.mark.parametrize(("text", "kept"), SECRETS, ids=[text for text, _ in SECRETS])
def test_secrets_are_gone_before_storage(redactor: Redactor, text: str, kept: str) -> None:
    assert redactor.redact(text).text == kept


@pytest.mark.parametrize(("locale", "text", "shown"), MASKED, ids=[text for _, text, _ in MASKED])
def test_personal_data_is_masked(redactor: Redactor, locale: str, text: str, shown: str) -> None:
    assert redactor.redact(text, Level.MASKING, locale).text == shown


@pytest.mark.parametrize("text", [text for text, _ in SECRETS])
def test_what_is_redacted_stays_so(redactor: Redactor, text: str) -> None:
    for level in Level:
        once = redactor.redact(text, level)
        again = redactor.redact(once.text, level)
        assert (again.text, again.found) == (once.text, ())


@pytest.mark.parametrize(("text", "kept"), SECRETS)
def test_masking_takes_all_that_storage_takes(redactor: Redactor, text: str, kept: str) -> None:
    found = redactor.redact(text).found
    masked = redactor.redact(text, Level.MASKING).found
    assert {one.kind for one in found} <= {one.kind for one in masked}


def test_there_are_enough_cases_in_every_direction() -> None:
    unchanged = [text for text, kept in SECRETS if text == kept]
    assert len(SECRETS) + len(MASKED) >= 250
    assert len(unchanged) >= 80
