"""Documents of a data set in, the language that they are articles in out, told as the product tells a message's."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from bot.dialogue.language import LanguageDetector
from bot.settings import SHIPPED_LOCALES

#: The language of a set that is in none of those that ship, or in several.
LOCALE = "en"
#: Documents looked at, evenly spread, and characters of each: more tell nothing new.
_LOOKED_AT = 100
_CHARACTERS = 600
#: At least this share of them must be in one language: a help centre quotes another one's words here and there.
_MOST = 2 / 3


def language_of(texts: Sequence[str]) -> str:
    """The language of most texts, one of those that ship; `LOCALE` where no two thirds agree.

    The layout has no field for it, and articles taken for another language are cut into other words, looked up as
    translations and hardly ever answered from.
    """
    step = max(len(texts) // _LOOKED_AT, 1)
    looked_at = [text[:_CHARACTERS] for text in texts[::step]]
    told = Counter(_detector().detect(text, supported=SHIPPED_LOCALES).language for text in looked_at)
    language, count = max(told.items(), key=lambda one: (one[1], one[0] == LOCALE), default=(LOCALE, 0))
    return language if language in SHIPPED_LOCALES and count >= _MOST * len(looked_at) else LOCALE


@cache
def _detector() -> LanguageDetector:
    return LanguageDetector.load()
