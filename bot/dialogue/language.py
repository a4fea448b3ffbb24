"""A message in, its language out: by script, by the small words of each language, and by letter sequences."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.letters import LetterModel, published_tables
from bot.dialogue.scripts import OTHER, WRITTEN_IN, script_of
from bot.dialogue.words import fold

FILE = Path(__file__).with_name("language.yaml")

#: Names of the identifier that are other names of a language here.
_SAME = {"no": "nb", "nn": "nb"}

_NOT_LATIN = frozenset(language for languages in WRITTEN_IN.values() for language in languages) - {
    "sr",
    "kk",
}
#: No language: addresses, and words with digits or signs inside (order numbers, product names).
#: ASCII only, because Chinese and Japanese put no spaces between such words and their own. What may stand before a sign
#: is looked for at the beginning of a word alone: from every letter of it, 4000 letters without a space took .3 s.
_NOISE = re.compile(
    r"(?<![!-~])[!-~]+[@_][!-~]+|(?:(?<![!-~])[!-~]*)?\d[!-~]*|https?://[!-~]+|www\.[!-~]+|[#@/][!-~]+"
)
#: Most messages have none of these, and so no noise.
_NOISY = re.compile(r"[@#/_\d]|www\.")
#: Letters looked at: more do not make sentences of twelve languages any surer, and cost time.
_ENOUGH = 70
_APOSTROPHE = re.compile("['’]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

#: Weight of a listed word, in units of log probability. Measured: without the lists .983 of short customer messages in
#: four languages are recognised and .909 of word pairs in twelve; with them .985 to .988 and .909; 1.5 costs sentences.
_WORD_WEIGHT = 0.7
#: How much more a listed word counts in a message that has little else.
_LONE_WORD_WEIGHT = 2.0
#: Added where every listed word of a message is of one supported language and they are half of it at least: "ma heron
#: fuit" is French whatever the letters of the machine's name look like.
_ALONE_WEIGHT = 2.0
#: So many listed words make that more than a chance.
_ALONE_WORDS = 2
#: Messages of so many words never leave the conversation's language: "ok thanks" is said in many.
_NEVER_LEAVES = 2
#: The same where nobody has written anything yet and only the page has a language: a word is borrowed or a name
#: ("Account", "wifi"), and two are a message ("no funciona").
_NEVER_LEAVES_A_PAGE = 1
#: Where nobody said anything before, a message of one or two words without a listed one leaves the default language
#: only where its own has this share of what the two have together: letters alone gave "espresso" .75 for German beside
#: English, and "Brasil" .81 for Spanish. Of 3,600 pairs of words in twelve languages .89 are told so; by the share
#: among all twelve, which many part, .79 were.
_LONE_WORD_SURE = {1: 0.85, 2: 0.75}
#: How much the language spoken so far weighs, in units of log probability; divided by the number of words.
_PRIOR_WEIGHT = 6.0
_DEFAULT_WEIGHT = 1.0
#: A language that is not spoken here must be this much likelier than any that is, in units of log probability,
#: and the message this long: taking a customer's own language for a foreign one costs an answer.
_FOREIGN_LEAD = 1.6
_FOREIGN_LETTERS = 14
_FOREIGN_WORDS = 3
_FLOOR = math.log(1e-6)
#: From this certainty on, the rules of a message's own language are enough; below it, those of all languages should be
#: tried. On the development messages that finds every incident that a wrongly told language hides (3 in 519 otherwise).
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Detected:
    """The language of a message."""

    language: str
    """BCP 47; one of the supported languages, or another one where the message is clearly in it."""
    certainty: float
    """Probability in 0..1 among all languages considered; 0 where the message says nothing about its language."""


class LanguageDetector:
    """Decides which language a message is in."""

    def __init__(self, model: LetterModel, words: Mapping[str, Iterable[str]]) -> None:
        """Take a model of letter sequences and the telling words of each language."""
        self._model = model
        names = [_SAME.get(language, language) for language in model.languages]
        self._latin = [(place, name) for place, name in enumerate(names) if name not in _NOT_LATIN]
        listed: dict[str, list[str]] = {}
        for language, list_ in words.items():
            for word in {fold(word) for word in list_}:
                listed.setdefault(word, []).append(language)
        self._words = {word: tuple(languages) for word, languages in listed.items()}

    @classmethod
    def load(cls, file: Path = FILE, model: LetterModel | None = None) -> "LanguageDetector":
        """Load the word lists, and the published model unless one is given."""
        content = read_yaml(file)
        reader = MappingReader(file, "the file", content)
        words = {language: reader.words(language) for language in content}
        return cls(model or LetterModel(published_tables()), words)

    def detect(
        self, text: str, *, supported: tuple[str, ...], prior: str = "", page: str = "", default: str = "en"
    ) -> Detected:
        """The language of `text`, as one of `supported` unless it is clearly another.

        `prior` is the language of the conversation so far; short and mixed messages do not change it. `page` is the
        one of the page that a first message comes from: people write their own on it, but names and words of many
        languages are taken for the page's. `default` is what a message without any sign is taken for otherwise.
        """
        expected = prior or page or default
        words = _first_words(_NOISE.sub(" ", text) if _NOISY.search(text) else text)
        letters = sum(map(len, words))
        if not letters:
            return Detected(expected, 0.0)
        script = script_of("".join(words), letters)
        if script == "":
            return Detected(expected, 0.0)
        if script == OTHER:
            return Detected("und", 1.0)
        if script != "latin":
            return self._in_script(" ".join(words), WRITTEN_IN[script], supported, prior or page)
        return self._in_latin(words, letters, supported, prior, page, default)

    def _in_script(
        self, text: str, languages: tuple[str, ...], supported: tuple[str, ...], prior: str
    ) -> Detected:
        if len(languages) == 1:
            return Detected(languages[0], 1.0)
        if len(text) < _FOREIGN_LETTERS:
            # Too short to tell Ukrainian from Russian: take what is spoken here, the conversation's language first.
            if prior in languages:
                return Detected(prior, 0.5)
            languages = tuple(language for language in languages if language in supported) or languages
        heard = zip(self._model.languages, self._model.logs(text), strict=True)
        scores = {name: score for name, score in heard if name in languages}
        best = max(scores, key=scores.__getitem__)
        return Detected(best, _share(scores, best))

    def _in_latin(
        self, words: list[str], letters: int, supported: tuple[str, ...], prior: str, page: str, default: str
    ) -> Detected:
        logs = self._model.logs(" ".join(words), _FLOOR)
        scores = {name: logs[place] for place, name in self._latin}
        weight = _WORD_WEIGHT + _LONE_WORD_WEIGHT / len(words)
        listed: dict[str, int] = {}
        for word in words:
            for part in _parts(word):
                for language in self._words.get(
                    part.lower() if part.isascii() and part.isalpha() else fold(part), ()
                ):
                    if language in scores:
                        scores[language] += weight
                        if language in supported:
                            listed[language] = listed.get(language, 0) + 1
        if len(listed) == 1:
            ((alone, count),) = listed.items()
            if count >= _ALONE_WORDS and 2 * count >= len(words):
                scores[alone] += _ALONE_WEIGHT
        heard = dict(scores)
        before = prior or page
        expected, pull = (before, _PRIOR_WEIGHT) if before else (default, _DEFAULT_WEIGHT)
        if expected in scores:
            scores[expected] += pull / len(words)
        if before in scores and len(words) <= (_NEVER_LEAVES if prior else _NEVER_LEAVES_A_PAGE):
            return Detected(before, _share(heard, before))
        found = _decide(scores, heard, len(words), letters, supported, expected)
        needed = 0.0 if before or listed or default not in scores else _LONE_WORD_SURE.get(len(words), 0.0)
        if (
            needed
            and _share({name: heard[name] for name in (found.language, default)}, found.language) < needed
        ):
            return Detected(default, _share(heard, default))
        return found


def _first_words(text: str) -> list[str]:
    """Words up to `_ENOUGH` letters; at least one, cut where it is longer."""
    words: list[str] = []
    left = _ENOUGH
    for found in _WORD.finditer(text):
        words.append(found.group()[:left])
        left -= len(words[-1])
        if left <= 0:
            break
    return words


def _parts(word: str) -> list[str]:
    """The word, and what its apostrophe joins: the French list has “l” and the English one “don't”."""
    return [word] if word.isalpha() else [word, *_APOSTROPHE.split(word)]


def _decide(
    scores: Mapping[str, float],
    heard: Mapping[str, float],
    words: int,
    letters: int,
    supported: tuple[str, ...],
    expected: str,
) -> Detected:
    """The likeliest supported language, unless another one is far likelier and the message long enough to tell."""
    spoken = [language for language in supported if language in scores]
    best = max(scores, key=scores.__getitem__)
    if not spoken:
        return Detected(best, _share(heard, best))
    ours = max(spoken, key=scores.__getitem__)
    foreign = scores[best] - scores[ours] >= _FOREIGN_LEAD
    if foreign and words >= _FOREIGN_WORDS and letters >= _FOREIGN_LETTERS:
        return Detected(best, _share(heard, best))
    if expected not in spoken and foreign:
        # The conversation is in a language we do not speak, and this message does not clearly leave it.
        return Detected(expected, _share(heard, expected))
    return Detected(ours, _share({language: heard[language] for language in spoken}, ours))


def _share(scores: Mapping[str, float], language: str) -> float:
    top = max(scores.values())
    total = sum(math.exp(score - top) for score in scores.values())
    return math.exp(scores.get(language, -math.inf) - top) / total
