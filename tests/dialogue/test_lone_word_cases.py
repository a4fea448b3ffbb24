from bot.dialogue.language import LanguageDetector

CASE_FILE = "lone_words"


def test_short_and_mixed_messages_do_not_change_the_language(
    detector: LanguageDetector, case: tuple[str, str, str]
) -> None:
    expected, prior, message = case
    assert detector.detect(message, supported=("en", "es", "de", "fr"), prior=prior).language == expected
