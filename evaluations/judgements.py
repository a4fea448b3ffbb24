"""A data set in, for each question its signals and whether its quote is right out; kept for the next run."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.answering.answering import Answering
from bot.dialogue.signals import NAMES, Signals
from evaluations.answers import Expected
from evaluations.code import code_digest

#: What decides what is quoted and what is known of it. The confidence model is not in it: it judges afterwards.
_CODE = (
    "index/**/*.py",
    "bot/answering/*.py",
    "bot/dialogue/**/*.py",
    "bot/dialogue/*.yaml",
)
_PREFIX = "signals-"
#: Questions after which what was found is written, so that a run that was stopped is not lost.
_AT_ONCE = 25

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One question, and what the product would have quoted."""

    id: str
    answerable: bool
    right: bool
    """It can be answered, and the quote is from an article that does."""
    signals: Signals | None
    """None where nothing could be quoted."""
    choices: int = 0
    """Things that the customer may have meant, which the bot could have asked about; 0 or 1 is no choice."""


def collect(
    expected: Sequence[Expected],
    answering: Answering,
    folder: Path,
    *,
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
) -> tuple[Judgement, ...]:
    """Judges each question by itself, or reads what an earlier run of the same code kept in `folder`.

    `folder` must be the index's own: what is kept there is only as good as the index that it was made with.
    """
    path = folder / f"{_PREFIX}{_version()}.jsonl"
    for other in folder.glob(f"{_PREFIX}*"):
        if other != path or rebuild:
            other.unlink(missing_ok=True)
    known = _kept(path)
    judgements = []
    fresh: list[str] = []
    for number, one in enumerate(expected, 1):
        key = _key(one)
        if key not in known:
            judged = answering.judge(one.text, one.locale)
            article = judged.quoted.article_id if judged.quoted else ""
            known[key] = (article, judged.signals, len(judged.choices))
            signals = asdict(judged.signals) if judged.signals else None
            row = {"key": key, "article": article, "signals": signals, "choices": len(judged.choices)}
            fresh.append(json.dumps(row))
        if len(fresh) >= _AT_ONCE or (fresh and number == len(expected)):
            _add(path, fresh)
            fresh = []
        article, signals_of, choices = known[key]
        answerable = one.kind == "answerable"
        right = answerable and article in one.articles
        judgements.append(Judgement(one.id, answerable, right, signals_of, choices))
        progress(number, len(expected))
    return tuple(judgements)


def _version() -> str:
    return hashlib.sha256(json.dumps([NAMES, code_digest(_CODE)]).encode()).hexdigest()[:16]


def _key(one: Expected) -> str:
    return hashlib.sha256(json.dumps([one.locale, one.text]).encode()).hexdigest()[:24]


def _kept(path: Path) -> dict[str, tuple[str, Signals | None, int]]:
    """What is there; a line that a stopped run left half written is judged again."""
    if not path.exists():
        return {}
    known = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row: dict[str, Any] = json.loads(line)
            signals = Signals(**row["signals"]) if row["signals"] else None
            known[row["key"]] = (row["article"], signals, int(row["choices"]))
        except (ValueError, KeyError, TypeError):
            continue
    return known


def _add(path: Path, rows: Sequence[str]) -> None:
    with path.open("a", encoding="utf-8") as file:
        # A line break first: the line before may be half of one.
        file.write("".join(f"\n{row}" for row in rows) + "\n")
