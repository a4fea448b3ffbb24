"""A query in, the words that articles of one language are searched by out, as the chat does with a message."""

from functools import cache

from bot.answering.lookup import in_words_of
from bot.dialogue.glossary import Glossary
from bot.dialogue.language import LanguageDetector
from bot.settings import SHIPPED_LOCALES


def searched_by(text: str, locale: str) -> str:
    """What articles in `locale` are searched by for it: itself, or its words in that language where it is in another.

    Its language is told as a first message's. Where the glossary knows too few of its words it stays as it is.
    """
    language = _detector().detect(text, supported=SHIPPED_LOCALES, default=locale).language
    return text if language == locale else in_words_of(_glossary(), text, language, locale) or text


@cache
def _detector() -> LanguageDetector:
    return LanguageDetector.load()


@cache
def _glossary() -> Glossary:
    return Glossary.load()
