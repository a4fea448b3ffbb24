import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.language import LanguageDetector

FOUR = ("en", "es", "de", "fr")


def test_a_message_without_letters_has_the_language_of_the_conversation(detector: LanguageDetector) -> None:
    detected = detector.detect("1234 ???", supported=FOUR, prior="fr")
    assert (detected.language, detected.certainty) == ("fr", 0.0)


def test_without_a_conversation_a_message_without_letters_has_the_default_language(
    detector: LanguageDetector,
) -> None:
    assert detector.detect("😀", supported=FOUR, default="de").language == "de"


def test_a_clear_sentence_is_more_certain_than_a_single_word(detector: LanguageDetector) -> None:
    word = detector.detect("service", supported=FOUR)
    sentence = detector.detect("I would like to return the shoes that I bought", supported=FOUR)
    assert sentence.certainty > 0.99 > word.certainty


def test_a_language_of_the_team_is_never_foreign(detector: LanguageDetector) -> None:
    message = "Buongiorno, vorrei restituire il mio ordine perché non funziona"
    assert detector.detect(message, supported=(*FOUR, "it")).language == "it"


def test_a_short_answer_in_a_foreign_conversation_does_not_leave_it(detector: LanguageDetector) -> None:
    assert detector.detect("non lo so", supported=FOUR, prior="it").language == "it"


@pytest.mark.parametrize(("prior", "expected"), [("uk", "uk"), ("", "ru")])
def test_a_short_cyrillic_message_stays_with_the_conversation(
    detector: LanguageDetector, prior: str, expected: str
) -> None:
    assert detector.detect("доставка", supported=("en", "ru"), prior=prior).language == expected


def test_a_script_nobody_knows_is_undetermined(detector: LanguageDetector) -> None:
    assert detector.detect("ᎣᏏᏲ ᏙᎯᏧ ᎣᏏᏉ", supported=FOUR).language == "und"


@settings(max_examples=60)
@given(st.text(max_size=200), st.sampled_from(["", "en", "de", "it"]))
def test_any_text_has_a_language(text: str, prior: str) -> None:
    detected = _DETECTOR.detect(text, supported=FOUR, prior=prior)
    assert detected.language
    assert 0.0 <= detected.certainty <= 1.0


_DETECTOR = LanguageDetector.load()
