"""Labelled messages in, how often and how fast their language is told out."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bot.dialogue.language import Detected
from bot.ledger.intervals import Share, share
from evaluations.labelled import Message
from evaluations.proportions import interval, rounded

MOST_CONFUSIONS = 10
#: Labels of data sets that are other names of a language here: both written forms of Norwegian are told as one.
_SAME = {"no": "nb", "nn": "nb"}


class Detector(Protocol):
    """Tells the language of a message."""

    def detect(
        self, text: str, *, supported: tuple[str, ...], prior: str = "", default: str = "en"
    ) -> Detected:
        """One of `supported`, unless it is clearly another."""
        ...


@dataclass(frozen=True, slots=True)
class Confusion:
    """A language taken for another."""

    label: str
    got: str
    count: int


@dataclass(frozen=True, slots=True)
class Heard:
    """One message and the language it was told to be in."""

    message: Message
    label: str
    got: str


@dataclass(frozen=True, slots=True)
class LanguageResult:
    """The figures of one file."""

    name: str
    languages: tuple[str, ...]
    """Between which was decided."""
    accuracy: Share
    by_kind: Mapping[str, Share]
    by_label: Mapping[str, Share]
    confusions: tuple[Confusion, ...]
    """The most frequent, at most `MOST_CONFUSIONS`."""
    left_out: int
    """Messages whose label is none of the languages."""
    ms_p50: float
    ms_p95: float
    """Cost of one message in milliseconds."""
    told: tuple[Heard, ...] = ()
    """Those that count, in their order."""


def known_as(label: str) -> str:
    """A label or a detected language as they are compared: the language alone, lower case."""
    language = label.strip().replace("_", "-").split("-")[0].lower()
    return _SAME.get(language, language)


def evaluate(
    name: str, messages: Sequence[Message], detector: Detector, languages: Sequence[str] = ()
) -> LanguageResult:
    """Tells the language of every message by itself, without a conversation before it.

    `languages` are what is spoken; empty for all labels that are there. What says nothing about its language is taken
    for English where that is spoken, else for the first of them.
    """
    labels = [known_as(message.label) for message in messages]
    spoken = tuple(dict.fromkeys(map(known_as, languages))) or tuple(sorted(set(labels)))
    default = "en" if "en" in spoken else spoken[0]
    own = [(message, label) for message, label in zip(messages, labels, strict=True) if label in spoken]
    # The first message pays for the identifier's tables; no other does.
    detector.detect("warm up", supported=spoken, default=default)
    told: list[Heard] = []
    times: list[float] = []
    for message, label in own:
        started = time.perf_counter()
        heard = detector.detect(message.text, supported=spoken, default=default)
        times.append(1000.0 * (time.perf_counter() - started))
        told.append(Heard(message, label, known_as(heard.language)))
    wrong = Counter((one.label, one.got) for one in told if one.label != one.got)
    return LanguageResult(
        name=name,
        languages=spoken,
        accuracy=_share([one.label == one.got for one in told]),
        by_kind=_by([(one.message.kind, one.label == one.got) for one in told if one.message.kind]),
        by_label=_by([(one.label, one.label == one.got) for one in told]),
        confusions=tuple(
            Confusion(label, got, count)
            # Most frequent first; the alphabet decides between equals, so that two runs read the same.
            for (label, got), count in sorted(wrong.items(), key=lambda one: (-one[1], one[0]))[
                :MOST_CONFUSIONS
            ]
        ),
        left_out=len(messages) - len(own),
        ms_p50=float(np.percentile(times, 50)) if times else 0.0,
        ms_p95=float(np.percentile(times, 95)) if times else 0.0,
        told=tuple(told),
    )


def _share(right: Sequence[bool]) -> Share:
    return share(sum(right), len(right))


def _by(pairs: Sequence[tuple[str, bool]]) -> dict[str, Share]:
    return {
        value: _share([right for other, right in pairs if other == value])
        for value in sorted({value for value, _ in pairs})
    }


def described(result: LanguageResult) -> dict[str, object]:
    """The figures as one JSON object."""
    return {
        "name": result.name,
        "languages": list(result.languages),
        "messages": result.accuracy.of,
        "left_out": result.left_out,
        "accuracy": rounded(result.accuracy),
        "accuracy_interval": interval(result.accuracy),
        "by_kind": {name: _described(one) for name, one in result.by_kind.items()},
        "by_label": {name: _described(one) for name, one in result.by_label.items()},
        "confusions": [{"label": one.label, "got": one.got, "count": one.count} for one in result.confusions],
        "ms_p50": round(result.ms_p50, 4),
        "ms_p95": round(result.ms_p95, 4),
    }


def _described(one: Share) -> dict[str, object]:
    return {"accuracy": rounded(one), "interval": interval(one), "n": one.of}
