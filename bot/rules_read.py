"""Whether rule files were read before, just as they are now, and without a mistake: then a start reads what it needs.

The mark is an empty file, named after the content of all of them, that lies with the models.
"""

import contextlib
import hashlib
from pathlib import Path

from bot.dialogue import glossary
from bot.dialogue.triggers import reading
from bot.dialogue.triggers.match import RULES

#: Version of what is looked for in the files; raised when a file may be refused that was read before.
FORMAT = 1


def were_read(root: Path) -> bool:
    """Whether the mark is there."""
    return _mark(root).is_file()


def remember(root: Path) -> None:
    """Sets the mark. Where nothing can be written, every start reads all of the files."""
    with contextlib.suppress(OSError):
        root.mkdir(parents=True, exist_ok=True)
        _mark(root).touch()


def _mark(root: Path) -> Path:
    digest = hashlib.sha256(str(FORMAT).encode())
    folder = glossary.FILE.parent
    for file in (*sorted(folder.glob("*.yaml")), *sorted(RULES.glob("*.yaml")), reading.FILE, glossary.FILE):
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)} ".encode())
        digest.update(content)
    return root / f"rules-read-{digest.hexdigest()[:16]}"
