"""The small help centres that were written for this project: folders in the BEIR layout."""

from pathlib import Path

#: Names them among the folders of a command.
WORD = Path("centres")
FOLDER = Path(__file__).parent / "datasets" / "centres"


def folders() -> list[Path]:
    """One for each, by name."""
    return sorted(one.parent for one in FOLDER.glob("*/corpus.jsonl"))


def spelled_out(given: list[Path]) -> list[Path]:
    """The folders that were named, and those of all centres where the word is among them."""
    return [folder for one in given for folder in (folders() if one == WORD else [one])]
