"""What every command takes and how it prints: `--data`, `--json`, progress bars on a terminal."""

import argparse
import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.composition import Services
    from bot.knowledge.ingestion import Progress


def a_path(text: str) -> Path:
    """A path that says something: an unset variable in a script must not mean the current folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the path is empty")
    return Path(text)


def common(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments that every command takes."""
    parser.add_argument("--data", type=a_path, help="data folder (default: $TIERZERO_DATA, else ./var)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")


@contextmanager
def services(
    options: argparse.Namespace, *, reads_only: bool = False, model_aside: bool = False
) -> "Iterator[Services]":
    """The services on the data folder that was asked for, closed at the end.

    A command that only reads makes no database: a mistyped folder raises `NotReady`. With `model_aside` the model
    begins to load at once, while all else is imported.
    """
    from bot.settings import load

    settings, loading = load(data=options.data), None
    if model_aside:
        from bot.model import load_aside

        loading = load_aside(settings)
    from bot.composition import Services

    opened = Services(
        settings,
        tell=lambda text: print(text, file=sys.stderr),
        reads_only=reads_only,
        _loading=loading,
    )
    try:
        yield opened
    finally:
        opened.close()


def emit(value: Any) -> None:
    """Prints a value as JSON."""
    print(plain_json(value))


def plain_json(value: Any) -> str:
    """A value as JSON: names for choices, text for moments, six digits of a number."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=2)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None  # JSON has no word for infinite
    return value if isinstance(value, str | int | bool) or value is None else str(value)


@contextmanager
def progress_bars() -> "Iterator[Progress]":
    """A bar for each stage of a long job on a terminal, nothing elsewhere."""
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def show(stage: str, done: int, total: int) -> None:
        if not sys.stderr.isatty() or not total:
            return
        bar = bars.get(stage)
        if bar is None:
            bar = bars[stage] = tqdm(total=total, desc=stage, unit="", leave=False, file=sys.stderr)
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()
