"""A container file in, its stages and instructions out; knows as much of the format as ours uses."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    name: str
    """Upper case, such as COPY."""
    text: str
    """What follows the name, on one line."""

    @property
    def words(self) -> list[str]:
        """The text as a shell (or JSON) list of words."""
        if self.text.startswith("["):
            return [str(word) for word in json.loads(self.text)]
        return shlex.split(self.text)


@dataclass(frozen=True)
class Stage:
    base: str
    name: str
    instructions: tuple[Instruction, ...]

    def all(self, name: str) -> list[Instruction]:
        return [one for one in self.instructions if one.name == name]

    @property
    def environment(self) -> dict[str, str]:
        """What ENV sets, without looking up other variables."""
        return dict(word.split("=", 1) for one in self.all("ENV") for word in one.words)


def read(path: Path) -> list[Stage]:
    """The stages in their order."""
    text = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", path.read_text("utf-8")))
    stages: list[tuple[str, str, list[Instruction]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            base, _, alias = rest.partition(" AS ")
            stages.append((base.strip(), alias.strip(), []))
        elif not stages and name != "ARG":
            raise ValueError(f"{name} before FROM")
        else:
            stages[-1][2].append(Instruction(name, rest.strip()))
    return [Stage(base, name, tuple(found)) for base, name, found in stages]


def ignores(patterns: list[str], path: str) -> bool:
    """Whether a .dockerignore leaves a path out of the build; the last pattern that fits decides."""
    ignored = False
    for pattern in patterns:
        keep = pattern.startswith("!")
        parts = [
            "(?:.*/)?" if part == "**" else re.escape(part).replace(r"\*", "[^/]*") + "/"
            for part in pattern.lstrip("!").strip("/").split("/")
        ]
        if re.match("".join(parts).removesuffix("/") + "(?:/|$)", path):
            ignored = not keep
    return ignored
