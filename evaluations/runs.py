"""Evaluations on disk: one versioned JSON file a run, written whole or not at all, refused in another format."""

import datetime as dt
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluations.errors import RunRefused
from evaluations.result import Case, SetResult, Slice
from evaluations.significance import Estimate

#: Version of the file; a file of another version is refused, since its figures may mean something else.
FORMAT = 1
_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation with all that made it what it is."""

    id: str
    kind: str
    """`retrieval`, `answers`, `abstention`, `triggers` or `language`."""
    at: str
    """ISO 8601, UTC."""
    version: str
    """Of the product."""
    model: str
    """Identity of the encoder."""
    settings: Mapping[str, str]
    """What the run was asked to do and the weights it ranked with, as text."""
    sets: tuple[SetResult, ...]


def runs_folder(data: Path) -> Path:
    """Where a data folder keeps its runs."""
    return data.expanduser() / "evaluations" / "runs"


def new_id(kind: str, at: dt.datetime, folder: Path) -> str:
    """A name that sorts by time and that no run in the folder has."""
    base = f"{kind}-{at:%Y%m%d-%H%M%S}"
    name, number = base, 1
    while (folder / f"{name}.json").exists():
        number += 1
        name = f"{base}-{number}"
    return name


def save(run: Run, folder: Path) -> Path:
    """Writes a run into `folder`; raises `RunRefused` where that cannot be written."""
    path = folder / f"{run.id}.json"
    aside = path.with_suffix(f".{os.getpid()}.part")
    prepare(folder)
    try:
        aside.write_text(json.dumps({"format": FORMAT, **asdict(run)}, ensure_ascii=False), encoding="utf-8")
        aside.replace(path)
    except OSError as exc:
        raise _unsaved(folder, str(exc.strerror)) from exc
    return path


def prepare(folder: Path) -> None:
    """Makes the folder of runs; raises `RunRefused` where none can be saved there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise _unsaved(folder, str(exc.strerror)) from exc
    if not os.access(folder, os.W_OK):
        raise _unsaved(folder, "you may not write there")


def _unsaved(folder: Path, why: str) -> RunRefused:
    return RunRefused(f"The run cannot be saved in {folder} ({why}). Name another folder with --data.")


def listed(folder: Path) -> list[Path]:
    """Files of the saved runs, newest first."""
    return sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)


def find(name: str, folder: Path) -> Path:
    """The file of a run by its path, its id, or the beginning of its id if only one begins so.

    Raises `RunRefused` where none or several fit.
    """
    if name.endswith(".json") and Path(name).is_file():
        return Path(name)
    fitting = [path for path in listed(folder) if _NAME.fullmatch(name) and path.stem.startswith(name)]
    exact = [path for path in fitting if path.stem == name]
    if len(exact or fitting) == 1:
        return (exact or fitting)[0]
    known = ", ".join(path.stem for path in (fitting or listed(folder))[:5]) or "none yet"
    problem = "Several runs begin" if fitting else "No run is named or begins"
    raise RunRefused(f"{problem} with {name!r} in {folder}. There are: {known}.")


def load(path: Path) -> Run:
    """Reads a run; raises `RunRefused` for another format or a damaged file."""
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found = raw.pop("format", None)
        if found != FORMAT:
            raise RunRefused(
                f"{path} has format {found}, this version reads {FORMAT}. Run the evaluation again to compare with it."
            )
        return Run(**{**raw, "sets": tuple(_set(one) for one in raw["sets"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
        raise RunRefused(
            f"{path} is not a saved run, or is damaged ({exc}). Run the evaluation again."
        ) from exc


def _set(raw: Mapping[str, Any]) -> SetResult:
    return SetResult(
        **{
            **raw,
            "figures": _figures(raw["figures"]),
            "slices": tuple(Slice(**{**one, "figures": _figures(one["figures"])}) for one in raw["slices"]),
            "notes": tuple(raw["notes"]),
            "cases": tuple(_case(one) for one in raw["cases"]),
        }
    )


def _case(raw: Mapping[str, Any]) -> Case:
    tuples: dict[str, Sequence[str]] = {name: tuple(raw[name]) for name in ("earlier", "wanted", "got")}
    return Case(**{**raw, **tuples})


def _figures(raw: Mapping[str, Any]) -> dict[str, Estimate]:
    return {name: Estimate(**value) for name, value in raw.items()}
