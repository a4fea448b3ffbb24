import pytest

from bot.dialogue.underspecified import Underspecified

CASE_FILE = "vague"


@pytest.fixture(scope="module")
def underspecified() -> Underspecified:
    return Underspecified.load()


def test_a_message_is_vague_as_it_says_beside_it(
    underspecified: Underspecified, case: tuple[str, str, str]
) -> None:
    expected, language, message = case
    assert underspecified.is_vague(message, language) is (expected == "yes")
