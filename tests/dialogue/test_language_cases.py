from bot.dialogue.language import LanguageDetector

CASE_FILE = "language"


def test_a_message_is_in_the_language_beside_it(
    detector: LanguageDetector, case: tuple[str, str, str]
) -> None:
    expected, prior, message = case
    detected = detector.detect(message, supported=("en", "es", "de", "fr"), prior=prior)
    assert detected.language == expected
    assert 0.0 <= detected.certainty <= 1.0
