"""Short and mixed messages, after a conversation in some language and as the first one from a page in some language."""

from bot.dialogue.language import LanguageDetector

CASE_FILE = "lone_words"
_PAGE = "page "


def test_short_and_mixed_messages_do_not_change_the_language(
    detector: LanguageDetector, case: tuple[str, str, str]
) -> None:
    expected, before, message = case
    prior, page = ("", before.removeprefix(_PAGE)) if before.startswith(_PAGE) else (before, "")
    found = detector.detect(message, supported=("en", "es", "de", "fr"), prior=prior, page=page)
    assert found.language == expected
