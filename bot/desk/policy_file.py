"""A rule file in, its values out, each with the line it stands on, so that an error can name the line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml


class Misplaced(ValueError):
    """A value that cannot be used; `line` is where it stands, from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


class Section(dict[str, Any]):
    """A mapping of the file that knows its lines."""

    line: int = 1
    lines: dict[str, int]

    def at(self, name: str) -> int:
        """The line of an entry, or of the section where it is missing."""
        return self.lines.get(name, self.line)

    def only(self, *names: str) -> None:
        """Raises `Misplaced` for an entry of another name, which would otherwise be passed over in silence."""
        for name in self:
            if name not in names:
                raise Misplaced(f"{name!r} is not known here, only {', '.join(names)}", self.at(name))

    def need(self, name: str) -> Any:
        """A value that must be there. Raises `Misplaced`."""
        if name not in self:
            raise Misplaced(f"{name!r} is missing", self.line)
        return self[name]

    def section(self, name: str) -> "Section":
        """A mapping inside; an empty one where there is none. Raises `Misplaced` for anything else."""
        value = self.get(name)
        if value is None:
            empty = Section()
            empty.line, empty.lines = self.at(name), {}
            return empty
        if not isinstance(value, Section):
            raise Misplaced(f"{name!r} must be a list of names with values", self.at(name))
        return value

    def sections(self) -> Iterator[tuple[str, "Section"]]:
        """All entries, each a mapping."""
        for name in self:
            yield name, self.section(name)

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts, or one. Raises `Misplaced`."""
        value = self.get(name) or ()
        found = (value,) if isinstance(value, str) else value
        if not isinstance(found, list | tuple) or not all(isinstance(one, str) and one for one in found):
            raise Misplaced(f"{name!r} must be a list of words", self.at(name))
        return tuple(found)


class _Loader(yaml.SafeLoader):
    """Builds sections instead of plain mappings."""


def _section(loader: _Loader, node: yaml.MappingNode) -> Section:
    found = Section()
    found.line = node.start_mark.line + 1
    found.lines = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in found:
            raise Misplaced(f"{key!r} stands here twice", key_node.start_mark.line + 1)
        found[key] = loader.construct_object(value_node, deep=True)
        found.lines[key] = key_node.start_mark.line + 1
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _section)

_LINE = re.compile(r"line (\d+)")


def read(path: Path) -> Section:
    """The whole file. Raises `OSError`, and `Misplaced` for what is no mapping."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        where = _LINE.search(str(exc))
        line = int(where[1]) if where else 1
        raise Misplaced(f"this cannot be read: {' '.join(str(exc).split())[:200]}", line) from exc
    if not isinstance(found, Section):
        raise Misplaced("a policy is a list of names with values", 1)
    return found
