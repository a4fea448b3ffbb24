"""The language model's published file in, its tables mapped into memory out: converted once, kept with the models."""

import hashlib
import logging
import os
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path

import numpy as np

from bot.dialogue.letters import RECOGNISED, LetterModel, LetterTables, published_file, published_tables

#: Version of the kept files; those of another version are converted anew.
FORMAT = 1

_log = logging.getLogger(__name__)


def load_letter_model(root: Path) -> LetterModel:
    """The model from its tables kept below `root`, converted first where they are absent or damaged.

    Where nothing can be written, they are held in memory, which takes most of a second and 65 MB at every start.
    """
    try:
        folder = kept_folder(root)
        try:
            return LetterModel(_mapped(folder))
        except FileNotFoundError:
            pass
        except (OSError, EOFError, ValueError) as exc:
            _log.warning("the language model's tables in %s are damaged and made anew (%s)", folder, exc)
        _keep(published_tables(), folder)
        return LetterModel(_mapped(folder))
    except OSError as exc:
        _log.warning("the language model's tables cannot be kept in %s (%s)", root, exc)
        return LetterModel(published_tables())


def kept_folder(root: Path) -> Path:
    """Where the tables are kept; named after the published file and what is taken from it."""
    with published_file().open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(f"{FORMAT} {' '.join(RECOGNISED)}".encode())
    return root / f"letters-{digest.hexdigest()[:16]}"


def _mapped(folder: Path) -> LetterTables:
    """The tables, read as they are needed. Raises `OSError`, `EOFError` or `ValueError` for damaged files."""
    tables = LetterTables(
        **{field.name: np.load(folder / f"{field.name}.npy", mmap_mode="r") for field in fields(LetterTables)}
    )
    columns, known = len(tables.names), len(tables.weights)
    fits = (
        tables.weights.shape == (known, columns)
        and tables.prior.shape == (columns,)
        and tables.rows.shape == tables.sequences.shape
        and int(tables.rows.max()) + 256 <= len(tables.steps)
        and int(tables.sequences.max()) < known
    )
    if not fits:
        raise ValueError("their sizes do not fit together")
    return tables


def _keep(tables: LetterTables, folder: Path) -> None:
    """Writes the tables aside and puts them in place whole; another process may have been first."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for field in fields(LetterTables):
            with (aside / f"{field.name}.npy").open("wb") as file:
                np.save(file, getattr(tables, field.name))
                # A file that has its name but not its content would be believed at the next start.
                file.flush()
                os.fsync(file.fileno())
        # Made private as temporary folders are, but served by whoever runs the service.
        aside.chmod(0o755)
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            if folder.exists():
                folder.rename(old / "damaged")
            try:
                aside.rename(folder)
            except OSError:
                # Another process put the same tables there in the same moment.
                if not folder.exists():
                    raise
        finally:
            shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
