"""temporary."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Detected:
    language: str
    certainty: float


class LanguageDetector:
    def detect(self, text, *, supported, prior="", default="en"):
        import py3langid

        py3langid.set_languages(list(supported))
        if len(text) < 12:
            return Detected(prior or default, 0.5)
        lang, p = py3langid.classify(text)
        return Detected(lang, 0.9)
