from bot.dialogue.triggers import Triggers

CASE_FILE = "negations"


def test_what_is_denied_fires_nothing_and_what_is_meant_does(
    triggers: Triggers, case: tuple[str, str, str]
) -> None:
    expected, language, message = case
    fired = triggers.match(message, language)
    assert (fired.reason.value if fired else "none") == expected
