"""A JSON Lines file in, its objects out, each with `file:line` for messages; problems raise `DatasetInvalid`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evaluations.errors import DatasetInvalid

#: One half of a character beyond U+FFFF as JSON escapes it; two of them in a row are a whole one.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_LONE = re.compile("[\ud800-\udfff]")


def rows(path: Path, absent: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a file; blank lines are passed over. `absent` is added where the file is not there."""
    for number, line in lines(path, absent):
        try:
            row = json.loads(_whole(line))
        except (ValueError, RecursionError) as exc:
            raise DatasetInvalid(f"{path}:{number}: this line is not JSON ({exc}).") from exc
        if not isinstance(row, dict):
            raise DatasetInvalid(f"{path}:{number}: expected a JSON object, found {type(row).__name__}.")
        yield f"{path}:{number}", row


def _whole(line: str) -> str:
    """The line with U+FFFD for halves of characters, which cut-off messages end in and no file can be written with."""
    if not _HALF.search(line):
        return line
    text = json.dumps(json.loads(line), ensure_ascii=False)
    return _LONE.sub("\ufffd", text)


def lines(path: Path, absent: str = "") -> Iterator[tuple[int, str]]:
    """The lines of a text file that are not blank, each with its number from 1."""
    number = 0
    try:
        with path.open("rb") as file:
            # Line by line, so that the one which is not UTF-8 can be named; the first may begin with a mark.
            for number, raw in enumerate(file, 1):
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
                if line.strip():
                    yield number, line
    except FileNotFoundError as exc:
        raise DatasetInvalid(f"{path} is not there. {absent}".rstrip()) from exc
    except UnicodeDecodeError as exc:
        raise DatasetInvalid(
            f"{path}:{number}: this line is not UTF-8. Save the file in that encoding."
        ) from exc
    except OSError as exc:
        raise DatasetInvalid(f"{path} cannot be read ({exc.strerror}).") from exc
