"""A YAML file in, checked fields out; what is wrong is told with the file and the rule it is in."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import yaml

from bot.dialogue.words import fold
from bot.errors import SettingsInvalid

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping a YAML file holds. Raises `SettingsInvalid`."""
    try:
        # CSafeLoader is SafeLoader in C: plain values only.
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsInvalid(f"{file} cannot be read: {exc}") from exc
    except yaml.YAMLError as exc:
        raise SettingsInvalid(f"{file} is not valid YAML: {exc}") from exc
    if not isinstance(content, dict):
        raise SettingsInvalid(f"{file} must hold names with values, such as “language: en”")
    return content


class MappingReader:
    """Takes the fields of one part of a file, and says what is wrong with them."""

    def __init__(self, file: Path, where: str, fields: object) -> None:
        self._file = file
        self._where = where
        if not isinstance(fields, Mapping):
            self.refuse("must hold names with values")
        self._fields: Mapping[str, Any] = fields

    def refuse(self, problem: str) -> NoReturn:
        """Raise `SettingsInvalid` with the place and the problem."""
        raise SettingsInvalid(f"{self._file}: {self._where}: {problem}")

    def only(self, *names: str) -> None:
        """Refuse fields of other names: a mistyped `unless` would silently guard nothing."""
        for name in self._fields:
            if name not in names:
                self.refuse(f"“{name}” is not known here; use one of {', '.join(names)}")

    def text(self, name: str, default: str | None = None) -> str:
        """A text; required where there is no default."""
        value = self._fields.get(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.refuse(f"“{name}” must be a text, not {value!r}")
        return value.strip()

    def lines(self, name: str) -> tuple[str, ...]:
        """A block of lines or a list of texts; lines that begin with `#` are comments. Absent is empty."""
        value = self._fields.get(name, "")
        lines = value.splitlines() if isinstance(value, str) else value
        if not isinstance(lines, Sequence) or not all(isinstance(line, str) for line in lines):
            self.refuse(f"“{name}” must be lines of text")
        kept = (line.split(" # ")[0].strip() for line in lines)
        return tuple(line for line in kept if line and not line.startswith("#"))

    def words(self, name: str) -> tuple[str, ...]:
        """All words of a block of lines."""
        return tuple(word for line in self.lines(name) for word in line.split())

    def folded(self, name: str) -> tuple[str, ...]:
        """The same, folded as the words of messages are."""
        return tuple(fold(word) for word in self.words(name))

    def texts(self, name: str) -> dict[str, str]:
        """Names with texts. Absent is empty."""
        value = self._fields.get(name) or {}
        if not isinstance(value, Mapping):
            self.refuse(f"“{name}” must hold names with texts")
        for key, text in value.items():
            if not isinstance(key, str) or not isinstance(text, str):
                # YAML reads a bare yes, no, on, off as true or false.
                self.refuse(f"“{name}” has {key!r}: {text!r}; write both in quotes")
        return dict(value)

    def flag(self, name: str, default: bool) -> bool:
        """Yes or no."""
        value = self._fields.get(name, default)
        if not isinstance(value, bool):
            self.refuse(f"“{name}” must be yes or no, not {value!r}")
        return value

    def parts(self, name: str) -> list[object]:
        """A list of anything."""
        value = self._fields.get(name)
        if not isinstance(value, list):
            self.refuse(f"“{name}” must be a list")
        return value

    def choice_of(self, value: str, choices: Sequence[str]) -> str:
        """The value, if it is one of the choices."""
        if value not in choices:
            self.refuse(f"“{value}” must be one of {', '.join(choices)}")
        return value
