import pytest

from bot.dialogue.context import Context

CASE_FILE = "followups"


@pytest.fixture(scope="module")
def context() -> Context:
    return Context.load()


def test_a_message_leans_on_the_conversation_as_it_says_beside_it(
    context: Context, case: tuple[str, str, str]
) -> None:
    expected, language, message = case
    assert context.leans(message, language) is (expected == "yes")
