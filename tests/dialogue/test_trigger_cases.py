from bot.dialogue.triggers import Triggers

CASE_FILE = "triggers"


def test_a_message_fires_the_reason_beside_it(triggers: Triggers, case: tuple[str, str, str]) -> None:
    expected, language, message = case
    fired = triggers.match(message, language)
    assert (fired.reason.value if fired else "none") == expected
