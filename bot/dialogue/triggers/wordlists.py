"""The word lists that messages are read by in, one short digest out: fitted weights carry that of their own lists."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.dialogue import glossary
from bot.dialogue.triggers import concepts, reading

FILES: Final = (reading.FILE, glossary.FILE, concepts.FILE)
_LETTERS = 16


def digest(files: Sequence[Path] = FILES) -> str:
    """16 hexadecimal digits of SHA-256 over the lists' lines; comments, empty lines and line ends count for nothing."""
    found = hashlib.sha256()
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                found.update(line.rstrip().encode() + b"\n")
        found.update(b"\0")
    return found.hexdigest()[:_LETTERS]
