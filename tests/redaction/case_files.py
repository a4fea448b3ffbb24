"""The case files of the redaction."""

import re
from pathlib import Path

CASES = Path(__file__).with_name("cases")
_ESCAPE = re.compile(r"\\(?:n|t|u[0-9a-f]{4})")


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda found: found[0].encode().decode("unicode_escape"), text)


def cases(name: str) -> list[tuple[str, str]]:
    """Input and what is expected of it, with the escapes of the file read."""
    lines = (CASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" => ") for line in lines if line and not line.startswith("#"))
    return [(_plain(given), _plain(given if expected == "=" else expected)) for given, expected in pairs]
